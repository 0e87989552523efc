"""E-mails. One goes out as the text that one reads, with every part that is text; other files are named and left out.

Every part is looked at: the other half of a message that has two, mails inside mails, files, and all lines of the head.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from quopri import decodestring

from portal.documents.cuts import CannotCut, Cut, Cutting
from portal.documents.encodings import read_letters
from portal.documents.findings import Finding, FindingCode
from portal.documents.htmltext import read_html
from portal.documents.kinds import FileKind
from portal.documents.matching import fold
from portal.documents.plaintext import cut_words

ATTACHED = "Atodiad / Attachment"
DEEPEST = 5
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_EVERYDAY = frozenset(name.casefold() for name in _SHOWN) | {
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "bcc",
}
_TEXTS = ("text/plain", "text/html")
_WORDS = re.compile(r"\w+")
_LINK = re.compile(r"(?:https?|mailto|cid):\S+")
_PACKED: Mapping[str, Callable[[bytes], bytes]] = {"base64": b64decode, "quoted-printable": decodestring}
_MOST_PARTS = 2000
_USUAL = "This is a multi-part message in MIME format"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in an e-mail."""

    name: str
    data: bytes


def read_mail(data: bytes) -> str:
    """An e-mail as one reads it: who, to whom, when, about what, its words, and what files came with it."""
    return _read(_message(data), DEEPEST, seen_only=False)


def mended_mail(data: bytes) -> bytes:
    """The same without words that a reader would not have seen."""
    return _read(_message(data), DEEPEST, seen_only=True).encode()


