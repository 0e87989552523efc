"""A PDF as it came: its password against changing it, and what of it no copy made anew holds."""

import io

import pikepdf

from portal.documents.findings import Finding, FindingCode

_NO_COMMENTS = frozenset({"/Link", "/Widget", "/Popup", "/FileAttachment"})
_BOXES = frozenset({"/Square", "/Circle", "/Polygon", "/Highlight"})


def unlocked(data: bytes) -> bytes:
    """The document without its password against changing or printing it, which keeps nobody from reading it. What
    does not open without a password stays as it is."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if not pdf.is_encrypted:
                return data
            out = io.BytesIO()
            pdf.save(out, encryption=False)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return data


def is_revised(data: bytes) -> bool:
    """True if a change stands behind what was there before."""
    return data.count(b"startxref") > (2 if b"/Linearized" in data[:1024] else 1)


def left_out(data: bytes, opened: bytes) -> list[Finding]:
    """What a copy that is made anew does not hold, of the file as it came and as it was opened."""
    comments = files = 0
    with pikepdf.open(io.BytesIO(opened), suppress_warnings=True) as pdf:
        files += len(pdf.attachments)
        for note in (one for page in pdf.pages for one in _notes(page)):
            files += note.get("/Subtype") == "/FileAttachment"
            comments += _is_comment(note)
    counted = {FindingCode.LEFT_OUT_COMMENTS: comments, FindingCode.LEFT_OUT_FILES: files}
    told = [Finding(code, number=number, can_fix=False) for code, number in counted.items() if number]
    return told if opened is data else [*told, Finding(FindingCode.UNLOCKED, can_fix=False)]


def _is_comment(note: pikepdf.Object) -> bool:
    said = note.get("/Contents", note.get("/RC"))
    return str(note.get("/Subtype")) not in _NO_COMMENTS and said is not None and bool(str(said).strip())


def with_looks(data: bytes) -> bytes:
    """The document with a look for each annotation that programs draw by themselves, as a box of its colour: a copy
    made anew would lose it, and show what it hid. A mark for redaction that was never carried out is a black box."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        lacking = [note for page in pdf.pages for note in _notes(page) if _lacks_look(note)]
        if not lacking:
            return data
        for note in lacking:
            note.AP = pikepdf.Dictionary(N=_look(pdf, note))
            if note.get("/Subtype") == "/Redact":
                note.Subtype = pikepdf.Name.Square
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def _notes(page: pikepdf.Page) -> list[pikepdf.Object]:
    notes = page.obj.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return []
    return [one for one in notes.as_list() if isinstance(one, pikepdf.Dictionary)]


def _lacks_look(note: pikepdf.Object) -> bool:
    kind, looks = str(note.get("/Subtype")), note.get("/AP")
    if kind == "/Redact":
        return "/Rect" in note
    has_look = isinstance(looks, pikepdf.Dictionary) and "/N" in looks
    return kind in _BOXES and not has_look and "/Rect" in note and bool(_colour(note, kind))


def _colour(note: pikepdf.Object, kind: str) -> list[float]:
    if kind == "/Redact":
        return [0.0]
    colour = note.get("/C" if kind == "/Highlight" else "/IC")
    return [float(one) for one in colour.as_list()] if isinstance(colour, pikepdf.Array) else []


def _look(pdf: pikepdf.Pdf, note: pikepdf.Object) -> pikepdf.Object:
    """A box of the annotation's colour; that of a marker pen lets through what is darker."""
    kind = str(note.get("/Subtype"))
    colour = _colour(note, kind)
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(colour), "g")
    numbers = " ".join(f"{one:.3f}" for one in (colour if len(colour) in (1, 3, 4) else [0.0]))
    look = pdf.make_stream(f"/Way gs {numbers} {operator} 0 0 100 100 re f".encode("ascii"))
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = pikepdf.Array([0, 0, 100, 100])
    way = pikepdf.Name.Multiply if kind == "/Highlight" else pikepdf.Name.Normal
    look.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(Way=pikepdf.Dictionary(BM=way)))
    return look
