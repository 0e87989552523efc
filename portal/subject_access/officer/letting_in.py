"""Two officers let somebody in again whom the body left out, or who stepped back. No wish of the requester ends so."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.officers import write_to
from portal.cases.queries import facts_of, find_assigned
from portal.cases.rules import Duty
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.subject_access.asking.leaving import may_read
from portal.subject_access.asking.letting_in import is_wished, open_to
from portal.subject_access.asking.models import LeftOut, Wish
from portal.subject_access.officer.leaving import OFFICER, list_left, pass_case
from portal.subject_access.rules import State
from portal.subject_access.searching.seconds import tell_seconds
from portal.subject_access.service import tell

WISHED = pmsg("error", "The person who asked wants it so. Only they can let somebody in again")
WRITE_WHY = pmsg("error", "Write why, for the second person")
ANOTHER = pmsg("error", "You proposed this. Another officer has to say yes or no")
PROPOSER_GONE = pmsg(
    "error", "Whoever proposed this was left out of the request since. Say no, so that it is proposed anew"
)


def propose_return(
    session: Session, actor: Actor, case: Case, person_id: str, because: Words, *, desk: Desk
) -> LeftOut:
    """The first of two officers. A second POST changes nothing; a colleague's proposal is answered, not replaced."""
    turn, left_out = _held(session, actor, case, person_id, desk)
    if is_wished(session, left_out):
        raise Refused(WISHED)
    if not because:
        raise Refused(WRITE_WHY)
    if left_out.return_by is not None:
        if left_out.return_by != turn.account_id:
            raise Conflict(MOVED_ON)
        return left_out
    left_out.return_by, left_out.return_at = turn.account_id, desk.now
    left_out.return_because = desk.vault.seal(because, context=_context(left_out))
    turn.tell("propose_let_in", msg("To let somebody in again was proposed to a second person"), visible=False)
    tell_seconds(session, case, turn.account_id, desk=desk)
    return left_out


def answer_return(session: Session, actor: Actor, case: Case, person_id: str, *, is_yes: bool, desk: Desk) -> None:
    """The second officer says yes, and nothing keeps them away any more; or no. The first may only take it back."""
    turn, left_out = _held(session, actor, case, person_id, desk)
    if left_out.return_by is None:
        raise Conflict(MOVED_ON)
    if not is_yes:
        left_out.return_by = left_out.return_at = left_out.return_because = None
        turn.tell("let_in_refused", msg("Nobody was let in again"), visible=False)
        return
    if left_out.return_by == turn.account_id:
        raise Refused(ANOTHER)
    if session.get_one(Account, left_out.return_by).person_id in facts_of(session, case).excluded:
        raise Refused(PROPOSER_GONE)
    if is_wished(session, left_out):
        raise Refused(WISHED)
    open_to(turn, left_out)
    take_up(session, case, desk=desk)
    tell(session, case, desk, "case_news")


def tell_let_in(session: Session, case: Case, wish: Wish, *, desk: Desk) -> None:
    """The requester let in again whom they had left out: an officer takes the request if nobody has it."""
    officers = take_up(session, case, desk=desk)
    handler = find_assigned(session, case, Duty.HANDLER)
    for one in [handler] if handler is not None else officers:
        if may_read(wish, one, desk.vault):
            write_to(session, one, "access_let_in", desk)


def take_up(session: Session, case: Case, *, desk: Desk) -> list[Person]:
    """A request that was begun and that nobody has goes to one of the officers who may; gives all of these."""
    officers = list_left(session, case, desk=desk)
    if case.is_open and case.state != State.RECEIVED and officers:
        pass_case(session, case, officers, desk)
    return officers


def open_return_because(left_out: LeftOut, vault: Vault) -> Words | None:
    """Why an officer wants somebody let in again."""
    if left_out.return_because is None:
        return None
    return vault.open_words(left_out.return_because, context=_context(left_out))


def _held(session: Session, actor: Actor, case: Case, person_id: str, desk: Desk) -> tuple[Turn, LeftOut]:
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    left_out = session.get(LeftOut, (case.id, person_id))
    if left_out is None:
        raise NotFound
    session.refresh(left_out)
    return turn, left_out


def _context(left_out: LeftOut) -> str:
    return f"access_left_out.return_because:{left_out.case_id}:{left_out.person_id}"
