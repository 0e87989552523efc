"""Word and Excel files with everything hidden in them that offices hide, and plain text."""

from tests.anonymity.cleaning.marks import ALL_OF_A_DOCUMENT, MADE_AT, Marks, Planted
from tests.anonymity.cleaning.opendocument import minutes
from tests.anonymity.cleaning.packages import (
    HEAD,
    OFFICE,
    VISIBLE,
    W14,
    A,
    R,
    S,
    W,
    content_types,
    properties,
    relations,
    root_relations,
    zipped,
)
from tests.anonymity.cleaning.pictures import drawing, photo, sticker


def _word_body(marks: Marks) -> str:
    who = f'w:id="1" w:author="{marks.text("author")}" w:date="{marks.said(MADE_AT)}"'
    rsid = marks.raw(b"00ZQ1A2B").decode("ascii")
    picture = (
        f'<w:drawing><wp:inline xmlns:wp="{OFFICE.replace("officeDocument", "drawingml")}/wordprocessingDrawing"><wp:docPr id="1" name="{marks.text("picname")}"'
        f' descr="{marks.text("picdescr")}"/><a:graphic xmlns:a="{A}"><a:graphicData uri="{A.replace("main", "picture")}">'
        f'<pic:pic xmlns:pic="{A.replace("main", "picture")}"><pic:nvPicPr><pic:cNvPr id="0" name="{marks.text("picfile")}" title="{marks.text("pictitle")}"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rId4" r:link="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    return (
        f'{HEAD}<!-- {marks.text("xmlcomment")} --><w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:w14="{W14}"><w:body>'
        f'<w:p w:rsidR="{rsid}" w:rsidRDefault="{rsid}" w14:paraId="{marks.raw(b"7AZQ0001").decode()}"><w:commentRangeStart w:id="0"/>'
        f'<w:r w:rsidRPr="{rsid}"><w:t>{VISIBLE[0]}</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
        f"<w:p><w:ins {who}><w:r><w:t>{VISIBLE[1]}</w:t></w:r></w:ins>"
        f"<w:del {who}><w:r><w:delText>gone words</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:pPr><w:pPrChange {who}><w:pPr/></w:pPrChange></w:pPr><w:r>{picture}</w:r></w:p>"
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> AUTHOR "{marks.text("field")}" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{marks.text("fieldanswer")}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:fldSimple w:instr=" LASTSAVEDBY "><w:r><w:t>{marks.text("simpleanswer")}</w:t></w:r></w:fldSimple></w:p>'
        '<w:p><w:hyperlink r:id="rId8"><w:r><w:t>a link’s words</w:t></w:r></w:hyperlink></w:p>'
        f'<w:sdt><w:sdtPr><w:alias w:val="{marks.text("alias")}"/><w:tag w:val="{marks.text("tag")}"/><w:dataBinding w:xpath="{marks.text("binding")}" w:storeItemID="x"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>'
        '<w:sectPr><w:headerReference w:type="default" r:id="rId6"/><w:printerSettings r:id="rId7"/></w:sectPr></w:body></w:document>'
    )


def _settings(marks: Marks) -> str:
    return (
        f'{HEAD}<w:settings xmlns:w="{W}" xmlns:r="{R}"><w:attachedTemplate r:id="rId1"/><w:trackRevisions/>'
        f'<w:rsids><w:rsidRoot w:val="{marks.raw(b"00ZQ9F9F").decode()}"/></w:rsids><w:docVars><w:docVar w:name="{marks.text("varname")}"'
        f' w:val="{marks.text("varvalue")}"/></w:docVars><w:mailMerge><w:query w:val="{marks.text("merge")}"/></w:mailMerge>'
        f'<w:writeProtection w:recommended="1" w:hash="{marks.text("hash")}"/></w:settings>'
    )


