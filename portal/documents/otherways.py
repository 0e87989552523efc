"""Other ways in which people write what is sought: a name in another order or with initials, a day in other signs.

Whoever cuts «Mali Tudur» means «Tudur, Mali», «TUDUR Mali» and «M. Tudur» too; and a workbook keeps «3/5/2026» as
2026-05-03. Too much cut is seen on the copy, too little may not be.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_PARTS = 4
_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?")
_SMALL = frozenset({"ap", "ab", "ferch", "verch", "van", "von", "de", "der", "den", "la", "le", "y", "al", "bin", "da"})
"""Parts of names that may begin with a small letter."""
_WORDS_TOO = frozenset("aeioy")
"""Letters that are words of their own: as an initial they need their full stop."""
_MONTHS: Sequence[Sequence[str]] = (
    ("january", "ionawr"), ("february", "chwefror"), ("march", "mawrth"), ("april", "ebrill"), ("may", "mai"),
    ("june", "mehefin"), ("july", "gorffennaf"), ("august", "awst"), ("september", "medi"), ("october", "hydref"),
    ("november", "tachwedd"), ("december", "rhagfyr"),
)  # fmt: skip
_ENDING = r"(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)?"
_TYPED = (
    re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00:00)?"),
    re.compile(rf"(?P<day>\d{{1,2}}){_ENDING} (?:o )?(?P<month>[^\W\d]{{3,}})\.? (?P<year>\d{{4}})"),
)


@dataclass(frozen=True, slots=True)
class Ways:
    """How else something is written, for a folded text. ``sign`` stands in each of them: where it is not, none is; and
    either ``given`` stands there too, or ``hint`` is found in the text as it was written.

    ``initials`` has a group ``one`` around them, which must be capitals in the text as it was written.
    """

    sign: str
    given: str = ""
    hint: re.Pattern[str] = re.compile("")
    turned: re.Pattern[str] | None = None
    initials: re.Pattern[str] | None = None
    days: re.Pattern[str] | None = None


NONE = Ways("")
_INITIAL = re.compile(r"(?<![^\W_])[A-Z](?![a-z])")


def ways_of(words: str, folded: str) -> Ways:
    """The other ways to write these words, if they are a name or a day; ``folded`` is their folded form."""
    day = _day_in(folded)
    if day is not None:
        hint = re.compile(rf"(?<!\d)0?{day.day}(?!\d)")
        return Ways(f"{day.year % 100:02}", hint=hint, days=re.compile(_days(day)))
    parts = words.split()
    if not 2 <= len(parts) <= MOST_PARTS or not all(map(_is_of_name, parts)) or parts[-1].casefold() in _SMALL:
        return NONE
    *given, surname = folded.split(" ")
    return Ways(
        surname.partition("-")[0],
        given[0].partition("-")[0],
        _INITIAL,
        re.compile(_turned(given, surname)),
        re.compile(_initials(given, surname)),
    )


def _is_of_name(part: str) -> bool:
    return _NAME.fullmatch(part) is not None and (part[0].isupper() or part in _SMALL)


def _turned(given: Sequence[str], surname: str) -> str:
    return rf"{_like(surname)},? {_like(' '.join(given))}"


def _like(folded: str) -> str:
    """A hyphen may stand at the end of a line, as in ``matching``."""
    return re.sub(r"(?<=\w)\\-(?=\w)", "-? ?", re.escape(folded))


def _initials(given: Sequence[str], surname: str) -> str:
    letters = [one[0] for one in given if one not in _SMALL]
    first, name = _letter(letters[0]), _like(surname)
    several = r"\.? ?".join(map(re.escape, letters)) + r"\.?"
    one = f"{several}|{first}" if len(letters) > 1 else first
    return rf"(?P<one>{one}) {name}|{name},? (?P<after>{one})(?!\w)"


def _letter(letter: str) -> str:
    return re.escape(letter) + (r"\." if letter in _WORDS_TOO else r"\.?")


def _day_in(folded: str) -> date | None:
    for typed in _TYPED:
        found = typed.fullmatch(folded)
        if found is not None:
            try:
                return date(_year(int(found["year"])), _month(found), int(found["day"]))
            except ValueError:
                return None
    return None


def _year(said: int) -> int:
    return said if said > 99 else 2000 + said if said < 50 else 1900 + said


def _month(found: re.Match[str]) -> int:
    said = found["month"]
    if said.isdigit():
        return int(said)
    return next((at for at, names in enumerate(_MONTHS, 1) if any(_is_short(said, name) for name in names)), 0)


def _is_short(said: str, name: str) -> bool:
    return said == name or (len(said) >= 3 and name.startswith(said))


def _days(day: date) -> str:
    """In figures, as a workbook keeps it, and in words of either language."""
    number, month, short = f"0?{day.day}", f"0?{day.month}", f"{day.year % 100:02}"
    names = _MONTHS[day.month - 1]
    said = "|".join([*names, *(f"{name[:3]}\\.?" for name in names)])
    return "|".join(
        (
            rf"{number}[/.\-]{month}[/.\-](?:{day.year}|{short})",
            rf"{day.isoformat()}(?: 00:00:00|t00:00:00)?",
            rf"{number}{_ENDING} (?:o )?(?:{said}),? {day.year}",
            rf"(?:{said}) {number}{_ENDING},? {day.year}",
        )
    )
