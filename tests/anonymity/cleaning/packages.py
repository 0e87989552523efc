"""What every Office file stands in: a ZIP, its relations and types, and the properties of who made it."""

import io
import zipfile

from tests.anonymity.cleaning.marks import MADE_AT, Marks

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
VISIBLE = ("The rota was changed at night", "Cafodd y rota ei newid dros nos")


def zipped(members: list[tuple[str, bytes | str]], marks: Marks) -> bytes:
    """A ZIP with comments, times and names of the system that made it, which Office files have no need of."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = marks.ascii("zipcomment")
        for n, (name, body) in enumerate(members):
            entry = zipfile.ZipInfo(name, (2021, 3, 4, 5, 6, 8))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o640 << 16
            if n:
                entry.comment = marks.ascii("membercomment") if n == 1 else b""
                entry.extra = b"\xfe\xca\x18\0" + marks.ascii("zipextra").ljust(24, b"-")[:24] if n == 2 else b""
            archive.writestr(entry, body)
    return out.getvalue()


def relations(*entries: tuple[str, str, str, bool]) -> str:
    """A relationships part: id, last part of the type, target, whether it points outside."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind if ":" in kind else f"{OFFICE}/relationships/{kind}"}" Target="{target}"'
        + (' TargetMode="External"/>' if outside else "/>")
        for name, kind, target, outside in entries
    )
    return f'{HEAD}<Relationships xmlns="{REL}">{lines}</Relationships>'


def content_types(**parts: str) -> str:
    """The types of the parts."""
    defaults = "".join(
        f'<Default Extension="{ext}" ContentType="{kind}"/>'
        for ext, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("jpg", "image/jpeg"),
            ("png", "image/png"),
            ("webp", "image/webp"),
            ("bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"),
            ("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"),
        )
    )
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def properties(marks: Marks) -> list[tuple[str, bytes | str]]:
    """docProps: core, extended, custom, thumbnail."""
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{marks.text('title')}</dc:title><dc:creator>{marks.text('creator')}</dc:creator>"
        f"<cp:lastModifiedBy>{marks.text('lastby')}</cp:lastModifiedBy><cp:keywords>{marks.text('keywords')}</cp:keywords>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{marks.said(MADE_AT)}</dcterms:created></cp:coreProperties>'
    )
    app = (
        f'{HEAD}<Properties xmlns="{OFFICE}/extended-properties"><Application>{marks.text("app")}</Application>'
        f"<Company>{marks.text('company')}</Company><Manager>{marks.text('manager')}</Manager>"
        f"<Template>{marks.text('template')}</Template><HyperlinkBase>{marks.text('base')}</HyperlinkBase></Properties>"
    )
    custom = (
        f'{HEAD}<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"><property'
        f' fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{marks.text("customname")}">'
        f"<vt:lpwstr>{marks.text('customvalue')}</vt:lpwstr></property></Properties>"
    )
    return [
        ("docProps/core.xml", core),
        ("docProps/app.xml", app),
        ("docProps/custom.xml", custom),
        ("docProps/thumbnail.jpeg", marks.ascii("propsthumb")),
        ("customXml/item1.xml", f"<a>{marks.text('customxml')}</a>"),
        ("customXml/itemProps1.xml", f"<a>{marks.text('customxmlprops')}</a>"),
        ("_xmlsignatures/sig1.xml", f"<a>{marks.text('signature')}</a>"),
        ("userCustomization/customUI.xml", f"<a>{marks.text('customui')}</a>"),
        ("docMetadata/LabelInfo.xml", f"<a>{marks.text('label')}</a>"),
        ("notreached/loose.xml", f"<a>{marks.text('loose')}</a>"),
    ]


def root_relations(main: str) -> str:
    """What the package starts from."""
    return relations(
        ("rId1", "officeDocument", main, False),
        ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", False),
        ("rId3", "extended-properties", "docProps/app.xml", False),
        ("rId4", "custom-properties", "docProps/custom.xml", False),
        ("rId5", f"{PACKAGE}/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg", False),
        (
            "rId6",
            "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
            "docMetadata/LabelInfo.xml",
            False,
        ),
    )
