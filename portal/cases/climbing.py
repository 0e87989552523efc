"""Who hears that a day of the law comes near: the rule book's ladder (``routing.ladders``), and from two days before it
the addresses at the top of the body. Each stage adds somebody and takes nobody away."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.affairs import affair_of, world_about
from portal.cases.board import list_top
from portal.cases.models import Case
from portal.cases.officers import addressee_of
from portal.cases.queries import find_assigned
from portal.cases.routing.ladders import Ladder, climb
from portal.cases.rules import Duty
from portal.cases.turn import Desk
from portal.cases.warning import STAGES
from portal.directory.models import Person
from portal.notifications.letters import Addressee

AT_THE_TOP = 2
"""So many days before, and from then on, the top of the body hears as well."""


def list_listeners(session: Session, case: Case, stage: int, desk: Desk) -> list[Addressee]:
    """Each address once, the owner first. Nobody who asked, or must not be near the case, hears of it."""
    owner = find_assigned(session, case, Duty.HANDLER)
    affair = affair_of(session, case)
    world = world_about(session, affair, today=desk.today)
    owner_id = owner.id if owner is not None else None
    seats = climb(world, affair, Ladder.STATUTORY, STAGES.index(stage), owner_id=owner_id)
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_([s.person_id for s in seats])))}
    told = {people[seat.person_id].email: addressee_of(people[seat.person_id]) for seat in seats}
    if stage <= AT_THE_TOP:
        for to in list_top(session, case, today=desk.today):
            told.setdefault(to.email, to)
    return list(told.values())
