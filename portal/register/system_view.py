"""What a system's page shows of a record and of a match, as finished values of one language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.text import Locale, Message, msg
from portal.register.definitions import definitions
from portal.register.matching import Match
from portal.register.openness import READERS
from portal.register.pages import Told, in_language, told_reasons, tone_of
from portal.register.path_words import TITLES
from portal.register.record import Record
from portal.register.words import words


@dataclass(frozen=True, slots=True)
class Why:
    """Whether somebody's work is known to the page, and why the system affects them; no reasons: it does not."""

    is_known: bool
    strength: str = ""
    tone: str = "info"
    reasons: tuple[Told, ...] = ()


def why(match: Match | None, say: Callable[[Message], str], locale: Locale, *, is_known: bool) -> Why:
    """The reasons of a match, put into words."""
    if match is None:
        return Why(is_known)
    return Why(is_known, say(words(match.strength)), tone_of(match.strength), told_reasons(match, say, locale))


def withheld(record: Record, locale: Locale) -> dict[str, str]:
    """The fields that are withheld from whoever reads the portal's pages without a desk, each with its reason."""
    return {one.field: one.reason.get(locale) for one in record.withheld if READERS.intersection(one.audience)}


def in_words(record: Record, say: Callable[[Message], str], locale: Locale) -> Any:
    """The record in one language, with the reason in place of every text that is withheld."""
    shown = in_language(record, locale)
    told = definitions(record.standard)
    for key, reason in withheld(record, locale).items():
        parts = [field for field in told.values() if field.key == key or field.key.startswith(f"{key}.")]
        said = say(msg("Withheld: {reason}", reason=reason))
        for path in (path for field in parts for path in field.paths):
            _cover(shown, path.split("."), said, is_list_of_parts=path in TITLES)
    return shown


def _cover(part: Any, steps: Sequence[str], said: str, *, is_list_of_parts: bool) -> None:
    if isinstance(part, list):
        for inner in part:
            _cover(inner, steps, said, is_list_of_parts=is_list_of_parts)
    elif isinstance(part, dict) and len(steps) > 1:
        _cover(part[steps[0]], steps[1:], said, is_list_of_parts=is_list_of_parts)
    elif isinstance(part, dict):
        part[steps[0]] = _covered(part[steps[0]], said, is_list_of_parts=is_list_of_parts)


def _covered(value: Any, said: str, *, is_list_of_parts: bool) -> Any:
    """A text says why; a list of texts is that one text; a list of parts, a day, a number or a code word is gone."""
    if isinstance(value, list):
        return [] if is_list_of_parts else [said]
    return said if isinstance(value, str) and not isinstance(value, StrEnum) else None
