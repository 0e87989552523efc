"""The verbs of holding: ask, answer, write down that it was done; and what silence means.

Asked as soon as it is needed, also before anybody has said what kind of review it is: an effect does not wait for that.
The worker is told of each of them, in the timeline of their request and with a letter.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk, Turn, take_turn
from portal.core import ids
from portal.core.clock import london_day
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.decision_review.holding.models import HoldQuestion
from portal.decision_review.holding.queries import (
    choose_manager,
    find_open,
    list_managers,
    list_questions,
    read_safety,
    reasons_context,
)
from portal.decision_review.holding.rules import Answer, Because, Safety, why_ask
from portal.decision_review.queries import find_class, get_request
from portal.decision_review.rules import HOLD_WORKING_DAYS, State
from portal.decision_review.steps import STEPS, UNFINISHED
from portal.decision_review.telling import write_to, write_to_board, write_to_officers

ANSWERED = pmsg("error", "This was answered already. Look at the answer before you go on")
SAY_WHY = pmsg("error", "Say why the effect does not wait. The worker reads it")
NOT_HELD = pmsg("error", "There is nothing to write down: the answer was not that the effect waits")
ONE_WAITS = pmsg("error", "It was asked already, and waits for an answer")
MANAGER = frozenset({Relation.RESPONSIBLE_MANAGER})


def consider(session: Session, case: Case, *, desk: Desk) -> HoldQuestion | None:
    """Ask if it has to be asked and was not yet for this reason. Called when a review comes in, and when its class is
    said; by whom, makes no difference."""
    standing = find_class(session, case)
    request = get_request(session, case)
    asked = list_questions(session, case)
    because = why_ask(standing.review_class if standing else None, request.effect_on, case.target_on)
    if case.state in UNFINISHED and because is not None and not asked:
        _open(session, case, because, desk)
    question = find_open(session, case)
    if question is not None and case.state == State.CLASSIFIED:
        cases.take_step(session, Relation.PORTAL, case, STEPS["ask_hold"], desk=desk)
    return question


def ask(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> HoldQuestion | None:
    """An officer asks although no rule says so, or once more."""
    if not was_sent(session, case, sent):
        turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
        if not may_ask(session, case):
            raise Refused(ONE_WAITS)
        turn.tell("hold_wanted", msg("An officer wants to know whether the effect waits"), event_id=sent.form_id)
        _open(session, case, Because.ASKED, desk)
        if case.state == State.CLASSIFIED:
            cases.take_step(session, Relation.PORTAL, case, STEPS["ask_hold"], desk=desk)
    return find_open(session, case)


def may_ask(session: Session, case: Case) -> bool:
    """Whether an officer can ask now: the review goes on, and nothing waits."""
    return case.state in UNFINISHED and find_open(session, case) is None


def answer(
    session: Session,
    by: By,
    case: Case,
    question: HoldQuestion,
    said: Answer,
    words: Words | None,
    *,
    lang: Locale,
    desk: Desk,
) -> HoldQuestion:
    """The manager's answer, or their deputy's. Going on needs reasons, which the worker reads."""
    turn = take_turn(session, by, case, MANAGER, desk=desk)
    session.refresh(question, with_for_update=True)
    if question.answer is not None:
        if question.answered_by == turn.account_id and question.answer is said:
            return question
        raise Refused(ANSWERED)
    if said is Answer.GOES_ON and not words:
        raise Refused(SAY_WHY)
    question.answer, question.answered_at, question.answered_by = said, desk.now, turn.account_id
    if words:
        question.reasons = desk.vault.seal(words, context=reasons_context(question.id))
        question.lang = lang.value
    session.flush()
    turn.tell("hold_answered", _SAID[said])
    tell(session, case, desk, "case_news")
    return question


def record_done(session: Session, by: By, case: Case, question: HoldQuestion, *, desk: Desk) -> HoldQuestion:
    """The effect was really stopped: said by the manager's side or an officer, in their role. A second time is none."""
    turn = take_turn(session, by, case, MANAGER | {Relation.OFFICER}, desk=desk)
    session.refresh(question, with_for_update=True)
    if question.case_id != case.id:
        raise NotFound
    if question.answer is not Answer.HOLD:
        raise Refused(NOT_HELD)
    if question.done_at is None:
        question.done_at, question.done_by, question.done_role = desk.now, turn.account_id, turn.role.value
        session.flush()
        turn.tell("hold_done", msg("The effect of the decision was stopped until the review is decided"))
        tell(session, case, desk, "case_news")
    return question


