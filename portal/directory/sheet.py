"""Reading the directory's file: rows with every fault that can be seen without asking the database (FORMAT.md)."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.errors import Fault, ImportRefused
from portal.directory.rules import SEATED, BodyKind, EngagementKind, RoleName, fits_role

MOST_BYTES = 10 * 1024 * 1024

COLUMNS = (
    "kind", "id", "body", "name", "name_cy", "name_en", "type", "parent", "union", "branch", "person", "email",
    "language", "workplace", "staff_group", "system", "post_cy", "post_en", "deputy", "shown_by_name",
    "started_on", "ended_on",
)  # fmt: skip
LATER_COLUMNS = ("manager", "matters", "telephone")
"""Columns that files may lack: what such a column would say stays as it is."""
KNOWN_COLUMNS = frozenset(COLUMNS) | frozenset(LATER_COLUMNS)


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a kind of row must fill and may fill; ``key`` are those that no two rows may share."""

    must: frozenset[str]
    may: frozenset[str]
    key: tuple[str, ...]
    types: frozenset[str] = frozenset()


def _shape(must: str, may: str, key: str, types: Sequence[str] = ()) -> Shape:
    return Shape(frozenset(must.split()), frozenset(may.split()), tuple(key.split()), frozenset(types))


CONTACTS = ("accessibility", "data_protection", "welsh_language")
SHAPES = {
    "body": _shape("id name_cy name_en type", "", "id", list(BodyKind)),
    "contact": _shape("body type name_cy name_en", "", "body type", CONTACTS),
    "workplace": _shape("id body name_cy name_en", "parent", "body id"),
    "staff_group": _shape("id body name_cy name_en", "", "body id"),
    "union": _shape("id name", "", "id"),
    "branch": _shape("id union name_cy name_en", "", "id"),
    "recognition": _shape("body branch", "", "body branch"),
    "person": _shape("id name email", "body language", "id"),
    "engagement": _shape(
        "person body workplace staff_group type started_on",
        "ended_on manager",
        "person body workplace staff_group type started_on",
        list(EngagementKind),
    ),
    "role": _shape(
        "person type started_on",
        "body branch system post_cy post_en deputy shown_by_name ended_on matters telephone",
        "person type body branch system started_on",
        list(RoleName),
    ),
}

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
TELEPHONE = re.compile(r"\+[0-9][0-9 ()]{5,24}")
ANY_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()]{4,38}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NO_DATE = "write a real date as YYYY-MM-DD"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. ``number`` is as a spreadsheet counts: the header is row 1."""

    number: int
    kind: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file has such a column at all."""
        return column in self.cells

    def day(self, column: str) -> date | None:
        return date.fromisoformat(self[column]) if self[column] else None

    def fault(self, what: str) -> Fault:
        return Fault(f"row {self.number}", what)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: the sound rows, what is wrong with the others, and the names that those would have given."""

    rows: Sequence[Row]
    faults: Sequence[Fault]
    spoilt: Sequence[Row]

    def of(self, kind: str) -> Iterator[Row]:
        return (row for row in self.rows if row.kind == kind)


def read_directory(content: bytes) -> Sheet:
    """The rows of a file with their faults; raises ImportRefused when it cannot be read as a table at all."""
    rows: list[Row] = []
    spoilt: list[Row] = []
    faults: list[Fault] = []
    for number, cells in _records(_text(content)):
        row = Row(number, cells.get("kind", "").strip(), {name: value.strip() for name, value in cells.items()})
        found = [*_cell_faults(row, cells), *_shape_faults(row)]
        faults += found
        (spoilt if found else rows).append(row)
    return Sheet(rows, sorted([*faults, *_duplicates(rows)], key=fault_row), spoilt)


def fault_row(fault: Fault) -> int:
    """The row that a fault stands in, to list faults in the order of the file."""
    return int(fault.where.removeprefix("row "))


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ImportRefused([Fault("file", f"is larger than {MOST_BYTES // 1024 // 1024} MB: split it")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ImportRefused(
            [Fault(f"line {line}", "is not in UTF-8: save the file again as «CSV UTF-8 (comma delimited)»")]
        ) from None
    if "\0" in text:
        raise ImportRefused([Fault("file", "holds a zero byte: it is not a CSV file in UTF-8")])
    return unicodedata.normalize("NFC", text)


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _refuse_header(header)
        for number, values in enumerate(reader, start=2):
            if not any(value.strip() for value in values):
                continue
            if len(values) > len(header):
                raise ImportRefused([Fault(f"row {number}", "has more cells than the header has columns")])
            yield number, dict(zip(header, values, strict=False))
    except csv.Error as error:
        raise ImportRefused([Fault(f"row {number + 1}", f"is not well-formed CSV: {error}")]) from None


def _refuse_header(header: Sequence[str]) -> None:
    counted = Counter(header)
    missing = [name for name in COLUMNS if name not in counted]
    faults = []
    if len(missing) == len(COLUMNS):
        faults.append(Fault("row 1", "must be the header, its columns separated by commas"))
    elif missing:
        faults.append(Fault("row 1", "these columns are missing: " + ", ".join(missing)))
    faults += [
        Fault("row 1", f"unknown column: {name}") for name in counted if name not in KNOWN_COLUMNS and not faults
    ]
    faults += [Fault("row 1", f"column is there twice: {name}") for name, times in counted.items() if times > 1]
    if faults:
        raise ImportRefused(faults)


def _cell_faults(row: Row, raw: dict[str, str]) -> Iterator[Fault]:
    for name, value in raw.items():
        what = _danger(value) or (row[name] and _misshapen(name, row[name]))
        if what:
            yield row.fault(f"{name}: {what}")


def _danger(value: str) -> str | None:
    """A cell that a spreadsheet would run as a formula is refused; a telephone number like +44 300 123 4567 is not."""
    begins_badly = value.startswith(FORMULA_SIGNS) or value.strip().startswith(FORMULA_SIGNS)
    if begins_badly and not TELEPHONE.fullmatch(value.strip()):
        return "begins with a sign (= + - @ or a tab) that spreadsheets run as a formula; begin with something else"
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r" for sign in value):
        return "holds a control character"
    return None


def _is_slug(value: str) -> str | None:
    return None if SLUG.fullmatch(value) else "use lower-case letters a to z, digits and hyphens, at most 60"


def _is_email(value: str) -> str | None:
    return None if EMAIL.fullmatch(value) and len(value) <= 254 else "is not an e-mail address"


def _is_day(value: str) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return NO_DATE
    return None if DAY.fullmatch(value) else NO_DATE


def _is_yes_or_no(value: str) -> str | None:
    return None if value in {"yes", "no"} else "write yes or no"


def _is_language(value: str) -> str | None:
    return None if value in {"cy", "en"} else "write cy or en, or leave it empty when nobody has asked"


def _is_telephone(value: str) -> str | None:
    return None if ANY_TELEPHONE.fullmatch(value) else "is not a telephone number: digits and spaces, as it is dialled"


def _are_matters(value: str) -> str | None:
    wrong = [word for word in value.split() if word not in SEATED]
    return f"write some of {', '.join(SEATED)}, with spaces between" if wrong else None


def _is_at_most(most: int) -> Callable[[str], str | None]:
    return lambda value: None if len(value) <= most else f"is longer than {most} characters"


SLUG_COLUMNS = ("id", "body", "parent", "union", "branch", "person", "workplace", "staff_group", "system", "manager")
_MISSHAPEN: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(SLUG_COLUMNS, _is_slug),
    **dict.fromkeys(("started_on", "ended_on"), _is_day),
    **dict.fromkeys(("deputy", "shown_by_name"), _is_yes_or_no),
    **dict.fromkeys(("post_cy", "post_en"), _is_at_most(200)),
    "name": _is_at_most(120),
    "email": _is_email,
    "language": _is_language,
    "telephone": _is_telephone,
    "matters": _are_matters,
}


def _misshapen(column: str, value: str) -> str | None:
    rule = _MISSHAPEN.get(column)
    return rule(value) if rule else None


def _shape_faults(row: Row) -> Iterator[Fault]:
    shape = SHAPES.get(row.kind)
    if shape is None:
        yield row.fault(f"kind: write one of {', '.join(SHAPES)}")
        return
    allowed = shape.must | shape.may | {"kind"}
    yield from (row.fault(f"{name}: must be filled for a {row.kind}") for name in sorted(shape.must) if not row[name])
    yield from (
        row.fault(f"{name}: a {row.kind} has no such thing; leave it empty")
        for name, value in row.cells.items()
        if value and name not in allowed
    )
    if row["type"] and shape.types and row["type"] not in shape.types:
        yield row.fault(f"type: write one of {', '.join(sorted(shape.types))}")
    yield from _name_faults(row)
    yield from _period_faults(row)
    yield from _role_faults(row)


def _name_faults(row: Row) -> Iterator[Fault]:
    most = 2000 if row.kind == "contact" else 200
    for column in ("name_cy", "name_en"):
        if len(row[column]) > most:
            yield row.fault(f"{column}: is longer than {most} characters")


def _period_faults(row: Row) -> Iterator[Fault]:
    days = [row[column] for column in ("started_on", "ended_on") if row[column] and not _is_day(row[column])]
    if len(days) == 2 and days[1] < days[0]:
        yield row.fault("ended_on: is before started_on")


def _role_faults(row: Row) -> Iterator[Fault]:
    if row.kind != "role" or row["type"] not in SHAPES["role"].types:
        return
    role = RoleName(row["type"])
    if not fits_role(
        role, body_id=row["body"] or None, branch_id=row["branch"] or None, system_slug=row["system"] or None
    ):
        yield row.fault(
            "a union’s role names a branch and no body; every other role names a body and no branch; "
            "only a responsible_manager or off_switch_holder names a system"
        )
    if bool(row["post_cy"]) != bool(row["post_en"]):
        yield row.fault("post_cy and post_en: fill both or neither")
    for column, only in (("matters", RoleName.MATTER_OFFICER), ("telephone", RoleName.ON_CALL)):
        if row[column] and role is not only:
            yield row.fault(f"{column}: only for a role of type {only.value}")


def _duplicates(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        keys = [(row.kind, *(row[column] for column in SHAPES[row.kind].key))]
        if row.kind == "person":
            keys.append(("email", row["email"].lower()))
        for key in keys:
            seen = first.setdefault(key, row.number)
            if seen != row.number:
                yield row.fault(f"the same {key[0]} is in row {seen} already: {' '.join(filter(None, key[1:]))}")
