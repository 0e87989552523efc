"""Every planted file is cleaned of every mark, and what it shows or plays is what it showed or played."""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageOps

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.colour import DISPLAY_P3
from anonymity.cleaning.outcome import Found, Kind, Reason, Remains
from tests.anonymity.cleaning.marks import Planted
from tests.anonymity.cleaning.planted import planted_files

FILES = {one.name: one for one in planted_files()}
PICTURES = [name for name, one in FILES.items() if one.kind in ("jpeg", "png", "webp")]
OFFICE = [name for name, one in FILES.items() if one.kind in ("docx", "xlsx", "odt")]
PAPERS = [name for name, one in FILES.items() if one.kind == "pdf"]
pytestmark = pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO file")


def washed(one: Planted, step: int = 1 << 16) -> tuple[bytes, set[Found]]:
    cleaned = clean(one.data[at : at + step] for at in range(0, len(one.data), step))
    assert cleaned.kind == one.kind
    return b"".join(cleaned.chunks), cleaned.found


@cache
def result(name: str) -> bytes:
    return washed(FILES[name])[0]


def spellings(text: str) -> Iterator[bytes]:
    """Every way a mark may be written."""
    octets = text.encode("utf-8")
    wide = text.encode("utf-16-le"), text.encode("utf-16-be")
    yield from (octets, *wide)
    for form in (octets, *wide):
        yield form.hex().encode()
        yield form.hex().upper().encode()
        for shift in range(3):
            yield base64.b64encode(b"\0" * shift + form)[4 if shift else 0 : -4]


def layers(data: bytes, deep: int = 0) -> Iterator[bytes]:
    """The bytes, and everything that can be unpacked from them."""
    yield data
    if deep > 3:
        return
    if data[:4] == b"PK\x03\x04":
        yield from of_archive(data, deep)
    if data[:5] == b"%PDF-":
        yield from of_paper(data, deep)
    for begin in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[begin.start() :], 1 << 20)
        except zlib.error:
            continue


def of_archive(data: bytes, deep: int) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            yield entry.filename.encode()
            yield from layers(archive.read(entry), deep + 1)


def of_paper(data: bytes, deep: int) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if not isinstance(one, pikepdf.Stream):
                yield one.unparse(resolved=False)
                continue
            yield repr(dict(one)).encode()
            yield from layers(one.read_raw_bytes(), deep + 1)
            if "/DCTDecode" not in str(one.get("/Filter", "")):
                yield from layers(one.read_bytes(), deep + 1)


def marks_left(data: bytes, one: Planted) -> list[str]:
    everything = list(layers(data))
    wanted = {text: tuple(spellings(text)) for text in one.marks.texts}
    left = [text for text, forms in wanted.items() if any(form in layer for form in forms for layer in everything)]
    return left + [octets.hex() for octets in one.marks.octets if any(octets in layer for layer in everything)]


@pytest.mark.parametrize("name", [name for name, one in FILES.items() if one.marks.texts])
def test_the_search_finds_every_mark_in_the_planted_file(name: str) -> None:
    """Else the test below would prove nothing."""
    missing = {*FILES[name].marks.texts} - {*marks_left(FILES[name].data, FILES[name])}
    assert missing == set()


@pytest.mark.parametrize("name", FILES)
def test_no_mark_is_left_in_any_spelling_or_layer(name: str) -> None:
    assert marks_left(result(name), FILES[name]) == []


@pytest.mark.parametrize("name", FILES)
def test_what_was_removed_is_told(name: str) -> None:
    _, found = washed(FILES[name])
    assert {code.value for code in found} >= FILES[name].found


@pytest.mark.parametrize("name", FILES)
def test_pieces_of_any_size_give_the_same_file_and_a_clean_file_stays_as_it_is(name: str) -> None:
    one = FILES[name]
    assert washed(one, 1)[0] == washed(one, 1000)[0] == result(name)
    again = Planted(name, one.kind, result(name), one.marks, frozenset())
    if one.kind not in ("pdf", "docx", "xlsx"):
        assert washed(again)[0] == result(name)
    left = {"software", "hidden_parts", "identifiers", "colour_profile"} | (
        {"edit_history", "author"} if one.kind == "docx" else set()
    )
    assert {code.value for code in washed(again)[1]} <= left


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_to_the_last_pixel_and_turned_the_same_way(name: str) -> None:
    before, after = (Image.open(io.BytesIO(data)) for data in (FILES[name].data, result(name)))
    assert after.mode == before.mode
    assert after.tobytes() == before.tobytes()
    assert after.getexif().get(0x0112, 1) == FILES[name].orientation
    assert ImageOps.exif_transpose(after).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert (
        not {*after.info}
        - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "exif", "icc_profile", "dpi"}
        - {*("adobe", "adobe_transform", "progressive", "progression", "loop", "background", "timestamp", "duration")}
    )


@pytest.mark.parametrize("name", ["photo.jpg", "drawing.png", "sticker.webp"])
def test_display_p3_is_written_anew_by_its_numbers(name: str) -> None:
    from PIL import ImageCms

    profile = Image.open(io.BytesIO(result(name))).info["icc_profile"]
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    assert ImageCms.getProfileDescription(opened).strip() == "Display P3"
    red = Image.new("RGB", (1, 1), (0, 255, 0))
    assert ImageCms.profileToProfile(red, opened, ImageCms.createProfile("sRGB")).getpixel((0, 0)) == (0, 255, 0)


