"""A single value of a record as its page shows it: lines of text, each with its language and address if it has one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from portal.core.text import Bilingual, Locale, Message, msg
from portal.i18n.formats import count, date_long
from portal.register.parts import Both, Duration, OverrideRate, TrainingCoverage
from portal.register.record import Affected, Record
from portal.register.term_words import duration_words, yes_or_no
from portal.register.words import words

FEW = "fewer_than_10"
PLACES = frozenset({"affected.body", "affected.workplace", "affected.staff_group"})
COUNTRIES = {
    "GB": msg("United Kingdom"),
    "IE": msg("Ireland"),
    "DE": msg("Germany"),
    "FR": msg("France"),
    "NL": msg("Netherlands"),
    "US": msg("United States"),
}
"""The countries where the data of Welsh bodies is kept most; any other is shown by its code."""


class Line(NamedTuple):
    """One line; ``lang`` only where it is not the page's, ``href`` where it is an address."""

    text: str
    lang: str | None = None
    href: str | None = None


Placed = Mapping[tuple[str, str, str], Bilingual]
"""Names of the directory: by body, by what it is («body», «workplace», «staff_group») and by its name in files."""


@dataclass(frozen=True, slots=True)
class Values:
    """Puts values into words of one language."""

    locale: Locale
    say: Callable[[Message], str]
    record: Record
    places: Placed = field(default_factory=dict)

    def lines(self, value: Any, *, path: str = "", parent: object = None) -> tuple[Line, ...]:
        """The lines of a value that is there."""
        if isinstance(parent, Affected) and path in PLACES:
            return (Line(self._place(path, parent, value)),)
        if path.endswith(("inputs_used", "access_preset")):
            return tuple(Line(label) for label in self._items(value))
        if isinstance(value, bool):
            return (Line(self.say(yes_or_no(path.rpartition(".")[2], answer=value))),)
        if isinstance(value, tuple | list):
            return tuple(line for inner in value for line in self.lines(inner, path=path))
        return self._one(value, path)

    def _one(self, value: Any, path: str) -> tuple[Line, ...]:
        if isinstance(value, Both):
            return self._text(value)
        if isinstance(value, StrEnum):
            return (Line(self.say(words(value))),)
        if isinstance(value, date):
            return (Line(date_long(value, self.locale)),)
        if isinstance(value, Duration):
            return (Line(self.say(duration_words(value))),)
        if isinstance(value, TrainingCoverage | OverrideRate):
            return (Line(self.say(_shares(value))),)
        if isinstance(value, int):
            return (Line(count(value)),)
        return (self._plain(str(value), path),)

    def _plain(self, value: str, path: str) -> Line:
        if value == FEW:
            return Line(self.say(msg("Fewer than 10")))
        if path.endswith("hosting_country"):
            return Line(self.say(COUNTRIES[value]) if value in COUNTRIES else value)
        if path == "mailbox":
            return Line(value, href=f"mailto:{value}")
        return Line(value, href=value if value.startswith("https://") else None)

    def _text(self, text: Both) -> tuple[Line, ...]:
        """The half of the page's language; where only the other is there, that one and its language."""
        own, other = text.get(self.locale), text.get(self.locale.other)
        lang = None if own else self.locale.other.value
        lines = [line for line in (own or other).split("\n") if line]
        return tuple(Line(line, lang, line if line.startswith("https://") else None) for line in lines)

    def _items(self, keys: Iterable[str]) -> list[str]:
        labels = {item.key: item.label.get(self.locale) for item in self.record.data_items}
        return [labels[key] for key in keys if key in labels]

    def _place(self, path: str, group: Affected, value: str) -> str:
        what = path.rpartition(".")[2]
        name = self.places.get((group.body, what, value))
        return name.get(self.locale) if name else value


def _shares(value: TrainingCoverage | OverrideRate) -> Message:
    if isinstance(value, OverrideRate):
        return msg("{percent}%, measured on {date}", percent=value.percent, date=value.measured_on)
    return msg(
        "Users: {users}%. Managers: {managers}%. Representatives: {representatives}%. Measured on {date}",
        users=value.users,
        managers=value.managers,
        representatives=value.representatives,
        date=value.measured_on,
    )
