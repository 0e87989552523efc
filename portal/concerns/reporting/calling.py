"""«Somebody may be hurt now»: the one thing that leaves the seal, and only where the reporter says so.

Whoever can open the thread gets a letter, within a minute unless very many ask at the same body, which says that
something urgent has come and not a word of it (`portal/concerns/telling.py`: this side cannot write letters). Nobody
else is told: a person who was left out learns nothing here either.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.concerns.models import ConcernCall
from portal.core.errors import TooMany
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import list_present

MOST_WAITING = 50
MINUTE = 60


def call_readers(session: Session, case: SealedCase) -> bool:
    """Ask for letters to everybody who can open the thread now; False when there is nobody.

    It is asked for when the concern has been stored, in a transaction of its own. TooMany when so many calls wait at
    the same body that one more would be no help.
    """
    if not list_present(session, case):
        return False
    if session.get(ConcernCall, case.case_id) is not None:
        return True
    waiting = select(func.count()).join_from(ConcernCall, SealedCase, SealedCase.case_id == ConcernCall.case_id)
    if (session.scalar(waiting.where(SealedCase.body_id == case.body_id)) or 0) >= MOST_WAITING:
        raise TooMany(MINUTE)
    session.add(ConcernCall(case_id=case.case_id))
    return True
