"""Word files: what hides is named and goes, whatever hides it; words are cut wherever they stand."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.documents.cuts import WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind
from portal.documents.proving import words_left
from portal.documents.scanning import scan
from portal.documents.worddoc import read_document
from tests.documents import sheets
from tests.documents.wordfiles import NAME, OFFICE, SPACES, TYPE, drawn, inside, linked, looked, styled

WORD = FileKind.DOCUMENT


def codes(data: bytes) -> set[FindingCode]:
    return {one.code for one in scan(WORD, data)}


SEEN = f"<w:p>{sheets.run('seen')}</w:p>"
ROOM = "cx='900000' cy='900000'"
VANISH = "<w:rPr><w:vanish/></w:rPr>"
HIDDEN = {
    "by itself": sheets.word(SEEN + f"<w:p>{looked('vanish')}</w:p>"),
    "on the web": sheets.word(SEEN + f"<w:p>{looked('webHidden')}</w:p>"),
    "white": sheets.word(SEEN + f"<w:p>{looked('color,val=FFFFFF')}</w:p>"),
    "nearly white": sheets.word(SEEN + f"<w:p>{looked('color,val=fdfdfd')}</w:p>"),
    "white by the theme": sheets.word(SEEN + f"<w:p>{looked('color,val=000000,themeColor=background1')}</w:p>"),
    "black below black": sheets.word(SEEN + f"<w:p>{looked('color,val=000000 highlight,val=black')}</w:p>"),
    "in the colour of a cell": sheets.word(
        SEEN + '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="112233"/></w:tcPr>'
        f"<w:p>{looked('color,val=112233')}</w:p></w:tc></w:tr></w:tbl>"
    ),
    "of one point": sheets.word(SEEN + f"<w:p>{looked('sz,val=2')}</w:p>"),
    "without width": sheets.word(SEEN + f"<w:p>{looked('w,val=1')}</w:p>"),
    "by the style of a paragraph": styled(
        f'<w:style w:type="paragraph" w:styleId="A">{VANISH}</w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>',
        SEEN + f'<w:p><w:pPr><w:pStyle w:val="B"/></w:pPr>{sheets.run(NAME)}</w:p>',
    ),
    "by the style of letters": styled(
        f'<w:style w:type="character" w:styleId="A">{VANISH}</w:style>',
        SEEN + f"<w:p>{looked('rStyle,val=A')}</w:p>",
    ),
    "by the style of a table": styled(
        '<w:style w:type="table" w:styleId="A"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>',
        SEEN + f'<w:tbl><w:tblPr><w:tblStyle w:val="A"/></w:tblPr><w:tr><w:tc>'
        f"<w:p>{sheets.run(NAME)}</w:p></w:tc></w:tr></w:tbl>",
    ),
    "by what all letters are": styled(
        "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='2'/></w:rPr></w:rPrDefault></w:docDefaults>",
        f"<w:p>{looked('sz,val=22', 'seen')}{sheets.run(NAME)}</w:p>",
    ),
    "without ink": sheets.word(
        SEEN
        + f"<w:p><w:r><w:rPr><w14:textFill xmlns:w14='{OFFICE}word/2010/wordml'><w14:noFill/></w14:textFill></w:rPr>"
        f"<w:t>{NAME}</w:t></w:r></w:p>"
    ),
    "beside the page": sheets.word(SEEN + f'<w:p><w:pPr><w:ind w:left="-30000"/></w:pPr>{sheets.run(NAME)}</w:p>'),
    "in a header that no page has": linked(
        SEEN + f"<w:sectPr><w:headerReference w:type='first' xmlns:r='{TYPE}' r:id='r1'/></w:sectPr>",
        {"header1.xml": f"<w:hdr {sheets.W}><w:p>{sheets.run(NAME)}</w:p></w:hdr>".encode()},
    ),
    "in a note that nothing refers to": linked(
        SEEN,
        {
            "footnotes.xml": f"<w:footnotes {sheets.W}><w:footnote w:id='5'><w:p>{sheets.run(NAME)}</w:p></w:footnote>"
            "</w:footnotes>".encode()
        },
    ),
    "in what old programmes show instead": sheets.word(
        SEEN + "<w:p><w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='x'/><mc:Fallback><w:t>{NAME}</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    ),
    "in a line without height": sheets.word(
        SEEN + f'<w:p><w:pPr><w:spacing w:line="2" w:lineRule="exact"/></w:pPr>{sheets.run(NAME)}</w:p>'
    ),
    "in a hidden row": sheets.word(
        SEEN + f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{sheets.run(NAME)}</w:p></w:tc></w:tr></w:tbl>"
    ),
    "in a box without size": sheets.word(SEEN + drawn("cx='0' cy='900000'")),
    "in a hidden box": sheets.word(SEEN + drawn(ROOM, hidden="1")),
    "in a box outside the page": sheets.word(
        SEEN + drawn(ROOM, "<wp:positionH relativeFrom='page'><wp:posOffset>-9000000</wp:posOffset></wp:positionH>")
    ),
    "in a hidden box of the old form": sheets.word(
        SEEN + f"<w:p><w:r><w:pict {SPACES}><v:shape style='visibility: hidden'><v:textbox><w:txbxContent>"
        f"<w:p>{sheets.run(NAME)}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_whatever_hides_words_they_are_named_and_go(case: str) -> None:
    data = HIDDEN[case]
    assert FindingCode.HIDDEN_TEXT in codes(data)
    kind, mended, _lost = fix(WORD, data)
    assert scan(kind, mended) == ()
    assert b"Mali" not in inside(mended)
    assert read_document(mended).strip() == "seen"
    assert b"Mali" not in inside(cut(WORD, data, [WordsCut(NAME)]).data)


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p>{looked('vanish,val=0')}</w:p>",
        f"<w:p>{looked('color,val=FFFFFF shd,val=clear,fill=000000')}</w:p>",
        f"<w:p>{looked('color,val=FFFFFF highlight,val=black')}</w:p>",
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
        f"<w:p>{looked('color,val=FFFFFF')}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p>{looked('color,val=auto')}</w:p>",
        drawn(ROOM).replace(sheets.run(NAME), looked("color,val=FFFFFF")),
    ],
)
def test_words_that_are_seen_stay(body: str) -> None:
    data = sheets.word(body)
    assert FindingCode.HIDDEN_TEXT not in codes(data)
    assert read_document(fix(WORD, data)[1]) == NAME


def test_headers_and_notes_that_pages_show_stay() -> None:
    header = f"<w:hdr {sheets.W}><w:p>{sheets.run('head')}</w:p></w:hdr>"
    note = f"<w:footnotes {sheets.W}><w:footnote w:id='5'><w:p>{sheets.run('note')}</w:p></w:footnote></w:footnotes>"
    body = (
        f"<w:p>{sheets.run('body')}<w:r><w:footnoteReference w:id='5'/></w:r></w:p><w:sectPr>"
        f"<w:headerReference w:type='default' xmlns:r='{TYPE}' r:id='r1'/></w:sectPr>"
    )
    data = linked(body, {"header1.xml": header.encode(), "footnotes.xml": note.encode()})
    assert scan(WORD, data) == ()
    assert sorted(read_document(fix(WORD, data).data).split()) == ["body", "head", "note"]


def test_a_name_in_a_formula_goes_over_its_pieces() -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    pieces = "".join(f"<m:r><m:t>{text}</m:t></m:r>" for text in ("Mali", " Tudur"))
    done = cut(WORD, sheets.word(f"<w:p><m:oMath xmlns:m='{math}'>{pieces}</m:oMath></w:p>"), [WordsCut(NAME)])
    assert (done.counts, b"Mali" in inside(done.data)) == ([1], False)


def test_white_letters_in_a_table_with_stripes_are_seen() -> None:
    styles = (
        '<w:style w:type="table" w:styleId="T"><w:tblStylePr w:type="firstRow"><w:tcPr>'
        '<w:shd w:val="clear" w:fill="0"/></w:tcPr></w:tblStylePr></w:style>'
    )
    cell = f"<w:tc><w:p>{looked('color,val=FFFFFF')}</w:p></w:tc>"
    data = styled(styles, f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr>{cell}</w:tr></w:tbl>')
    assert FindingCode.HIDDEN_TEXT not in codes(data)


CORNERS = {
    "a list to choose from": (
        f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{NAME}" w:value="{NAME}"/></w:dropDownList>'
        f"</w:sdtPr><w:sdtContent>{SEEN}</w:sdtContent></w:sdt>",
        FindingCode.FORM_FIELD,
    ),
    "a field of an old form": (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="{NAME}"/></w:ddList>'
        f'</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>{sheets.run("seen")}</w:p>',
        FindingCode.FORM_FIELD,
    ),
    "a name of a place": (
        f'<w:p><w:bookmarkStart w:id="1" w:name="{NAME}"/>{sheets.run("seen")}</w:p>',
        FindingCode.DEFINED_NAME,
    ),
    "words instead of a picture": (
        drawn(ROOM).replace("name='x'", f'name="x" descr="{NAME}"').replace(sheets.run(NAME), sheets.run("seen")),
        FindingCode.HIDDEN_TEXT,
    ),
    "what a field asks for": (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDETEXT "{NAME}" '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{sheets.run("seen")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        FindingCode.HIDDEN_PARTS,
    ),
}


@pytest.mark.parametrize("case", CORNERS)
def test_corners_of_a_document_are_named_and_go(case: str) -> None:
    body, code = CORNERS[case]
    data = sheets.word(body)
    assert code in codes(data)
    kind, mended, _lost = fix(WORD, data)
    assert scan(kind, mended) == ()
    for done in (mended, cut(WORD, data, [WordsCut(NAME)]).data):
        assert NAME.encode() not in inside(done)
        assert read_document(done).strip() == "seen"


def test_parts_that_no_page_shows_are_named_and_gone_from_a_copy() -> None:
    comment = f'<w:comments {sheets.W}><w:comment w:id="1"><w:p>{sheets.run(NAME)}</w:p></w:comment></w:comments>'
    data = linked(SEEN, {"comments.xml": comment.encode(), "media/image1.emf": b"Mali"})
    data = sheets.with_parts(data, {"customXml/item1.xml": b"<x>Mali</x>"})
    assert {FindingCode.COMMENT, FindingCode.HIDDEN_PARTS} <= codes(data)
    assert codes(sheets.with_parts(sheets.word(SEEN), {"word/embeddings/a.bin": b"Mali"})) == {FindingCode.HIDDEN_PARTS}
    done = cut(WORD, data, [WordsCut("seen")])
    assert b"Mali" not in inside(done.data)
    assert done.lost == [
        Finding(FindingCode.LEFT_OUT_COMMENTS, can_fix=False),
        Finding(FindingCode.LEFT_OUT_DRAWINGS, can_fix=False),
    ]


def photo() -> bytes:
    """White, save for a red left half; who took it is said in it."""
    made, out, exif = Image.new("RGB", (80, 40), "white"), io.BytesIO(), Image.Exif()
    made.paste((255, 0, 0), (0, 0, 40, 40))
    exif[0x010F] = "Mali phone"
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        "<w:drawing><wp:inline><wp:extent cx='900000' cy='900000'/><a:graphic><a:graphicData uri='x'>"
        "<pic:pic><pic:blipFill><a:blip r:embed='r1'/><a:srcRect l='60000'/></pic:blipFill></pic:pic></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing>",
        "<w:pict><v:shape><v:imagedata r:id='r1' cropleft='39322f'/></v:shape></w:pict>",
    ],
)
def test_what_was_cropped_from_a_picture_is_named_and_cut_off(picture: str) -> None:
    body = f"<w:p><w:r>{picture}</w:r></w:p>".replace("<w:p>", f"<w:p {SPACES}>")
    data = linked(SEEN + body, {"media/image1.jpg": photo()})
    assert {FindingCode.PICTURE_OFF_PAGE, FindingCode.PICTURE_DETAILS} <= codes(data)
    kind, mended, _lost = fix(WORD, data)
    assert scan(kind, mended) == ()
    with zipfile.ZipFile(io.BytesIO(mended)) as package:
        (name,) = (name for name in package.namelist() if "media/" in name)
        with Image.open(io.BytesIO(package.read(name))) as left:
            assert left.size == (32, 40)
            assert all(low > 200 for low, _high in left.getextrema())  # type: ignore[misc]
        assert name.removeprefix("word/").encode() in package.read("word/_rels/document.xml.rels")
    assert b"phone" not in inside(mended)


def test_a_name_goes_over_pieces_lines_and_cells_and_not_over_parts() -> None:
    row = "".join(f"<w:tc><w:p>{sheets.run(text)}</w:p></w:tc>" for text in ("Mali", "Tudur", "41"))
    body = f"<w:p>{sheets.run('By Ma')}{sheets.run('li')}</w:p><w:p/><w:p>{sheets.run('Tudur said')}</w:p>"
    body += f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"
    done = cut(WORD, sheets.word(body), [WordsCut(NAME)])
    assert done.counts == [2]
    assert read_document(done.data).split() == ["By", "█████", "said", "█████", "41"]


def test_words_behind_a_chart_and_names_of_styles_go() -> None:
    chart = f"<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'><c:v>{NAME}</c:v></c:chartSpace>"
    style = f'<w:style w:type="paragraph" w:styleId="{NAME}"><w:name w:val="{NAME}"/></w:style>'
    styles = f"<w:styles {sheets.W}>{style}</w:styles>"
    data = linked(
        f'<w:p><w:pPr><w:pStyle w:val="{NAME}"/></w:pPr>{sheets.run("seen")}</w:p>', {"styles.xml": styles.encode()}
    )
    data = sheets.changed(
        data,
        "word/_rels/document.xml.rels",
        lambda old: old.replace(
            b"</Rel", f'<Relationship Id="c" Type="{TYPE}/chart" Target="chart1.xml"/></Rel'.encode()
        ),
    )
    data = sheets.with_parts(data, {"word/chart1.xml": chart.encode()})
    assert words_left(WORD, data, [NAME]) == [NAME]
    done = cut(WORD, data, [WordsCut(NAME)])
    assert done.counts == [4]
    assert NAME.encode() not in inside(done.data)


def test_words_by_which_the_format_names_looks_can_be_cut() -> None:
    data = sheets.word(
        f'<w:p><w:pPr><w:jc w:val="right"/></w:pPr>{looked("highlight,val=green", "Green, Right")}</w:p>'
    )
    done = cut(WORD, data, [WordsCut("Green"), WordsCut("Right")])
    assert read_document(done.data) == "█████, █████"
    assert b"green" in inside(done.data)


SOUGHT = st.from_regex(r"[ŵŷ][ŵŷâ -]{0,6}[ŵŷ]", fullmatch=True)  # the format has no such letters of its own


@settings(max_examples=20)
@given(SOUGHT, st.lists(st.lists(st.text("ŵŷâ -", max_size=6), max_size=3), max_size=3), st.sampled_from(list(CORNERS)))
def test_after_the_cut_no_part_of_a_document_holds_the_words(word: str, lines: list[list[str]], case: str) -> None:
    body = "".join(sheets.paragraph(*map(sheets.run, line)) for line in lines)
    hidden = CORNERS[case][0].replace(NAME, word)
    data = sheets.word(f"<w:p>{sheets.run(word[:1])}{sheets.run(word[1:])}</w:p>{body}{hidden}")
    done = cut(WORD, data, [WordsCut(word), WordsCut(word, whole=False)])
    assert done.counts[0] > 0
    assert words_left(WORD, done.data, [word], [word]) == []
    assert word.encode() not in inside(done.data)
