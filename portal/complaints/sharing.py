"""What a complaint shows to somebody who represents its person: what the person ticked, and nothing else."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.speaking import Shared
from portal.complaints.lines import LINES
from portal.complaints.queries import find_sent, get_complaint, list_remedies, open_words
from portal.complaints.rules import OUTCOMES, may_reopen, reopen_until
from portal.web.anonymous import Visit
from portal.web.arriving import ACCEPT

SHARES = (Shared.ASKED, Shared.HISTORY, Shared.LETTERS, Shared.OUTCOME)
"""The parts that a complaint has."""

__all__ = ["LINES", "SHARES", "shared_part"]


def shared_part(session: Session, visit: Visit, case: Case, parts: frozenset[Shared]) -> tuple[str, dict[str, Any]]:
    """The template and its values; what is not shared is not even opened."""
    return "complaints/shared_part.html", {
        "asked": _asked(session, visit, case) if Shared.ASKED in parts else None,
        "outcome": _outcome(session, visit, case) if Shared.OUTCOME in parts else None,
        "accept": ACCEPT,
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
    put_right = [
        (open_words(one, "what", visit.vault).reveal(), one.due_on, one.done_on)
        for one in list_remedies(session, case)
        if one.given_at is not None
    ]
    may_reopen_now = may_reopen(case.state, case.finished_on, visit.today)
    return {
        "said": OUTCOMES[decision.outcome],
        "reasons": reasons,
        "lang": case.locale,
        "put_right": put_right,
        "reopen_until": reopen_until(case.finished_on) if may_reopen_now and case.finished_on else None,
    }
