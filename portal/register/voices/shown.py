"""Both sides as finished values of one language, for the page of everybody and for the desks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.text import Locale, Message, msg
from portal.register.positions import UnionStatement
from portal.register.record import DecisionPoint, Record
from portal.register.talks import OFFER_KINDS
from portal.register.voices.models import UnionCondition
from portal.register.voices.queries import BranchVoice, Voices, is_overdue, state_on, text_of
from portal.register.voices.rules import CONDITION_STATES, ENTRY_KINDS, ConditionState, tone_of
from portal.register.words import words

ONLY_IN = {
    Locale.CY: msg("The union wrote in Welsh only"),
    Locale.EN: msg("The union wrote in English only"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A union's words; ``lang`` and ``note`` say where they are not in the reader's language."""

    text: str
    lang: str | None = None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class EffectViews:
    """What one decision does: the branch's view beside the employer's."""

    title: str
    union: Written
    employer: Message
    employer_words: str


@dataclass(frozen=True, slots=True)
class ShownBranch:
    """One branch, ready for a page."""

    voice: BranchVoice
    tone: str
    statement: Written | None
    effects: tuple[EffectViews, ...]
    earlier: tuple[tuple[UnionStatement, Written], ...]
    answer: str
    conditions: tuple[tuple[UnionCondition, Written, ConditionState, bool], ...]


def shown(found: Voices, record: Record | None, locale: Locale, *, today: date) -> dict[str, Any]:
    """What the templates of both sides ask for."""
    points = {point.key: point for point in record.decision_points} if record else {}
    return {
        "voices": found,
        "branches": [_branch(voice, points, locale, today) for voice in found.branches],
        "is_disputed": any(voice.position == "not_agreed" for voice in found.branches),
        "written": lambda row: written(row, "text", locale),
        "condition_states": CONDITION_STATES,
        "entry_kinds": ENTRY_KINDS,
        "offer_kinds": OFFER_KINDS,
    }


def written(row: Any, name: str, locale: Locale) -> Written:
    """A union's words in the reader's language or, written in one only, in that one and marked so."""
    text, language = text_of(row, name, locale)
    return Written(text) if language is locale or not text else Written(text, language.value, ONLY_IN[language])


def _branch(voice: BranchVoice, points: dict[str, DecisionPoint], locale: Locale, today: date) -> ShownBranch:
    statement = voice.statement
    if statement is not None:
        said: Written | None = written(statement, "text", locale)
    else:
        told = voice.told.statement if voice.told else None
        said = Written(told.get(locale)) if told else None
    return ShownBranch(
        voice,
        tone_of(voice.position),
        said if said is not None and said.text else None,
        tuple(_effects(statement, points, locale)) if statement is not None else (),
        tuple((one, written(one, "text", locale)) for one in voice.earlier),
        _answer(voice, locale),
        tuple(
            (one, written(one, "text", locale), state_on(one, today), is_overdue(one, today=today))
            for one in voice.conditions
        ),
    )


def _effects(statement: UnionStatement, points: dict[str, DecisionPoint], locale: Locale) -> list[EffectViews]:
    """A decision that the entry no longer has is left out: the statement says for which version it was."""
    found = []
    for key, told in statement.effects.items():
        point = points.get(key)
        if point is None:
            continue
        mine = told[locale.value]
        other = locale if mine else locale.other
        view = Written(mine) if mine else Written(told[other.value], other.value, ONLY_IN[other])
        found.append(EffectViews(point.title.get(locale), view, words(point.effect), point.what_happens.get(locale)))
    return found


def _answer(voice: BranchVoice, locale: Locale) -> str:
    if voice.response is not None:
        return voice.response.text_cy if locale is Locale.CY else voice.response.text_en
    told = voice.told.employer_response if voice.told else None
    return told.get(locale) if told else ""
