"""A report in the order in which people read it: parts, their lines in words, what each line is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.core.text import Message, msg
from portal.statistics.rules import NAMED, Kind, Report, Unit


@dataclass(frozen=True, slots=True)
class Said:
    """One line in words. ``names``: beside its number stand the systems that it counts. ``folds``: on a page it stands
    in the table only if one of the two quarters tells a number."""

    label: Message
    unit: Unit = Unit.COUNT
    names: bool = False
    folds: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: its heading, its lines by key in their order, and how to read them."""

    title: Message
    lines: Mapping[str, Said]
    notes: tuple[Message, ...] = ()


Sections = Mapping[Kind, Section]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report. ``is_there``: the report has this number, withheld or not; ``number`` is None if it is
    withheld. The same of the report before."""

    key: str
    label: Message
    unit: Unit
    is_there: bool
    number: int | None
    was_there: bool
    before: int | None
    change: int | None
    names: tuple[str, ...]
    is_folded: bool


def rows_of(report: Report, kind: Kind, section: Section) -> Sequence[Row]:
    """The lines of one part, and under its own key any that the words of today do not know."""
    lines = dict(section.lines)
    for part, key in report.told:
        if part is kind and NAMED not in key:
            lines.setdefault(key, Said(msg("Not counted any more: {key}", key=key)))
    return [_row(report, kind, key, said) for key, said in lines.items()]


def _row(report: Report, kind: Kind, key: str, said: Said) -> Row:
    at, before = (kind, key), report.before or {}
    return Row(
        key=key,
        label=said.label,
        unit=said.unit,
        is_there=at in report.told,
        number=report.told.get(at),
        was_there=at in before,
        before=before.get(at),
        change=report.change(kind, key) if said.unit is Unit.COUNT else None,
        names=report.named(kind, key) if said.names else (),
        is_folded=said.folds and report.told.get(at) is None and before.get(at) is None,
    )


def each_row(report: Report, sections: Sections) -> Iterator[tuple[Kind, Section, Row]]:
    """Every line of a report in its order."""
    for kind, section in sections.items():
        for row in rows_of(report, kind, section):
            yield kind, section, row
