"""PDF files with a name planted in every corner where words can hide."""

import io
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, String
from PIL import Image, ImageDraw

NAME = "Mali Tudur"
HELVETICA = [278] * 16 + [556] * 207
"""Widths from the sign 32 on: near enough to be drawn, exactly right for what is counted."""


def font(pdf: pikepdf.Pdf, *, widths: bool = True) -> pikepdf.Object:
    made = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    if widths:
        made.FirstChar, made.LastChar, made.Widths = 32, 254, Array(HELVETICA[:223])
    return pdf.make_indirect(made)


def paper(*pages: bytes, widths: bool = True, **more: object) -> pikepdf.Pdf:
    """A document of these contents; the font is called /F."""
    pdf = pikepdf.new()
    shared = font(pdf, widths=widths)
    for content in pages:
        page = pdf.add_blank_page(page_size=(400, 300))
        page.Resources = Dictionary(Font=Dictionary(F=shared))
        page.Contents = pdf.make_stream(content)
        for key, value in more.items():
            page.obj[f"/{key}"] = value  # type: ignore[assignment]
    return pdf


def octets(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def line(text: bytes, y: int = 200) -> bytes:
    return b"BT /F 12 Tf 20 %d Td (" % y + text + b") Tj ET\n"


def simple(*lines: bytes) -> bytes:
    return octets(paper(b"".join(line(text, 260 - 30 * place) for place, text in enumerate(lines))))


def planted() -> bytes:
    """The name in attachment, outline, form field, alternative text, property, annotation and an earlier revision."""
    pdf = paper(
        b"/Span <</ActualText (Mali Tudur)>> BDC " + line(b"M T") + b" EMC " + line(b"About Mali Tudur and Gwyn", 150)
    )
    pdf.attachments["note.txt"] = AttachedFileSpec(pdf, b"Mali Tudur said so", filename="note.txt")
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Mali Tudur", 0))
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("who"), V=String(NAME), Rect=Array([20, 20, 200, 40])
    )
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Contents=String("Ask Mali Tudur"), Rect=Array([5, 5, 9, 9]))
    fields = [pdf.make_indirect(field)]
    pdf.pages[0].Annots = Array([*fields, pdf.make_indirect(note)])
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    pdf.docinfo["/Author"] = NAME
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = NAME
    return revised(octets(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False))


def revised(whole: bytes) -> bytes:
    """The document saved once more the way editors do it: the change stands behind what was there before."""
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
    before = int(whole[whole.rindex(b"startxref") + 9 :].split()[0])
    changed = b"%d 0 obj\n(Mali Tudur was here)\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, len(whole))
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size + 1, root, before)
    return whole + changed + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(whole) + len(changed))


def with_picture(text: str) -> bytes:
    """A page whose words are only in a picture."""
    picture = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(picture).text((20, 30), text, fill="black")
    pdf = paper(b"q 400 0 0 300 0 0 cm /I Do Q")
    pdf.pages[0].Resources.XObject = Dictionary(I=image(pdf, picture))
    return octets(pdf)


def image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    made = pdf.make_stream(out.getvalue())
    for key, value in _image(picture.size).items():
        made[key] = value
    return made


def _image(size: tuple[int, int]) -> Mapping[str, object]:
    return {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Filter": Name.DCTDecode,
        "/Width": size[0],
        "/Height": size[1],
        "/BitsPerComponent": 8,
        "/ColorSpace": Name.DeviceRGB,
    }


def with_form(text: bytes) -> bytes:
    """A page whose words are drawn by a form, which other pages may share."""
    pdf = paper(b"/X Do")
    form = pdf.make_stream(line(text))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 300])
    form.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
    pdf.pages[0].Resources.XObject = Dictionary(X=form)
    return octets(pdf)


def with_word_in_font() -> bytes:
    """A font whose map says a whole name for one code, used on a page that shows the code elsewhere."""
    pdf = paper(line(b"A about Mali Tudur"), line(b"A alone"))
    pdf.pages[0].Resources.Font.F.ToUnicode = pdf.make_stream(
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <"
        + NAME.encode("utf-16-be").hex().encode()
        + b"> <42> <0042> endbfchar 1 beginbfrange <61> <7a> <0061> endbfrange"
        b" 1 beginbfrange <20> <20> <0020> endbfrange"
        b" 2 beginbfchar <4d> <004d> <54> <0054> endbfchar endcmap"
    )
    return octets(pdf)
