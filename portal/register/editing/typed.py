"""Between a record and its form: what stands in the boxes, what was typed, and what it means.

A save refuses only what cannot be. What is not whole yet (a part without all that it needs) is kept as it was typed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from pydantic import ValidationError

from portal.core.text import Locale, Message, msg, pmsg
from portal.register.editing.shape import Ask, Kind
from portal.register.parts import Duration, Part
from portal.register.value_view import FEW
from portal.register.walking import is_filled
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day, too_long

Pairs = list[tuple[str, str]]
SIDES = tuple(locale.value for locale in Locale)
FEW_TYPED = "<10"
LONGEST_SENTENCE = 160
MOST_DIGITS = 10

WHOLE_NUMBER = pmsg("error", "Enter a whole number, for example 40")
OUT_OF_RANGE = pmsg("error", "This number is too small or too large")
ADDRESS = pmsg("error", "Enter a whole web address, from the first letter to the last")
FORM = pmsg("error", "This does not have the right form")
MAILBOX = pmsg("error", "Enter an email address in the correct format, like name@example.com")
WITHHELD = pmsg("error", "This field is always shown, so it cannot be withheld")
_WORDS: Mapping[str, Message] = {
    "advice_is_not_solely_automated": pmsg("error", "It cannot be solely automated when a person decides"),
    "until_before_since": pmsg("error", "It ends before it begins"),
    "done_needs_its_day": pmsg("error", "An assessment that is done has its day; one that is not done has none"),
    "same_key_twice": pmsg("error", "Two rows of this list have the same name"),
    "no_such_data_item": pmsg("error", "A data item that is ticked is no longer in the record"),
    "suppliers_but_no_third_party": pmsg(
        "error", "Suppliers are listed, so somebody else is involved. Remove them first, or answer yes"
    ),
    "may_not_be_withheld": WITHHELD,
}
_FORMS: Mapping[str, Message] = {
    "mailbox": MAILBOX,
    "company_number": pmsg("error", "Enter the eight characters of the company number, for example 01234567"),
    "hosting_country": pmsg("error", "Enter the two capital letters of the country, for example GB"),
    "role_codes": pmsg("error", "Enter one code on each line, of letters, digits and . / - only"),
    "link": ADDRESS,
    "arrangement": ADDRESS,
    "source_code": ADDRESS,
    "atrs_url": ADDRESS,
}


@dataclass(slots=True)
class Answers:
    """What was typed, as plain values by name. ``lacking`` are needed answers that are not there yet."""

    values: dict[str, Any] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)


def boxes(ask: Ask, value: Any) -> Pairs:
    """What stands in the boxes of one question."""
    name = ask.name
    if ask.kind is Kind.TEXT:
        return [(f"{name}_{side}", getattr(value, side) if value else "") for side in SIDES]
    if ask.kind is Kind.LINES:
        return [(f"{name}_{side}", "\n".join(getattr(one, side) for one in value or ()).rstrip()) for side in SIDES]
    if ask.kind is Kind.WORDS:
        return [(name, "\n".join(value or ()))]
    if ask.kind is Kind.CHECKS:
        return [(name, str(one)) for one in value or ()]
    if ask.kind is Kind.DAY:
        told = [(value.day, value.month, value.year)] if value else [("", "", "")]
        return [(f"{name}-{part}", str(one)) for part, one in zip(("day", "month", "year"), told[0], strict=True)]
    if ask.kind is Kind.LENGTH:
        length: Duration | None = value
        return [
            (f"{name}-amount", str(length.amount) if length else ""),
            (f"{name}-unit", length.unit.value if length else ""),
        ]
    return [(name, _plain(value))]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return FEW_TYPED if value == FEW else str(value.value if isinstance(value, StrEnum) else value)


def value_at(owner: Part, name: str) -> Any:
    """The value of a question in the record or in a child; None where a part on the way is missing."""
    value: Any = owner
    for step in name.split("."):
        value = getattr(value, step) if value is not None else None
    return value


def pairs_of(owner: Part, asks: Iterable[Ask]) -> Pairs:
    """All boxes of a form as the draft has them."""
    return [pair for ask in asks for pair in boxes(ask, value_at(owner, ask.name))]


def names_of(ask: Ask) -> tuple[str, ...]:
    """The names of the boxes of a question."""
    if ask.kind in (Kind.TEXT, Kind.LINES):
        return tuple(f"{ask.name}_{side}" for side in SIDES)
    if ask.kind is Kind.DAY:
        return tuple(f"{ask.name}-{part}" for part in ("day", "month", "year"))
    if ask.kind is Kind.LENGTH:
        return (f"{ask.name}-amount", f"{ask.name}-unit")
    return (ask.name,)


def typed_in(ask: Ask, pairs: Iterable[tuple[str, str]]) -> Pairs:
    """The boxes of one question, of those of a whole form; blank ones that do not count left out."""
    names = names_of(ask)
    return [(name, value) for name, value in pairs if name in names and value]


def mark(pairs: Pairs) -> str:
    """A short mark of what stands in boxes: the same for the same text."""
    return hashlib.sha256(repr(sorted(pairs)).encode()).hexdigest()[:12]


def marks(asks: Sequence[Ask], pairs: Pairs) -> str:
    """The version of a form: a mark for each question, in their order."""
    return " ".join(mark(typed_in(ask, pairs)) for ask in asks)


def touched(asks: Sequence[Ask], now: Pairs, before: Pairs) -> list[Ask]:
    """The questions whose boxes changed, a part with all of its own. What nobody touched is not read back at all."""
    changed = {ask.name for ask in asks if mark(typed_in(ask, now)) != mark(typed_in(ask, before))}
    parts = {ask.within for ask in asks if ask.within and ask.name in changed}
    return [ask for ask in asks if ask.name in changed or ask.within in parts]


def read_answers(asks: Sequence[Ask], fields: FieldBag, problems: Problems) -> Answers:
    """What the boxes say. What cannot be is a problem; what is not there is left out."""
    found = Answers()
    for ask in asks:
        value = _read(ask, fields, problems)
        if is_filled(value):
            found.values[ask.name] = value
        elif ask.needed and ask.kind is not Kind.TEXT:
            found.lacking.add(ask.name)
    return found


def missing_parts(asks: Sequence[Ask], found: Answers) -> set[str]:
    """Parts that are begun and not whole: at least one answer, and a needed one missing."""
    begun = {ask.within for ask in asks if ask.within and ask.name in found.values}
    return {ask.within for ask in asks if ask.within in begun and ask.name in found.lacking}


def put(told: dict[str, Any], asks: Sequence[Ask], found: Answers, *, without: set[str]) -> dict[str, Any]:
    """The plain form of a record or child with the answers in their places; what is empty goes back to its default.

    Parts that are not whole yet (``without``) keep what the draft has.
    """
    for ask in asks:
        if ask.within in without and ask.within:
            continue
        *way, last = ask.name.split(".")
        at = told
        if ask.name in found.values:
            for step in way:
                if at.get(step) is None:
                    at[step] = {}
                at = at[step]
            at[last] = found.values[ask.name]
        elif ask.needed and ask.kind is Kind.TEXT and not ask.within:
            told[last] = {}
        else:
            _clear(told, way, last)
    for within in {ask.within for ask in asks if ask.within} - without:
        inner = [ask for ask in asks if ask.within == within]
        _settle(told, within, inner, is_there=any(ask.name in found.values for ask in inner))
    return told


def note_faults(error: ValidationError, asks: Sequence[Ask], problems: Problems) -> None:
    """What the model does not take, said at the boxes it stands in."""
    by_length = sorted(asks, key=lambda ask: -len(ask.name))
    for found in error.errors(include_url=False, include_input=False):
        at = ".".join(str(step) for step in found["loc"] if isinstance(step, str))
        ask = next((one for one in by_length if at == one.name or at.startswith(f"{one.name}.")), None)
        context = found.get("ctx") or {}
        said = said_of(found["type"], ask.name if ask else "", context)
        if ask is None:
            problems.setdefault("page", said)
            continue
        names = names_of(ask)
        side = context.get("language")
        problems.setdefault(f"{ask.name}_{side}" if side in SIDES else _first(ask, names), said)


def _first(ask: Ask, names: tuple[str, ...]) -> str:
    return ask.name if ask.kind in (Kind.DAY, Kind.LENGTH) else names[0]


def said_of(kind: str, name: str, context: Mapping[str, Any]) -> Message:
    """What is wrong, by the model’s word for it; ``name`` is the place, nothing for the form as a whole."""
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in ("both_too_long", "string_too_long"):
        return too_long(context.get("limit") or context.get("max_length") or 0)
    if kind == "not_an_address":
        return ADDRESS
    if kind in ("less_than_equal", "greater_than_equal"):
        return OUT_OF_RANGE
    unnamed = msg("Something in this form cannot be kept. Check your answers")
    return _FORMS.get(name.rpartition(".")[2], FORM if name else unnamed)


def _clear(told: dict[str, Any], way: Sequence[str], last: str) -> None:
    at: Any = told
    for step in way:
        at = at.get(step)
        if at is None:
            return
    at.pop(last, None)


def _settle(told: dict[str, Any], within: str, asks: Sequence[Ask], *, is_there: bool) -> None:
    """A part without a single answer is not there at all; one that is there has all its texts, if only empty ones."""
    *way, last = within.split(".")
    at: Any = told
    for step in way:
        at = at.get(step) or {}
    if not is_there:
        at.pop(last, None)
        return
    for ask in asks:
        if ask.kind is Kind.TEXT:
            at[last].setdefault(ask.name.rpartition(".")[2], {})


def _read(ask: Ask, fields: FieldBag, problems: Problems) -> Any:
    name = ask.name
    readers: Mapping[Kind, Callable[[], Any]] = {
        Kind.TEXT: lambda: _text(ask, fields),
        Kind.LINES: lambda: _lines(fields, name),
        Kind.LINE: lambda: fields.one(name),
        Kind.WORDS: lambda: tuple(line.strip() for line in fields.one(name).split("\n") if line.strip()),
        Kind.CHOICE: lambda: _choice(ask, fields.one(name)),
        Kind.CHECKS: lambda: tuple(one for one in dict.fromkeys(fields.many(name)) if _choice(ask, one)),
        Kind.YES_NO: lambda: {"yes": True, "no": False}.get(fields.one(name)),
        Kind.NUMBER: lambda: _number(fields, name, problems),
        Kind.PEOPLE: lambda: FEW if fields.one(name) == FEW_TYPED else _number(fields, name, problems),
        Kind.DAY: lambda: day(fields, name, problems),
        Kind.LENGTH: lambda: _length(ask, fields, problems),
    }
    return readers[ask.kind]()


def _text(ask: Ask, fields: FieldBag) -> dict[str, str] | None:
    """Both sides; a sentence stays one line, however its box was typed into."""
    told = {side: fields.one(f"{ask.name}_{side}") for side in SIDES}
    if ask.most is not None and ask.most <= LONGEST_SENTENCE:
        told = {side: " ".join(text.split("\n")) for side, text in told.items()}
    return told if any(told.values()) else None


def _lines(fields: FieldBag, name: str) -> tuple[dict[str, str], ...]:
    sides = [fields.one(f"{name}_{side}").split("\n") for side in SIDES]
    rows = [[one.strip() for one in row] for row in zip_longest(*sides, fillvalue="")]
    return tuple(dict(zip(SIDES, row, strict=True)) for row in rows if any(row))


def _choice(ask: Ask, value: str) -> str | None:
    if ask.terms is not None and value not in {term.value for term in ask.terms}:
        return None
    return value or None


def _number(fields: FieldBag, name: str, problems: Problems) -> int | None:
    said = fields.one(name).replace(",", "").replace(" ", "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit()) or len(said) > MOST_DIGITS:
        problems[name] = WHOLE_NUMBER
        return None
    return int(said)


def _length(ask: Ask, fields: FieldBag, problems: Problems) -> dict[str, Any] | None:
    amount = _number(fields, f"{ask.name}-amount", problems)
    unit = fields.one(f"{ask.name}-unit")
    if f"{ask.name}-amount" in problems:
        problems[ask.name] = problems.pop(f"{ask.name}-amount")
        return None
    if amount is None:
        return None
    return {"amount": amount, "unit": unit or "minutes"}
