"""Who somebody without an account is, where there is real doubt (Article 12(6)): the month waits for the proof."""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk
from portal.core.errors import Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.decision_review import letters
from portal.decision_review.asking.queries import list_steps
from portal.decision_review.queries import get_request
from portal.decision_review.rules import IDENTITY, Channel, IdentityCheck
from portal.decision_review.steps import STEPS, back_to, stood_before
from portal.timelimits.events import EventKind

NO_DOUBT_WHEN_SIGNED_IN = pmsg("error", "This person signed in when they asked, so there is no doubt who they are")


def may_doubt(session: Session, case: Case) -> bool:
    """False where the worker signed in to ask: their account says who they are."""
    return case.requester_person_id is None or get_request(session, case).channel is not Channel.PORTAL


def doubt(session: Session, by: By, case: Case, words: Words, sent: Sent, *, lang: Locale, desk: Desk) -> Case:
    """Ask who somebody is, with a written reason."""
    if was_sent(session, case, sent):
        return case
    if not may_doubt(session, case):
        raise Refused(NO_DOUBT_WHEN_SIGNED_IN)
    correspondence.write_letter(session, by, case, Writing(sent.form_id, letters.doubt(words, lang), lang), desk=desk)
    step = STEPS["doubt"]
    correspondence.record_condition(
        session, by, case, EventKind.IDENTITY_ASKED, on=desk.today, said=step.said, desk=desk, step=step
    )
    request = get_request(session, case)
    request.proof_reminders, request.proof_reminded_on = 0, None
    tell(session, case, desk, "case_news")
    return case


def record(session: Session, by: By, case: Case, check: IdentityCheck, sent: Sent, *, on: date, desk: Desk) -> Case:
    """Write down how and when identity was shown. The month begins on that day; the review stands where it stood."""
    if not was_sent(session, case, sent):
        said = msg("Identity was checked on {date}: {how}", date=on, how=IDENTITY[check])
        _go_back(session, by, case, "identity", EventKind.IDENTITY_RECEIVED, on=on, said=said, desk=desk)
        request = get_request(session, case)
        request.identity_check, request.identity_checked_on = check, on
        tell(session, case, desk, "case_news")
    return case


def drop(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> Case:
    """Proof is not needed after all: the month counts as if nothing had been asked."""
    if not was_sent(session, case, sent):
        kind, said = EventKind.IDENTITY_NOT_NEEDED, STEPS["no_doubt"].said
        _go_back(session, by, case, "no_doubt", kind, on=desk.today, said=said, desk=desk)
        tell(session, case, desk, "case_news")
    return case


def _go_back(
    session: Session, by: By, case: Case, name: str, kind: EventKind, *, on: date, said: Message, desk: Desk
) -> None:
    step = back_to(name, stood_before(list_steps(session, case), "doubt"))
    correspondence.record_condition(session, by, case, kind, on=on, said=said, desk=desk, step=step)
