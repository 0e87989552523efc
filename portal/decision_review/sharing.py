"""What a review shows to somebody who represents its worker: what the worker ticked, and nothing else."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.speaking import Shared
from portal.core.text import Locale
from portal.decision_review.lines import LINES
from portal.decision_review.outcome.queries import find_last_outcome, list_letters, open_letter
from portal.decision_review.queries import view_review
from portal.decision_review.reviewing.queries import find_decision
from portal.decision_review.rules import OUTCOMES, WANTED
from portal.web.anonymous import Visit

SHARES = tuple(Shared)
"""A review has every part."""

__all__ = ["LINES", "SHARES", "shared_part"]


def shared_part(session: Session, visit: Visit, case: Case, parts: frozenset[Shared]) -> tuple[str, dict[str, Any]]:
    """The template and its values; what is not shared is not even opened."""
    return "decision_review/shared_part.html", {
        "asked": _asked(session, visit, case) if Shared.ASKED in parts else None,
        "outcome": _outcome(session, visit, case) if Shared.OUTCOME in parts else None,
        "has_records": Shared.RECORDS in parts,
        "has_outcome": Shared.OUTCOME in parts,
    }


def _asked(session: Session, visit: Visit, case: Case) -> dict[str, Any]:
    review = view_review(session, case, visit.vault)
    words = (review.what_happened, review.effect, review.wanted_words)
    return {
        "point": review.decision_point,
        "decided_on": review.decided_on,
        "words": [one.reveal() for one in words if one],
        "wanted": [WANTED[one] for one in review.wanted],
        "lang": review.lang.value,
    }


def _outcome(session: Session, visit: Visit, case: Case) -> dict[str, Any] | None:
    decision = find_decision(session, case, visit.vault, Locale(case.locale))
    sent = list_letters(session, case)
    letters = [(open_letter(one, visit.vault).reveal(), one.lang) for one in sent if one.lang == sent[0].lang]
    if decision is None and not letters:
        return None
    own = [(decision.reasons.reveal(), decision.reasons_lang.value)] if decision is not None else []
    last = find_last_outcome(session, case) or (decision.outcome if decision is not None else None)
    return {"said": OUTCOMES[last] if last is not None else None, "words": letters or own}
