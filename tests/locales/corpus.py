"""Welsh that does not stand in the catalogue: e-mails, and the bilingual content of the demonstration."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from tests.locales.extraction import ROOT

EMAILS = ROOT / "templates" / "email"


def welsh_texts() -> Iterator[tuple[str, str]]:
    """(where, text) of every Welsh text outside the catalogue."""
    for path in sorted(EMAILS.glob("*.cy.txt")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "portal").rglob("*.json")):
        for where, text in _welsh_values(json.loads(path.read_text(encoding="utf-8")), ""):
            yield f"{path.relative_to(ROOT).as_posix()}{where}", text
    for path in sorted((ROOT / "portal").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for line, row in enumerate(csv.DictReader(handle), start=2):
                named = ((name, text) for name, text in row.items() if name and name.endswith("_cy") and text)
                yield from ((f"{path.relative_to(ROOT).as_posix()}:{line} {name}", text) for name, text in named)


def _welsh_values(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from _welsh_values(item, f"{where}[{at}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and (name == "cy" or name.endswith("_cy")):
                yield f"{where}.{name}", item
            else:
                yield from _welsh_values(item, f"{where}.{name}")
