"""What time does to complaints: somebody is found, news falls due, days pass, and at the end they are closed and go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import holding
from portal.cases import service as cases
from portal.cases.board import ask_for_a_name, list_top
from portal.cases.locking import each_alone, hold_to_delete
from portal.cases.models import Case
from portal.cases.officers import addressee_of
from portal.cases.queries import facts_of
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn
from portal.cases.warning import AFTER_THE_WORKER
from portal.complaints.erasing import erase, list_going
from portal.complaints.figures import freeze
from portal.complaints.handling import (
    find_handler,
    give_to_somebody,
    keep_away,
    whom_to_keep_away,
)
from portal.complaints.models import Complaint, ComplaintRemedy, ComplaintWarning, Enquiry, RegulatorMatter
from portal.complaints.opening import begin
from portal.complaints.queries import find_sent, get_complaint, list_enquiries, list_remedies
from portal.complaints.rules import State, Warned, closes_on, last_progress_due, progress_due
from portal.complaints.service import progress_over
from portal.complaints.steps import CLOSABLE, STEPS
from portal.core.blobs import BlobStore
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.text import msg
from portal.directory.queries import get_person
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 500
SOON = timedelta(days=5)
"""So long before the last day somebody hears that a complaint is not acknowledged."""


@dataclass(frozen=True, slots=True)
class Falling:
    """Something that is due or late: what, about which row, its day, who hears of it, with which letter."""

    kind: Warned
    about: str
    due_on: date
    template: str
    to_board: bool = False
    people: tuple[str, ...] = ()


def find_handlers(database: Database, settings: Settings, now: datetime) -> int:
    """Keep away whom the portal has to keep away by now, and find somebody for complaints that nobody handles."""
    desk = _desk(settings, now)
    with database.reading() as session:
        unsettled = [case.id for case in _open(session) if _is_unsettled(session, case, desk)]

    def settle(session: Session, case: Case) -> bool:
        keep_away(session, case, desk=desk)
        was_found = find_handler(session, case) is None and give_to_somebody(session, case, desk=desk) is not None
        begin(session, case, desk=desk)
        return was_found

    return each_alone(database, unsettled, settle)


def _is_unsettled(session: Session, case: Case, desk: Desk) -> bool:
    return find_handler(session, case) is None or bool(whom_to_keep_away(session, case, desk=desk))


def prompt_progress(database: Database, settings: Settings, now: datetime) -> int:
    """Ten working days after the last news, the complaint waits for news again."""
    desk = _desk(settings, now)
    told = select(Case.id, Complaint.told_on).join(Complaint, Complaint.case_id == Case.id)
    with database.reading() as session:
        rows = session.execute(told.where(Case.is_open, Case.state == State.PROGRESS)).all()
        due = [case_id for case_id, told_on in rows if desk.today >= progress_due(told_on, desk.calendar)]

    def prompt(session: Session, case: Case) -> bool:
        if case.state != State.PROGRESS:
            return False
        progress_over(session, case, desk=desk)
        return True

    return each_alone(database, due, prompt)


def warn(database: Database, settings: Settings, now: datetime) -> int:
    """Each day that is due or was missed is told once, to who can do something about it."""
    desk = _desk(settings, now)
    with database.reading() as session:
        waiting = [
            case.id
            for case in [*_open(session), *_being_put_right(session)]
            if any(not _was_warned(session, case.id, one) for one in list_falling(session, case, desk))
        ]
    return each_alone(
        database,
        waiting,
        lambda session, case: any([_warn(session, case, one, desk) for one in [*list_falling(session, case, desk)]]),
    )


def close_complaints(database: Database, settings: Settings, now: datetime) -> int:
    """Close what nobody can take up again, once all is put right and the ICO has ended. Its holds end with it."""
    desk = _desk(settings, now)
    with database.reading() as session:
        ended = [case.id for case in _closable(session) if _is_over(case, desk.today)]

    def close(session: Session, case: Case) -> bool:
        if case.state not in CLOSABLE or not _is_over(case, desk.today):
            return False
        freeze(session, case, find_sent(session, case), desk.calendar)
        cases.take_step(session, Relation.PORTAL, case, STEPS["close"], desk=desk)
        holding.let_go_for(session, case, desk=desk)
        return True

    return each_alone(database, ended, close)


def delete_complaints(database: Database, settings: Settings, now: datetime) -> int:
    """Delete complaints whose time is over; each in a transaction of its own, asked again with the row held."""
    blobs, today, done = BlobStore(settings.blob_folder, settings.vault), london_day(now), 0
    with database.reading() as session:
        due = [one for one in list_going(session, today) if not one.is_held]
    for one in due:
        with database.writing() as session:
            case = hold_to_delete(session, one.case_id)
            if case is not None and one in list_going(session, today, case_id=case.id):
                erase(session, case, blobs, now=now)
                done += 1
        database.let_others_in()
    return done


def list_falling(session: Session, case: Case, desk: Desk) -> Iterator[Falling]:
    """What is due or late in a complaint today. Once it has its outcome, only what was promised is."""
    complaint, today = get_complaint(session, case), desk.today
    yield from _tasks(session, case, today)
    if not case.is_open:
        return
    if find_handler(session, case) is None:
        yield Falling(Warned.NOBODY, case.id, case.received_on, "complaint_nobody", to_board=True)
    yield from _days(case, complaint, today)
    news_on = last_progress_due(complaint.told_on, today, desk.calendar)
    if news_on is not None:
        yield Falling(Warned.PROGRESS, case.id, news_on, "complaint_due")


def _days(case: Case, complaint: Complaint, today: date) -> Iterator[Falling]:
    """The law's day while it is not acknowledged; from then on the portal's own two."""
    if complaint.acknowledged_on is None:
        if case.due_on < today:
            yield Falling(Warned.NOT_ACKNOWLEDGED, case.id, case.due_on, "complaint_missed", to_board=True)
        elif case.due_on - SOON <= today:
            yield Falling(Warned.ACKNOWLEDGE, case.id, case.due_on, "complaint_due")
    else:
        if case.due_on < today:
            yield Falling(Warned.CEILING, case.id, case.due_on, "complaint_board", to_board=True)
        if case.target_on < today:
            yield Falling(Warned.TARGET, case.id, case.target_on, "complaint_due")


def _tasks(session: Session, case: Case, today: date) -> Iterator[Falling]:
    asked = list_enquiries(session, case) if case.is_open else ()
    kept_away = facts_of(session, case).excluded
    rows: list[Enquiry | ComplaintRemedy] = [
        one for one in asked if one.answered_at is None and (one.asked_by or one.person_id not in kept_away)
    ]
    rows += [one for one in list_remedies(session, case) if one.given_at is not None and one.done_on is None]
    for row in rows:
        if row.due_on < today:
            yield Falling(Warned.TASK, row.id, row.due_on, "complaint_task_late", people=(row.person_id,))


def _was_warned(session: Session, case_id: str, one: Falling) -> bool:
    return session.get(ComplaintWarning, (case_id, one.about, one.kind, one.due_on)) is not None


def _warn(session: Session, case: Case, one: Falling, desk: Desk) -> bool:
    if _was_warned(session, case.id, one):
        return False
    session.add(ComplaintWarning(case_id=case.id, about=one.about, kind=one.kind, due_on=one.due_on, sent_at=desk.now))
    at = desk.now
    if one.kind is Warned.NOT_ACKNOWLEDGED:
        at += AFTER_THE_WORKER
        tell(session, case, desk, "complaint_late")
        said = msg("The complaint was not acknowledged by {date}, the day by which it had to be", date=case.due_on)
        Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk).tell("not_acknowledged", said)
    for to in _listeners(session, case, one, desk):
        queue(session, vault=desk.vault, to=to, template=one.template, values={}, now=at)
    facts = {"kind": one.kind.value}
    record(
        session,
        actor=None,
        event="complaint.warned",
        subject=case.id,
        now=desk.now,
        body_id=case.body_id,
        facts=facts,
    )
    return True


def _listeners(session: Session, case: Case, one: Falling, desk: Desk) -> Iterable[Addressee]:
    """Each address once. Where nobody outside the chain is named, the administrators hear that a name is missing, and
    nothing of a complaint. Nobody who complained, or is kept away, hears of it; who is asked hears of their task."""
    facts = facts_of(session, case)
    handler = find_handler(session, case)
    people = {person_id: get_person(session, person_id) for person_id in one.people}
    people |= {handler.id: handler} if handler is not None else {}
    top = list_top(session, case, today=desk.today) if one.to_board else []
    if one.to_board and not top:
        ask_for_a_name(session, case.body_id, desk=desk)
    kept_away = {facts.requester_person_id} | (facts.excluded - set(one.people))
    told = {person.email: addressee_of(person) for key, person in people.items() if key not in kept_away}
    for to in top:
        told.setdefault(to.email, to)
    return told.values()


def _open(session: Session) -> list[Case]:
    found = select(Case).where(Case.kind == CaseKind.COMPLAINT, Case.is_open)
    return list(session.scalars(found.order_by(Case.due_on, Case.id).limit(MOST_AT_ONCE)))


def _being_put_right(session: Session) -> list[Case]:
    found = select(Case).where(Case.kind == CaseKind.COMPLAINT, ~Case.is_open, Case.state == State.REMEDY)
    return list(session.scalars(found.order_by(Case.id).limit(MOST_AT_ONCE)))


def _closable(session: Session) -> list[Case]:
    at_the_ico = exists().where(RegulatorMatter.case_id == Case.id, RegulatorMatter.ended_on.is_(None))
    to_do = exists().where(
        ComplaintRemedy.case_id == Case.id, ComplaintRemedy.given_at.is_not(None), ComplaintRemedy.done_on.is_(None)
    )
    found = select(Case).where(
        Case.kind == CaseKind.COMPLAINT, ~Case.is_open, Case.state.in_(sorted(CLOSABLE)), ~at_the_ico, ~to_do
    )
    return list(session.scalars(found.order_by(Case.finished_on, Case.id).limit(MOST_AT_ONCE)))


def _is_over(case: Case, today: date) -> bool:
    return case.finished_on is not None and today >= closes_on(case.state, case.finished_on)


def _desk(settings: Settings, now: datetime) -> Desk:
    return Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
