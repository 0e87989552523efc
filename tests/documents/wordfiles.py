"""Word files with more parts, looks and drawings, and what is inside them."""

import io
import zipfile

from tests.documents import sheets

NAME = "Mali Tudur"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.microsoft.com/office/"
SPACES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    f'xmlns:r="{TYPE}"'
)


def inside(data: bytes) -> bytes:
    """Every part, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join(name.encode() + package.read(name) for name in package.namelist())


def linked(body: str, parts: dict[str, bytes]) -> bytes:
    """A document with more parts: each is linked by the kind that its name says."""
    data = sheets.word(body)
    links = types = ""
    for number, name in enumerate(parts, 1):
        kind = "image" if "media/" in name else name.partition(".")[0].rstrip("0123456789")
        links += f'<Relationship Id="r{number}" Type="{TYPE}/{kind}" Target="{name}"/>'
        if kind != "image":
            types += f'<Override PartName="/word/{name}" ContentType="{KIND}.{kind}+xml"/>'
    types += '<Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="emf" ContentType="image/x-emf"/>'
    relations = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )
    data = sheets.changed(data, "word/_rels/document.xml.rels", lambda _old: relations.encode())
    data = sheets.changed(
        data, "[Content_Types].xml", lambda old: old.replace(b"</Types>", f"{types}</Types>".encode())
    )
    return sheets.with_parts(data, {f"word/{name}": part for name, part in parts.items()})


def looked(look: str, text: str = NAME) -> str:
    """A piece of text with looks such as ``color,val=FFFFFF``."""
    told = ""
    for one in look.split():
        name, *values = one.split(",")
        said = " ".join(f'w:{key}="{value}"' for key, _, value in (pair.partition("=") for pair in values))
        told += f"<w:{name} {said}/>"
    return f'<w:r><w:rPr>{told}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def styled(styles: str, body: str) -> bytes:
    return linked(body, {"styles.xml": f"<w:styles {sheets.W}>{styles}</w:styles>".encode()})


def drawn(extent: str, position: str = "", hidden: str = "0") -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor {SPACES}>{position}<wp:extent {extent}/><wp:docPr id='1' name='x' "
        f"hidden='{hidden}'/><a:graphic><a:graphicData uri='x'><wps:wsp><wps:txbx><w:txbxContent>"
        f"<w:p>{sheets.run(NAME)}</w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></w:r></w:p>"
    )
