"""The outcome: reasons, what is put right, the routes onward. About the body's own officers two people decide."""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.officers import write_to
from portal.cases.rules import Relation
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk, Turn, take_turn
from portal.complaints import letters
from portal.complaints.enquiring import check_person
from portal.complaints.figures import write_outcome
from portal.complaints.handling import check_apart, find_handler
from portal.complaints.letters import PutRight
from portal.complaints.models import ComplaintDecision, ComplaintRemedy
from portal.complaints.queries import context_of, find_sent, find_waiting, get_complaint, list_remedies, open_words
from portal.complaints.rules import Outcome, Theme, reopen_until
from portal.complaints.steps import STEPS, WAS_TAKEN_BACK
from portal.complaints.taking import check_takes
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, msg, pmsg
from portal.directory.models import Person
from portal.directory.queries import get_body, get_person
from portal.identity.actor import Actor
from portal.timelimits.events import EventKind

OFFICERS = frozenset({Relation.OFFICER})
WAITS = pmsg("error", "An outcome already waits for the second person")
NOTHING_WAITS = pmsg("error", "No outcome waits for a second person")
SOMEBODY_ELSE = pmsg("error", "You wrote this outcome. Somebody else has to sign it")
DAY_AHEAD = pmsg("error", "The day must be today or later")
ALREADY = pmsg("error", "This was done already")


def plan_remedy(
    session: Session, by: Actor, case: Case, what: Words, person: Person, due_on: date, form_id: str, *, desk: Desk
) -> ComplaintRemedy:
    """Something to put right, by whom and until when. Before the outcome it is a plan; after it, the owner is told."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    known = session.get(ComplaintRemedy, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    check_takes(case, "remedy", desk)
    if not case.is_open and find_sent(session, case) is None:  # taken back, and now at the ICO
        raise Refused(WAS_TAKEN_BACK)
    if case.is_open:  # whoever decided it may still see to it that more is put right
        check_apart(session, by, case, today=desk.today)
    check_person(session, case, person)
    if due_on < desk.today:
        raise Refused(DAY_AHEAD)
    remedy = ComplaintRemedy(id=form_id, case_id=case.id, person_id=person.id, due_on=due_on, planned_at=desk.now)
    remedy.what = desk.vault.seal(what, context=context_of(remedy, "what"))
    session.add(remedy)
    session.flush()
    turn.tell("plan_remedy", msg("Something to put right was written down"), visible=False)
    if not case.is_open:
        _give_remedies(turn)
    return remedy


def drop_remedy(session: Session, by: Actor, case: Case, remedy_id: str, *, desk: Desk) -> None:
    """Take a plan back; what was promised with an outcome stays."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, "remedy", desk)
    remedy = session.get(ComplaintRemedy, remedy_id)
    if remedy is None or remedy.case_id != case.id or remedy.given_at is not None:
        raise NotFound
    session.delete(remedy)
    turn.tell("drop_remedy", msg("Something to put right was taken back"), visible=False)


def decide(
    session: Session, by: Actor, case: Case, outcome: Outcome, theme: Theme, reasons: Words, sent: Sent, *, desk: Desk
) -> ComplaintDecision:
    """Write the outcome in the person's language. It goes out at once, or waits for the second person."""
    known = session.get(ComplaintDecision, sent.form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    was_sent(session, case, sent)
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, "decide", desk)
    check_apart(session, by, case, today=desk.today)
    if find_waiting(session, case) is not None:
        raise Refused(WAITS)
    decision = ComplaintDecision(
        id=sent.form_id,
        case_id=case.id,
        outcome=outcome,
        theme=theme,
        needs_second=get_complaint(session, case).is_about_office,
        proposed_by=by.account_id,
        proposed_at=desk.now,
    )
    decision.reasons = desk.vault.seal(reasons, context=context_of(decision, "reasons"))
    session.add(decision)
    session.flush()
    if decision.needs_second:
        turn.tell("propose", msg("The outcome was written and is with a second person"))
    else:
        _send(turn, decision, by, sent.form_id)
    return decision


def sign(session: Session, by: Actor, case: Case, *, approves: bool, comment: Words, sent: Sent, desk: Desk) -> None:
    """The second person signs the outcome, or sends it back with a comment."""
    if was_sent(session, case, sent):
        return
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    check_takes(case, "sign", desk)
    decision = find_waiting(session, case)
    if decision is None:
        raise Refused(NOTHING_WAITS)
    if decision.proposed_by == by.account_id:
        raise Refused(SOMEBODY_ELSE)
    check_apart(session, by, case, today=desk.today)
    if comment:
        decision.comment = desk.vault.seal(comment, context=context_of(decision, "comment"))
    if approves:
        _send(turn, decision, by, sent.form_id)
        return
    decision.decided_by, decision.decided_at, decision.is_approved = by.account_id, desk.now, False
    session.flush()
    turn.tell("send_back", msg("The second person sent the outcome back"), visible=False, event_id=sent.form_id)


def finish_remedy(session: Session, by: Actor, remedy: ComplaintRemedy, words: Words, *, desk: Desk) -> None:
    """Its owner says what was done; the person who complained reads it."""
    if remedy.person_id != by.person_id or remedy.given_at is None:
        raise NotFound
    case = session.get_one(Case, remedy.case_id)
    hold(session, case)
    session.refresh(remedy)
    if remedy.done_on is not None:
        raise Refused(ALREADY)
    check_takes(case, "finish", desk)
    remedy.done = desk.vault.seal(words, context=context_of(remedy, "done"))
    remedy.done_on = desk.today
    Turn(session, by, case, Relation.SEARCHER, desk).tell("remedy_done", msg("Something was put right"))
    tell(session, case, desk, "case_news")
    handler = find_handler(session, case)
    if handler is not None and handler.id != by.person_id:
        write_to(session, handler, "complaint_answered", desk)


def _send(turn: Turn, decision: ComplaintDecision, by: Actor, form_id: str) -> None:
    """The letter in the person's language, the end of the clock, the tasks, and the figures."""
    session, case, desk, lang = turn.session, turn.case, turn.desk, Locale(turn.case.locale)
    complaint = get_complaint(session, case)
    decision.decided_by, decision.decided_at, decision.is_approved = by.account_id, desk.now, True
    body = get_body(session, case.body_id)
    planned = [one for one in list_remedies(session, case) if one.given_at is None]
    letter = letters.outcome(
        decision.outcome,
        open_words(decision, "reasons", desk.vault),
        [PutRight(open_words(one, "what", desk.vault), one.due_on) for one in planned],
        Bilingual(body.name_cy, body.name_en),
        reopen_until(desk.today),
        lang,
    )
    if complaint.acknowledged_on is None:
        complaint.acknowledged_on = desk.today
        turn.clock(EventKind.ACKNOWLEDGED)
    complaint.told_on = desk.today
    session.flush()
    writing = Writing(form_id, letter, lang)
    correspondence.write_letter(session, by, case, writing, desk=desk, step=STEPS["decide"])
    tell(session, case, desk, "case_news")
    write_outcome(session, case, decision, desk.calendar)
    _give_remedies(turn)


def _give_remedies(turn: Turn) -> None:
    """What was planned becomes somebody's task, and they are told."""
    session, case, desk = turn.session, turn.case, turn.desk
    given = [one for one in list_remedies(session, case) if one.given_at is None]
    for remedy in given:
        remedy.given_at = desk.now
        write_to(session, get_person(session, remedy.person_id), "complaint_task", desk)
    if given and case.state in STEPS["fix"].froms:
        cases.take_step(session, Relation.PORTAL, case, STEPS["fix"], desk=desk)
