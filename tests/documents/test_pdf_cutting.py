"""Cut words are gone from every corner of a PDF; everything else stays where it was."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import ImageChops

from portal.documents.cuts import AreaCut, CannotCut, CellsCut, Cutting, PageCut, WordsCut
from portal.documents.kinds import FileKind
from portal.documents.pdfcutting import cut_pdf, without_unseen
from portal.documents.pdfreading import draw_page, opened, read_page
from portal.documents.proving import words_left
from tests.documents import papers
from tests.documents.papers import NAME


def read(data: bytes, page: int = 0) -> str:
    with opened(data) as document:
        return " ".join(read_page(document, page).text.split())


def extremes(data: bytes, box: tuple[int, int, int, int]) -> tuple[tuple[int, int], ...]:
    """Lowest and highest of each colour in a box of the page drawn at its own size."""
    with opened(data) as document:
        return draw_page(document, 0, 1.0).crop(box).getextrema()  # type: ignore[return-value]


def cut(data: bytes, *words: str) -> Cutting:
    return cut_pdf(data, [WordsCut(one) for one in words])


def test_a_name_is_gone_from_every_corner_of_the_file() -> None:
    data = papers.planted()
    assert words_left(FileKind.PDF, data, [NAME]) == [NAME]
    done = cut(data, NAME)
    assert words_left(FileKind.PDF, done.data, [NAME]) == []
    assert (done.counts, done.pictured) == ([1], [])
    assert NAME.encode() not in done.data
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert not {"/Names", "/Outlines", "/AcroForm", "/Metadata"} & set(pdf.Root.keys())
        assert not pdf.attachments
    assert read(done.data) == "M T About and Gwyn"


def test_what_stays_stands_where_it_stood_and_what_goes_is_black() -> None:
    done = cut(papers.simple(b"Before Mali Tudur after", b"Gwyn"), NAME)
    assert read(done.data) == "Before after Gwyn"
    with opened(papers.simple(b"Before Mali Tudur after", b"Gwyn")) as document:
        old = {sign.origin for sign in read_page(document, 0).signs if sign.text in "after"}
    with opened(done.data) as document:
        new = {sign.origin for sign in read_page(document, 0).signs if sign.text in "after"}
    assert all(any(abs(one[0] - x[0]) < 0.05 for x in old if x) for one in new if one)
    assert extremes(done.data, (66, 32, 100, 42)) == ((0, 0),) * 3
    assert extremes(papers.simple(b"Before Mali Tudur after", b"Gwyn"), (66, 32, 100, 42)) != ((0, 0),) * 3


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F 12 Tf 20 200 Td [(Ma) 40 (li Tu) -60.5 (dur)] TJ (x and more) Tj ET",
        b"BT /F 12 Tf 14 TL 20 200 Td (One) ' (Mali Tudur) ' (and more) ' ET",
        b'BT /F 12 Tf 14 TL 20 200 Td 2 1 (Mali Tudur and) " (more and more) Tj ET',
        b"q .5 0 0 .5 10 10 cm BT /F 24 Tf 3 Tc 5 Tw 90 Tz 2 Ts 1 0 0 1 20 200 Tm (Mali Tudur and more) Tj ET Q",
        b"q BT 0 1 -1 0 200 20 Tm /F 12 Tf (and Mali Tudur more) Tj ET Q",
        b"BT /F 12 Tf 20 200 Td (Mali) Tj 30 0 Td (Tudur) Tj 60 -20 TD (and more) Tj T* (and) Tj ET",
    ],
)
def test_every_way_of_showing_text_is_cut_without_a_picture(content: bytes) -> None:
    done = cut(papers.octets(papers.paper(content)), "Mali", "Tudur", "Tudurx")
    assert words_left(FileKind.PDF, done.data, ["Mali", "Tudur"]) == []
    assert "more" in read(done.data)
    assert done.pictured == []


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (papers.octets(papers.paper(papers.line(b"Mali Tudur and more"), widths=False)), "and more"),
        (papers.with_form(b"Mali Tudur and more"), "and more"),
    ],
)
def test_where_it_cannot_be_proven_the_page_is_a_picture_that_still_reads(data: bytes, kept: str) -> None:
    done = cut(data, NAME)
    assert done.pictured == [1]
    assert words_left(FileKind.PDF, done.data, [NAME]) == []
    assert read(done.data) == kept
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert "/Picture" in pdf.pages[0].Resources.XObject
        assert not [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/BaseFont") == "/Helvetica"]


def test_a_name_inside_a_font_takes_every_page_that_uses_the_font_with_it() -> None:
    done = cut(papers.with_word_in_font(), NAME)
    assert words_left(FileKind.PDF, done.data, [NAME]) == []
    assert done.pictured == [1, 2]


def test_an_area_takes_the_pixels_of_a_picture_with_it() -> None:
    data = papers.with_picture("Mali Tudur reported this")
    area = AreaCut(1, 0.04, 0.08, 0.6, 0.2)
    assert extremes(data, (18, 26, 200, 50)) != ((0, 0),) * 3
    done = cut_pdf(data, [area])
    assert (done.counts, done.pictured) == ([1], [1])
    assert extremes(done.data, (18, 26, 200, 50)) == ((0, 0),) * 3
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        assert len(pictures) == 1, "the picture without the box must not stay in the file"


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_an_area_of_a_turned_page_hits_what_the_reader_sees(turned: int) -> None:
    data = papers.octets(papers.paper(papers.line(b"Mali Tudur", 280) + papers.line(b"stays"), Rotate=turned))
    only = papers.octets(papers.paper(papers.line(b"Mali Tudur", 280), Rotate=turned))
    with opened(only) as document:
        drawn = draw_page(document, 0, 1.0)
    seen = ImageChops.invert(drawn.convert("L")).getbbox()
    assert seen is not None
    wide, high = drawn.size
    done = cut_pdf(data, [AreaCut(1, seen[0] / wide, seen[1] / high, seen[2] / wide, seen[3] / high)])
    assert read(done.data) == "stays"
    inside = seen[0] + 2, seen[1] + 2, seen[2] - 2, seen[3] - 2
    assert extremes(done.data, inside) == ((0, 0),) * 3


def test_no_gap_tells_how_wide_a_single_glyph_was() -> None:
    done = cut(papers.octets(papers.paper(b"BT /F 12 Tf 20 200 Td [(See Ma) 40 (li Tu) -60.5 (dur now)] TJ ET")), NAME)
    assert done.pictured == []
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        (shown,) = [one for one in pikepdf.parse_content_stream(pdf.pages[0]) if str(one.operator) == "TJ"]
    assert [str(one) for one in shown.operands[0] if isinstance(one, pikepdf.String)] == ["See ", " now"]
    assert len(shown.operands[0]) == 3


def test_a_page_that_goes_is_black_and_no_link_keeps_it() -> None:
    pdf = papers.paper(papers.line(b"Mali Tudur"), papers.line(b"Gwyn"))
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=Array([pdf.pages[0].obj, Name.Fit])
    )
    pdf.pages[1].Annots = Array([pdf.make_indirect(link)])
    done = cut_pdf(papers.octets(pdf), [PageCut(1)])
    assert (read(done.data), read(done.data, 1)) == ("", "Gwyn")
    assert words_left(FileKind.PDF, done.data, ["Mali", "Tudur"]) == []
    assert extremes(done.data, (0, 0, 400, 300)) == ((0, 0),) * 3


def test_words_on_a_second_line_in_capitals_or_without_accents_are_the_same_words() -> None:
    data = papers.simple(b"MALI", b"TUDUR and Si\xe2n and mali tudur, Malin Tudur")
    done = cut(data, NAME, "Sian")
    assert done.counts == [2, 1]
    assert read(done.data) == "and and , Malin Tudur"


def test_unseen_words_go_and_seen_ones_stay() -> None:
    boxed = papers.line(b"Mali Tudur") + b"0 g 15 190 120 24 re f\n" + papers.line(b"Seen", 100)
    white = b"1 g " + papers.line(b"Rhys", 60) + papers.line(b"away", 900)
    clean = without_unseen(papers.octets(papers.paper(boxed + white)))
    assert read(clean) == "Seen"
    assert words_left(FileKind.PDF, clean, ["Mali", "Tudur", "Rhys", "away"]) == []


def test_what_is_no_pdf_is_refused_with_a_word() -> None:
    for data in (b"%PDF-1.7 nonsense", b"", b"words"):
        with pytest.raises(CannotCut):
            cut_pdf(data, [WordsCut("x")])
    locked = papers.octets(papers.paper(b""), encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(CannotCut, match="encrypted"):
        cut_pdf(locked, [WordsCut("x")])
    with pytest.raises(CannotCut, match="no_such_cut"):
        cut_pdf(papers.simple(b"x"), [CellsCut("", "A1")])


@pytest.mark.parametrize("words", ["Page", "Font", "BT", "12", "Tf"])
def test_words_that_the_format_uses_itself_can_be_cut(words: str) -> None:
    for data in (
        papers.simple(b"Ask " + words.encode() + b" now"),
        papers.with_form(b"Ask " + words.encode() + b" now"),
    ):
        done = cut(data, words)
        assert (done.counts, read(done.data)) == ([1], "Ask now")


def test_proof_reads_names_of_resources_and_streams_that_say_they_are_something_else() -> None:
    pdf = papers.paper(b"")
    pdf.pages[0].Resources.Font["/Gwyn"] = pdf.pages[0].Resources.Font.F
    form = pdf.make_stream(papers.line(b"Mali Tudur"))
    form.Type, form.Subtype, form.BBox = Name.ObjStm, Name.Form, Array([0, 0, 9, 9])
    pdf.pages[0].Resources.XObject = Dictionary(X=form)
    assert words_left(FileKind.PDF, papers.octets(pdf), [NAME, "Gwyn"]) == [NAME, "Gwyn"]


def test_glyphs_that_are_placed_one_by_one_leave_no_places_behind() -> None:
    one_by_one = b"(M) Tj 6.672 0 Td (a) Tj 6.672 0 Td (l) Tj 6.672 0 Td (i) Tj 12 0 Td (left) Tj"
    done = cut(papers.octets(papers.paper(b"BT /F 12 Tf 20 200 Td (Mr ) Tj 20 0 Td " + one_by_one + b" ET")), "Mali")
    assert (done.counts, done.pictured, read(done.data)) == ([1], [1], "Mr left")


def test_a_word_that_pdfium_reads_on_into_another_line_is_a_word() -> None:
    slanted = b"BT .8 .6 -.6 .8 112 150 Tm /F 9 Tf (Tudur Rhys-Evans) Tj ET\n"
    pdf = papers.paper(b"/X Do\n" + slanted + papers.line(b"of", 110))
    form = pdf.make_stream(papers.line(b"Tudur Rhys-Evans", 260))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 400, 300])
    form.Resources = Dictionary(Font=pdf.pages[0].Resources.Font)
    pdf.pages[0].Resources.XObject = Dictionary(X=form)
    done = cut(papers.octets(pdf), "Rhys-Evans")
    assert (done.counts, words_left(FileKind.PDF, done.data, ["Rhys", "Evans"])) == ([2], [])
