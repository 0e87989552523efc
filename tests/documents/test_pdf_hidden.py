"""Words and pictures that a page holds and does not show are named, and a mended copy has none of them."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from portal.documents.cuts import WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import FindingCode
from portal.documents.kinds import FileKind
from portal.documents.pdfcutting import without_unseen
from portal.documents.pdfreading import draw_page, opened
from portal.documents.pdfscanning import scan_pdf
from portal.documents.proving import words_left
from tests.documents import papers
from tests.documents.papers import NAME

SCAN = b"q 300 0 0 200 50 50 cm /I Do Q\n"


def scanned(content: bytes, **more: Array) -> bytes:
    """A page with a picture of the name, and this content."""
    picture = Image.new("RGB", (600, 400), "white")
    ImageDraw.Draw(picture).text((100, 180), NAME, fill="black", font_size=40)
    pdf = papers.paper(content, widths=True, **more)
    pdf.pages[0].Resources.XObject = Dictionary(I=papers.image(pdf, picture))
    return papers.octets(pdf)


def found(data: bytes) -> dict[FindingCode, tuple[str, int]]:
    return {one.code: (one.place, one.number) for one in scan_pdf(data)}


def pictures(data: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [bytes(one.read_raw_bytes()) for one in pdf.objects if isinstance(one, pikepdf.Stream)]


@pytest.mark.parametrize(
    "cover",
    [
        b"0 g 90 130 150 40 re f\n",
        b"1 g 90 130 150 40 re f\n",
        b"0 G 40 w 90 150 m 240 150 l S\n",
        b"q 150 0 0 40 90 130 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q\n",
    ],
)
def test_whatever_is_drawn_over_a_part_of_a_picture_is_found_and_mended(cover: bytes) -> None:
    data = scanned(SCAN + cover)
    assert found(data) == {FindingCode.PICTURE_COVERED: ("1", 1)}
    mended = without_unseen(data)
    assert found(mended) == {}
    assert not set(pictures(data)[:1]) & set(pictures(mended)), "the picture without the box is not in the copy"
    with opened(mended) as document:
        grey = draw_page(document, 0, 1.0).convert("L").crop((100, 140, 220, 160))
    assert grey.getextrema() in ((0, 0), (255, 255))


def test_a_box_that_an_annotation_draws_over_a_picture_is_found() -> None:
    pdf = pikepdf.open(io.BytesIO(scanned(SCAN)))
    look = pdf.make_stream(b"0 g 0 0 150 40 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 150, 40])
    box = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([90, 130, 240, 170]), AP=Dictionary(N=look))
    pdf.pages[0].Annots = Array([pdf.make_indirect(box)])
    assert found(papers.octets(pdf)) == {FindingCode.PICTURE_COVERED: ("1", 1)}


@pytest.mark.parametrize(
    ("kind", "colours"), [("Square", {"IC": [0, 0, 0]}), ("Redact", {}), ("Highlight", {"C": [0]})]
)
def test_a_box_that_programs_draw_by_themselves_hides_nothing_from_the_scan_and_is_not_lost(
    kind: str, colours: dict[str, list[int]]
) -> None:
    pdf = papers.paper(papers.line(NAME.encode()) + papers.line(b"Seen", 100))
    box = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([15, 190, 135, 224]))
    for key, value in colours.items():
        box[f"/{key}"] = Array(value)
    pdf.pages[0].Annots = Array([pdf.make_indirect(box)])
    data = papers.octets(pdf)
    assert FindingCode.TEXT_UNDER_BOX in found(data)
    mended = without_unseen(data)
    assert words_left(FileKind.PDF, mended, ["Mali", "Tudur"]) == []
    copy = cut(FileKind.PDF, data, [WordsCut("Seen")]).data
    assert FindingCode.TEXT_UNDER_BOX in found(copy), "who cuts something else learns of it, too"


@pytest.mark.parametrize(
    "content",
    [
        SCAN,
        b"1 1 .9 rg 0 0 400 300 re f\n" + SCAN,
        SCAN + b"0 G 1 w 50 50 300 200 re S\n",
        SCAN + b"0 g 10 10 30 30 re f\n",
        SCAN + papers.line(b"Figure 1", 80),
    ],
)
def test_a_picture_with_a_frame_a_title_or_something_beside_it_is_no_finding(content: bytes) -> None:
    assert found(scanned(content)) == {}


def test_a_part_of_a_picture_outside_the_page_is_found_and_mended() -> None:
    data = scanned(SCAN, CropBox=Array([0, 0, 100, 300]))
    assert found(data) == {FindingCode.PICTURE_OFF_PAGE: ("1", 1)}
    assert found(without_unseen(data)) == {}


@pytest.mark.parametrize("clip", [b"50 50 100 200 re W n ", b"q .5 0 0 .5 0 0 cm 100 100 200 400 re W n Q "])
def test_a_part_of_a_picture_that_was_cropped_away_is_found_and_mended(clip: bytes) -> None:
    data = scanned(b"q " + clip.replace(b"q ", b"").replace(b"Q ", b"2 0 0 2 0 0 cm ") + SCAN + b"Q")
    assert found(data) == {FindingCode.PICTURE_OFF_PAGE: ("1", 1)}
    mended = without_unseen(data)
    assert found(mended) == {}
    assert not set(pictures(data)[:1]) & set(pictures(mended))


@pytest.mark.parametrize(("alpha", "hides"), [(0, True), (255, False)])
def test_a_part_of_a_picture_that_its_mask_hides_is_found_and_mended(alpha: int, hides: bool) -> None:
    pdf = pikepdf.open(io.BytesIO(scanned(SCAN)))
    mask = pdf.make_stream(bytes([alpha]))
    mask.Type, mask.Subtype, mask.Width, mask.Height = Name.XObject, Name.Image, 1, 1
    mask.BitsPerComponent, mask.ColorSpace = 8, Name.DeviceGray
    pdf.pages[0].Resources.XObject.I.SMask = mask
    data = papers.octets(pdf)
    assert found(data) == ({FindingCode.SEE_THROUGH: ("1", 1)} if hides else {})
    assert found(without_unseen(data)) == {}


def test_a_word_that_is_cut_on_a_scan_takes_the_points_of_the_picture_with_it() -> None:
    layer = b"BT 3 Tr /F 20 Tf 95 140 Td (Mali Tudur) Tj ET\n"
    data = scanned(SCAN + layer)
    done = cut(FileKind.PDF, data, [WordsCut(NAME)])
    assert (done.counts, done.pictured) == ([1], [1])
    assert not set(pictures(data)[:1]) & set(pictures(done.data))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"BT /F 2 Tf 20 100 Td (Mali Tudur) Tj ET\n", FindingCode.TINY_TEXT),
        (b"q .1 0 0 .1 20 100 cm BT /F 20 Tf (Mali Tudur) Tj ET Q\n", FindingCode.TINY_TEXT),
        (b".9 g " + papers.line(NAME.encode(), 100), FindingCode.PALE_TEXT),
        (b"BT 3 Tr /F 12 Tf 20 100 Td (Mali Tudur) Tj ET\n", FindingCode.TEXT_UNDER_BOX),
        (b"1 g " + papers.line(NAME.encode(), 100), FindingCode.TEXT_UNDER_BOX),
        (papers.line(NAME.encode(), 100) + papers.line(b"XXXXXXXXXX", 100), FindingCode.TEXT_UNDER_TEXT),
        (
            papers.line(NAME.encode(), 100) + b"0 g 15 92 120 24 re f 1 g BT /F 16 Tf 20 98 Td (REDACTED) Tj ET\n",
            FindingCode.TEXT_UNDER_BOX,
        ),
    ],
)
def test_words_that_nobody_sees_or_hardly_are_found_and_mended(content: bytes, code: FindingCode) -> None:
    data = papers.octets(papers.paper(papers.line(b"Seen", 200) + content))
    assert code in found(data)
    mended = without_unseen(data)
    assert found(mended) == {}
    assert words_left(FileKind.PDF, mended, ["Mali", "Tudur"]) == []


def test_words_under_a_picture_are_found() -> None:
    data = scanned(papers.line(NAME.encode(), 150).replace(b"20 150", b"120 150") + SCAN)
    assert set(found(data)) == {FindingCode.TEXT_LAYER}
    assert words_left(FileKind.PDF, without_unseen(data), ["Mali", "Tudur"]) == []
