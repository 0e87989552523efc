"""The verbs of asking: of one body or several, for oneself or another; papers, representatives, and taking back."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.correspondence import list_open_questions
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import MOVED_ON, Desk, take_turn
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.identity.actor import Actor
from portal.subject_access import service
from portal.subject_access.asking.leaving import Said, keep_wish
from portal.subject_access.asking.models import AskedSystem, Authority, Enclosure, LinkedRequest
from portal.subject_access.asking.queries import authority_context, enclosure_context, is_living, list_authorities
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope, EnclosureKind
from portal.subject_access.queries import get_request
from portal.subject_access.rules import UNDO_WITHDRAWAL, State
from portal.subject_access.service import NewRequest
from portal.subject_access.steps import STEPS
from portal.timelimits.calendar import months_later
from portal.timelimits.events import EventKind

MOST_REPRESENTATIVES = 5
ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})

TOO_MANY = pmsg("error", "You have named enough representatives. End one before you name another")
TOO_LATE_TO_UNDO = pmsg("error", "A request can be taken up again within seven days. Make a new request instead")
NO_LONGER = pmsg("error", "This authority is over")
WRONG_DAY = pmsg("error", "The day must be between the day of receipt and today")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks for the person whose data it is."""

    kind: AuthorityKind
    scope: AuthorityScope
    name: Words
    reach: Words
    locator_hash: bytes
    until_on: date
    email: Words | None = None
    locale: Locale | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to one body, with the systems that were ticked. ``is_alone``: nothing else is asked for.

    ``left_out`` says who must not search, decide or see it.
    """

    new: NewRequest
    system_ids: tuple[str, ...] = ()
    is_alone: bool = False
    left_out: Words | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored file: ``enclosure_id`` is what its blob is bound to."""

    enclosure_id: str
    kind: EnclosureKind
    blob_id: str
    file_name: Words
    media_type: str
    size: int


def ask_all(
    session: Session, by: By, asked: Sequence[Asked], *, desk: Desk, speaker: Speaker | None = None
) -> list[Case]:
    """Open one case for each body; several belong together for the person, and no body learns of another."""
    opened = [_ask(session, by, one, speaker, desk) for one in asked]
    if len(opened) > 1 and session.get(LinkedRequest, opened[0].id) is None:
        group = ids.new_id()
        session.add_all(LinkedRequest(case_id=case.id, group_id=group) for case in opened)
        session.flush()
    return opened