def run_out(session: Session, case: Case, question: HoldQuestion, *, desk: Desk) -> bool:
    """Nobody answered in time. Where waiting is safe, it waits; where it is not, the top of the body is asked, once."""
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    session.refresh(question, with_for_update=True)
    if question.answer is not None or question.answer_by >= desk.today:
        return False
    if question.safety is not Safety.SAFE:
        return question.escalated_at is None and _escalate(turn, question)
    question.answer, question.answered_at, question.is_default = Answer.HOLD, desk.now, True
    session.flush()
    turn.tell("hold_by_default", msg("Nobody answered in time, so the effect of the decision waits"))
    _write_to_managers(session, case, desk)
    tell(session, case, desk, "case_news")
    return True


def chase(session: Session, case: Case, question: HoldQuestion, *, desk: Desk) -> bool:
    """A hold that nobody wrote down as done: its managers and officers hear of it once, and the worker reads it."""
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    session.refresh(question, with_for_update=True)
    answered_at = question.answered_at
    if question.done_at is not None or question.chased_at is not None or answered_at is None:
        return False
    if desk.today <= desk.calendar.later(london_day(answered_at), HOLD_WORKING_DAYS):
        return False
    question.chased_at = desk.now
    session.flush()
    turn.tell("hold_chased", msg("The effect should wait, and nobody has written down yet that it was stopped"))
    _write_to_managers(session, case, desk)
    write_to_officers(session, case, desk=desk)
    return True


_SAID: dict[Answer, Message] = {
    Answer.HOLD: msg("The responsible manager answered: the effect waits until the review is decided"),
    Answer.GOES_ON: msg("The responsible manager answered: the effect does not wait"),
}


def _open(session: Session, case: Case, because: Because, desk: Desk) -> HoldQuestion:
    chosen = choose_manager(session, case, today=desk.today)
    question = HoldQuestion(
        id=ids.new_id(),
        case_id=case.id,
        because=because,
        safety=read_safety(session, case, get_request(session, case)),
        person_id=chosen.person.id if chosen.person else None,
        is_deputy=chosen.is_deputy,
        asked_at=desk.now,
        answer_by=answer_by(desk),
    )
    session.add(question)
    session.flush()
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    turn.tell(
        "hold_asked",
        msg("We asked whether the effect of the decision waits. Answer due: {date}", date=question.answer_by),
    )
    if chosen.person is not None:
        write_to(session, chosen.person, "review_hold_asked", desk=desk)
    else:
        _escalate(turn, question)
    tell(session, case, desk, "case_news")
    return question


def answer_by(desk: Desk) -> date:
    """The end of the next working day."""
    return desk.calendar.later(desk.today, HOLD_WORKING_DAYS)


def _escalate(turn: Turn, question: HoldQuestion) -> bool:
    """The addresses at the top of the body, and every manager who is here, hear of it. The question stays open."""
    question.escalated_at = turn.desk.now
    turn.session.flush()
    turn.tell("hold_escalated", msg("The question whether the effect waits went to the top of the employer"))
    _write_to_managers(turn.session, turn.case, turn.desk)
    write_to_officers(turn.session, turn.case, desk=turn.desk)
    write_to_board(turn.session, turn.case, "review_hold_escalated", desk=turn.desk)
    tell(turn.session, turn.case, turn.desk, "case_news")
    return True


def _write_to_managers(session: Session, case: Case, desk: Desk) -> None:
    for asked in list_managers(session, case, today=desk.today):
        if asked.person is not None:
            write_to(session, asked.person, "review_hold_asked", desk=desk)
