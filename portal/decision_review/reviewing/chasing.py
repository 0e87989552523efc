"""Chasing what a review waits for: who can bring it is reminded; then it goes further up, and the reviewer goes on."""

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.locking import each_alone
from portal.cases.models import Case, CaseMessage
from portal.cases.queries import facts_of
from portal.cases.rules import Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.db import Database
from portal.core.errors import NotFound, Refused
from portal.core.text import msg, pmsg
from portal.decision_review.holding.queries import list_managers
from portal.decision_review.reviewing.models import ReviewChase, ReviewerQuestion
from portal.decision_review.reviewing.queries import list_seats
from portal.decision_review.reviewing.rules import Chased
from portal.decision_review.reviewing.seating import sitting
from portal.decision_review.reviewing.waiting import Waiting, list_stages, list_waiting, may_wait
from portal.decision_review.telling import write_to, write_to_board, write_to_officers
from portal.directory.queries import get_person
from portal.identity.actor import Actor
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

NOT_LATE = pmsg("error", "There is still time to answer. You can go on without an answer when its day is over")


def chase_reviewing(database: Database, settings: Settings, now: datetime) -> int:
    """Questions that nobody answers, and seats that nobody was given."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        asked = select(Case).where(may_wait()).order_by(Case.id)
        due = [case.id for case in session.scalars(asked) if _list_due(session, case, desk)]
    return each_alone(database, due, partial(chase, desk=desk))


def chase(session: Session, case: Case, *, desk: Desk) -> bool:
    """Chase everything in one review that is due. What was chased so far is not chased again."""
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    due = _list_due(session, case, desk)
    for waiting, stages in due:
        for stage in stages:
            session.add(ReviewChase(case_id=case.id, about=waiting.about, stage=stage, sent_at=desk.now))
            session.flush()
            (_remind if stage is Chased.REMINDED else _go_further)(turn, waiting)
    return bool(due)


def go_on_without(session: Session, actor: Actor, case: Case, question_id: str, *, desk: Desk) -> None:
    """The reviewer does not wait for an answer that is late. Who was asked is asked no more."""
    seat = sitting(session, actor, case, desk)
    waiting = {one.about: one for one in list_waiting(session, case, desk.calendar, today=desk.today)}
    found = waiting.get(question_id)
    if found is None:
        raise NotFound
    if not found.is_late(desk.today):
        raise Refused(NOT_LATE)
    if isinstance(found.of, CaseMessage):
        correspondence.go_on_without_answer(session, actor, case, desk=desk, of=question_id)
        return
    if not isinstance(found.of, ReviewerQuestion) or found.of.seat_id != seat.id:
        raise NotFound
    found.of.ended_at = desk.now
    session.flush()
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("question_ended", msg("The reviewer went on without an answer to a question"))


def _list_due(session: Session, case: Case, desk: Desk) -> list[tuple[Waiting, list[Chased]]]:
    """What has to be chased now, and the steps that are still missing: after a gap both at once."""
    due = []
    for waiting in list_waiting(session, case, desk.calendar, today=desk.today):
        reached = waiting.stage(desk.today)
        if reached is None:
            continue
        done = list_stages(session, case, waiting.about)
        stages = [one for one in Chased if one not in done and (one is reached or one is Chased.REMINDED)]
        if stages:
            due.append((waiting, stages))
    return due


def _remind(turn: Turn, waiting: Waiting) -> None:
    session, case, desk = turn.session, turn.case, turn.desk
    if isinstance(waiting.of, CaseMessage):
        turn.tell("question_reminded", msg("The worker was reminded of a question that waits for an answer"))
        tell(session, case, desk, "case_news")
    elif isinstance(waiting.of, ReviewerQuestion):
        turn.tell("asked_reminded", msg("Somebody was reminded of a question of the reviewer"), visible=False)
        if waiting.of.person_id is not None and waiting.of.person_id not in facts_of(session, case).excluded:
            write_to(session, get_person(session, waiting.of.person_id), "review_question", desk=desk)
    else:
        turn.tell("seat_reminded", msg("Another reviewer still has to be chosen: the officers were reminded"))
        write_to_officers(session, case, desk=desk)


def _go_further(turn: Turn, waiting: Waiting) -> None:
    """Nobody is left out of it who was asked before; the reviewer hears that they may go on."""
    session, case, desk = turn.session, turn.case, turn.desk
    if isinstance(waiting.of, CaseMessage):
        turn.tell("answer_missing", msg("No answer came to a question. The review can go on without it"))
        _write_to_reviewers(turn, None)
    elif isinstance(waiting.of, ReviewerQuestion):
        said = msg("A question of the reviewer is late. The responsible manager was told, and the review can go on")
        turn.tell("asked_late", said)
        _write_to_managers(turn)
        _write_to_reviewers(turn, waiting.of.seat_id)
    else:
        turn.tell("seat_late", msg("No other reviewer was chosen in time. The top of the employer was told"))
        write_to_board(session, case, "review_seat_open", desk=desk)
        tell(session, case, desk, "case_news")
    write_to_officers(session, case, desk=desk)


def _write_to_managers(turn: Turn) -> None:
    for asked in list_managers(turn.session, turn.case, today=turn.desk.today):
        if asked.person is not None:
            write_to(turn.session, asked.person, "review_question_late", desk=turn.desk)


def _write_to_reviewers(turn: Turn, seat_id: str | None) -> None:
    """To who asked; of a question to the worker, to everybody who reviews."""
    for seat in list_seats(turn.session, turn.case):
        if seat_id in {None, seat.id}:
            write_to(turn.session, get_person(turn.session, seat.person_id), "review_task", desk=turn.desk)