def letter() -> Planted:
    """A Word file."""
    marks = Marks("letter")
    people = f'xmlns:w="{W}" xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    comments = (
        f'{HEAD}<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{marks.text("commenter")}" w:initials="ZQ" w:date="{MADE_AT}">'
        f"<w:p><w:r><w:t>{marks.text('comment')}</w:t></w:r></w:p></w:comment></w:comments>"
    )
    inner = photo(), drawing(), sticker()
    for one in inner:
        marks.texts += [text for text in one.marks.texts if text not in marks.texts]
        marks.octets += [octets for octets in one.marks.octets if octets not in marks.octets]
    header = f'{HEAD}<w:hdr xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}"><w:p><w:r><w:t>Head of the page</w:t></w:r><w:r><a:blip r:embed="rId1"/><a:blip r:embed="rId2"/></w:r></w:p></w:hdr>'
    outside = marks.text("outsideserver")
    members: list[tuple[str, bytes | str]] = [
        ("word/document.xml", _word_body(marks)),
        ("_rels/.rels", root_relations("word/document.xml")),
        ("[Content_Types].xml", content_types(**{
            "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "word/settings.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml",
            "word/comments.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
            "word/people.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml",
            "word/header1.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml",
            "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        })),
        ("word/_rels/document.xml.rels", relations(
            ("rId1", "settings", "settings.xml", False), ("rId2", "comments", "comments.xml", False),
            ("rId3", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml", False),
            ("rId4", "image", "media/image1.jpg", False), ("rId5", "customXml", "../customXml/item1.xml", False),
            ("rId6", "header", "header1.xml", False), ("rId7", "printerSettings", "printerSettings1.bin", False),
            ("rId8", "hyperlink", f"https://{outside}.example/?who={marks.text('who')}", True),
            ("rId9", "image", f"file:///{marks.text('share')}/photo.jpg", True),
        )),
        ("word/settings.xml", _settings(marks)),
        ("word/_rels/settings.xml.rels", relations(("rId1", "attachedTemplate", f"file:///C:/Users/{marks.text('user')}/x.dotm", True))),
        ("word/comments.xml", comments),
        ("word/people.xml", f'<w15:people {people}><w15:person w15:author="{marks.text("person")}"/></w15:people>'),
        ("word/header1.xml", header),
        ("word/_rels/header1.xml.rels", relations(("rId1", "image", "media/image2.png", False), ("rId2", "image", "/word/media/image3.webp", False))),
        ("word/media/image1.jpg", inner[0].data),
        ("word/media/image2.png", inner[1].data),
        ("word/media/image3.webp", inner[2].data),
        ("word/printerSettings1.bin", marks.text("printer").encode("utf-16-le")),
        *properties(marks),
    ]  # fmt: skip
    data = zipped(members, marks)
    shown = (*VISIBLE, "gone words", "Head of the page", "a link’s words", "in a control")
    return Planted("letter.docx", "docx", data, marks, ALL_OF_A_DOCUMENT | {"gps", "device", "identifiers"}, shown)


def _workbook(marks: Marks) -> str:
    return (
        f'{HEAD}<workbook xmlns="{S}" xmlns:r="{R}" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac">'
        f'<fileVersion appName="xl" lastEdited="7" rupBuild="{marks.raw(b"zq27328").decode()}"/>'
        f'<fileSharing userName="{marks.text("sharer")}"/><workbookPr codeName="{marks.text("codename")}"/><x15ac:absPath url="{marks.text("abspath")}"/>'
        '<sheets><sheet name="Rota" sheetId="1" r:id="rId1"/></sheets>'
        f'<externalReferences><externalReference r:id="rId4"/></externalReferences><definedNames><definedName name="Total" comment="{marks.text("namecomment")}">Rota!$A$1</definedName></definedNames></workbook>'
    )


def _sheet(marks: Marks) -> str:
    return (
        f'{HEAD}<worksheet xmlns="{S}" xmlns:r="{R}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{marks.text("uid")}">'
        '<sheetPr/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>SUM(1,2)</f><v>3</v></c></row></sheetData>'
        '<hyperlinks><hyperlink ref="A1" r:id="rId5"/></hyperlinks>'
        f'<headerFooter><oddHeader>Seen header</oddHeader></headerFooter><legacyDrawing r:id="rId2"/><pageSetup r:id="rId1"/></worksheet>'
    )


def figures() -> Planted:
    """An Excel file."""
    marks = Marks("figures")
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    workbook, sheet = _workbook(marks), _sheet(marks)
    comments = (
        f'{HEAD}<comments xmlns="{S}"><authors><author>{marks.text("commentauthor")}</author></authors><commentList>'
        f'<comment ref="A1" authorId="0"><text><t>{marks.text("comment")}</t></text></comment></commentList></comments>'
    )
    ms = "http://schemas.microsoft.com/office/2017/10/relationships"
    members: list[tuple[str, bytes | str]] = [
        ("[Content_Types].xml", content_types(**{
            "xl/workbook.xml": f"{kinds}.sheet.main+xml", "xl/worksheets/sheet1.xml": f"{kinds}.worksheet+xml",
            "xl/sharedStrings.xml": f"{kinds}.sharedStrings+xml", "xl/comments1.xml": f"{kinds}.comments+xml",
            "xl/revisions/revisionHeaders.xml": f"{kinds}.revisionHeaders+xml",
        })),
        ("_rels/.rels", root_relations("/xl/workbook.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml", False), ("rId2", "sharedStrings", "sharedStrings.xml", False),
            ("rId3", "revisionHeaders", "revisions/revisionHeaders.xml", False),
            ("rId4", "externalLink", "externalLinks/externalLink1.xml", False),
            ("rId5", f"{ms}/person", "persons/person.xml", False), ("rId6", "connections", "connections.xml", False),
            ("rId7", "usernames", "revisions/userNames.xml", False), ("rId8", "calcChain", "calcChain.xml", False),
        )),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/_rels/sheet1.xml.rels", relations(
            ("rId1", "printerSettings", "../printerSettings/printerSettings1.bin", False),
            ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml", False), ("rId3", "comments", "../comments1.xml", False),
            ("rId4", f"{ms}/threadedComment", "../threadedComments/threadedComment1.xml", False),
            ("rId5", "hyperlink", f"mailto:{marks.text('mail')}@x.example", True),
        )),
        ("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{S}"><si><t>{VISIBLE[0]}</t></si></sst>'),
        ("xl/comments1.xml", comments),
        ("xl/threadedComments/threadedComment1.xml", f"<a>{marks.text('threaded')}</a>"),
        ("xl/persons/person.xml", f"<a>{marks.text('person')}</a>"),
        ("xl/connections.xml", f"<a>{marks.text('connection')}</a>"),
        ("xl/calcChain.xml", f"<a>{marks.text('calcchain')}</a>"),
        ("xl/revisions/revisionHeaders.xml", f"<a>{marks.text('revision')}</a>"),
        ("xl/revisions/userNames.xml", f"<a>{marks.text('users')}</a>"),
        ("xl/externalLinks/externalLink1.xml", f"<a>{marks.text('externallink')}</a>"),
        ("xl/drawings/vmlDrawing1.vml", f"<xml>{marks.text('vml')}</xml>"),
        ("xl/printerSettings/printerSettings1.bin", marks.wide("printer")),
        *properties(marks),
    ]  # fmt: skip
    data = zipped(members, marks)
    return Planted("figures.xlsx", "xlsx", data, marks, ALL_OF_A_DOCUMENT, (VISIBLE[0], "Rota", "Seen header"))


def note() -> Planted:
    """A text from Windows Notepad: UTF-16 with a mark in front."""
    text = "\ufeff" + "\r\n".join(VISIBLE) + "\r\n"
    return Planted("note.txt", "txt", text.encode("utf-16-le"), Marks("note"), frozenset(), VISIBLE)


def list_of_names() -> Planted:
    """A text in UTF-8 with the mark that some programmes put in front."""
    return Planted(
        "names.txt", "txt", b"\xef\xbb\xbf" + "\n".join(VISIBLE).encode(), Marks("names"), frozenset(), VISIBLE
    )


OFFICE_FILES = (letter, figures, minutes, note, list_of_names)
