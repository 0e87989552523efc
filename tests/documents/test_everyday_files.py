"""Texts, tables, e-mails and pictures: cut, scanned and mended; and finding words as people mean them."""

import io
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.documents.cuts import AreaCut, CannotCut, CellsCut, PageCut, WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import fix
from portal.documents.kinds import FileKind, kind_of
from portal.documents.matching import Folded, blackened, blackened_over, fold
from portal.documents.proving import words_left
from portal.documents.reading import outline, picture_of
from portal.documents.scanning import scan

NAME = "Mali Tudur"


@pytest.mark.parametrize(
    ("text", "words", "times"),
    [
        ("Siân a SIAN a sian", "Siân", 3),
        ("Mali\r\n  Tudur, mali tudur", NAME, 2),
        ("Prydde-\nrch", "Prydderch", 1),
        ("cyd-ddealltwriaeth", "cyd-ddealltwriaeth", 1),
        ("Malina Malin", "Mali", 0),
        ("Prydderch-\nJones a Prydderch\x02Jones, Prydderch-Jones", "Prydderch-Jones", 3),
        ("Prydderch-\nJones a Prydderch\x02Jones", "Jones", 2),
        ("cyd-\nddealltwriaeth", "cyd-ddealltwriaeth", 1),
        ("\u2068Mali\u2069 \u202aTudur\u202c, Ma\u200eli Tudur", NAME, 2),
        ("O’Brien O'Brien", "O'Brien", 2),
        ("ﬃrm", "ffirm", 1),
        ("", NAME, 0),
        ("x", "  ", 0),
    ],
)
def test_words_are_found_as_people_mean_them(text: str, words: str, times: int) -> None:
    assert len(Folded(text).spans(words, whole=True)) == times


@given(st.text(), st.text(min_size=1))
def test_blackened_words_are_never_found_again(text: str, words: str) -> None:
    left, times = blackened(text, words, whole=False, by="█")
    again = Folded(left).spans(words, whole=False)
    assert (times == 0 and left == text) or not again or "█" in fold(words)


@given(st.lists(st.text("Mali Tudr-\u00e2\n", max_size=9), max_size=4), st.sampled_from(("Mali", "Mali Tudur", "âl")))
def test_blackened_words_are_not_found_over_neighbours_either(texts: list[str], words: str) -> None:
    left, times = blackened_over(texts, words, whole=False, by="█")
    assert not Folded("\n".join(filter(None, left))).spans(words, whole=False)
    assert len(left) == len(texts)
    assert (times == 0) == (left == texts)


def test_a_name_that_stands_in_two_cells_goes_from_both() -> None:
    done = cut(FileKind.TABLE, b"Enw,Cyfenw,Oed\r\nMali,,Tudur\r\nTudur,x,Mali\r\nMali,Tudur,41", [WordsCut(NAME)])
    assert outline(FileKind.TABLE, done.data)[0].rows[1:] == (
        ("█████", "", "█████"),
        ("Tudur", "x", "Mali"),
        ("█████", "█████", "41"),
    )
    assert done.counts == [2]


@pytest.mark.parametrize(
    ("data", "text", "how"),
    [
        ("Siân, Tŷ Gŵyr Mali".encode(), "Siân, Tŷ Gŵyr", None),
        ("Tŷ Gŵyr Mali".encode("utf-8-sig"), "Tŷ Gŵyr", None),
        ("Tŷ Gŵyr Mali".encode("utf-16"), "Tŷ Gŵyr", None),
        ("Siân – ‘x’ Mali".encode("cp1252"), "Siân – ‘x’", ("cp1252", 1)),
        ("Tŷ Gŵyr, ".encode() + b"Si\xe2n \x81 Mali", "Tŷ Gŵyr, Siân \x81", ("mixed", 2)),
    ],
)
def test_no_letter_is_lost_and_a_guess_is_told(data: bytes, text: str, how: tuple[str, int] | None) -> None:
    told = [Finding(FindingCode.OLD_LETTERS, *how, can_fix=False)] if how else []
    for kind in (FileKind.TEXT, FileKind.TABLE):
        done = cut(kind, data, [WordsCut("Mali")])
        assert done.data.decode("utf-8-sig").replace('"', "").strip() == f"{text} █████"
        assert done.lost == told


@given(st.text())
def test_every_place_of_a_folded_text_is_a_place_of_the_text(text: str) -> None:
    folded = Folded(text)
    for start, stop in folded.spans(text[:3], whole=False):
        assert 0 <= start < stop <= len(text)


def test_words_go_from_a_text_whatever_its_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        done = cut(FileKind.TEXT, f"Am Siân: {NAME}".encode(encoding), [WordsCut(NAME)])
        assert done.data.decode() == "Am Siân: █████"


