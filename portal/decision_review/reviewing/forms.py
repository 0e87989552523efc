"""What a reviewer typed, and an officer about reviewers."""

from collections.abc import Collection
from datetime import date

from portal.core import ids
from portal.core.db import Session
from portal.core.text import Locale, Words, pmsg
from portal.decision_review.outcome.forms import NOT_KNOWN, read_remedies
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.deciding import WRITE_REASONS, NewDisposition
from portal.decision_review.reviewing.questions import NewQuestion
from portal.decision_review.reviewing.rules import AskedOf, Quality
from portal.decision_review.reviewing.seating import DECLARE_FIRST, Declared
from portal.decision_review.rules import TEXT_LIMIT, Outcome
from portal.directory.queries import find_person_by_email
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id

DECLARATIONS = ("part", "line", "supplier", "case")
ENTER_TRAINED = pmsg("error", "Enter the day on which you were trained on this system")
WRITE_AUTHORITY = pmsg("error", "Write what gives you the power to change the decision")
CHOOSE_LEANING = pmsg("error", "Choose what you think now")
WRITE_VIEW = pmsg("error", "Write why you think so")
WRITE_ISSUE = pmsg("error", "Write what is at issue")
CHOOSE_OUTCOME = pmsg("error", "Choose an outcome")
WRITE_QUESTION = pmsg("error", "Write your question")
CHOOSE_ASKED = pmsg("error", "Choose whom you ask")


def read_declaration(fields: FieldBag, problems: Problems, *, today: date) -> Declared | None:
    """Every line is ticked; the day of the training; what gives authority."""
    if not set(DECLARATIONS) <= set(fields.many("declared")):
        problems["declared"] = DECLARE_FIRST
    trained = forms.day(fields, "trained", problems, required=ENTER_TRAINED, not_after=today)
    authority = forms.text(fields, "authority", problems, most=TEXT_LIMIT, required=WRITE_AUTHORITY)
    return None if problems or trained is None else Declared(trained, Words(authority))


def read_view(fields: FieldBag, problems: Problems) -> tuple[Outcome, Words] | None:
    """What a reviewer thinks, and why."""
    leaning = forms.choice(fields, "leaning", problems, allowed=set(Outcome), required=CHOOSE_LEANING)
    words = forms.text(fields, "view", problems, most=TEXT_LIMIT, required=WRITE_VIEW)
    return None if problems else (Outcome(leaning), Words(words))


def read_disposition(fields: FieldBag, number: int, own: Locale, problems: Problems) -> NewDisposition | None:
    """What is decided on one issue; reasons in the worker's language are the least. Its fields end in its number."""
    outcome = forms.choice(fields, f"outcome-{number}", problems, allowed=set(Outcome), required=CHOOSE_OUTCOME)
    reasons = {}
    for lang in (own, own.other):
        required = WRITE_REASONS if lang is own else None
        words = forms.text(fields, f"reasons-{lang.value}-{number}", problems, most=TEXT_LIMIT, required=required)
        if words:
            reasons[lang] = Words(words)
    quality = tuple(one for one in Quality if one.value in fields.many(f"quality-{number}"))
    error = forms.text(fields, f"data-error-{number}", problems, most=TEXT_LIMIT)
    if problems:
        return None
    return NewDisposition(Outcome(outcome), reasons, quality, Words(error) if error else None)


def read_question(
    session: Session, fields: FieldBag, own: Locale, lang: Locale, problems: Problems
) -> NewQuestion | None:
    """A question to the worker (then ``asked_of`` is not asked), to an owner or to an expert."""
    allowed = {one.value for one in AskedOf}
    asked_of = forms.choice(fields, "asked", problems, allowed=allowed, required=CHOOSE_ASKED)
    words = forms.text(fields, "question", problems, most=TEXT_LIMIT, required=WRITE_QUESTION)
    person = None
    if asked_of == AskedOf.EXPERT:
        person = find_person_by_email(session, fields.one("expert"))
        if person is None:
            problems["expert"] = NOT_KNOWN
    if problems:
        return None
    return NewQuestion(form_id(fields) or ids.new_id(), AskedOf(asked_of), Words(words), lang or own, person)


def read_ending(
    session: Session,
    fields: FieldBag,
    own: Locale,
    problems: Problems,
    *,
    paragraphs: Collection[str],
    public_url: str,
    today: date,
) -> Ending | None:
    """What is put right, and the approved paragraphs of the letter."""
    remedies = read_remedies(session, fields, own, problems, today=today)
    chosen = tuple(one for one in fields.many("paragraphs") if one in paragraphs)
    return None if problems else Ending(public_url, remedies, chosen)
