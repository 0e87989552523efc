"""Reading the desk's forms: the questions of a step, the readiness check, a notice, a measurement, limits."""

from datetime import date, timedelta

from portal.core.text import Message, pmsg
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.gate_facts import Question
from portal.register.lifecycle.rules import (
    CAUSES_OF_PEOPLE,
    LEAST_TRAINING_PERCENT,
    LONGEST_TRIAL_MONTHS,
    NOTICE_DAYS,
    Cause,
    Step,
)
from portal.register.lifecycle.service import Measured
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.register.talks import LONGEST_NOTE, OfferKind
from portal.register.terms import Aspect
from portal.timelimits.calendar import months_later
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems

REASON_MAX, ANSWER_MAX, LINE_MAX = 1500, 2500, 120
OFFER_MAX = LONGEST_NOTE
"""As long as the log of the talk keeps what is proposed, and what is offered."""
LEAST_CONSULTATION, MOST_CONSULTATION = 14, 180
TERMS = ("explain", "export", "log", "exit")
OWN_BUILD = "own"

IN_BOTH = pmsg("error", "Write this in both languages")
CHOOSE_CAUSE = pmsg("error", "Choose why it is switched off")
CHOOSE_OFFER = pmsg("error", "Choose what you offer")
CHOOSE_TERMS = pmsg("error", "A contract must carry all four terms. Tick all four, or say that there is no contract")
ENTER_DAY = pmsg("error", "Enter a day")
TOO_LATE = pmsg("error", "A trial lasts twelve months at most")


def read_both(fields: FieldBag, name: str, problems: Problems, *, most: int, required: bool = True) -> Both:
    """A text in both languages, or, where it may be left out, in neither."""
    told = {side: forms.text(fields, f"{name}_{side}", problems, most=most) for side in ("cy", "en")}
    for side, other in (("cy", "en"), ("en", "cy")):
        if not told[side] and (required or told[other]) and f"{name}_{side}" not in problems:
            problems[f"{name}_{side}"] = IN_BOTH
    return Both(cy=told["cy"], en=told["en"])


def read_step(
    fields: FieldBag, step: Step, problems: Problems, *, state: SystemState, earliest: date | None, today: date
) -> Asked:
    """What the form of a step asks. The state that the page showed travels with it."""
    seen = forms.choice(fields, "seen", problems, allowed=[one.value for one in SystemState])
    cause = _read_cause(fields, problems) if step.asks_cause else None
    if step.asks_terms:
        _read_terms(fields, problems)
    reason = Both()
    if step.reason is not None:
        reason = read_both(fields, "reason", problems, most=OFFER_MAX if step.asks_talk else REASON_MAX)
    elif step.asks_cause:
        reason = read_both(fields, "reason", problems, most=REASON_MAX, required=False)
    until = _read_until(fields, step, problems, earliest, today)
    about = read_both(fields, "about", problems, most=OFFER_MAX) if step.asks_talk else Both()
    offer = _read_offer(fields, problems) if step.asks_talk else None
    return Asked(SystemState(seen) if seen else state, reason, until, cause, about, offer)


def _read_offer(fields: FieldBag, problems: Problems) -> OfferKind | None:
    told = forms.choice(fields, "offer", problems, allowed=[kind.value for kind in OfferKind], required=CHOOSE_OFFER)
    return OfferKind(told) if told else None


def _read_cause(fields: FieldBag, problems: Problems) -> Cause | None:
    allowed = [cause.value for cause in CAUSES_OF_PEOPLE]
    told = forms.choice(fields, "cause", problems, allowed=allowed, required=CHOOSE_CAUSE)
    return Cause(told) if told else None


def _read_terms(fields: FieldBag, problems: Problems) -> None:
    told = set(fields.many("terms"))
    if told != {OWN_BUILD} and not set(TERMS) <= told:
        problems["terms"] = CHOOSE_TERMS


def _read_until(fields: FieldBag, step: Step, problems: Problems, earliest: date | None, today: date) -> date | None:
    if step.until is None:
        return None
    found = forms.day(fields, "until", problems, required=ENTER_DAY, not_before=earliest)
    if found is not None and step.to is SystemState.PILOT and found > months_later(today, LONGEST_TRIAL_MONTHS):
        problems["until"] = TOO_LATE
    return found


def read_readiness(fields: FieldBag, problems: Problems) -> dict[Question, Both]:
    """The four answers; each may still lack a language, since they are written over weeks."""
    return {
        question: Both(
            cy=forms.text(fields, f"{question}_cy", problems, most=ANSWER_MAX),
            en=forms.text(fields, f"{question}_en", problems, most=ANSWER_MAX),
        )
        for question in Question
    }


def read_notice(fields: FieldBag, problems: Problems, *, today: date) -> tuple[Both, date]:
    """What staff are told, and the first day it begins: fourteen days away at least."""
    text = read_both(fields, "text", problems, most=REASON_MAX)
    first = today + timedelta(days=NOTICE_DAYS)
    begins_on = forms.day(fields, "begins", problems, required=ENTER_DAY, not_before=first)
    return text, begins_on or first


def read_measurement(fields: FieldBag, problems: Problems, *, today: date) -> Measured:
    """One measurement: what, before, now, when, and who says so."""
    aspect = forms.choice(
        fields,
        "aspect",
        problems,
        allowed=[aspect.value for aspect in Aspect],
        required=pmsg("error", "Choose what was measured"),
    )
    measure = read_both(fields, "measure", problems, most=LINE_MAX)
    baseline = read_both(fields, "baseline", problems, most=LINE_MAX)
    latest = read_both(fields, "latest", problems, most=LINE_MAX)
    source = read_both(fields, "source", problems, most=LINE_MAX)
    measured_on = forms.day(fields, "measured", problems, required=ENTER_DAY, not_after=today)
    return Measured(Aspect(aspect or Aspect.OTHER), measure, baseline, latest, source, measured_on or today)


def read_limits(fields: FieldBag, problems: Problems) -> tuple[int, int]:
    """A body's limits: the percentage that must be trained, the days a consultation lasts."""
    return (
        _number(
            fields,
            "training",
            problems,
            least=LEAST_TRAINING_PERCENT,
            most=100,
            wrong=pmsg("error", "Enter a number from {least} to {most}", least=LEAST_TRAINING_PERCENT, most=100),
        ),
        _number(
            fields,
            "consultation",
            problems,
            least=LEAST_CONSULTATION,
            most=MOST_CONSULTATION,
            wrong=pmsg(
                "error", "Enter a number from {least} to {most}", least=LEAST_CONSULTATION, most=MOST_CONSULTATION
            ),
        ),
    )


def _number(fields: FieldBag, name: str, problems: Problems, *, least: int, most: int, wrong: Message) -> int:
    told = fields.one(name)
    found = int(told) if told.isascii() and told.isdigit() and len(told) <= 3 else -1
    if not least <= found <= most:
        problems[name] = wrong
    return found
