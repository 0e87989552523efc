"""An OpenDocument text with everything hidden in it that offices hide."""

from tests.anonymity.cleaning.marks import ALL_OF_A_DOCUMENT, MADE_AT, Marks, Planted
from tests.anonymity.cleaning.packages import VISIBLE, zipped
from tests.anonymity.cleaning.pictures import photo


def _odt_content(marks: Marks) -> str:
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("style", "style"),
            ("script", "script"),
        )
    )
    dc = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    rsid = 'xmlns:officeooo="http://openoffice.org/2009/office"'
    change = f"<office:change-info><dc:creator>{marks.text('changer')}</dc:creator><dc:date>{marks.said(MADE_AT)}</dc:date></office:change-info>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}{dc} {rsid} office:version="1.3">'
        f'<office:scripts><script:event-listener xlink:href="{marks.text("event")}"/></office:scripts>'
        f'<office:automatic-styles><style:style style:name="P1" style:family="paragraph"><style:text-properties officeooo:rsid="{marks.text("rsid")}"/></style:style></office:automatic-styles>'
        f'<office:body><office:text><text:tracked-changes><text:changed-region text:id="{marks.text("changeid")}"><text:deletion>{change}<text:p>gone words</text:p></text:deletion></text:changed-region></text:tracked-changes>'
        f'<text:p text:style-name="P1">{VISIBLE[0]}<office:annotation office:name="{marks.text("annname")}"><dc:creator>{marks.text("annotator")}</dc:creator><dc:date>{MADE_AT}</dc:date><text:p>{marks.text("annotation")}</text:p></office:annotation><office:annotation-end office:name="x"/></text:p>'
        f'<text:p>{VISIBLE[1]} <text:a xlink:href="https://{marks.text("link")}.example/">a link’s words</text:a> <text:author-name text:fixed="true">{marks.text("authorfield")}</text:author-name></text:p>'
        f'<text:p><draw:frame draw:name="{marks.text("frame")}"><draw:image xlink:href="Pictures/one.jpg"/><svg:title>{marks.text("svgtitle")}</svg:title><svg:desc>{marks.text("svgdesc")}</svg:desc></draw:frame>'
        f'<draw:frame><draw:image xlink:href="file:///{marks.text("linkedpicture")}.png"/></draw:frame></text:p></office:text></office:body></office:document-content>'
    )


def minutes() -> Planted:
    """An OpenDocument text."""
    marks = Marks("minutes")
    inner = photo()
    marks.texts += inner.marks.texts
    marks.octets += inner.marks.octets
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    meta = f"<office:document-meta {office}><office:meta><meta:generator>{marks.text('generator')}</meta:generator><meta:initial-creator>{marks.text('creator')}</meta:initial-creator><dc:title>{marks.text('title')}</dc:title><meta:creation-date>{MADE_AT}</meta:creation-date></office:meta></office:document-meta>"
    names = (
        "content.xml",
        "styles.xml",
        "meta.xml",
        "settings.xml",
        "Pictures/one.jpg",
        "Thumbnails/thumbnail.png",
        "manifest.rdf",
        "layout-cache",
    )
    listed = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type=""/>' for name in names)
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>{listed}</manifest:manifest>'
    members: list[tuple[str, bytes | str]] = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", _odt_content(marks)),
        (
            "styles.xml",
            f'<office:document-styles {office} office:version="1.3"><office:styles/></office:document-styles>',
        ),
        ("meta.xml", meta),
        (
            "settings.xml",
            f"<office:document-settings {office}><a>{marks.text('setting')}</a></office:document-settings>",
        ),
        ("Pictures/one.jpg", inner.data),
        ("Pictures/notused.jpg", marks.ascii("notused")),
        ("Thumbnails/thumbnail.png", marks.ascii("thumbnail")),
        ("Configurations2/accelerator/current.xml", f"<a>{marks.text('config')}</a>"),
        ("manifest.rdf", f"<a>{marks.text('rdf')}</a>"),
        ("layout-cache", marks.ascii("layout")),
        ("META-INF/documentsignatures.xml", f"<a>{marks.text('signature')}</a>"),
        ("META-INF/manifest.xml", manifest),
    ]
    data = zipped(members, marks)
    shown = (*VISIBLE, "gone words", "a link’s words")
    return Planted(
        "minutes.odt", "odt", data, marks, ALL_OF_A_DOCUMENT | {"scripts", "gps", "device", "identifiers"}, shown
    )
