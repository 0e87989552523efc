"""Reading the forms of searching: a place, what was found, why a place is left out, an absence."""

from collections.abc import Callable
from datetime import date, timedelta

from portal.core.text import Words, pmsg
from portal.directory.models import Person
from portal.subject_access.searching.rules import PlaceKind, Result
from portal.subject_access.searching.service import Found, PlaceForm
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, text

NAME_LIMIT, WORDS_LIMIT = 200, 4000
MOST_NUMBER, MOST_MINUTES = 1_000_000, 60_000
LONGEST_ABSENCE = timedelta(days=400)

CHOOSE_KIND = pmsg("error", "Choose what sort of place it is")
NAME_CY = pmsg("error", "Enter the name in Welsh")
NAME_EN = pmsg("error", "Enter the name in English")
NOT_STAFF = pmsg("error", "Nobody at this employer has this email address in the directory")
OWNER_FIRST = pmsg("error", "Enter who searches before you enter a deputy")
SAME_PERSON = pmsg("error", "Enter somebody else as deputy")
CHOOSE_RESULT = pmsg("error", "Choose what the search found")
HOW_MANY = pmsg("error", "Enter how many items were found, as a whole number")
HOW_LONG = pmsg("error", "Enter how many minutes it took, as a whole number")
WHERE = pmsg("error", "Write where you searched and how")
WHY = pmsg("error", "Write why it is reasonable not to search here")
WHO = pmsg("error", "Enter the work email of the person who searches")
FIRST_DAY = pmsg("error", "Enter the first day")
LAST_DAY = pmsg("error", "Enter the last day")
END_BEFORE_START = pmsg("error", "The last day must not be before the first day")
TOO_LONG_AWAY = pmsg("error", "An absence can be a year long at most. Enter an earlier last day")

FindPerson = Callable[[str], Person | None]
"""Somebody of the body by work address."""


def read_place(fields: FieldBag, problems: Problems, find: FindPerson, *, is_system: bool) -> PlaceForm | None:
    """A place; one of a system of the register has its name and kind from there."""
    kind, name_cy, name_en = PlaceKind.SYSTEM.value, "", ""
    if not is_system:
        kinds = [kind.value for kind in PlaceKind if kind is not PlaceKind.SYSTEM]
        kind = choice(fields, "kind", problems, allowed=kinds, required=CHOOSE_KIND)
        name_cy = text(fields, "name_cy", problems, most=NAME_LIMIT, required=NAME_CY)
        name_en = text(fields, "name_en", problems, most=NAME_LIMIT, required=NAME_EN)
    owner, deputy = read_person(fields, "owner", problems, find), read_person(fields, "deputy", problems, find)
    if deputy is not None and owner is None and "owner" not in problems:
        problems["owner"] = OWNER_FIRST
    if owner is not None and deputy is not None and owner.id == deputy.id:
        problems["deputy"] = SAME_PERSON
    if problems:
        return None
    return PlaceForm(PlaceKind(kind), name_cy, name_en, owner, deputy, fields.one("own_mailbox") == "1")


def read_person(fields: FieldBag, name: str, problems: Problems, find: FindPerson) -> Person | None:
    """Somebody of the body by their work address; an empty field is nobody."""
    address = email(fields, name, problems)
    if not address:
        return None
    person = find(address)
    if person is None:
        problems.setdefault(name, NOT_STAFF)
    return person


def read_found(fields: FieldBag, problems: Problems) -> Found | None:
    """What a search found."""
    result = choice(fields, "result", problems, allowed=list(Result), required=CHOOSE_RESULT)
    number = _whole(fields.one("number"), MOST_NUMBER)
    if result in (Result.FOUND, Result.TOO_MUCH) and not number:
        problems["number"] = HOW_MANY
    minutes = _whole(fields.one("minutes"), MOST_MINUTES)
    if minutes is None:
        problems["minutes"] = HOW_LONG
    searched = text(fields, "searched", problems, most=WORDS_LIMIT, required=WHERE)
    if problems or minutes is None:
        return None
    is_counted = result in (Result.FOUND, Result.TOO_MUCH)
    return Found(Result(result), number if is_counted else None, minutes, Words(searched))


def _whole(typed: str, most: int) -> int | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
        return None
    return int(typed) if int(typed) <= most else None


def read_reason(fields: FieldBag, problems: Problems) -> Words:
    return Words(text(fields, "because", problems, most=WORDS_LIMIT, required=WHY))


def read_absence(fields: FieldBag, problems: Problems, today: date) -> tuple[date, date] | None:
    """The first and the last day that somebody is away."""
    latest = today + LONGEST_ABSENCE
    first = day(fields, "from", problems, required=FIRST_DAY, not_before=today - LONGEST_ABSENCE, not_after=latest)
    last = day(fields, "until", problems, required=LAST_DAY, not_before=today)
    if first is None or last is None:
        return None
    if last < first:
        problems["until"] = END_BEFORE_START
    elif last > latest:
        problems["until"] = TOO_LONG_AWAY
    return None if problems else (first, last)
