"""What the pages of answering show, as plain values."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale, Message
from portal.directory.models import Person
from portal.directory.queries import get_body
from portal.i18n.formats import file_size
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.subject_access.answering.contents import gather
from portal.subject_access.answering.deciding import letter_of
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.proposing import what_stands_against
from portal.subject_access.answering.queries import (
    find_pack,
    find_waiting,
    list_downloads,
    list_second_people,
    list_sign_offs,
    open_words,
    who_answered_before,
)
from portal.subject_access.answering.releasing import HANDED, handed_context, has_words
from portal.subject_access.answering.rules import OUTCOMES, WAYS, Outcome, PackState, Way
from portal.subject_access.answering.supplementary import headings
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import find_disclosure, get_request
from portal.subject_access.queries import open_words as request_words
from portal.subject_access.rules import FORMATS, GIVEN, STATES, AnswerFormat, Given, State

DOWNLOADED = frozenset({AnswerFormat.DOWNLOAD})


def answer_view(session: Session, case: Case, actor: Actor, desk: Desk) -> dict[str, Any]:
    """Everything about the answer of a case."""
    waiting = [find_waiting(session, case, is_extension=wanted) for wanted in (False, True)] if case.is_open else []
    disclosure = find_disclosure(session, case)
    barred = who_answered_before(session, case)
    return {
        "reference": case.reference,
        "state": STATES[State(case.state)],
        "waiting": [waiting_view(session, case, one, actor, desk) for one in waiting if one is not None],
        "choices": [
            (outcome.value, OUTCOMES[outcome], what_stands_against(session, case, outcome, desk=desk))
            for outcome in _open_to_propose(case)
        ],
        "second": second_people(session, case, actor, desk.today),
        "answered_before": actor.account_id in barred,
        "earlier": [_earlier(session, one, desk) for one in list_sign_offs(session, case) if one.decided_by],
        "released": _released(session, case, disclosure, desk) if disclosure else None,
    }


def _open_to_propose(case: Case) -> tuple[Outcome, ...]:
    """While an answer waits for its second person, only more time can be proposed beside it."""
    if not case.is_open:
        return ()
    return (Outcome.EXTENSION,) if case.state == State.SIGN_OFF else tuple(Outcome)


def second_people(session: Session, case: Case, actor: Actor, today: date) -> list[str]:
    """The names of those who could approve what the actor proposes."""
    return [person.display_name for person in list_second_people(session, case, actor.account_id, today=today)]


def waiting_view(session: Session, case: Case, one: SignOff, actor: Actor, desk: Desk) -> dict[str, Any]:
    """A proposal as its second person reads it: the whole letter, the pack, and whether they may decide."""
    pack = find_pack(session, one)
    return {
        "id": one.id,
        "outcome": OUTCOMES[one.outcome],
        "lang": one.lang,
        "by": name_of(session, one.proposed_by),
        "at": one.proposed_at,
        "letter": list(headings(letter_of(session, case, one, desk).reveal())),
        "glossary": open_words(one, "glossary", desk.vault).reveal(),
        "is_own": one.proposed_by == actor.account_id,
        "pack": pack_view(pack) if pack else None,
        "files": _files(session, case, one, desk) if pack else [],
    }


def _files(session: Session, case: Case, one: SignOff, desk: Desk) -> list[tuple[str, str, str, Bilingual | None]]:
    return [
        (found.name, found.what, file_size(found.size), found.place)
        for found in gather(session, case, one, desk.vault).files
    ]


def pack_view(pack: Pack) -> dict[str, Any]:
    """How far a pack has come."""
    return {
        "state": pack.state.value,
        "done": pack.done_items,
        "all": pack.all_items,
        "size": file_size(pack.size),
        "hash": pack.sha256.hex() if pack.sha256 and pack.state is PackState.READY else "",
    }


def _earlier(session: Session, one: SignOff, desk: Desk) -> dict[str, Any]:
    return {
        "outcome": OUTCOMES[one.outcome],
        "by": name_of(session, one.proposed_by),
        "at": one.proposed_at,
        "second": name_of(session, one.decided_by),
        "decided_at": one.decided_at,
        "is_approved": one.is_approved,
        "comment": open_words(one, "comment", desk.vault).reveal(),
    }


def _released(session: Session, case: Case, disclosure: Disclosure, desk: Desk) -> dict[str, Any]:
    pack = session.get(Pack, disclosure.id)
    has_file = disclosure.blob_id is not None
    return {
        "at": disclosure.released_at,
        "is_here": has_file,
        "is_made_again": pack is not None and pack.state in (PackState.WAITING, PackState.BUILDING),
        "size": file_size(disclosure.size),
        "until": disclosure.remove_on,
        "needs_code": has_file and has_words(session, case, today=desk.today),
        "may_hand_over": case.state == State.READY_TO_COLLECT,
        "handed": GIVEN[Given(disclosure.handed)] if disclosure.handed else None,
        "handed_on": disclosure.handed_on,
        "handed_to": _handed_to(disclosure, desk),
        "downloads": download_lines(session, case),
    }


def _handed_to(disclosure: Disclosure, desk: Desk) -> str:
    if disclosure.handed_to is None:
        return ""
    return desk.vault.open_words(disclosure.handed_to, context=handed_context(disclosure.id)).reveal()


def download_lines(session: Session, case: Case) -> list[tuple[datetime, Message]]:
    """When the answer was taken, and how; no name."""
    return [(one.at, WAYS[Way(one.way)]) for one in list_downloads(session, case)]


def released_on(session: Session, case: Case) -> date:
    """The day from which an answer can be handed over."""
    disclosure = find_disclosure(session, case)
    if disclosure is None:
        raise NotFound
    return london_day(disclosure.released_at)


def slip_view(session: Session, case: Case, actor: Actor, desk: Desk) -> dict[str, Any]:
    """What the slip of a hand-over says."""
    disclosure = find_disclosure(session, case)
    if disclosure is None or case.state != State.READY_TO_COLLECT:
        raise NotFound
    pack = session.get(Pack, disclosure.id)
    sign_off = session.get(SignOff, pack.sign_off_id) if pack else None
    if sign_off is None:
        raise NotFound
    request, body = get_request(session, case), get_body(session, case.body_id)
    person = session.get(Person, case.requester_person_id) if case.requester_person_id else None
    typed = request_words(request, "name", desk.vault)
    return {
        "reference": case.reference,
        "body": Bilingual(body.name_cy, body.name_en),
        "to": person.display_name if person else typed.reveal() if typed else "",
        "by": name_of(session, actor.account_id),
        "going": _files(session, case, sign_off, desk),
        "wanted_as": FORMATS[request.answer_format] if request.answer_format not in DOWNLOADED else None,
        "lang": Locale(sign_off.lang).value,
        "ways": [(way.value, GIVEN[way]) for way in HANDED],
        "today": desk.today,
    }


def name_of(session: Session, account_id: str | None) -> str:
    """Who an account belongs to."""
    account = session.get(Account, account_id) if account_id else None
    person = session.get(Person, account.person_id) if account else None
    return person.display_name if person else ""


def note_look(session: Session, actor: Actor, case: Case, pack: Pack, *, now: datetime) -> None:
    """Who opened a pack before it was released."""
    record(
        session,
        actor=actor,
        event="access.pack_opened",
        subject=case.id,
        now=now,
        body_id=case.body_id,
        facts={"pack": pack.id},
    )
