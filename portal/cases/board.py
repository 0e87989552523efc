"""Who at the top of a body hears that a day is about to pass, or has passed: addresses that its administrator named.

Where a body has named none, somebody else outside the chain hears (routing.md D2.9), and never an administrator.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.cases.models import Case
from portal.cases.officers import addressee_of, list_officers, write_to
from portal.cases.queries import facts_of
from portal.cases.turn import Desk
from portal.core.columns import Id
from portal.core.db import Base
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import get_person, list_role_holders
from portal.directory.rules import RoleName
from portal.notifications.letters import Addressee
from portal.notifications.service import queue

ASKED_AGAIN = timedelta(days=28)


class BoardAddress(Base):
    """One address at the top of a body."""

    __tablename__ = "access_board_addresses"
    __table_args__ = (UniqueConstraint("body_id", "email", name="uq_access_board_addresses_body_email"),)

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"))
    email: Mapped[str] = mapped_column(String(254))


def list_addresses(session: Session, body_id: str) -> Sequence[BoardAddress]:
    """The addresses of a body, by name."""
    return session.scalars(
        select(BoardAddress).where(BoardAddress.body_id == body_id).order_by(BoardAddress.email)
    ).all()


class MissingName(Base):
    """The day on which the administrators of a body were last told that it has named nobody for such a moment."""

    __tablename__ = "board_names_missing"

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    told_on: Mapped[date]


def list_top(session: Session, case: Case, *, today: date) -> list[Addressee]:
    """Who outside the chain hears of a case with which the officers of its body do not get on: the addresses at its
    top; where none is named, its independent officers; else who answers for information there, else who is responsible
    for all of its systems. Nobody who asked, was left out of it, or works on such requests."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | {one for one in (facts.requester_person_id,) if one}
    theirs = {get_person(session, one).email.casefold() for one in kept_away}
    named = [one.email for one in list_addresses(session, case.body_id) if one.email.casefold() not in theirs]
    if named:
        return [Addressee(email, None) for email in named]
    kept_away |= {one.id for one in list_officers(session, {case.body_id}, today=today)}
    independent = _holders(session, case, RoleName.INDEPENDENT_OFFICER, today)
    risk = _holders(session, case, RoleName.SENIOR_INFORMATION_RISK_OWNER, today)
    whole = [pair for pair in _holders(session, case, RoleName.RESPONSIBLE_MANAGER, today) if not pair[0].system_slug]
    for pairs in (independent, risk, whole):
        people = {person.id: person for _holding, person in pairs if person.id not in kept_away}
        if people:
            return [addressee_of(person) for person in people.values()]
    return []


def write_to_top(session: Session, case: Case, template: str, *, desk: Desk) -> bool:
    """A letter to them. Where nobody is, the administrators hear that a name is missing, and nothing of a case."""
    found = list_top(session, case, today=desk.today)
    for to in found:
        queue(session, vault=desk.vault, to=to, template=template, values={}, now=desk.now)
    if not found:
        ask_for_a_name(session, case.body_id, desk=desk)
    return bool(found)


def ask_for_a_name(session: Session, body_id: str, *, desk: Desk) -> None:
    """Ask the administrators of a body to name somebody. Not again within four weeks, whatever happens in them."""
    row = session.get(MissingName, body_id)
    if row is not None and desk.today - row.told_on < ASKED_AGAIN:
        return
    if row is None:
        session.add(MissingName(body_id=body_id, told_on=desk.today))
    else:
        row.told_on = desk.today
    session.flush()
    for _holding, person in list_role_holders(session, role=RoleName.ADMINISTRATOR, body_id=body_id, today=desk.today):
        write_to(session, person, "board_name_missing", desk)


def _holders(session: Session, case: Case, role: RoleName, today: date) -> Sequence[tuple[RoleHolding, Person]]:
    return list_role_holders(session, role=role, body_id=case.body_id, today=today)
