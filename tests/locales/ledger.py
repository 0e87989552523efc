"""The review ledger, locales/cy/REVIEW.csv: which Welsh a qualified reader has read, and honestly which not.

A review holds for one English and one Welsh wording together: when either changes, the row falls back to ``machine``.
"""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

import polib

from tests.locales.extraction import ROOT

LEDGER = Path("locales/cy/REVIEW.csv")
COLUMNS = ("msgid_hash", "context", "welsh_hash", "state", "reviewer_role", "reviewed_on")
STATES = ("machine", "reviewed")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


def _row(entry: polib.POEntry) -> dict[str, str]:
    welsh = [text for _, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]
    return {
        "msgid_hash": _hash(entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""),
        "context": entry.msgctxt or "",
        "welsh_hash": _hash(*welsh) if all(welsh) else "",
        "state": "machine",
        "reviewer_role": "",
        "reviewed_on": "",
    }


def expected(entries: Iterable[polib.POEntry], known: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that the catalogue should have, keeping each review whose wording still stands."""
    reviewed = {(row["msgid_hash"], row["welsh_hash"]): row for row in known if row["state"] == "reviewed"}
    rows = [_row(entry) for entry in entries]
    return [reviewed.get((row["msgid_hash"], row["welsh_hash"]), row) for row in rows]


def read(path: Path = ROOT / LEDGER) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def renew(entries: Iterable[polib.POEntry], path: Path = ROOT / LEDGER) -> None:
    rows = expected(entries, read(path))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def share_reviewed(path: Path = ROOT / LEDGER) -> float:
    rows = read(path)
    return sum(row["state"] == "reviewed" for row in rows) / len(rows) if rows else 0.0
