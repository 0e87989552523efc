"""What a complaint shows to somebody who represents its person: what the person ticked, and nothing else."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.speaking import Shared
from portal.complaints.queries import find_sent, get_complaint, open_words
from portal.complaints.rules import OUTCOMES
from portal.web.anonymous import Visit


def shared_part(session: Session, visit: Visit, case: Case, parts: frozenset[Shared]) -> tuple[str, dict[str, Any]]:
    """The template and its values; what is not shared is not even opened."""
    return "complaints/shared_part.html", {
        "asked": _asked(session, visit, case) if Shared.ASKED in parts else None,
        "outcome": _outcome(session, visit, case) if Shared.OUTCOME in parts else None,
    }


def _asked(session: Session, visit: Visit, case: Case) -> dict[str, Any]:
    complaint = get_complaint(session, case)
    what, wanted = (open_words(complaint, column, visit.vault).reveal() for column in ("what", "wanted"))
    return {"what": what, "wanted": wanted, "lang": complaint.lang}


def _outcome(session: Session, visit: Visit, case: Case) -> dict[str, Any] | None:
    decision = find_sent(session, case)
    if decision is None:
        return None
    reasons = open_words(decision, "reasons", visit.vault).reveal()
    return {"said": OUTCOMES[decision.outcome], "reasons": reasons, "lang": case.locale}
