"""E-mails: every part is looked at, every part of the text is cut, and what does not come along is named."""

from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from quopri import encodestring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.cuts import CannotCut, WordsCut
from portal.documents.cutting import cut
from portal.documents.findings import Finding, FindingCode
from portal.documents.fixing import fix
from portal.documents.htmltext import read_html
from portal.documents.kinds import FileKind
from portal.documents.proving import words_left
from portal.documents.reading import outline
from portal.documents.scanning import scan
from tests.documents import sheets

NAME = "Mali Tudur"
MAIL = FileKind.MAIL


def both(plain: str, html: str, *, subject: str = "Rota") -> EmailMessage:
    """A message of two halves."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return message


def said(message: EmailMessage) -> set[tuple[FindingCode, str]]:
    return {(one.code, one.place) for one in scan(MAIL, message.as_bytes())}


def test_the_half_that_nobody_sees_is_found_told_and_cut() -> None:
    message = both("Nothing of note", f"<p>Nothing of note</p><p>Ask {NAME}</p>")
    assert said(message) == {(FindingCode.HIDDEN_PARTS, "text/plain – text/html")}
    done = cut(MAIL, message.as_bytes(), [WordsCut(NAME)])
    assert done.counts == [1]
    assert done.data.decode().endswith("Nothing of note\n\n\nNothing of note\nAsk █████")
    assert said(both("The same words", "<p>The <b>same</b> words")) == set()


def test_hidden_words_of_a_page_are_found_and_go_when_it_is_mended() -> None:
    html = (
        f"<p>Seen <span style='DISPLAY : none !important'>{NAME}<br>unseen</span><font color=white>pale</font></p>"
        f"<!-- {NAME} --><!--[if mso]>office<![endif]--><img alt='Gwyn' src='https://example.org/x.png'><p>Bye"
    )
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(html, subtype="html")
    found = {(one.code, one.place, one.number) for one in scan(MAIL, message.as_bytes())}
    assert found == {(FindingCode.HIDDEN_TEXT, "HTML", 5), (FindingCode.EXTERNAL_LINK, "HTML", 1)}
    assert fix(MAIL, message.as_bytes())[1].decode() == "Subject: x\n\nSeen\nBye"
    assert NAME in outline(MAIL, message.as_bytes())[0].text, "who decides sees it, and can cut it"
    assert words_left(MAIL, message.as_bytes(), [NAME, "Gwyn"]) == [NAME, "Gwyn"]


@pytest.mark.parametrize(
    "style",
    [
        *("display:none", "visibility:hidden", "font-size:0", "font-size:1px", "color:#FFFFFF", "color:white"),
        *("opacity:0", "mso-hide:all", "left:-9999px", "max-height:0", "color: rgb(255, 255, 255)"),
    ],
)
def test_ways_to_hide_words(style: str) -> None:
    assert read_html(f"<p>a<b style='{style}'>b</b>c").unseen == ("b",)


@pytest.mark.parametrize(
    "style", ["font-size:10px", "background-color:white", "opacity:0.9", "max-height:10px", "display:block"]
)
def test_words_that_are_seen(style: str) -> None:
    assert read_html(f"<p>a<b style='{style}'>b</b>c").unseen == ()


def test_files_and_mails_inside_are_looked_at_as_what_they_are() -> None:
    inner = both("inner", "<p>inner", subject=f"About {NAME}")
    inner.add_attachment(sheets.hiding(3), maintype="application", subtype="x", filename="rota.xlsx")
    message = both("outer", "<p>outer")
    message.add_attachment(inner)
    message.add_attachment(b"\x00\x01", maintype="application", subtype="x", filename="what.bin")
    assert said(message) == {
        (FindingCode.EMBEDDED_FILE, "message.eml"),
        (FindingCode.EMBEDDED_FILE, "what.bin"),
        (FindingCode.UNREADABLE, "what.bin"),
        (FindingCode.EMBEDDED_FILE, "message.eml: rota.xlsx"),
        (FindingCode.HIDDEN_SHEET, "message.eml: rota.xlsx: Mali list"),
        (FindingCode.COMMENT, "message.eml: rota.xlsx"),
        (FindingCode.PROPERTIES, "message.eml: rota.xlsx"),
    }
    assert words_left(MAIL, message.as_bytes(), [NAME, "Mali list"]) == [NAME, "Mali list"]
    done = cut(MAIL, message.as_bytes(), [WordsCut(NAME)])
    assert "Subject: About █████\nAtodiad / Attachment: rota.xlsx\n\ninner" in done.data.decode()
    assert done.lost == [Finding(FindingCode.LEFT_OUT_FILES, name, can_fix=False) for name in ("rota.xlsx", "what.bin")]


def test_every_line_of_the_head_is_named_and_looked_through() -> None:
    message = both("x", "<p>x")
    for name in ("Received", "X-Originating-IP", "Bcc", "Message-ID"):
        message[name] = f"mali.tudur-laptop {name}"
    message.preamble, message.epilogue = "before", "mali after"
    assert said(message) == {
        (FindingCode.HIDDEN_TEXT, "Bcc"),
        (FindingCode.PROPERTIES, "Received, X-Originating-IP, Message-ID"),
        (FindingCode.HIDDEN_PARTS, "MIME"),
    }
    assert words_left(MAIL, message.as_bytes(), ["tudur-laptop", "after"]) == ["tudur-laptop", "after"]
    kind, mended, _lost = fix(MAIL, message.as_bytes())
    assert words_left(kind, mended, ["tudur-laptop", "after", "before"]) == []


def test_every_part_of_the_text_comes_along_and_no_letter_is_lost() -> None:
    data = (
        b"Subject: T\xc5\xb7 Si\xc3\xa2n\nTo: a\nTo: b\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain; charset=nonsense\n\nT\xc5\xb7 one\n"
        b"--x\nContent-Type: text/plain; charset=us-ascii\n\nSi\xe2n two\n--x--\n"
    )
    assert outline(MAIL, data)[0].text == "To: a, b\nSubject: Tŷ Siân\n\nTŷ one\n\nSiân two"


@pytest.mark.parametrize(("name", "pack"), [("base64", b64encode), ("quoted-printable", encodestring)])
def test_a_mail_that_was_packed_like_a_file_is_unpacked(name: str, pack: Callable[[bytes], bytes]) -> None:
    inner = pack(f"From: x@example.org\nSubject: {NAME}\n\nSi\u00e2n, {NAME}\n".encode())
    head = f"From: a@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: {name}\n\n"
    done = cut(MAIL, head.encode() + inner, [WordsCut(NAME)])
    assert done.counts == [2]
    assert done.data.decode().endswith("From: x@example.org\nSubject: █████\n\nSiân, █████\n")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"Subject"])
def test_what_is_no_mail_is_told(data: bytes) -> None:
    assert [one.code for one in scan(MAIL, data)] == [FindingCode.UNREADABLE]
    with pytest.raises(CannotCut):
        cut(MAIL, data, [])


def test_our_own_mark_behind_a_letter_is_no_word_that_was_left() -> None:
    done = cut(MAIL, b"Subject: MMa Ma MaMa\n\nMMa", [WordsCut("Ma", whole=False)])
    assert done.data.decode() == "Subject: M█████ █████ ██████████\n\nM█████"
    assert words_left(done.kind, done.data, ["Ma"], ["Ma"]) == []
    assert words_left(done.kind, "Subject: Ma█████".encode(), ["Ma"]) == ["Ma"]


WORD = st.from_regex(r"[MaiTé][Mai Tudr-]{0,6}[MaiTé]", fullmatch=True)


@settings(max_examples=25)
@given(WORD, st.lists(st.text("Mai Tudr-é\n", max_size=12), min_size=4, max_size=4))
def test_after_the_cut_no_decoded_part_of_a_mail_holds_the_words(word: str, texts: list[str]) -> None:
    html = f"<p>{texts[1]}<i style='font-size:0'>{word}</i>{texts[2]}"
    message = both(f"{texts[0]} {word}", html, subject=f"x {word}")
    message.add_attachment(f"{texts[3]}{word}".encode(), maintype="text", subtype="plain", filename="a.txt")
    done = cut(MAIL, message.as_bytes(), [WordsCut(word, whole=False)])
    assert words_left(done.kind, done.data, [word]) == []
    assert done.counts[0] > 0
