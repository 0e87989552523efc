"""Rows of the register as JSON and as CSV."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from portal.core.text import Locale
from portal.register.atrs_export.template import phase_label
from portal.register.opendata.public_part import public_part
from portal.register.opendata.queries import Row
from portal.register.posters.qr import address_of
from portal.register.rules import Automation
from portal.register.terms import AffectsScope

FORMAT = "porth-open-data/1"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""


def tag_of(rows: Iterable[Row], *more: object) -> str:
    """A weak ETag: the same for as long as nothing that the answer shows has changed."""
    seen = hashlib.sha256(repr((FORMAT, *more)).encode())
    for row in rows:
        told = (row.short_code, row.current_number, row.state.value, row.body, row.body_cy, row.body_en, row.number)
        seen.update(repr((told, row.digest)).encode())
    return f'W/"{seen.hexdigest()[:32]}"'


def as_page(rows: Sequence[Row], public_url: str, following: str | None) -> dict[str, Any]:
    """A page of systems, and the address of the next one."""
    return {"format": FORMAT, "systems": [as_system(row, public_url) for row in rows], "next": following}


def as_single(row: Row, public_url: str, versions: Iterable[tuple[int, date]]) -> dict[str, Any]:
    """One system with the list of its versions."""
    address = _json_address(row, public_url)
    told = [
        {"number": number, "published_on": day.isoformat(), "json": f"{address}?version={number}"}
        for number, day in versions
    ]
    return {"format": FORMAT, **as_system(row, public_url), "versions": told}


def as_system(row: Row, public_url: str) -> dict[str, Any]:
    """One system in one version."""
    record, withheld, standard = public_part(row.record)
    return {
        "short_code": row.short_code,
        "body": {"slug": row.body, "name": {"cy": row.body_cy, "en": row.body_en}},
        "state": row.state.value,
        "phase": _phase(row, record),
        "version": row.number,
        "is_current": row.number == row.current_number,
        "published_on": row.published_on.isoformat(),
        "standard": standard,
        "addresses": {
            **{locale.value: address_of(public_url, locale, row.short_code) for locale in (Locale.CY, Locale.EN)},
            "json": _json_address(row, public_url),
        },
        "record": record,
        "withheld": withheld,
    }


def as_bytes(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def as_csv(rows: Sequence[Row], public_url: str) -> bytes:
    """One line a system, for a spreadsheet: UTF-8 with its mark, and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(value) for value in _line(row, public_url)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _line(row: Row, public_url: str) -> list[Any]:
    told = as_system(row, public_url)
    record: Mapping[str, Any] = told["record"]
    points = record.get("decision_points", [])
    deciding = [point for point in points if Automation(point["automation"]).decides] if _all(points) else None
    items = record.get("data_items", [])
    special = [item for item in items if item.get("special_category")]
    return [
        row.short_code, row.body, row.body_cy, row.body_en,
        *_both(record, "name"), *_both(record, "one_sentence"), *_both(record, "summary"),
        told["state"], told["phase"], " ".join(record.get("kinds", [])), record.get("in_use_since"),
        *_both(record, "responsible"), record.get("mailbox"),
        len(points), None if deciding is None else len(deciding), len(items), len(special), record.get("risk_class"),
        record.get("next_review_on"), told["version"], told["published_on"], told["standard"],
        " ".join(one["field"].replace(" ", "") for one in told["withheld"]),
        told["addresses"]["cy"], told["addresses"]["en"], told["addresses"]["json"],
    ]  # fmt: skip


COLUMNS = (
    "short_code", "body", "body_cy", "body_en",
    "name_cy", "name_en", "one_sentence_cy", "one_sentence_en", "summary_cy", "summary_en",
    "state", "phase", "kinds", "in_use_since",
    "responsible_cy", "responsible_en", "mailbox",
    "decision_points", "decision_points_that_decide", "data_items", "data_items_of_special_category", "risk_class",
    "next_review_on", "version", "published_on", "standard",
    "withheld",
    "page_cy", "page_en", "json",
)  # fmt: skip


def _all(points: Sequence[Mapping[str, Any]]) -> bool:
    """False when how much the system does is withheld."""
    return all("automation" in point for point in points)


def _both(record: Mapping[str, Any], name: str) -> tuple[str, str]:
    text = record.get(name, {})
    return text.get("cy", ""), text.get("en", "")


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    told = "" if value is None else str(value)
    return f"'{told}" if told.startswith(_FORMULA) else told


def _phase(row: Row, record: Mapping[str, Any]) -> str | None:
    scope = record.get("affects_scope")
    return phase_label(row.state, AffectsScope(scope) if scope else None)


def _json_address(row: Row, public_url: str) -> str:
    return f"{public_url.rstrip('/')}/open-data/systems/{row.short_code}.json"
