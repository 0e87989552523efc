"""A form of a desk that was sent: once, and only if the case still stands as its page showed it. And news of a case."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases.correspondence import find_addressee
from portal.cases.locking import hold
from portal.cases.models import Case, CaseEvent, CaseMessage
from portal.cases.turn import MOVED_ON, Desk
from portal.core.errors import Conflict, NotFound
from portal.notifications.service import queue


@dataclass(frozen=True, slots=True)
class Sent:
    """A desk form that was sent: its id, and the version of the case that its page showed (None: do not ask)."""

    form_id: str
    version: int | None = None


def was_sent(session: Session, case: Case, sent: Sent) -> bool:
    """True if this form did its work before. Raises Conflict if the case has changed since its page was made."""
    found = session.get(CaseMessage, sent.form_id) or session.get(CaseEvent, sent.form_id)
    if found is not None:
        if found.case_id != case.id:
            raise NotFound
        return True
    hold(session, case)
    if sent.version is not None and sent.version != case.version:
        raise Conflict(MOVED_ON)
    return False


def tell(session: Session, case: Case, desk: Desk, template: str) -> None:
    """A letter that says that there is news and no more, where an address is known."""
    to = find_addressee(session, case, desk.vault)
    if to is not None:
        queue(session, vault=desk.vault, to=to, template=template, values={}, now=desk.now)
