"""The verbs of an access request, from asking to the answer. What is released is in ``releasing``.

Each takes who acts, and ``sent``: the form's id and the version of the case that its page showed. A second POST of a
form changes nothing; a form from before somebody else's change is a Conflict.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.opener import check_opener
from portal.cases.queries import find_assigned, find_by_code
from portal.cases.rules import By, CaseKind, Duty
from portal.cases.sent import Sent as Sent
from portal.cases.sent import tell as tell
from portal.cases.sent import was_sent as was_sent
from portal.cases.service import NewCase
from portal.cases.turn import Desk
from portal.core.errors import Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.directory.queries import get_person
from portal.identity.actor import Actor
from portal.subject_access import letters
from portal.subject_access.models import SubjectAccessRequest
from portal.subject_access.queries import get_request, words_context
from portal.subject_access.rules import (
    AnswerFormat,
    Channel,
    State,
)
from portal.subject_access.steps import STEPS
from portal.subject_access.terms import terms_of
from portal.timelimits.events import EventKind

NO_DOUBT_WHEN_SIGNED_IN = pmsg("error", "This person signed in when they asked, so there is no doubt who they are")
NO_DOUBT_ONCE_CHECKED = pmsg("error", "This person’s identity was checked already, so there is nothing more to ask")
LATE_REASON_MISSING = pmsg("error", "Say why the request is written down after the day it came")
OWN_LOG = pmsg("error", "This is you. To ask for your own data, use the page for workers")


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as read from its form. Without ``received_on`` it came today. ``locale`` is the language of the words;
    letters go out in ``answer_locale``."""

    case_id: str
    body_id: str
    wanted: Words
    is_everything: bool
    locale: Locale
    answer_locale: Locale
    answer_format: AnswerFormat = AnswerFormat.DOWNLOAD
    period_from: date | None = None
    period_to: date | None = None
    channel: Channel = Channel.PORTAL
    received_on: date | None = None
    late_reason: Words | None = None
    requester_person_id: str | None = None
    locator_hash: bytes | None = None
    name: Words | None = None
    reach: Words | None = None
    recognition: Words | None = None
    email: Words | None = None
    system_id: str | None = None


def submit(session: Session, by: By, new: NewRequest, *, desk: Desk) -> Case:
    """Open a request: the requester's own, or one that an officer or manager writes down for somebody.

    A second POST gives the first case. NotFound for a body that is not theirs; Refused for a day that has not come.
    """
    known = find_by_code(session, new.locator_hash) if new.locator_hash is not None else None
    if known is not None:
        return known
    check_opener(
        session,
        by,
        new,
        is_here=new.channel is Channel.PORTAL,
        writes_down=Permission.LOG_FOR_OTHERS,
        own=OWN_LOG,
        late=LATE_REASON_MISSING,
        today=desk.today,
    )
    said = (
        msg("The request came in") if new.channel is Channel.PORTAL else msg("A request that came in was written down")
    )
    case = cases.open_case(
        session,
        by,
        NewCase(
            case_id=new.case_id,
            kind=CaseKind.ACCESS,
            body_id=new.body_id,
            state=State.RECEIVED.value,
            received_on=new.received_on or desk.today,
            locale=new.answer_locale,
            said=said,
            requester_person_id=new.requester_person_id,
            locator_hash=new.locator_hash,
            contact_email=new.email,
            system_id=new.system_id,
            target_working_days=terms_of(session, new.body_id).target_days,
        ),
        desk=desk,
    )
    if session.get(SubjectAccessRequest, case.id) is None:
        session.add(_row(case.id, new, desk))
        session.flush()
        tell(session, case, desk, "case_received")
    return case


