"""The letter of an outcome: approved paragraphs, the reviewer's own words, and the ways onward. Nothing is stored here.

The same letter in both languages, where the reasons were written in both. The ways onward are in every letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.cases.letters import letter
from portal.core.text import Bilingual, Locale, Message, Words, msg
from portal.decision_review.letters import ROUTES
from portal.decision_review.outcome.models import Paragraph
from portal.decision_review.outcome.rules import REMEDIES, Purpose, RemedyKind, purposes_of
from portal.decision_review.rules import OUTCOMES, Outcome
from portal.directory.helping import HelpLine

FIRST_STAGE, SECOND_STAGE = 1, 2
GRIEVANCE = msg("You can raise a grievance with us, your employer. Your union can advise you and stand beside you.")
TRIBUNAL = msg("Time limits for an employment tribunal are short: ask early.")
ADVICE = msg("These can advise you:")
STAGE_TWO = msg(
    "You can ask for the second stage, once, on the page of your request: a joint panel of employer and unions, or "
    "another body, decides within 20 working days."
)
OWN_RULE = msg("This last day is our own rule, not the law’s. If you ask later, say why, and we still take it.")


@dataclass(frozen=True, slots=True)
class NewRemedy:
    """One thing to put right. ``id`` comes with the form."""

    id: str
    kind: RemedyKind
    words: Words
    lang: Locale
    owner_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Telling:
    """What a letter says. ``reasons`` holds the worker's language at least, the other where it was written too.

    ``before`` is what the reviewer thought before they had seen what the system said. ``paragraphs`` are ids.
    ``ask_by`` is the last day to ask for the second stage.
    """

    outcome: Outcome
    reasons: Mapping[Locale, Words]
    remedies: tuple[NewRemedy, ...] = ()
    paragraphs: tuple[str, ...] = ()
    before: Outcome | None = None
    stage: int = FIRST_STAGE
    ask_by: date | None = None


def compose(
    telling: Telling, paragraphs: Sequence[Paragraph], body: Bilingual, lang: Locale, advice: Sequence[HelpLine] = ()
) -> Words:
    """The whole letter in one language. ``advice``: who can advise, as the body's list has it on that day."""
    said = {purpose: [_own(one, lang) for one in paragraphs if one.purpose is purpose] for purpose in Purpose}
    parts: list[Message | Words] = []
    for purpose in purposes_of(telling.outcome, has_remedies=bool(telling.remedies)):
        if purpose is Purpose.ONWARD:
            parts += [*_onward(telling), *_advice(advice, lang)]
        parts += said[purpose]
        if purpose is Purpose.OPENING:
            parts += [_heading(telling), OUTCOMES[telling.outcome]]
        elif purpose.value == telling.outcome.value:
            parts += _reasons(telling, lang)
    return letter(lang, *parts, msg("From: {body}", body=body))


def _heading(telling: Telling) -> Message:
    if telling.stage == SECOND_STAGE:
        return msg("Your request was looked at once more, at the second stage. The outcome:")
    return msg("A person looked again at the decision that you asked about. The outcome:")


def _reasons(telling: Telling, lang: Locale) -> list[Message | Words]:
    parts: list[Message | Words] = []
    if telling.before is not None:
        parts.append(
            msg(
                "Before the reviewer had seen what the system said, they thought: {outcome}",
                outcome=OUTCOMES[telling.before],
            )
        )
    parts += [msg("The reasons:"), telling.reasons[lang]]
    if telling.remedies:
        parts.append(msg("What will be put right, and by when:"))
        parts += [
            msg("{what}. By: {date}", what=REMEDIES[one.kind], date=one.due_on)
            for one in sorted(telling.remedies, key=lambda one: one.due_on)
        ]
        parts.append(msg("When it is done we write to you, and you can say whether it really happened."))
    return parts


def _onward(telling: Telling) -> list[Message | Words]:
    return [msg("If you do not agree:"), *_second_stage(telling), *ROUTES, GRIEVANCE, TRIBUNAL]


def _advice(advice: Sequence[HelpLine], lang: Locale) -> list[Message | Words]:
    if not advice:
        return []
    return [ADVICE, Words("\n".join(f"– {_place(one, lang)}" for one in advice))]


def _place(line: HelpLine, lang: Locale) -> str:
    """One place as a letter says it: who, what for, and how to reach it."""
    text = line.text
    reach = (text.contact.get(lang), text.link.removeprefix("https://"))
    return ". ".join(part for part in (f"{text.name.get(lang)}: {text.what.get(lang)}", *reach) if part)


def _second_stage(telling: Telling) -> list[Message]:
    if telling.stage != FIRST_STAGE:
        return []
    if telling.ask_by is None:
        return [STAGE_TWO]
    last_day = msg("Last day to ask for the second stage: {date}", date=telling.ask_by)
    return [STAGE_TWO, last_day, OWN_RULE]


def _own(paragraph: Paragraph, lang: Locale) -> Words:
    return Words(paragraph.text_cy if lang is Locale.CY else paragraph.text_en)
