"""Who is left out of a request: the words of the person who asks, and the verb by which anybody is kept away.

``letting_in`` says how somebody comes in again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.queries import find_assigned
from portal.cases.rules import By, Duty, ExclusionSource, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import holding_is_current
from portal.subject_access.asking.models import LeftOut, LeftOutFor, Wish
from portal.subject_access.asking.naming import Known, is_named, may_be_meant
from portal.subject_access.asking.rules import Ground

ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
MOST_WISHES, MOST_EVER = 10, 40
"""What stands, and what was ever said: each of them writes letters, also what is taken back afterwards."""
TOO_MANY = pmsg("error", "You have written about this often enough. Take something back, or write to the team instead")
NOT_THE_REQUESTER = pmsg("error", "The person who asked cannot be left out")
ANSWERED = pmsg("error", "This was answered already, and who was left out stays left out")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote about who is left out, under the form's id. ``authority_id``: they speak for the person."""

    wish_id: str
    words: Words
    lang: Locale
    authority_id: str | None = None


def add_wish(session: Session, by: By, case: Case, said: Said, *, desk: Desk) -> Wish:
    """Say later who must not search, decide or see the request. A second POST gives the first."""
    turn = take_turn(session, by, case, ASKING, desk=desk)
    known = session.get(Wish, said.wish_id)
    if known is not None:
        return get_wish(session, case, said.wish_id)
    if not case.is_open:
        raise NotFound
    said_before = list_wishes(session, case)
    if len(said_before) >= MOST_EVER or sum(one.taken_back_at is None for one in said_before) >= MOST_WISHES:
        raise Refused(TOO_MANY)
    return keep_wish(turn, said)


def keep_wish(turn: Turn, said: Said) -> Wish:
    """Seal the words. Whoever holds a role of the body and stands in them by name or email is kept away at once.

    No line of the timeline tells of it: whom it may mean reads that as well.
    """
    wish = Wish(
        id=said.wish_id,
        case_id=turn.case.id,
        words=turn.desk.vault.seal(said.words, context=wish_context("words", said.wish_id)),
        lang=said.lang.value,
        said_at=turn.desk.now,
        authority_id=said.authority_id,
    )
    turn.session.add(wish)
    turn.session.flush()
    turn.record("left_out_asked")
    for person_id in holders_named(turn.session, turn.case.body_id, said.words, today=turn.desk.today):
        if person_id != turn.case.requester_person_id:
            keep_away_for(turn, person_id, wish)
    return wish


def holders_named(session: Session, body_id: str, words: Words, *, today: date) -> list[str]:
    """Who holds a role of the body today and stands in these words by name or work address."""
    held = select(RoleHolding.person_id).where(RoleHolding.body_id == body_id, holding_is_current(today))
    people = session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id))
    return [one.id for one in people if is_named(words.reveal(), known_as(one))]


def take_back_wish(session: Session, by: By, case: Case, wish: Wish, *, desk: Desk) -> None:
    """The words no longer ask for anything. Refused once they were answered; a second time changes nothing."""
    turn = take_turn(session, by, case, ASKING, desk=desk)
    session.refresh(wish)
    if wish.outcome is not None:
        raise Conflict(ANSWERED)
    if wish.taken_back_at is None:
        wish.taken_back_at = desk.now
        turn.record("left_out_taken_back")


def keep_away(
    turn: Turn, person_id: str, ground: Ground, *, source: ExclusionSource, because: Words | None = None
) -> LeftOut:
    """Leave somebody out. A second time changes nothing, but that a reason of the body's own stands beside the wish of
    the person who asks: when they take the wish back, it keeps them away. ``officer.leaving`` passes on what they held.
    """
    session, case = turn.session, turn.case
    if person_id == case.requester_person_id:
        raise Refused(NOT_THE_REQUESTER)
    known = session.get(LeftOut, (case.id, person_id))
    if known is not None:
        if known.ground is Ground.ASKED and ground is not Ground.ASKED:
            known.ground, known.because = ground, _sealed(turn, person_id, because)
            known.said_by, known.said_at = turn.account_id, turn.desk.now
            turn.record("left_out_for_more")
        return known
    handler = find_assigned(session, case, Duty.HANDLER)
    cases.leave_out(turn, person_id, source)
    left_out = LeftOut(
        case_id=case.id,
        person_id=person_id,
        ground=ground,
        because=_sealed(turn, person_id, because),
        said_by=turn.account_id,
        said_at=turn.desk.now,
        had_case=handler is not None and handler.id == person_id,
    )
    session.add(left_out)
    turn.tell("left_out", msg("Somebody was left out of the request"))
    return left_out


def keep_away_for(turn: Turn, person_id: str, wish: Wish) -> LeftOut:
    """Leave somebody out because the person who asks wants it so; who was left out already is so for this as well."""
    left_out = keep_away(turn, person_id, Ground.ASKED, source=ExclusionSource.REQUESTER)
    if turn.session.get(LeftOutFor, (turn.case.id, person_id, wish.id)) is None:
        turn.session.add(LeftOutFor(case_id=turn.case.id, person_id=person_id, wish_id=wish.id))
    turn.session.flush()
    return left_out


def list_wishes(session: Session, case: Case) -> Sequence[Wish]:
    """What was said of a case, oldest first."""
    return session.scalars(select(Wish).where(Wish.case_id == case.id).order_by(Wish.said_at, Wish.id)).all()


def get_wish(session: Session, case: Case, wish_id: str) -> Wish:
    """One of a case."""
    found = session.get(Wish, wish_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_left_out(session: Session, case: Case) -> Sequence[tuple[LeftOut, Person]]:
    """Who is left out of a case and why, by name."""
    asked = select(LeftOut, Person).join(Person, Person.id == LeftOut.person_id).where(LeftOut.case_id == case.id)
    return [(one, person) for one, person in session.execute(asked.order_by(Person.display_name, Person.id))]


def may_read(wish: Wish, person: Person, vault: Vault) -> bool:
    """Whether the words cannot mean somebody: nobody reads what may be about them, nor answers it."""
    words = open_wish(wish, "words", vault)
    return words is not None and not may_be_meant(words.reveal(), known_as(person))


def known_as(person: Person) -> Known:
    """What words may call somebody."""
    return Known(person.display_name, person.email)


def open_wish(wish: Wish, column: str, vault: Vault) -> Words | None:
    """``words`` of the person who asks, or the ``answer`` of an officer."""
    sealed: bytes | None = getattr(wish, column)
    return None if sealed is None else vault.open_words(sealed, context=wish_context(column, wish.id))


def open_because(left_out: LeftOut, vault: Vault) -> Words | None:
    """Why somebody was left out, if anybody wrote it down."""
    if left_out.because is None:
        return None
    return vault.open_words(left_out.because, context=because_context(left_out.case_id, left_out.person_id))


def wish_context(column: str, wish_id: str) -> str:
    """What sealed words are bound to."""
    return f"access_wishes.{column}:{wish_id}"


def because_context(case_id: str, person_id: str) -> str:
    """What a sealed reason is bound to."""
    return f"access_left_out.because:{case_id}:{person_id}"


def _sealed(turn: Turn, person_id: str, because: Words | None) -> bytes | None:
    context = because_context(turn.case.id, person_id)
    return turn.desk.vault.seal(because, context=context) if because else None
