"""Who asks, and whether somebody who speaks for them may: both are known before an answer says what is held.

Proof is asked for only where there is reasonable doubt (UK GDPR Article 12(6); law.md 2.2): a sign-in says who asked.
Of everybody else somebody writes down how they were recognised, and the least that will do is enough. That nothing is
held, or why a request is refused, tells a stranger about a person as surely as a file does.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, take_turn
from portal.core.clock import london_day
from portal.core.errors import Refused
from portal.core.text import Message, msg, pmsg
from portal.subject_access.asking.models import Authority
from portal.subject_access.asking.queries import is_living, list_authorities
from portal.subject_access.queries import get_request
from portal.subject_access.rules import IDENTITY, IdentityCheck, State
from portal.subject_access.service import Sent, may_not_doubt, tell, was_sent
from portal.subject_access.steps import STEPS
from portal.timelimits.events import EventKind

IDENTITY_FIRST = pmsg("error", "First write down how this person’s identity was checked")
AUTHORITY_FIRST = pmsg(
    "error", "First see the authority of the representative, and write it down under “Papers and representatives”"
)
AUTHORITY_OVER = pmsg(
    "error",
    "The representative’s authority is over. First recognise the person whose data it is, and write down how",
)


def what_is_unknown(session: Session, case: Case, *, today: date) -> tuple[Message, ...]:
    """What stands against any answer that says something about the person; empty when it can go out."""
    authority = _against_authority(session, case, today)
    if authority is not None:
        return (authority,)
    return (IDENTITY_FIRST,) if is_unknown(session, case) else ()


def is_unknown(session: Session, case: Case) -> bool:
    """Nobody has written down yet how the person was recognised, and no sign-in says who they are."""
    request = get_request(session, case)
    return not may_not_doubt(request, case) and request.identity_checked_on is None


def is_identity_open(session: Session, case: Case, *, today: date) -> bool:
    """Whether to write down how the person is recognised: not done yet, or who spoke for them no longer may."""
    return is_unknown(session, case) or _against_authority(session, case, today) is AUTHORITY_OVER


def waits_for_authority(session: Session, case: Case, *, today: date) -> bool:
    """Whether somebody asked for another person and nobody has seen that they may."""
    return _against_authority(session, case, today) is AUTHORITY_FIRST


def is_standing(authority: Authority, today: date) -> bool:
    """Seen, not taken back, and not over."""
    return authority.shown_on is not None and is_living(authority, today)


def record_identity(
    session: Session, by: By, case: Case, check: IdentityCheck, sent: Sent, *, on: date, desk: Desk
) -> Case:
    """Write down how and when identity was checked. Where it had been asked for, the month begins on that day.

    A request that waits for a representative's authority goes on waiting for that.
    """
    if was_sent(session, case, sent):
        return case
    said = msg("Identity was checked on {date}: {how}", date=on, how=IDENTITY[check])
    if case.state == State.IDENTITY_WAIT and not waits_for_authority(session, case, today=desk.today):
        kind, step = EventKind.IDENTITY_RECEIVED, STEPS["identity"]
        correspondence.record_condition(session, by, case, kind, on=on, said=said, desk=desk, step=step)
    else:
        if not case.received_on <= on <= desk.today:
            raise Refused(pmsg("error", "The day must be between the day of receipt and today"))
        turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
        turn.tell("identity_checked", said, event_id=sent.form_id)
    request = get_request(session, case)
    request.identity_check, request.identity_checked_on = check, on
    return case


def drop_doubt(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> Case:
    """Proof of identity is not needed after all; a representative's authority always is."""
    if was_sent(session, case, sent):
        return case
    if waits_for_authority(session, case, today=desk.today):
        raise Refused(AUTHORITY_FIRST)
    kind, step = EventKind.IDENTITY_NOT_NEEDED, STEPS["no_doubt"]
    correspondence.record_condition(session, by, case, kind, on=desk.today, said=step.said, desk=desk, step=step)
    tell(session, case, desk, "case_news")
    return case


def _against_authority(session: Session, case: Case, today: date) -> Message | None:
    """Of a request that somebody asked for another person. Over, it is the person themselves who is answered."""
    named = list_authorities(session, case)
    asked = [one for one in named if one.is_asker]
    if not asked or any(is_standing(one, today) for one in named):
        return None
    if any(is_living(one, today) for one in asked):
        return AUTHORITY_FIRST
    recognised = get_request(session, case).identity_checked_on
    return None if recognised is not None and recognised >= max(map(_last_day, asked)) else AUTHORITY_OVER


def _last_day(authority: Authority) -> date:
    if authority.revoked_at is None:
        return authority.until_on
    return min(authority.until_on, london_day(authority.revoked_at))