def id_for(form_id: str, body_id: str) -> str:
    """The id of the case of one body among several: the same for a second POST, and telling nothing of the others."""
    digest = hashlib.sha256(f"{form_id}:{body_id}".encode()).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def name_speaker(session: Session, by: Actor, case: Case, speaker: Speaker, form_id: str, *, desk: Desk) -> Authority:
    """The person whose request it is lets somebody speak for them. A second POST gives the first."""
    known = session.get(Authority, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    turn = take_turn(session, by, case, {Relation.REQUESTER}, desk=desk)
    living = [one for one in list_authorities(session, case) if is_living(one, desk.today)]
    if len(living) >= MOST_REPRESENTATIVES:
        raise Refused(TOO_MANY)
    authority = _authority(case, speaker, form_id, desk, is_asker=False)
    session.add(authority)
    turn.tell("authority_given", msg("The requester named a representative"))
    return authority


def see_authority(session: Session, by: By, case: Case, authority: Authority, *, on: date, desk: Desk) -> None:
    """The officer has seen who signed for it. Where the month waited for that, it begins on the day it came."""
    if authority.shown_on is not None:
        return
    if not is_living(authority, desk.today):
        raise Refused(NO_LONGER)
    if not case.received_on <= on <= desk.today:
        raise Refused(WRONG_DAY)
    said = msg("The authority of the representative was seen on {date}", date=on)
    if case.state == State.IDENTITY_WAIT:
        kind, step = EventKind.IDENTITY_RECEIVED, STEPS["identity"]
        correspondence.record_condition(session, by, case, kind, on=on, said=said, desk=desk, step=step)
    else:
        take_turn(session, by, case, {Relation.OFFICER}, desk=desk).tell("authority_seen", said)
    authority.shown_on = on
    service.tell(session, case, desk, "case_news")


def revoke(session: Session, by: By, case: Case, authority: Authority, *, desk: Desk) -> None:
    """Take the authority back: from now on the ten words open nothing. The person does it, or tells an officer."""
    turn = take_turn(session, by, case, {Relation.REQUESTER, Relation.OFFICER}, desk=desk)
    if authority.revoked_at is None:
        authority.revoked_at = desk.now
        if authority.is_asker:
            case.contact_email = None
        turn.tell("authority_revoked", msg("A representative may no longer speak for the requester"))


def enclose(session: Session, by: By, case: Case, paper: Paper, *, desk: Desk) -> Enclosure:
    """Keep a paper with the request. A second POST finds the first."""
    turn = take_turn(session, by, case, {Relation.OFFICER, *ASKING}, desk=desk)
    known = session.get(Enclosure, paper.enclosure_id)
    if known is not None:
        return known
    kept = keep_paper(session, case, paper, desk=desk)
    turn.tell("paper_added", msg("A paper was added to the request"))
    return kept


def keep_paper(session: Session, case: Case, paper: Paper, *, desk: Desk) -> Enclosure:
    """The row of a paper, for who has just opened the case."""
    kept = Enclosure(
        id=paper.enclosure_id,
        case_id=case.id,
        kind=paper.kind,
        blob_id=paper.blob_id,
        file_name=desk.vault.seal(paper.file_name, context=enclosure_context("file_name", paper.enclosure_id)),
        media_type=paper.media_type,
        size=paper.size,
        added_at=desk.now,
    )
    session.add(kept)
    session.flush()
    return kept


def may_undo(case: Case, today: date) -> bool:
    """Whether a withdrawal can still be undone."""
    return (
        case.state == State.WITHDRAWN and case.finished_on is not None and today <= case.finished_on + UNDO_WITHDRAWAL
    )


def undo_withdrawal(session: Session, by: By, case: Case, *, desk: Desk) -> Case:
    """Go on where the request stood. The clock counts as if it had never been taken back."""
    step = STEPS["undo_withdrawal"]
    if case.state != State.WITHDRAWN:
        raise Conflict(MOVED_ON)
    if not may_undo(case, desk.today):
        raise Refused(TOO_LATE_TO_UNDO)
    if case.waiting_on is not None:
        step = replace(step, to=State.IDENTITY_WAIT.value)
    elif any(question.asks_clarification for question in list_open_questions(session, case)):
        step = replace(step, to=State.CLARIFICATION_WAIT.value)
    return cases.take_step(session, by, case, step, desk=desk)


def revive(session: Session, by: By, case: Case, *, desk: Desk) -> Case:
    """Take up a request that ended because no proof came. It waits for the proof again, with new reminders."""
    cases.take_step(session, by, case, STEPS["revive"], desk=desk)
    request = get_request(session, case)
    request.proof_reminders, request.proof_reminded_on = 0, desk.today
    return case


def _ask(session: Session, by: By, asked: Asked, speaker: Speaker | None, desk: Desk) -> Case:
    known = session.get(Case, asked.new.case_id)
    if known is not None and speaker is not None:
        return _spoken_for(session, known, speaker)
    case = service.submit(session, by, asked.new, desk=desk)
    if known is not None:
        return case
    for system_id in asked.system_ids:
        session.add(AskedSystem(case_id=case.id, system_id=system_id, is_alone=asked.is_alone))
    authority = _authority(case, speaker, ids.new_id(), desk, is_asker=True) if speaker is not None else None
    if authority is not None:
        session.add(authority)
        cases.take_step(session, Relation.PORTAL, case, STEPS["await_authority"], desk=desk)
    session.flush()
    if asked.left_out is not None:
        turn = take_turn(session, by, case, ASKING, desk=desk)
        authority_id = authority.id if authority is not None else None
        keep_wish(turn, Said(ids.new_id(), asked.left_out, asked.new.locale, authority_id))
    return case


def _spoken_for(session: Session, known: Case, speaker: Speaker) -> Case:
    """The case that this representative opened with the same form; anybody else's is NotFound."""
    if any(one.is_asker and one.locator_hash == speaker.locator_hash for one in list_authorities(session, known)):
        return known
    raise NotFound


def _authority(case: Case, speaker: Speaker, own_id: str, desk: Desk, *, is_asker: bool) -> Authority:
    def sealed(column: str, words: Words) -> bytes:
        return desk.vault.seal(words, context=authority_context(column, own_id))

    return Authority(
        id=own_id,
        case_id=case.id,
        kind=speaker.kind,
        scope=speaker.scope,
        name=sealed("name", speaker.name),
        reach=sealed("reach", speaker.reach),
        email=sealed("email", speaker.email) if speaker.email and not is_asker else None,
        lang=speaker.locale.value if speaker.locale else None,
        locator_hash=speaker.locator_hash,
        is_asker=is_asker,
        from_on=desk.today,
        until_on=speaker.until_on,
        given_at=desk.now,
        shown_on=None if is_asker else desk.today,
    )


def last_day_of(months: int, today: date) -> date:
    """The last day of an authority that runs so many months from today."""
    return months_later(today, months)
