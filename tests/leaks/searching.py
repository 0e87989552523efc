"""Looking for a text in every spelling that a machine might have given it, in every file of some folders."""

import base64
import html
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

PIECE = 1 << 20


def spellings(text: str) -> dict[str, bytes]:
    """A text as bytes: forms of Unicode, encodings, escapes, and base64 at each of its three beginnings."""
    plain = text.encode()
    found = {
        "UTF-8": plain,
        "UTF-8, taken apart": unicodedata.normalize("NFD", text).encode(),
        "UTF-16, little end first": text.encode("utf-16-le"),
        "UTF-16, big end first": text.encode("utf-16-be"),
        "Latin-1, what fits": text.encode("latin-1", "replace"),
        "hexadecimal": plain.hex().encode(),
        "hexadecimal, capitals": plain.hex().upper().encode(),
        "in an address": quote(text).encode(),
        "in an address, lower case": quote(text).lower().encode(),
        "in a form": quote_plus(text).encode(),
        "in JSON": json.dumps(text).strip('"').encode(),
        "in HTML": html.escape(text).encode(),
        "in Python": repr(plain)[2:-1].encode(),
    }
    for skipped in range(3):
        coded = base64.b64encode(bytes(skipped) + plain).rstrip(b"=")
        inner = coded[{0: 0, 1: 2, 2: 3}[skipped] : len(coded) - 2]
        found[f"base64, {skipped} before"] = inner
        found[f"base64 for addresses, {skipped} before"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def findings(places: Iterable[Path], texts: Iterable[str]) -> list[str]:
    """Which text stands where, and how it is spelt. Whole files are read, whatever they are."""
    asked = [(text, how, octets) for text in texts for how, octets in spellings(text).items()]
    longest = max(len(octets) for _text, _how, octets in asked)
    return [
        f"{path.name}: {text!r} ({how})" for path in files_below(places) for text, how in _in_file(path, asked, longest)
    ]


def files_below(places: Iterable[Path]) -> list[Path]:
    """Every file of some folders; a file named itself is one, too."""
    return sorted(
        path for place in places for path in (place.rglob("*") if place.is_dir() else [place]) if path.is_file()
    )


def _in_file(path: Path, asked: list[tuple[str, str, bytes]], longest: int) -> set[tuple[str, str]]:
    found, kept = set(), b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            window = kept + piece
            found |= {(text, how) for text, how, octets in asked if octets in window}
            kept = window[-longest:]
    return found
