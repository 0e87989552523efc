"""Who receives concerns about each matter of a body, whom to ring when people are in danger, and whether the body has
authorised the portal for disclosures. The rooms above ask who may, and record who did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Refused
from portal.core.text import Bilingual, pmsg
from portal.directory.models import BodyProcedure, MatterSeat, OnCallNumber, Person, RoleHolding
from portal.directory.queries import holding_is_current
from portal.directory.rules import SEATED, Matter, RoleName
from portal.directory.service import NO_WORDS


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody receives concerns about a matter."""

    matter: Matter
    place: int
    holding: RoleHolding
    person: Person


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody on call, and the number that rings for them; None while nobody has written one."""

    holding: RoleHolding
    person: Person
    telephone: str | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """What a body says about being told things through the portal."""

    is_authorised: bool
    words: Bilingual = NO_WORDS
    since: date | None = None
    signed_by: Bilingual = NO_WORDS


def list_seated(session: Session, body_id: str, *, today: date) -> Sequence[Seated]:
    """Everybody who receives concerns about a matter of this body today: holders before deputies, in their order."""
    asked = (
        select(MatterSeat, RoleHolding, Person)
        .join(RoleHolding, RoleHolding.id == MatterSeat.holding_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(MatterSeat.body_id == body_id, holding_is_current(today))
        .order_by(RoleHolding.is_deputy, MatterSeat.place, Person.display_name, RoleHolding.id)
    )
    return [Seated(seat.matter, seat.place, held, person) for seat, held, person in session.execute(asked)]


def list_matters_by_holding(session: Session, body_ids: Sequence[str]) -> Mapping[str, Mapping[Matter, int]]:
    """Of officers for named matters of these bodies, by their role: for which matters, and in which place."""
    asked = select(MatterSeat.holding_id, MatterSeat.matter, MatterSeat.place)
    found: dict[str, dict[Matter, int]] = {}
    for holding_id, matter, place in session.execute(asked.where(MatterSeat.body_id.in_(body_ids))):
        found.setdefault(holding_id, {})[matter] = place
    return found


def seat_officer(session: Session, holding: RoleHolding, matter: Matter) -> MatterSeat:
    """An officer for named matters receives this one from now on, after those who do already."""
    if holding.role is not RoleName.MATTER_OFFICER or holding.body_id is None or matter not in SEATED:
        raise Refused(pmsg("error", "Only an officer for named matters can receive a matter"))
    if session.get(MatterSeat, (holding.id, matter)) is not None:
        raise Conflict(pmsg("error", "They receive this matter already"))
    taken = session.scalars(
        select(MatterSeat.place).where(MatterSeat.body_id == holding.body_id, MatterSeat.matter == matter)
    ).all()
    seat = MatterSeat(holding_id=holding.id, matter=matter, body_id=holding.body_id, place=max(taken, default=0) + 1)
    session.add(seat)
    session.flush()
    return seat


def unseat_officer(session: Session, holding: RoleHolding, matter: Matter) -> None:
    """They receive this matter no longer. Whoever does not receive it loses nothing."""
    seat = session.get(MatterSeat, (holding.id, matter))
    if seat is not None:
        session.delete(seat)
        session.flush()


def list_on_call(session: Session, body_id: str, *, today: date) -> Sequence[OnCall]:
    """Everybody on call for a body, holders before deputies."""
    asked = (
        select(RoleHolding, Person, OnCallNumber.telephone)
        .join(Person, Person.id == RoleHolding.person_id)
        .outerjoin(OnCallNumber, OnCallNumber.holding_id == RoleHolding.id)
        .where(RoleHolding.body_id == body_id, RoleHolding.role == RoleName.ON_CALL, holding_is_current(today))
        .order_by(RoleHolding.is_deputy, Person.display_name, RoleHolding.id)
    )
    return [OnCall(held, person, telephone) for held, person, telephone in session.execute(asked)]


def set_telephone(session: Session, holding: RoleHolding, telephone: str) -> None:
    """The number that rings for somebody on call; an empty one takes it away."""
    if holding.role is not RoleName.ON_CALL:
        raise Refused(pmsg("error", "Only somebody on call has a number here"))
    known = session.get(OnCallNumber, holding.id)
    if not telephone:
        if known is not None:
            session.delete(known)
    elif known is None:
        session.add(OnCallNumber(holding_id=holding.id, telephone=telephone))
    else:
        known.telephone = telephone
    session.flush()


def find_procedure(session: Session, body_id: str) -> BodyProcedure | None:
    """What the body has said about disclosures through the portal; None while nobody has said."""
    return session.get(BodyProcedure, body_id)


def set_procedure(session: Session, body_id: str, told: Procedure, *, today: date) -> BodyProcedure:
    """Record what the body decided. Authorised: with words in both languages, a day and who signed it."""
    is_whole = bool(told.words.cy and told.words.en and told.signed_by.cy and told.signed_by.en and told.since)
    if told.is_authorised and not is_whole:
        raise Refused(pmsg("error", "Write the words in both languages, the day, and who signed it"))
    row = session.get(BodyProcedure, body_id)
    if row is None:
        row = BodyProcedure(body_id=body_id, is_authorised=False, told_on=today)
        session.add(row)
    row.is_authorised, row.told_on = told.is_authorised, today
    words, signed_by = (told.words, told.signed_by) if told.is_authorised else (NO_WORDS, NO_WORDS)
    row.words_cy, row.words_en = words.cy, words.en
    row.signed_by_cy, row.signed_by_en = signed_by.cy, signed_by.en
    row.since = told.since if told.is_authorised else None
    session.flush()
    return row
