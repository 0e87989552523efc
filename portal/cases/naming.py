"""What somebody typed of a representative: the person who names one, and the officer who writes one down."""

from datetime import date

from portal.cases.representing import NewRepresentative
from portal.cases.speaking import MOST_MONTHS, USUAL_MONTHS, Scope, Shared
from portal.core.text import Locale, Words, pmsg
from portal.timelimits.calendar import months_later
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, text

NAME_LIMIT, REACH_LIMIT = 200, 500
ASKER = ("rep_name", "rep_reach")
"""The fields of whoever asks for another person, on the page that asks who that is."""

SAY_NAME = pmsg("error", "Enter the name of your representative")
SAY_THEIR_NAME = pmsg("error", "Enter the name of the representative")
SAY_OWN_NAME = pmsg("error", "Enter your own name too, or leave both empty if you ask for yourself")
SAY_OWN_REACH = pmsg("error", "Write how the employer can reach you, or leave both empty if you ask for yourself")
CHOOSE_SCOPE = pmsg("error", "Choose what the representative may do")
TOO_LONG = pmsg("error", "A representative can be named for one year at most, and named again after it")
END_FIRST = pmsg("error", "The last day must not be before the first")


def read_named(
    fields: FieldBag,
    problems: Problems,
    own_id: str,
    locator_hash: bytes,
    *,
    today: date,
    shares: tuple[Shared, ...],
    by_officer: bool = False,
) -> NewRepresentative | None:
    """Whom the form names, of the parts that this case has; None with a problem."""
    name = text(fields, "rep_name", problems, most=NAME_LIMIT, required=SAY_THEIR_NAME if by_officer else SAY_NAME)
    reach = text(fields, "rep_reach", problems, most=REACH_LIMIT)
    address = "" if by_officer else email(fields, "email", problems)
    scope = choice(fields, "rep_scope", problems, allowed=list(Scope), required=CHOOSE_SCOPE)
    first, last = _period(fields, problems, today)
    if problems:
        return None
    lang = fields.one("rep_lang")
    return NewRepresentative(
        own_id=own_id,
        scope=Scope(scope),
        parts=read_shared(fields, shares),
        name=Words(name),
        reach=Words(reach) if reach else None,
        email=Words(address) if address else None,
        locale=Locale(lang) if lang in set(Locale) else None,
        locator_hash=locator_hash,
        from_on=first,
        until_on=last,
    )


def read_asker(fields: FieldBag, problems: Problems) -> None:
    """Whether somebody asks for another person: then their own name, and how to reach them."""
    if fields.one("rep_name") or fields.one("rep_reach"):
        text(fields, "rep_name", problems, most=NAME_LIMIT, required=SAY_OWN_NAME)
        text(fields, "rep_reach", problems, most=REACH_LIMIT, required=SAY_OWN_REACH)


def asker_of(
    fields: FieldBag, case_id: str, locator_hash: bytes | None, *, today: date, locale: Locale
) -> NewRepresentative | None:
    """Who asks for another person without an account; None for whoever asks for themselves."""
    if not fields.one("rep_name") or locator_hash is None:
        return None
    return NewRepresentative(
        own_id=case_id,
        scope=Scope.SPEAK,
        parts=frozenset({Shared.ASKED}),
        name=Words(fields.one("rep_name")),
        reach=Words(fields.one("rep_reach")),
        locale=locale,
        locator_hash=locator_hash,
        from_on=today,
        until_on=usual_end(today),
    )


def read_shared(fields: FieldBag, shares: tuple[Shared, ...], name: str = "share") -> frozenset[Shared]:
    """The ticked parts, of those that the case has."""
    return frozenset(part for part in shares if part.value in fields.many(name))


def usual_end(today: date) -> date:
    """Half a year, where nobody chooses another last day."""
    return months_later(today, USUAL_MONTHS)


def _period(fields: FieldBag, problems: Problems, today: date) -> tuple[date, date]:
    """From today where nothing is typed; half a year where no end is typed, a year at most."""
    first = day(fields, "rep_from", problems, not_before=today) or today
    last = day(fields, "rep_until", problems, not_before=today)
    if first > months_later(today, MOST_MONTHS):
        problems["rep_from"] = TOO_LONG
        return first, first  # so far ahead that its year has perhaps no next one
    if last is not None and last < first:
        problems["rep_until"] = END_FIRST
    elif last is not None and last > months_later(first, MOST_MONTHS):
        problems["rep_until"] = TOO_LONG
    return first, last or usual_end(first)
