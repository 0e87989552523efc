"""A register as the files that ``porth import`` reads: bodies, and systems with five versions each."""

import csv
import json
from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from typing import Any

from portal.directory.sheet import COLUMNS
from tests.bench.world import REGISTER

SYSTEMS_OF_A_BODY, OF_THE_FIRST = 45, 120
MANY, ORDINARY, NONE, OTHERS = range(4)
"""Bodies by number: the first has many systems, the second as many as most, the third none; and so in any register."""
VERSIONS = 5
A_FILE = 40
"""Entries in one file, which is then below the limit of 10 MB."""
MODELS = 6
"""The shortest entries of the demonstration: 100,000 versions of the longest would fill the disk of a small machine."""
PLACES = ("safle-un", "safle-dau", "safle-tri")
GROUP = "pawb"
UNIONS = ("unison", "gmb", "unite")
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
WORDS = ("Afal", "Bedw", "Celyn", "Derw", "Eirin", "Ffawydd", "Gwern", "Helyg", "Iorwg", "Llwyf", "Masarn", "Onnen")
"""Each name has two of these, so that a search meets many systems, some, or one."""


def body(number: int) -> str:
    """The short name of a body."""
    return f"corff-{number}"


def body_of(number: int) -> str:
    """The short name of the body that uses the system of that number."""
    if number < OF_THE_FIRST:
        return body(MANY)
    after, _rest = divmod(number - OF_THE_FIRST, SYSTEMS_OF_A_BODY)
    return body(OTHERS + after - 1 if after else ORDINARY)


def directory_file(bodies: int) -> bytes:
    """Bodies, each with three workplaces and one staff group, and the unions."""
    out = StringIO()
    rows = csv.DictWriter(out, COLUMNS, restval="")
    rows.writeheader()
    rows.writerows({"kind": "union", "id": union, "name": union.upper()} for union in UNIONS)
    for number in range(bodies):
        at = body(number)
        named = {"name_cy": f"Cyngor Cwm {number}", "name_en": f"Cwm {number} Council"}
        rows.writerow({"kind": "body", "id": at, "type": "council", **named})
        for place in PLACES:
            rows.writerow({"kind": "workplace", "id": place, "body": at, "name_cy": place, "name_en": place})
        rows.writerow({"kind": "staff_group", "id": GROUP, "body": at, "name_cy": "Pawb", "name_en": "Everybody"})
    return out.getvalue().encode()


def short_code(number: int) -> str:
    """The code of the system of that number."""
    code = ""
    for _sign in range(6):
        number, place = divmod(number, len(LETTERS))
        code = LETTERS[place] + code
    return code


def register_files(systems: int) -> Iterator[bytes]:
    """So many systems, the same ones first whatever the number; the entries of the demonstration in other words."""
    told = json.loads(REGISTER.read_text(encoding="utf-8"))
    models = sorted(told["entries"], key=lambda entry: len(json.dumps(entry["record"])))[:MODELS]
    for first in range(0, systems, A_FILE):
        entries = [_entry(models, number) for number in range(first, min(first + A_FILE, systems))]
        yield json.dumps({**told, "entries": entries}, ensure_ascii=False).encode()


def named(name: str, number: int) -> str:
    """A name that no other system has, in words that others have as well."""
    tree, other = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return f"{name} {tree} {other} {number}"


def _entry(models: list[dict[str, Any]], number: int) -> dict[str, Any]:
    model = deepcopy(models[number % len(models)])
    at = body_of(number)
    record = model["record"]
    for language, name in record["name"].items():
        record["name"][language] = named(name, number)
    record["affected"] = [_affected(at, number, one) for one in record["affected"][:2]]
    for place, position in enumerate(record["consultation"]["positions"]):
        position["union"] = UNIONS[place % len(UNIONS)]
    record.pop("change", None)
    earlier = [
        {
            "published_on": f"202{year}-0{1 + number % 8}-11",
            "record": {**record, "last_confirmed_on": f"202{year}-01-05"},
        }
        for year in range(1, VERSIONS)
    ]
    return {
        "body": at,
        "slug": f"system-{number}",
        "short_code": short_code(number),
        "published_on": "2026-02-11",
        "record": record,
        "earlier": earlier,
    }


def _affected(at: str, number: int, one: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in one.items() if name not in {"workplace", "staff_group"}} | {"body": at}
    return {**told, "workplace": PLACES[number % len(PLACES)]} if number % 2 else told
