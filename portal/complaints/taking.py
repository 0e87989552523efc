"""Whether a complaint still takes what somebody wants to do. Every verb of the desk asks, with the row held."""

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.complaints.steps import why_not
from portal.core.errors import Refused


def check_takes(case: Case, verb: str, desk: Desk) -> None:
    """Raises Refused where it does not; what it says is what can be done instead."""
    refusal = why_not(verb, case.state, case.finished_on, desk.today)
    if refusal is not None:
        raise Refused(refusal)
