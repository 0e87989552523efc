"""The mark of the sealed channel's exports is found wherever it hides."""

import bz2
import gzip
import io
import lzma
import zipfile
from base64 import b64encode
from email.message import EmailMessage

import pytest

from portal.documents.cuts import CannotCut
from portal.documents.findings import FindingCode
from portal.documents.kinds import FileKind
from portal.documents.marks import MARK, is_marked
from portal.documents.scanning import scan
from tests.documents.papers import simple
from tests.documents.sheets import paragraph, plain, rich, run, word


def zipped(name: str, octets: bytes, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, octets)
        archive.comment = comment
    return out.getvalue()


def mail(name: str, octets: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Concern"
    message.set_content("See below")
    message.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


TEXT = f"Somebody said.\n\n{MARK}\n".encode()
MARKED = {
    "by name": (f"{MARK}-001.txt", b"hello"),
    "by name, in capitals": (f"Copy of {MARK.upper()}-2026.zip", b"hello"),
    "still sealed": ("a.bin", b"age-encryption.org/v1\n-> X25519"),
    "still sealed, in letters": ("a.txt", b"\n-----BEGIN AGE ENCRYPTED FILE-----"),
    "in a text": ("a.txt", TEXT),
    "in a text of two octets a sign": ("a.txt", MARK.encode("utf-16")),
    "in the comment of an archive": ("a.zip", zipped("b.txt", b"hello", MARK.encode())),
    "packed": ("a.zip", zipped("b.txt", TEXT)),
    "a name in an archive": ("a.zip", zipped(f"{MARK}-1.txt", b"hello")),
    "twice packed": ("a.zip", zipped("b.zip", zipped("c.txt", TEXT))),
    "packed alone": ("a.txt.gz", gzip.compress(TEXT)),
    "attached": ("a.eml", mail("b.txt", TEXT)),
    "packed and attached": ("a.eml", mail("b.zip", zipped("c.txt", TEXT))),
    "a page": ("a.pdf", simple(f"see {MARK} here".encode())),
    "a Word file": ("a.docx", word(paragraph(run("Mark: porth-"), run("sealed-export")))),
    "a cell": ("a.xlsx", plain([MARK])),
}
RENAMED = b"Received: x\nSubject: y\nContent-Transfer-Encoding: quoted-printable\n\n" + b"porth-seal=\ned-export"
HIDDEN = {
    "a mail that was renamed": ("a.txt", mail("b.txt", TEXT)),
    "a mail whose words are coded, renamed": ("", RENAMED),
    "a page that was renamed": ("", simple(f"see {MARK} here".encode())),
    "a Word file that was renamed": ("a.bak", word(paragraph(run("Mark: porth-"), run("sealed&#45;export")))),
    "a cell of two looks": ("", rich("porth-seal", "ed-export")),
    "a Word file attached to a mail, zipped": (
        "",
        zipped("x", mail("y", word(paragraph(run("porth-"), run("sealed-export"))))),
    ),
    "dashes that keep together": (
        "",
        word("<w:p><w:r><w:t>porth</w:t><w:noBreakHyphen/><w:t>sealed–exp</w:t></w:r><w:r><w:t>ort</w:t></w:r></w:p>"),
    ),
    "over the end of a line": ("", b"(porth-sealed-\r\nexport)"),
    "wide letters with long dashes": ("", "porth–sealed—export".encode("utf-16")),
    "an HTML page": ("a.html", b"<p>porth-<b>sealed</b>-export"),
    "an HTML page that carries a file": ("a.html", b"<a href='data:;base64," + b64encode(b"xy" + TEXT) + b"'>"),
    "packed otherwise": ("a.bz2", bz2.compress(TEXT)),
    "and otherwise": ("a.xz", lzma.compress(TEXT)),
}
PLAIN = {
    "words about it": ("", b"We read the Porth sealed export. Export sealed by porth"),
    "a text": ("a.txt", b"an export that Porth sealed"),
    "a page": ("a.pdf", simple(b"nothing here")),
    "a broken page": ("a.pdf", b"%PDF-1.7 nonsense"),
    "a broken archive": ("a.zip", zipped("b.txt", b"hello")[:-8]),
    "a mail": ("a.eml", mail("b.txt", b"hello")),
    "cells": ("a.xlsx", plain(["one", 2])),
}


@pytest.mark.parametrize("case", MARKED)
def test_the_mark_is_found(case: str) -> None:
    assert is_marked(*MARKED[case])


@pytest.mark.parametrize("case", HIDDEN)
def test_another_name_or_another_way_of_writing_hides_nothing(case: str) -> None:
    assert is_marked(*HIDDEN[case])


def test_the_outgoing_scan_finds_it_though_it_knows_no_name() -> None:
    for kind, data in ((FileKind.MAIL, RENAMED), (FileKind.PDF, HIDDEN["a page that was renamed"][1])):
        assert [one.code for one in scan(kind, data)] == [FindingCode.REPORTER_MARK]


@pytest.mark.parametrize("case", PLAIN)
def test_other_files_are_let_through(case: str) -> None:
    assert not is_marked(*PLAIN[case])


def test_an_archive_in_an_archive_without_end_is_refused() -> None:
    octets = b"hello"
    for _turn in range(7):
        octets = zipped("a.zip", octets)
    with pytest.raises(CannotCut):
        is_marked("a.zip", octets)


def test_a_copy_with_the_mark_is_a_finding_that_cannot_be_mended() -> None:
    (finding,) = scan(FileKind.TEXT, TEXT)
    assert (finding.code, finding.can_fix) == (FindingCode.REPORTER_MARK, False)
