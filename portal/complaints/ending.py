"""What the person can do at the end: take back, undo, ask to look again; and the Information Commission's matter."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence, holding
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.locking import hold_all
from portal.cases.models import Case
from portal.cases.rules import By, Duty, Relation
from portal.cases.sent import Sent, was_sent
from portal.cases.turn import Desk, take_turn
from portal.complaints import figures
from portal.complaints.handling import find_handler, give_to_somebody
from portal.complaints.models import RegulatorMatter, RegulatorRequest
from portal.complaints.queries import (
    context_of,
    find_sent,
    get_complaint,
    list_linked_cases,
    list_matters,
    list_remedies,
    list_requests,
)
from portal.complaints.rules import State, may_reopen, may_undo
from portal.complaints.steps import STEPS, back_step
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg

OFFICERS = frozenset({Relation.OFFICER})
BOTH = frozenset({Relation.OFFICER, Relation.REQUESTER})
TOO_LATE = pmsg("error", "It is too late for that. You can complain again, or go to the Information Commission (ICO)")
FINISHED = frozenset({State.OUTCOME, State.REMEDY, State.CLOSED, State.WITHDRAWN})
WITH_THE_ICO = pmsg("error", "This complaint is with the Information Commission already")
NOT_WITH_THE_ICO = pmsg("error", "This complaint is not with the Information Commission")
WRONG_DAY = pmsg("error", "The day must be between the day of receipt and today")


@dataclass(frozen=True, slots=True)
class IcoRequest:
    """What the Information Commission asked for: when, until when, in words."""

    asked_on: date
    due_on: date
    what: Words


def withdraw(session: Session, by: By, case: Case, *, desk: Desk) -> None:
    """Take one's own complaint back; nobody else can."""
    cases.take_step(session, by, case, STEPS["withdraw"], desk=desk)


def undo_withdrawal(session: Session, by: By, case: Case, *, desk: Desk) -> None:
    """The complaint goes on as if it had not been taken back; the clock counts every day between."""
    if not may_undo(case.state, case.finished_on, desk.today):
        raise Refused(TOO_LATE)
    cases.take_step(session, by, case, STEPS["undo_withdrawal"], desk=desk)


def reopen(session: Session, by: By, case: Case, words: Words, form_id: str, *, lang: Locale, desk: Desk) -> None:
    """Say why the outcome is not right. Somebody who did not decide it looks again. A second press changes nothing."""
    if was_sent(session, case, Sent(form_id)):
        return
    if not may_reopen(case.state, case.finished_on, desk.today):
        raise Refused(TOO_LATE)
    first = figures.freeze(session, case, find_sent(session, case), desk.calendar)
    correspondence.reply(session, by, case, Writing(form_id, words, lang), desk=desk, step=STEPS["reopen"])
    figures.reopen(session, first, form_id, desk.today)
    complaint = get_complaint(session, case)
    complaint.told_on, complaint.introduced_on = desk.today, None
    before = find_handler(session, case)
    if give_to_somebody(session, case, desk=desk) is None and before is not None:
        cases.end_assignment(session, Relation.PORTAL, case, before.id, Duty.HANDLER, desk=desk)


def to_regulator(
    session: Session, by: By, case: Case, sent: Sent, *, on: date, reference: str, desk: Desk
) -> RegulatorMatter:
    """Write down that the complaint went to the Information Commission, from wherever it stands. No clock stops."""
    if was_sent(session, case, sent):
        return list_matters(session, case)[0]
    matters = list_linked_cases(session, case)
    hold_all(session, [case, *matters])
    turn = take_turn(session, by, case, BOTH, desk=desk)
    if case.state == State.REGULATOR or any(one.ended_on is None for one in list_matters(session, case)):
        raise Refused(WITH_THE_ICO)
    if not case.received_on <= on <= desk.today:
        raise Refused(WRONG_DAY)
    matter = RegulatorMatter(id=sent.form_id, case_id=case.id, reference=reference, went_on=on, came_from=case.state)
    session.add(matter)
    session.flush()
    turn.move(STEPS["to_regulator"], event_id=sent.form_id)
    for about in matters:
        holding.keep_for(session, about.id, case, desk=desk)
    return matter


def add_request(session: Session, by: By, case: Case, asked: IcoRequest, sent: Sent, *, desk: Desk) -> None:
    """What the Information Commission asked the body for, with its day."""
    if was_sent(session, case, sent):
        return
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    matter = _open_matter(session, case)
    request = RegulatorRequest(id=sent.form_id, matter_id=matter.id, asked_on=asked.asked_on, due_on=asked.due_on)
    request.what = desk.vault.seal(asked.what, context=context_of(request, "what"))
    session.add(request)
    session.flush()
    turn.tell("ico_asked", msg("The Information Commission asked for something"), event_id=sent.form_id)


def answer_request(session: Session, by: By, case: Case, request_id: str, *, desk: Desk) -> None:
    """The body gave the Information Commission what it asked for, today."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    matter = _open_matter(session, case)
    request = next((one for one in list_requests(session, matter) if one.id == request_id), None)
    if request is None:
        raise NotFound
    if request.answered_on is None:
        request.answered_on = desk.today
        turn.tell("ico_answered", msg("The Information Commission was answered"))


def regulator_ended(session: Session, by: By, case: Case, result: Words, sent: Sent, *, on: date, desk: Desk) -> None:
    """The Information Commission ended the matter. The complaint stands again where it stood, or goes on."""
    if was_sent(session, case, sent):
        return
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    matter = _open_matter(session, case)
    if not matter.went_on <= on <= desk.today:
        raise Refused(WRONG_DAY)
    matter.ended_on = on
    matter.result = desk.vault.seal(result, context=context_of(matter, "result"))
    session.flush()
    to = _where_to(session, case, matter)
    turn.move(back_step(case.state, to), event_id=sent.form_id)
    if to == State.CLOSED:
        holding.let_go_for(session, case, desk=desk)


def set_reference(session: Session, by: By, case: Case, reference: str, sent: Sent, *, desk: Desk) -> None:
    """The Information Commission's own reference, once it is known."""
    if was_sent(session, case, sent):
        return
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    _open_matter(session, case).reference = reference
    said = msg("The Information Commission’s reference was written down")
    turn.tell("ico_reference", said, visible=False, event_id=sent.form_id)


def _open_matter(session: Session, case: Case) -> RegulatorMatter:
    found = next((one for one in list_matters(session, case) if one.ended_on is None), None)
    if found is None:
        raise Refused(NOT_WITH_THE_ICO)
    return found


def _where_to(session: Session, case: Case, matter: RegulatorMatter) -> str:
    """Where the complaint goes from the ICO: an outcome that was sent meanwhile stays, work that was open goes on, and
    what was promised there is still to be put right."""
    if case.state != State.REGULATOR:
        return case.state
    if case.is_open:
        return State.ENQUIRING.value
    if any(one.given_at is not None and one.done_on is None for one in list_remedies(session, case)):
        return matter.came_from if matter.came_from == State.WITHDRAWN else State.REMEDY.value
    return matter.came_from if matter.came_from in FINISHED else State.OUTCOME.value
