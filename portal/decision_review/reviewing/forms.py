"""What a reviewer typed."""

from portal.core.text import Locale, Words, pmsg
from portal.decision_review.reviewing.service import NewDecision
from portal.decision_review.rules import TEXT_LIMIT, Outcome
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems

CHOOSE_REVIEWER = pmsg("error", "Choose a reviewer")
CHOOSE_OUTCOME = pmsg("error", "Choose an outcome")
WRITE_QUESTION = pmsg("error", "Write your question")
WRITE_REASONS = pmsg("error", "Write the reasons in the worker’s language")


def read_decision(fields: FieldBag, locale: Locale) -> NewDecision | Problems:
    """The reviewer's decision; reasons in the worker's language are the least."""
    problems = Problems()
    outcome = forms.choice(fields, "outcome", problems, allowed=set(Outcome), required=CHOOSE_OUTCOME)
    reasons, remedy = {}, {}
    for one in (locale, locale.other):
        required = WRITE_REASONS if one is locale else None
        reasons[one] = Words(forms.text(fields, f"reasons-{one.value}", problems, most=TEXT_LIMIT, required=required))
        remedy[one] = Words(forms.text(fields, f"remedy-{one.value}", problems, most=TEXT_LIMIT))
    return problems or NewDecision(Outcome(outcome), reasons, remedy)
