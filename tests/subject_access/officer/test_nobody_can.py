"""Where no officer may work on a request, somebody who can appoint one hears at once, and not only before the day."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.board import BoardAddress
from portal.cases.models import Case
from portal.core import ids
from portal.directory.models import RoleHolding
from portal.directory.rules import RoleName
from portal.notifications.models import OutboxLetter
from portal.subject_access.officer.duties import tell_where_nobody_can
from portal.subject_access.officer.leaving import is_only_theirs
from portal.subject_access.officer.models import NobodyLeft
from tests.subject_access.conftest import World
from tests.subject_access.officer.test_leaving import letters


def told(world: World) -> list[str]:
    """Who hears in one pass."""
    with world.database.writing() as session:
        session.execute(delete(OutboxLetter))
    tell_where_nobody_can(world.database, world.settings, world.desk.now)
    with world.database.reading() as session:
        return sorted(email for email, template in letters(world, session) if template == "access_nobody_left")


def own_request(world: World, session: Session) -> Case:
    """The only officer of Mynach asks Mynach."""
    dafydd, mynach = world["dafydd"], world.bodies["mynach"].id
    return world.request(session, dafydd, body_id=mynach, requester_person_id=dafydd.person_id)


def give(world: World, session: Session, name: str, role: RoleName) -> RoleHolding:
    held = RoleHolding(
        id=ids.new_id(), person_id=world[name].person_id, role=role, body_id=world.bodies["mynach"].id,
        started_on=world.desk.today,
    )  # fmt: skip
    session.add(held)
    session.flush()
    return held


def test_the_board_hears_at_once_and_once_when_the_only_officer_asks_for_their_own(world: World) -> None:
    with world.database.writing() as session:
        session.add(BoardAddress(id=ids.new_id(), body_id=world.bodies["mynach"].id, email="bwrdd@mynach.example"))
        case = own_request(world, session)
        assert is_only_theirs(session, case, desk=world.desk)
        assert not is_only_theirs(session, world.request(session), desk=world.desk)
    assert told(world) == ["bwrdd@mynach.example"]
    assert told(world) == []


def test_without_a_board_or_another_administrator_the_independent_officer_hears(world: World) -> None:
    with world.database.writing() as session:
        own_request(world, session)
        give(world, session, "dafydd", RoleName.ADMINISTRATOR)
    assert told(world) == [], "nobody is there who could be told: the next pass tries again"
    with world.database.writing() as session:
        give(world, session, "helen", RoleName.INDEPENDENT_OFFICER)
    assert told(world) == ["helen@taran.example"]
    assert told(world) == []


def test_it_is_told_anew_when_the_officer_who_was_appointed_goes(world: World) -> None:
    with world.database.writing() as session:
        give(world, session, "gwen", RoleName.ADMINISTRATOR)
        own_request(world, session)
    assert told(world) == ["gwen@taran.example"]
    with world.database.writing() as session:
        held_id = give(world, session, "helen", RoleName.REQUEST_HANDLER).id
    assert told(world) == []
    with world.database.writing() as session:
        assert session.scalars(select(NobodyLeft)).all() == []
        session.delete(session.get_one(RoleHolding, held_id))
    assert told(world) == ["gwen@taran.example"]
