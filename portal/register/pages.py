"""From the register's rows to what its templates show: one language, finished values."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from portal.core.text import Locale, Message, msg, pmsg
from portal.directory.models import Body, StaffGroup, Workplace
from portal.directory.rules import EngagementKind
from portal.i18n.formats import date_long, join_names
from portal.i18n.sorting import sort_key
from portal.register.affecting import Hit
from portal.register.choosing import Asked, Choice, Facts, Question
from portal.register.matching import Match, Names
from portal.register.parts import Both, Part
from portal.register.queries import PastVersion
from portal.register.rules import Strength
from portal.register.words import words

Option = tuple[str, str] | tuple[str, str, str]


def in_language(part: Any, locale: Locale) -> Any:
    """A record as plain values of one language: texts as text, parts as mappings, the rest as it is."""
    if isinstance(part, Both):
        return part.get(locale)
    if isinstance(part, Part):
        return {name: in_language(getattr(part, name), locale) for name in type(part).model_fields}
    return [in_language(inner, locale) for inner in part] if isinstance(part, tuple) else part


def question_words(question: Question) -> Message:
    """The question as its page asks it."""
    return _QUESTIONS[question]


def problem_of(asked: Asked) -> Message | None:
    """What to say when the question was left unanswered, or the address gave an answer that is not in the list."""
    if asked.is_unanswered:
        return _UNANSWERED[asked.question]
    if asked.is_unknown:
        return pmsg("error", "We do not know the answer in this address. Choose one from the list")
    return None


def body_options(bodies: Sequence[Body], locale: Locale) -> list[Option]:
    """The employers, by name."""
    return _by_name([(body.slug, _name(body, locale)) for body in bodies], locale)


def workplace_options(workplaces: Sequence[Workplace], locale: Locale) -> list[tuple[str, str, str | None]]:
    """The workplaces by name, those inside another after it; the third value is the name of the other."""
    names = {place.id: _name(place, locale) for place in workplaces}
    parents = {place.id: place.parent_id for place in workplaces}

    def order(place: Workplace) -> tuple[bytes, ...]:
        at: str | None = place.id
        trail: list[str] = []
        while at in names and at not in trail:
            trail.insert(0, at)
            at = parents[at]
        return tuple(sort_key(names[step], locale) for step in trail)

    return [(place.slug, names[place.id], names.get(place.parent_id or "")) for place in sorted(workplaces, key=order)]


def group_options(groups: Sequence[StaffGroup], locale: Locale) -> list[Option]:
    """The staff groups, by name."""
    return _by_name([(group.code, _name(group, locale)) for group in groups], locale)


def kind_options() -> list[tuple[str, Message]]:
    """The kinds of contract, in the order of the directory."""
    return [(kind.value, words(kind)) for kind in EngagementKind]


def address(choice: Choice, kept: Sequence[tuple[str, str]] = ()) -> str:
    """The address of a choice, below the language, with what else was asked for."""
    pairs = [*choice.pairs(), *kept]
    return f"/systems?{urlencode(pairs)}" if pairs else "/systems"


def chosen(
    choice: Choice, facts: Facts, locale: Locale, kept: Sequence[tuple[str, str]] = ()
) -> list[tuple[Message, str | Message, str]]:
    """What was answered, each with the address that asks it again."""
    told: dict[Question, str | Message] = {
        Question.EMPLOYER: facts.body.name.get(locale) if facts.body else NOT_SURE,
        Question.WORKPLACE: facts.places[0].name.get(locale) if facts.places else NOT_SURE,
        Question.STAFF_GROUP: facts.staff_group.name.get(locale) if facts.staff_group else NOT_SURE,
        Question.KIND: words(EngagementKind(choice.kind)),
    }
    return [(_LABELS[question], told[question], address(choice.without(question), kept)) for question in Question]


def in_history(past: PastVersion, locale: Locale) -> dict[str, Any]:
    """One version of a system's history, for its page."""
    return {
        "number": past.number,
        "published_on": past.published_on,
        "change": in_language(past.change, locale),
    }


class Told(NamedTuple):
    """One of several reasons, finished: for which engagement, how strongly, why, since when."""

    at: str
    strength: str
    why: str
    since: str


class Shown(NamedTuple):
    """One card of the list «affects me», finished. ``reasons`` only where there are several."""

    short_code: str
    name: str
    one_sentence: str
    strength: str
    tone: str
    why: str
    since: str
    responsible: str
    decides: str
    advises: str
    reasons: tuple[Told, ...]


Say = Callable[[Message], str]


def shown(hits: Sequence[Hit], say: Say, locale: Locale) -> list[Shown]:
    """The cards of a list. What many cards share is put into words once."""
    strengths = {strength: say(words(strength)) for strength in Strength}
    reasons = {id(match.why): match.why for match, _card in hits}
    told = {key: say(why) for key, why in reasons.items()}
    return [
        Shown(
            card.short_code,
            card.name,
            card.one_sentence,
            strengths[match.strength],
            tone_of(match.strength),
            told[id(match.why)],
            date_long(match.since, locale),
            card.responsible,
            card.decides,
            card.advises,
            told_reasons(match, say, locale) if len(match.reasons) > 1 else (),
        )
        for match, card in hits
    ]


def told_reasons(match: Match, say: Say, locale: Locale) -> tuple[Told, ...]:
    """Every reason of a match; where there is but one, it needs neither its engagement nor its strength beside it."""
    if len(match.reasons) < 2:
        return (Told("", "", say(match.why), date_long(match.since, locale)),)
    return tuple(
        Told(engagement_of(one.at, locale), say(words(one.strength)), say(one.why), date_long(one.since, locale))
        for one in match.reasons
    )


def tone_of(strength: Strength) -> str:
    """The colour of a strength, beside its words."""
    return "soon" if strength is Strength.DECIDES else "info"


def engagement_of(names: Names, locale: Locale) -> str:
    """An engagement in names alone: the place, the staff group, the employer."""
    place = next(iter(names.places.values()), None)
    parts = [part.get(locale) for part in (place, names.staff_group, names.body) if part is not None]
    return join_names(parts, locale)


def part_of(name: str) -> Message:
    """What is said beside a workplace that lies in another."""
    return msg("Part of: {name}", name=name)


def following(path: str, cursor: str, **kept: str) -> str:
    """The address of the next page of a list, with what the list was asked for."""
    told = {name: value for name, value in kept.items() if value}
    return f"{path}?{urlencode({**told, 'after': cursor})}"


def _name(row: Body | Workplace | StaffGroup, locale: Locale) -> str:
    return row.name_cy if locale is Locale.CY else row.name_en


def _by_name(options: list[Option], locale: Locale) -> list[Option]:
    return sorted(options, key=lambda option: sort_key(option[1], locale))


NOT_SURE = msg("Not sure, or not in the list")

_QUESTIONS = {
    Question.EMPLOYER: msg("Who do you work for?"),
    Question.WORKPLACE: msg("Where do you work?"),
    Question.STAFF_GROUP: msg("Which staff group are you in?"),
    Question.KIND: msg("What kind of contract do you have?"),
}

_LABELS = {
    Question.EMPLOYER: msg("Employer"),
    Question.WORKPLACE: msg("Workplace"),
    Question.STAFF_GROUP: msg("Staff group"),
    Question.KIND: msg("Kind of contract"),
}

_UNANSWERED = {
    Question.EMPLOYER: pmsg("error", "Select your employer"),
    Question.WORKPLACE: pmsg("error", "Select where you work"),
    Question.STAFF_GROUP: pmsg("error", "Select your staff group"),
    Question.KIND: pmsg("error", "Select your kind of contract"),
}