def test_cells_and_words_go_from_a_table() -> None:
    done = cut(FileKind.TABLE, "Enw;Sgôr\r\nMali Tudur;41\r\nGwyn;50".encode(), [WordsCut(NAME), CellsCut("", "B2:B9")])
    assert done.data.decode("utf-8-sig") == "Enw;Sgôr\r\n█████;█████\r\nGwyn;█████\r\n"
    assert done.counts == [1, 2]
    assert outline(FileKind.TABLE, done.data)[0].rows[2] == ("Gwyn", "█████")
    with pytest.raises(CannotCut):
        cut(FileKind.TABLE, b"a,b", [CellsCut("", "!")])


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Bcc"] = "a@example.org", "b@example.org", "mali@example.org"
    message["Subject"], message["X-Came-Through"] = "Rota", "mali-laptop"
    message.set_content("plain")
    message.clear_content()
    message.set_content("<style>x</style><p>About Mali&nbsp;Tudur</p><p>Bye</p>", subtype="html")
    message.add_attachment(b"x", maintype="text", subtype="plain", filename="note.txt")
    return message.as_bytes()


def test_an_email_goes_out_as_the_text_that_one_reads() -> None:
    assert {(one.code, one.place) for one in scan(FileKind.MAIL, mail())} == {
        (FindingCode.EMBEDDED_FILE, "note.txt"),
        (FindingCode.HIDDEN_TEXT, "Bcc"),
        (FindingCode.PROPERTIES, "X-Came-Through"),
    }
    done = cut(FileKind.MAIL, mail(), [WordsCut(NAME)])
    assert done.kind is FileKind.TEXT
    head = "From: a@example.org\nTo: b@example.org\nSubject: Rota\nAtodiad / Attachment: note.txt"
    assert done.data.decode() == f"{head}\n\nAbout █████\nBye"
    assert done.lost == [Finding(FindingCode.LEFT_OUT_FILES, "note.txt", can_fix=False)]
    kind, mended, _lost = fix(FileKind.MAIL, mail())
    assert scan(kind, mended) == ()
    assert words_left(kind, mended, ["mali-laptop", "mali@example.org"]) == []
    assert [one.code for one in scan(FileKind.MAIL, b"")] == [FindingCode.UNREADABLE]


def picture(form: str) -> bytes:
    out = io.BytesIO()
    made = Image.new("RGB", (200, 100), "white")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Mali Tudur phone", 6
    made.save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_painted_and_says_nothing_else(form: str) -> None:
    data = picture(form)
    assert FindingCode.PICTURE_DETAILS in {one.code for one in scan(FileKind.IMAGE, data)}
    done = cut(FileKind.IMAGE, data, [AreaCut(1, 0, 0, 0.5, 0.5)])
    assert scan(FileKind.IMAGE, done.data) == ()
    with Image.open(io.BytesIO(done.data)) as opened:
        assert opened.size == (100, 200), "turned upright, as one sees it"
        assert all(high < 20 for _low, high in opened.convert("RGB").crop((5, 5, 45, 95)).getextrema())  # type: ignore[misc]
        assert opened.convert("RGB").getpixel((90, 190)) > (230, 230, 230)
    assert scan(FileKind.IMAGE, fix(FileKind.IMAGE, data)[1]) == ()
    assert picture_of(FileKind.IMAGE, data, 1).startswith(b"\x89PNG")
    with pytest.raises(CannotCut):
        cut(FileKind.IMAGE, data, [PageCut(1)])
    with pytest.raises(CannotCut):
        cut(FileKind.IMAGE, data[:40], [])


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.PDF", b"%PDF-1.4", FileKind.PDF),
        ("a.pdf", b"MZ", FileKind.OTHER),
        ("a.txt", b"hello", FileKind.TEXT),
        ("a.txt", b"\x00\x01", FileKind.OTHER),
        ("a.eml", b"From: x", FileKind.MAIL),
        ("a.jpg", b"\xff\xd8\xff", FileKind.IMAGE),
        ("a.xlsx", b"PK\x03\x04", FileKind.WORKBOOK),
        ("a.docx", b"%PDF-", FileKind.OTHER),
        ("a", b"x", FileKind.OTHER),
    ],
)
def test_a_kind_is_what_name_and_bytes_agree_on(name: str, head: bytes, kind: FileKind) -> None:
    assert kind_of(name, head) is kind


def test_what_cannot_be_looked_into_is_a_finding_by_itself() -> None:
    (finding,) = scan(FileKind.OTHER, b"\x00")
    assert (finding.code, finding.can_fix) == (FindingCode.UNREADABLE, False)
    with pytest.raises(CannotCut):
        cut(FileKind.OTHER, b"x", [])


def test_the_cells_of_a_table_in_an_email_are_words_of_their_own() -> None:
    html = "<html><head><meta charset=utf-8><title>x</title><body><tr><td>Mali</td><td>Tudur</td><td>late</td></tr>"
    data = f"Subject: Rota\nContent-Type: text/html\n\n{html}".encode()
    assert cut(FileKind.MAIL, data, [WordsCut(NAME)]).data.decode() == "Subject: Rota\n\n█████ late"
