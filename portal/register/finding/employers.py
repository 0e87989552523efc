"""Choosing an employer: from a list while it is short, by a part of its name where there are hundreds."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.core.text import Locale
from portal.directory.models import Body
from portal.i18n.mutation import asked_as, radicals, spellings, tokens
from portal.i18n.sorting import sort_key

MOST_LISTED = 40
"""With more employers than these the page would weigh more than its words; then a part of the name is typed."""

_BODY = Body.__table__.c
_EVERY = select(_BODY.id, _BODY.slug, _BODY.name_cy, _BODY.name_en)
_SOME = _EVERY.limit(MOST_LISTED + 1)
_EXACT = select(_BODY.id).where(_BODY.slug == bindparam("slug"))


class Employer(NamedTuple):
    """An employer by its names."""

    id: str
    slug: str
    name_cy: str
    name_en: str


def list_employers(session: Session) -> list[Employer] | None:
    """Every employer, or None where they are too many to list."""
    found = [Employer(*row) for row in session.connection().execute(_SOME)]
    return found if len(found) <= MOST_LISTED else None


def employers_meant(session: Session, listed: Sequence[Employer] | None, told: str) -> tuple[str, ...] | None:
    """The ids of the employers that an address means, by short name or by words of their names; None for all."""
    if not told:
        return None
    if listed is None:
        exact = tuple(session.connection().scalars(_EXACT, {"slug": told}))
    else:
        exact = tuple(one.id for one in listed if one.slug == told)
    if exact:
        return exact
    known = listed if listed is not None else [Employer(*row) for row in session.connection().execute(_EVERY)]
    return tuple(one.id for one in known if _is_named(one, told))


@lru_cache(maxsize=64)
def options(listed: tuple[Employer, ...], locale: Locale) -> list[tuple[str, str]]:
    """The employers for a list to choose from, in the alphabet of the language."""
    named = [(one.slug, one.name_cy if locale is Locale.CY else one.name_en) for one in listed]
    return sorted(named, key=lambda option: sort_key(option[1], locale))


def _is_named(employer: Employer, told: str) -> bool:
    words = _words_of(employer.name_cy) | _words_of(employer.name_en)
    *whole, last = [asked_as(token) for token in tokens(told)] or [frozenset[str]()]
    has_whole = all(any(radicals(form) & words for form in forms) for forms in whole)
    begun = tuple(radical for form in last for radical in radicals(form))
    return has_whole and any(word.startswith(begun) for word in words)


@lru_cache(maxsize=2048)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(radical for token in tokens(name) for word in spellings(token) for radical in radicals(word))
