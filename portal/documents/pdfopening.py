"""A PDF as it came: its password against changing it, and what of it no copy made anew holds."""

import io

import pikepdf

from portal.documents.findings import Finding, FindingCode

_NO_COMMENTS = frozenset({"/Link", "/Widget", "/Popup", "/FileAttachment"})


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
        for page in pdf.pages:
            notes = page.obj.get("/Annots")
            for note in notes.as_list() if isinstance(notes, pikepdf.Array) else ():
                if isinstance(note, pikepdf.Dictionary):
                    files += note.get("/Subtype") == "/FileAttachment"
                    comments += _is_comment(note)
    counted = {FindingCode.LEFT_OUT_COMMENTS: comments, FindingCode.LEFT_OUT_FILES: files}
    told = [Finding(code, number=number, can_fix=False) for code, number in counted.items() if number]
    return told if opened is data else [*told, Finding(FindingCode.UNLOCKED, can_fix=False)]


def _is_comment(note: pikepdf.Dictionary) -> bool:
    said = note.get("/Contents", note.get("/RC"))
    return str(note.get("/Subtype")) not in _NO_COMMENTS and said is not None and bool(str(said).strip())