def cut_mail(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The text of an e-mail with words blackened."""
    text, counts = cut_words(read_mail(data), cuts)
    lost = [Finding(FindingCode.LEFT_OUT_FILES, one.name, can_fix=False) for one in _left_out(_message(data))]
    return Cutting(FileKind.TEXT, text.encode(), counts, lost=lost)


def _left_out(message: Message) -> Iterator[Attached]:
    """The files whose words are not told: those of mails inside as well."""
    for part in _leaves(message):
        inner = _inner(part)
        if inner is not None:
            yield from _left_out(inner)
        elif not _is_text(part):
            yield _file(part)


def attached_to(data: bytes) -> list[Attached]:
    """The files of an e-mail: whatever is not told as text. A mail inside is one of them, too."""
    return [_file(part) for part in _leaves(_message(data)) if not _is_text(part)]


def scan_mail(data: bytes) -> list[Finding]:
    """Blind copies, where it went through, a half that nobody sees; the text that goes out has none of these."""
    try:
        message = _message(data)
        parts = _leaves(message)
        attached = [_file(part).name for part in parts if not _is_text(part)]
    except CannotCut:
        return [Finding(FindingCode.UNREADABLE, can_fix=False)]
    found = [Finding(FindingCode.EMBEDDED_FILE, name) for name in attached]
    if message["Bcc"]:
        found.append(Finding(FindingCode.HIDDEN_TEXT, "Bcc"))
    trail = [name for name, _value in message.items() if name.casefold() not in _EVERYDAY]
    if trail:
        found.append(Finding(FindingCode.PROPERTIES, ", ".join(dict.fromkeys(trail))[:500], len(trail)))
    return [*found, *_unseen(message, parts)]


def _unseen(message: EmailMessage, parts: Sequence[Message]) -> Iterator[Finding]:
    pages = [read_html(_text(part)) for part in parts if _is_text(part) and part.get_content_type() == "text/html"]
    hidden, asks = sum(len(page.unseen) for page in pages), sum(page.asks for page in pages)
    if hidden:
        yield Finding(FindingCode.HIDDEN_TEXT, "HTML", hidden)
    if asks:
        yield Finding(FindingCode.EXTERNAL_LINK, "HTML", asks)
    halves = [part for part in message.walk() if part.get_content_type() == "multipart/alternative"]
    differ = sum(len(list(_alternatives(part, DEEPEST, seen_only=False))) > 1 for part in halves)
    if differ:
        yield Finding(FindingCode.HIDDEN_PARTS, "text/plain – text/html", differ)
    around = sum(bool(text) for text in _around(message))
    if around:
        yield Finding(FindingCode.HIDDEN_PARTS, "MIME", around)


def said_in(data: bytes) -> Iterator[str]:
    """Everything that an e-mail says besides its files, decoded: every head, every text, what stands around them."""
    message = _message(data)
    for part in [message, *(part for part in _leaves(message) if part is not message)]:
        yield from (f"{name}: {_head(part, name)}" for name in dict.fromkeys(part.keys()))
        if _is_text(part):
            text = _text(part)
            page = read_html(text)
            yield from (text, page.text, *page.unseen)
    yield from _around(message)


def _around(message: EmailMessage) -> Iterator[str]:
    """What stands before the first part and after the last: no programme shows it."""
    for part in message.walk():
        for text in (part.preamble, part.epilogue):
            if text and text.strip() and not text.strip().startswith(_USUAL):
                yield text.strip()


def _message(data: bytes) -> EmailMessage:
    try:
        message = message_from_bytes(data, policy=policy.default)
    except (ValueError, LookupError, AttributeError):
        raise CannotCut("unreadable") from None
    if not isinstance(message, EmailMessage) or not message.keys():
        raise CannotCut("unreadable")
    return message


def _leaves(message: Message) -> list[Message]:
    """Every part that is not made of parts; a mail inside a mail stays whole."""
    found: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(part.get_payload())  # type: ignore[arg-type]
        else:
            found.append(part)
        if len(found) + len(waiting) > _MOST_PARTS:
            raise CannotCut("too_complex")
    return found


def _is_text(part: Message) -> bool:
    is_file = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return part.get_content_type() in _TEXTS and not is_file


def _file(part: Message) -> Attached:
    inner = _inner(part)
    octets = inner.as_bytes() if inner is not None else part.get_payload(decode=True)
    name = part.get_filename() or ("message.eml" if inner is not None else part.get_content_type())
    return Attached(_sound(str(name)), octets if isinstance(octets, bytes) else b"")


def _inner(part: Message) -> Message | None:
    """The mail inside a part, also where it was packed like a file."""
    if part.get_content_type() != "message/rfc822" or not part.is_multipart():
        return None
    inner = part.get_payload(0)
    packed = _PACKED.get(str(part.get("Content-Transfer-Encoding", "")).strip().casefold())
    if packed is None:
        return inner  # type: ignore[return-value]
    try:
        return message_from_bytes(packed(inner.as_bytes()), policy=policy.default)  # type: ignore[union-attr]
    except ValueError:
        return None


def _text(part: Message) -> str:
    octets = part.get_payload(decode=True)
    return read_letters(octets, str(part.get_content_charset() or "")).text if isinstance(octets, bytes) else ""


def _sound(text: str) -> str:
    """Bytes that a head holds without saying in which encoding are read like those of a text."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = read_letters(text.encode("utf-8", "surrogateescape")).text
    return " ".join(text.split())


def _head(part: Message, name: str) -> str:
    """A line of the head, decoded; several of one name are told together."""
    try:
        told = [str(value) for value in part.get_all(name) or ()]
    except (ValueError, LookupError, AttributeError, TypeError):
        told = ["\ufffd" for known, _value in part.raw_items() if known.casefold() == name.casefold()]
    raw = [value for known, value in part.raw_items() if known.casefold() == name.casefold()]
    return ", ".join(_sound(str(rough) if "\ufffd" in said else said) for said, rough in zip(told, raw, strict=True))


def _read(message: Message, deep: int, *, seen_only: bool) -> str:
    head = [f"{name}: {_head(message, name)}" for name in _SHOWN if message[name]]
    files = [f"{ATTACHED}: {_file(part).name}" for part in _leaves(message) if not _is_text(part)]
    body = "\n\n".join(text for text in _texts(message, deep, seen_only=seen_only) if text)
    return "\n".join([*head, *files, *(["", body] if body else [])])


def _texts(part: Message, deep: int, *, seen_only: bool) -> Iterator[str]:
    if deep == 0:
        raise CannotCut("too_complex")
    if part.get_content_type() == "multipart/alternative" and part.is_multipart():
        yield from _alternatives(part, deep, seen_only=seen_only)
    elif (inner_mail := _inner(part)) is not None:
        yield _read(inner_mail, deep - 1, seen_only=seen_only)
    elif part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in part.get_payload():
            yield from _texts(inner, deep, seen_only=seen_only)  # type: ignore[arg-type]
    elif _is_text(part):
        text = _text(part)
        if part.get_content_type() == "text/html":
            page = read_html(text)
            text = page.seen if seen_only else page.text
        yield text


def _alternatives(part: Message, deep: int, *, seen_only: bool) -> Iterator[str]:
    """The same words several times over are told once; a half that says something else is told as well."""
    known: set[str] = set()
    for inner in part.get_payload():
        text = "\n\n".join(one for one in _texts(inner, deep, seen_only=seen_only) if one)  # type: ignore[arg-type]
        words = set(_WORDS.findall(fold(_LINK.sub("", text))))
        if not known or words - known:
            yield text
        known |= words