def start(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> Case:
    """Begin the work. Who begins is the handler, if nobody was."""
    if was_sent(session, case, sent):
        return case
    cases.take_step(session, by, case, STEPS["start"], desk=desk, form_id=sent.form_id)
    if isinstance(by, Actor) and find_assigned(session, case, Duty.HANDLER) is None:
        cases.assign(session, by, case, get_person(session, by.person_id), Duty.HANDLER, desk=desk)
    return case


def clarify(
    session: Session, by: By, case: Case, words: Words, default: Words, sent: Sent, *, lang: Locale, desk: Desk
) -> Case:
    """Ask what information is wanted, saying what will be searched without an answer. The clock stops today."""
    if not was_sent(session, case, sent):
        writing = Writing(sent.form_id, letters.question(words, default, lang), lang)
        correspondence.ask(session, by, case, writing, desk=desk, asks_clarification=True, step=STEPS["clarify"])
        tell(session, case, desk, "case_news")
    return case


def answer(
    session: Session, by: By, case: Case, words: Words, sent: Sent, *, lang: Locale, on: date, desk: Desk
) -> Case:
    """Write down an answer that came another way, on the day it came: the clock runs again from that day."""
    if not was_sent(session, case, sent):
        writing = Writing(sent.form_id, words, lang)
        correspondence.reply(session, by, case, writing, desk=desk, on=on, step=STEPS["answer"])
    return case


def go_on(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> Case:
    """Stop waiting and search for what the question said would be searched."""
    if not was_sent(session, case, sent):
        correspondence.go_on_without_answer(session, by, case, desk=desk, step=STEPS["go_on"])
        tell(session, case, desk, "case_news")
    return case


def take_back(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> Case:
    """Take the question back: no day of it counts as a pause."""
    if not was_sent(session, case, sent):
        correspondence.withdraw_questions(session, by, case, desk=desk, step=STEPS["take_back"])
        tell(session, case, desk, "case_news")
    return case


def doubt_identity(session: Session, by: By, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> Case:
    """Ask who somebody is, with a written reason. Refused where they signed in to ask (law.md 2.2)."""
    if was_sent(session, case, sent):
        return case
    if may_not_doubt(get_request(session, case), case):
        raise Refused(NO_DOUBT_WHEN_SIGNED_IN)
    if get_request(session, case).identity_checked_on is not None:
        raise Refused(NO_DOUBT_ONCE_CHECKED)
    correspondence.write_letter(session, by, case, Writing(sent.form_id, letters.doubt(words, lang), lang), desk=desk)
    kind, step = EventKind.IDENTITY_ASKED, STEPS["doubt"]
    correspondence.record_condition(session, by, case, kind, on=desk.today, said=step.said, desk=desk, step=step)
    request = get_request(session, case)
    request.proof_reminders, request.proof_reminded_on = 0, None
    tell(session, case, desk, "case_news")
    return case


def write(session: Session, by: By, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> Case:
    """Write to the requester without asking anything."""
    if not was_sent(session, case, sent):
        correspondence.write_letter(session, by, case, Writing(sent.form_id, words, lang), desk=desk)
        tell(session, case, desk, "case_news")
    return case


def withdraw(session: Session, by: By, case: Case, *, desk: Desk) -> Case:
    """Take one's own request back; nobody else can."""
    return cases.take_step(session, by, case, STEPS["withdraw"], desk=desk)


def may_not_doubt(request: SubjectAccessRequest, case: Case) -> bool:
    """True where the requester signed in to ask: their account says who they are."""
    return request.channel is Channel.PORTAL and case.requester_person_id is not None


def _row(case_id: str, new: NewRequest, desk: Desk) -> SubjectAccessRequest:
    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=words_context(column, case_id)) if words else None

    return SubjectAccessRequest(
        case_id=case_id,
        channel=new.channel,
        is_everything=new.is_everything,
        wanted=desk.vault.seal(new.wanted, context=words_context("wanted", case_id)),
        lang=new.locale.value,
        period_from=new.period_from,
        period_to=new.period_to,
        answer_locale=new.answer_locale.value,
        answer_format=new.answer_format,
        name=sealed("name", new.name),
        reach=sealed("reach", new.reach),
        recognition=sealed("recognition", new.recognition),
        late_reason=sealed("late_reason", new.late_reason),
    )
