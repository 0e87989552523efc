"""What a cut leaves behind, or takes without being asked, is told: nothing is claimed that was not looked for."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw

from portal.documents.cuts import AreaCut, CannotCut, CellsCut, Cut, PageCut, SheetCut, WordsCut, found_nowhere
from portal.documents.cutting import cut
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind
from portal.documents.pdfcutting import cut_pdf, without_unseen
from portal.documents.pdfreading import opened, read_page
from portal.documents.pdfscanning import scan_pdf
from portal.documents.proving import words_left
from portal.documents.scanning import scan
from tests.documents import papers
from tests.documents.papers import NAME

PDF = FileKind.PDF


def test_a_cut_that_found_nothing_is_a_finding_and_says_what_was_sought() -> None:
    cuts: list[Cut] = [WordsCut(NAME), WordsCut("Rhys"), PageCut(7), AreaCut(1, 0, 0, 0.1, 0.1)]
    done = cut(PDF, papers.simple(b"About Mali Tudur"), cuts)
    assert found_nowhere(cuts, done.counts) == [
        Finding(FindingCode.CUT_WORDS_NOWHERE, "Rhys", can_fix=False),
        Finding(FindingCode.CUT_PLACE_NOWHERE, "7", can_fix=False),
    ]
    others = found_nowhere([CellsCut("Rota", "B2"), SheetCut("List")], [0, 0])
    assert [one.place for one in others] == ["Rota B2", "List"]


def test_words_that_are_in_the_bytes_and_not_on_the_page_are_not_said_to_be_cut() -> None:
    pdf = papers.paper(papers.line(b"Nobody is named here"))
    pdf.pages[0].Resources.Font.F.BaseFont = Name("/Tudur")
    data = papers.octets(pdf)
    with pytest.raises(CannotCut, match="words_not_on_pages"):
        cut_pdf(data, [WordsCut("Tudur")])
    looked = cut_pdf(data, [WordsCut("Tudur"), AreaCut(1, 0.1, 0.1, 0.2, 0.2)])
    assert (looked.counts, words_left(PDF, looked.data, ["Tudur"])) == ([0, 1], [])


def test_parts_of_words_are_looked_for_afterwards_as_parts() -> None:
    data = papers.simple(b"Tudurs and ArTUDUR")
    assert words_left(PDF, data, [], ["Tudur"]) == ["Tudur"]
    assert words_left(PDF, data, ["Tudur"]) == [], "as a whole word it stands nowhere"
    assert [one.code for one in scan(PDF, data, parts=["tudur"])] == [FindingCode.CUT_WORDS_LEFT]
    done = cut(PDF, data, [WordsCut("Tudur", whole=False)])
    assert (done.counts, words_left(PDF, done.data, [], ["Tudur", "udu"])) == ([2], [])


@pytest.mark.parametrize("part", ["late", "ype", "elvetic", "i", "bj"])
def test_letters_of_the_format_itself_do_not_stand_against_a_cut_of_parts(part: str) -> None:
    done = cut(PDF, papers.simple(b"late type and Helvetica objects"), [WordsCut(part, whole=False)])
    assert done.pictured == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [(FileKind.TEXT, b"Artudurus"), (FileKind.TABLE, b"a,Artudurus\n"), (FileKind.MAIL, b"Subject: x\n\nArtudurus\n")],
)
def test_parts_are_looked_for_in_every_kind_of_file(kind: FileKind, data: bytes) -> None:
    assert words_left(kind, data, [], ["Tudur"]) == ["Tudur"]
    done = cut(kind, data, [WordsCut("tudur", whole=False)])
    assert words_left(done.kind, done.data, [], ["Tudur"]) == []


def test_what_no_page_uses_is_named_and_goes_with_every_copy() -> None:
    pdf = papers.paper(papers.line(b"Seen"), papers.line(b"About Gwyn"))
    form = pdf.make_stream(papers.line(NAME.encode()))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 300])
    font = papers.font(pdf)
    font.ToUnicode = pdf.make_stream(
        b"1 beginbfchar <41> <" + "Rhys Prydderch".encode("utf-16-be").hex().encode() + b"> endbfchar"
    )
    pdf.pages[0].Resources.XObject = Dictionary(Unused=form)
    pdf.pages[0].Resources.Font["/Unused"] = font
    data = papers.octets(pdf)
    assert scan_pdf(data) == [Finding(FindingCode.HIDDEN_PARTS, number=2)]
    for copy in (cut_pdf(data, [WordsCut("Gwyn")]).data, without_unseen(data)):
        assert words_left(PDF, copy, [NAME, "Rhys"]) == []
        assert scan_pdf(copy) == []


def test_comments_and_files_that_a_copy_does_not_hold_are_told() -> None:
    done = cut_pdf(papers.planted(), [WordsCut(NAME)])
    assert done.lost == [
        Finding(FindingCode.LEFT_OUT_COMMENTS, number=1, can_fix=False),
        Finding(FindingCode.LEFT_OUT_FILES, number=1, can_fix=False),
    ]
    assert cut_pdf(papers.simple(b"x"), [WordsCut("x")]).lost == []


def test_a_password_against_changing_keeps_nobody_out_and_is_told() -> None:
    locked = papers.octets(
        papers.paper(papers.line(b"About Mali Tudur")), encryption=pikepdf.Encryption(owner="a", user="")
    )
    assert scan_pdf(locked) == [Finding(FindingCode.RESTRICTED)]
    done = cut_pdf(locked, [WordsCut(NAME)])
    assert [one.code for one in done.lost] == [FindingCode.UNLOCKED]
    assert words_left(PDF, done.data, [NAME]) == []
    assert scan_pdf(done.data) == scan_pdf(without_unseen(locked)) == []


def see_through() -> bytes:
    picture = Image.new("RGB", (200, 60), "white")
    ImageDraw.Draw(picture).text((10, 10), NAME, fill="black", font_size=30)
    picture.putalpha(Image.new("L", picture.size, 0))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_points_that_nobody_sees_are_found_and_have_no_colour_in_any_copy() -> None:
    data = see_through()
    assert [one.code for one in scan(FileKind.IMAGE, data)] == [FindingCode.SEE_THROUGH]
    for copy in (fix(FileKind.IMAGE, data)[1], cut(FileKind.IMAGE, data, [AreaCut(1, 0.9, 0.9, 1, 1)]).data):
        assert scan(FileKind.IMAGE, copy) == ()
        with Image.open(io.BytesIO(copy)) as picture:
            assert picture.crop((0, 0, 150, 50)).getextrema() == ((255, 255),) * 3


def read(data: bytes) -> str:
    with opened(data) as document:
        return " ".join(read_page(document, 0).text.split())


def test_a_comment_that_is_shown_stays_on_the_page() -> None:
    pdf = papers.paper(papers.line(b"Seen"))
    look = pdf.make_stream(papers.line(b"Stamped", 20))
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 50])
    look.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Stamp,
        Rect=Array([20, 20, 220, 70]),
        AP=Dictionary(N=look),
        Contents=String("said"),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])
    done = cut_pdf(papers.octets(pdf), [WordsCut("Seen")])
    assert read(done.data) == "Stamped"
    assert [one.code for one in done.lost] == [FindingCode.LEFT_OUT_COMMENTS]