def shown_by(name: str) -> str:
    """The words of a document, out of its parts."""
    with zipfile.ZipFile(io.BytesIO(result(name))) as archive:
        parts = [archive.read(entry).decode() for entry in archive.namelist() if entry.endswith(".xml")]
    return re.sub(r"<[^>]+>", "\n", "\n".join(parts)) + "\n".join(
        re.findall(r'<sheet[^>]* name="([^"]*)"', "".join(parts))
    )


@pytest.mark.parametrize("name", OFFICE)
def test_a_document_shows_the_same_words(name: str) -> None:
    assert [words for words in FILES[name].visible if words not in shown_by(name)] == []


@pytest.mark.parametrize("name", OFFICE)
def test_a_document_is_whole_and_says_no_time_and_no_system(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(result(name))) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
        assert archive.comment == b""
    first = "mimetype" if name.endswith(".odt") else "[Content_Types].xml"
    assert entries[0].filename == first
    facts = {
        (entry.date_time, entry.extra, entry.comment, entry.create_system, entry.external_attr) for entry in entries
    }
    assert facts == {((1980, 1, 1, 0, 0, 0), b"", b"", 0, 0)}
    for entry in entries:
        assert not re.search(
            r"docProps|customXml|comments|people|person|printer|embed|revision|external|meta\.xml|Thumb", entry.filename
        )


@pytest.mark.parametrize("name", ["letter.docx", "figures.xlsx"])
def test_every_reference_of_an_office_file_leads_to_a_part_that_is_there(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(result(name))) as archive:
        names = {*archive.namelist()}
        types = archive.read("[Content_Types].xml").decode()
        for entry in names:
            text = archive.read(entry).decode("utf-8", "replace")
            folder, _, leaf = entry.rpartition("/")
            if not entry.endswith(".xml") or entry == "[Content_Types].xml":
                continue
            assert f'PartName="/{entry}"' in types
            used = {*re.findall(r'\sr:(?:id|embed|link|pict)="([^"]+)"', text)}
            relations = f"{folder}/_rels/{leaf}.rels"
            given = {*re.findall(r'Id="([^"]+)"', archive.read(relations).decode())} if relations in names else set()
            assert used <= given


def test_the_pictures_of_a_document_are_still_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(result("letter.docx"))) as archive:
        pictures = [entry for entry in archive.namelist() if "/media/" in entry]
        assert sorted(entry.rpartition(".")[2] for entry in pictures) == ["jpg", "png", "webp"]
        for entry in pictures:
            Image.open(io.BytesIO(archive.read(entry))).load()


@pytest.mark.parametrize("name", PAPERS)
def test_a_pdf_has_the_same_pages_pictures_and_words(name: str) -> None:
    with pikepdf.open(io.BytesIO(result(name))) as pdf:
        assert len(pdf.pages) == FILES[name].pages
        drawn = b"".join(
            one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" not in one
        )
        assert [words for words in FILES[name].visible if words.encode() not in drawn] == []
        before = Image.open(io.BytesIO(FILES["photo.jpg"].data))
        for page in pdf.pages:
            (picture,) = [one for one in page.Resources.XObject.values() if "/Width" in one]
            assert Image.open(io.BytesIO(picture.read_raw_bytes())).tobytes() == before.tobytes()
            assert picture.ColorSpace[1].read_bytes() == DISPLAY_P3
        assert pdf.check_pdf_syntax() == []


def test_a_pdf_keeps_links_between_its_pages_and_nothing_else_that_does_something() -> None:
    with pikepdf.open(io.BytesIO(result("report.pdf"))) as pdf:
        assert {*pdf.Root.keys()} == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer
        (link,) = pdf.pages[0].Annots
        assert {*link.keys()} == {"/Type", "/Subtype", "/Rect", "/Border", "/Dest"}
        assert link.Dest[0].objgen == pdf.pages[0].obj.objgen
        allowed = {"/Type", "/MediaBox", "/Resources", "/Contents", "/Parent", "/Annots"}
        assert all({*page.obj.keys()} <= allowed for page in pdf.pages)


@pytest.mark.parametrize("name", ["note.txt", "names.txt"])
def test_a_text_is_utf_8_without_a_mark_in_front(name: str) -> None:
    assert result(name).decode("utf-8").split() == " ".join(FILES[name].visible).split()


def test_nothing_but_frames_of_sound_is_left_of_an_mp3() -> None:
    from tests.anonymity.cleaning.sounds import FRAME, mp3_frame

    data = result("memo.mp3")
    assert data[FRAME:] == b"".join(mp3_frame(n) for n in range(20))
    assert data[36:40] == b"Info"
    assert data[156:FRAME].strip(b"\0") == b""


def test_the_profile_written_in_the_normative_text_is_the_one_that_is_written_in_files() -> None:
    text = (Path(__file__).resolve().parents[3] / "anonymity" / "CLEANING.md").read_text("utf-8")
    assert bytes.fromhex(text.rpartition("```\n")[0].rpartition("```\n")[2]) == DISPLAY_P3


def test_every_code_is_explained_in_the_normative_text() -> None:
    text = (Path(__file__).resolve().parents[3] / "anonymity" / "CLEANING.md").read_text("utf-8")
    assert [
        code.value
        for code in (*Found, *Reason, *Remains, *Kind)
        if f"`{code.value}`" not in text and code.value not in text.split()
    ] == []
