"""Texts, tables of values (CSV) and e-mails. An e-mail goes out as the text that one reads, not as the message."""

import csv
import io
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from openpyxl.utils import range_boundaries

from portal.documents.cuts import CannotCut, CellsCut, Cut, Cutting, WordsCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.documents.matching import blackened

BLACK = "█████"
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_EVERYDAY = frozenset(name.casefold() for name in _SHOWN) | {
    "mime-version",
    "content-type",
    "content-transfer-encoding",
}


def decoded(data: bytes) -> str:
    """A text as people wrote it; what is not UTF-8 is taken for the everyday encoding of older programmes."""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def cut_text(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A text with words blackened."""
    text, counts = _cut_words(decoded(data), cuts)
    return Cutting(FileKind.TEXT, text.encode(), counts)


def _cut_words(text: str, cuts: Sequence[Cut]) -> tuple[str, list[int]]:
    counts = []
    for cut in cuts:
        if not isinstance(cut, WordsCut):
            raise CannotCut("no_such_cut")
        text, number = blackened(text, cut.words, whole=cut.whole, by=BLACK)
        counts.append(number)
    return text, counts


def read_table(data: bytes) -> tuple[list[list[str]], str]:
    """The rows of a CSV file and the sign between its cells."""
    text = decoded(data)
    try:
        between = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|").delimiter
    except csv.Error:
        between = ","
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=between)], between
    except csv.Error:
        raise CannotCut("unreadable") from None


def cut_table(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """A table with cells or words blackened."""
    rows, between = read_table(data)
    counts = [_cut_rows(rows, cut) for cut in cuts]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=between, lineterminator="\r\n").writerows(rows)
    return Cutting(FileKind.TABLE, out.getvalue().encode("utf-8-sig"), counts)


def _cut_rows(rows: list[list[str]], cut: Cut) -> int:
    if isinstance(cut, WordsCut):
        number = 0
        for row in rows:
            for place, value in enumerate(row):
                row[place], found = blackened(value, cut.words, whole=cut.whole, by=BLACK)
                number += found
        return number
    if not isinstance(cut, CellsCut) or cut.sheet:
        raise CannotCut("no_such_cut")
    try:
        first_column, first_row, last_column, last_row = range_boundaries(cut.cells)
    except (ValueError, TypeError):
        raise CannotCut("no_such_cells") from None
    number = 0
    for row in rows[(first_row or 1) - 1 : last_row]:
        for place in range((first_column or 1) - 1, min(last_column or len(row), len(row))):
            number += bool(row[place])
            row[place] = BLACK if row[place] else ""
    return number


def read_mail(data: bytes) -> str:
    """An e-mail as one reads it: who, to whom, when, about what, and its words."""
    message = _message(data)
    head = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return "\n".join(head)
    try:
        text = str(body.get_content())
    except (KeyError, LookupError, ValueError):
        raise CannotCut("unreadable") from None
    if body.get_content_type() == "text/html":
        text = text_of_html(text)
    return "\n".join([*head, "", text])


def _message(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise CannotCut("unreadable")
    return message


def cut_mail(data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The text of an e-mail with words blackened."""
    text, counts = _cut_words(read_mail(data), cuts)
    return Cutting(FileKind.TEXT, text.encode(), counts)


def scan_mail(data: bytes) -> list[Finding]:
    """Attachments, blind copies, and where it went through; the text that goes out has none of these."""
    try:
        message = _message(data)
    except CannotCut:
        return [Finding(FindingCode.UNREADABLE, can_fix=False)]
    attached = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    found = [Finding(FindingCode.EMBEDDED_FILE, name) for name in attached]
    if message["Bcc"]:
        found.append(Finding(FindingCode.HIDDEN_TEXT, "Bcc"))
    trail = sum(name.casefold() not in _EVERYDAY for name, _value in message.items())
    return [*found, Finding(FindingCode.PROPERTIES, number=trail)] if trail else found


def text_of_html(html: str) -> str:
    """The words of a page, a line for each block; scripts and styles say nothing."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    _BLOCKS = frozenset(
        [
            "address",
            "article",
            "br",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "tr",
            "ul",
        ]
    )
    _CELLS = frozenset({"td", "th", "dt", "dd", "option"})
    _SILENT = frozenset({"script", "style", "title"})  # a head holds no other words, and its end may be left out

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BLOCKS:
            self.said.append("\n")
        elif tag in self._CELLS:
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))
        if tag in self._BLOCKS:
            self.said.append("\n")
        elif tag in self._CELLS:
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data.replace("\n", " "))
