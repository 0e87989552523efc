"""Every file that is not to be cleaned is refused with the reason that a page can turn into advice."""

import itertools
import zlib
from collections.abc import Iterator

import pikepdf
import pytest

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import CannotClean, Kind, Reason
from tests.anonymity.cleaning.marks import Refused
from tests.anonymity.cleaning.packages import content_types, relations, root_relations
from tests.anonymity.cleaning.papers import Dictionary, Name
from tests.anonymity.cleaning.pictures import chunk, encoded, photo, scene
from tests.anonymity.cleaning.planted import all_refused
from tests.anonymity.cleaning.refused import WORD, _archive


def reason_for(data: bytes, step: int = 1 << 16) -> Reason | None:
    try:
        for _ in clean(data[at : at + step] for at in range(0, len(data), step)).chunks:
            pass
    except CannotClean as problem:
        assert str(problem) == problem.reason.value
        return problem.reason
    return None


@pytest.mark.parametrize("one", all_refused(), ids=lambda one: one.name)
def test_a_file_is_refused_with_its_reason(one: Refused) -> None:
    assert reason_for(one.data) == one.reason
    assert reason_for(one.data, 1) == one.reason or len(one.data) > 20_000


def test_every_reason_has_a_file_or_a_test() -> None:
    tested_below = {"too_large", "too_large_to_hold"}
    assert {one.reason for one in all_refused()} | tested_below == {reason.value for reason in Reason}


def test_the_name_and_the_claimed_type_play_no_part() -> None:
    assert clean([photo().data]).kind is Kind.JPEG


@pytest.mark.parametrize(
    "text", ["MZ is how this note starts", "BM, 3 November", "FORM 7\nNAME", "BZh", "Rar! said she", "wide moov mdat"]
)
def test_a_text_may_start_with_any_letters(text: str) -> None:
    assert reason_for(text.encode()) is None


def test_a_text_in_few_latin_letters_is_a_text() -> None:
    assert reason_for("夜勤表が変わりました。\n".encode() * 40) is None
    assert reason_for(("ŵ" * 3000).encode()) is None


def test_above_the_largest_size_a_file_is_refused_while_it_arrives() -> None:
    asked = itertools.count()

    def endless() -> Iterator[bytes]:
        yield photo().data
        while next(asked) < 10_000:
            yield bytes(1 << 16)

    with pytest.raises(CannotClean) as caught:
        for _ in clean(endless()).chunks:
            pass
    assert caught.value.reason is Reason.TOO_LARGE
    assert next(asked) < 1100


def test_a_document_above_what_is_held_is_refused_while_it_arrives() -> None:
    for start in (b"%PDF-1.7\n", b"PK\x03\x04"):
        assert reason_for(start + bytes(17 << 20)) is Reason.TOO_LARGE_TO_HOLD


def bomb(size: int, *filters: Name) -> bytes:
    data = zlib.compress(bytes(size), 9)
    for _ in filters[1:]:
        data = zlib.compress(data, 9)
    return data


@pytest.mark.parametrize("as_page", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_a_pdf_that_would_burst_is_refused(as_page: bool, times: int) -> None:
    import io

    pdf = pikepdf.new()
    stream = pdf.make_indirect(pikepdf.Stream(pdf, bomb(300 << 20, *[Name.FlateDecode] * times)))
    stream.Filter = pikepdf.Array([Name.FlateDecode] * times)
    if as_page:
        page = Dictionary(Type=Name.Page, MediaBox=pikepdf.Array([0, 0, 9, 9]), Contents=stream)
    else:
        stream.Type, stream.Subtype, stream.Width, stream.Height = Name.XObject, Name.Image, 9, 9
        page = Dictionary(Type=Name.Page, Resources=Dictionary(XObject=Dictionary(I=stream)))
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(out.getvalue()) < 1 << 20
    assert reason_for(out.getvalue()) in (Reason.TOO_COMPLEX, Reason.DAMAGED)


def test_a_png_that_would_burst_is_refused() -> None:
    plain = encoded(scene(), "PNG")
    big = plain[:33] + chunk(b"IDAT", zlib.compress(bytes(50 << 20), 9)) + chunk(b"IEND", b"")
    assert reason_for(big) is Reason.DAMAGED
    header = (65_535).to_bytes(4, "big") * 2 + plain[24:29]
    assert reason_for(plain[:8] + chunk(b"IHDR", header) + big[33:]) is Reason.TOO_COMPLEX


def test_a_jpeg_made_of_nothing_but_comments_is_refused() -> None:
    assert reason_for(b"\xff\xd8" + b"\xff\xfe\0\2" * 100_000) is Reason.TOO_COMPLEX


def test_an_mp3_made_of_nothing_but_beginnings_is_refused() -> None:
    assert reason_for(b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x90\x00z" * 500_000) is Reason.TOO_COMPLEX


def of_parts(**parts: str) -> bytes:
    return _archive(
        ("[Content_Types].xml", content_types(**{"word/document.xml": f"{WORD}.document.main+xml"})),
        ("_rels/.rels", root_relations("word/document.xml")),
        *parts.items(),
    )


def test_a_document_with_too_many_elements_or_too_deep_is_refused() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    many = f"<w:document {space}>{'<w:p/>' * 1_500_000}</w:document>"
    assert reason_for(of_parts(**{"word/document.xml": many})) is Reason.TOO_COMPLEX
    deep = f"<w:document {space}>{'<w:p>' * 300}{'</w:p>' * 300}</w:document>"
    assert reason_for(of_parts(**{"word/document.xml": deep})) is Reason.TOO_COMPLEX


def test_headers_that_lead_to_headers_for_ever_are_refused() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {f"word/h{n}.xml": f"<w:hdr {space}/>" for n in range(40)}
    parts |= {f"word/_rels/h{n}.xml.rels": relations(("rId1", "header", f"h{n + 1}.xml", False)) for n in range(39)}
    parts |= {
        "word/document.xml": f"<w:document {space}/>",
        "word/_rels/document.xml.rels": relations(("rId1", "header", "h0.xml", False)),
    }
    assert reason_for(of_parts(**parts)) is Reason.TOO_COMPLEX
    parts["word/_rels/h3.xml.rels"] = relations(("rId1", "header", "h0.xml", False))
    assert reason_for(of_parts(**parts)) is None
