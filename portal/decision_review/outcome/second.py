"""The second stage, and going elsewhere: asked by the worker, who decides it is in ``chairs`` and ``drafting``.

The law knows one review; this is the portal's own promise, with its own twenty working days.
"""

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.asking.queries import list_steps
from portal.decision_review.outcome.lastday import is_late
from portal.decision_review.outcome.models import Referral, StageTwo
from portal.decision_review.outcome.queries import list_letters, second_context
from portal.decision_review.outcome.rules import Elsewhere
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to_officers

ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
ONCE = pmsg("error", "The second stage can be asked for once, and it was")
NOT_DECIDED = pmsg("error", "The second stage looks at a decision, and this request ended without one")
SAY_WHY = pmsg("error", "Write why you do not agree")
SAY_WHY_LATE = pmsg("error", "The last day in the letter is over. Write why you ask now: we take it all the same")


def ask(
    session: Session, by: By, case: Case, why: Words, lang: Locale, *, desk: Desk, late_because: Words | None = None
) -> StageTwo:
    """The worker is not satisfied. Once in a review; a second POST gives the first.

    After the last day that the letter said it is taken all the same, with the reason why it is late: the day is the
    body's own rule.
    """
    if not why:
        raise Refused(SAY_WHY)
    take_turn(session, by, case, ASKING, desk=desk)
    known = session.get(StageTwo, case.id)
    if known is not None:
        if case.state == State.STAGE_TWO:
            return known
        raise Refused(ONCE)
    if not was_decided(session, case):
        raise Refused(NOT_DECIDED)
    late = is_late(session, case, today=desk.today)
    if late and not late_because:
        raise Refused(SAY_WHY_LATE)
    cases.take_step(session, by, case, STEPS["stage_two"], desk=desk)
    row = StageTwo(
        case_id=case.id,
        why=desk.vault.seal(why, context=second_context("why", case.id)),
        lang=lang.value,
        asked_at=desk.now,
        late_because=desk.vault.seal(late_because, context=second_context("late_because", case.id))
        if late and late_because
        else None,
    )
    session.add(row)
    session.flush()
    if late:
        turn = take_turn(session, by, case, ASKING, desk=desk)
        turn.tell("asked_late", msg("It was asked for after the employer’s own last day, and is taken all the same"))
    write_to_officers(session, case, desk=desk)
    return row


def may_ask(session: Session, case: Case) -> bool:
    """Whether the worker can ask for it now."""
    is_open = case.state in STEPS["stage_two"].froms and session.get(StageTwo, case.id) is None
    return is_open and was_decided(session, case)


def was_decided(session: Session, case: Case) -> bool:
    """A reviewer's letter went out, or an explanation: not so what was taken back, refused or never proved."""
    return bool(list_letters(session, case)) or "explain" in list_steps(session, case)


def go_elsewhere(session: Session, by: By, case: Case, elsewhere: Elsewhere, form_id: str, *, desk: Desk) -> Referral:
    """The worker says that they take it elsewhere, and loses nothing by it. A second POST gives the first."""
    known = session.get(Referral, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    name = "refer_at_once" if case.state == State.STAGE_TWO else "refer"
    if case.state == State.REFERRED:
        take_turn(session, by, case, ASKING, desk=desk)
    else:
        cases.take_step(session, by, case, STEPS[name], desk=desk)
    row = Referral(id=form_id, case_id=case.id, elsewhere=elsewhere, said_at=desk.now)
    session.add(row)
    session.flush()
    return row


def may_go(case: Case) -> bool:
    """Whether the worker can say so now."""
    return case.state in STEPS["refer"].froms | STEPS["refer_at_once"].froms
