"""What a system's page shows of a record and of a match, as finished values of one language."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.text import Locale, Message
from portal.register.matching import Match
from portal.register.pages import Told, told_reasons, tone_of
from portal.register.record import Record
from portal.register.terms import Audience

READERS = frozenset({Audience.PUBLIC, Audience.STAFF})
"""Whom the pages without sign-in are for."""


@dataclass(frozen=True, slots=True)
class Why:
    """Whether somebody's work is known to the page, and why the system affects them; no reasons: it does not."""

    is_known: bool
    tone: str = "info"
    reasons: tuple[Told, ...] = ()


def why(match: Match | None, say: Callable[[Message], str], locale: Locale, *, is_known: bool) -> Why:
    """The reasons of a match, put into words."""
    if match is None:
        return Why(is_known)
    return Why(is_known, tone_of(match.strength), told_reasons(match, say, locale))


def withheld(record: Record, locale: Locale) -> dict[str, str]:
    """The fields that are withheld from whoever reads the portal's pages without a desk, each with its reason."""
    return {one.field: one.reason.get(locale) for one in record.withheld if READERS.intersection(one.audience)}
