"""What one request and one search may hold: said while a file comes in, and asked once more with the row held."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import func, select

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.core.errors import Refused
from portal.subject_access.material.models import Material
from portal.subject_access.material.room import require_room, room_of
from portal.subject_access.routes import router
from portal.subject_access.searching.models import SearchTask
from portal.web.arriving import MEGABYTE
from tests.subject_access.browsing import sign_in
from tests.subject_access.conftest import World
from tests.subject_access.material.filing import add, found, new_file
from tests.subject_access.material.test_pages import send
from tests.visitors import Visitor, make_rooms, visiting

LARGE = b"Mali " * (MEGABYTE * 6 // 50)
Narrow = Callable[..., Visitor]


@pytest.fixture
def narrow(world: World) -> Iterator[Narrow]:
    """An officer's browser where the portal has little room."""
    with ExitStack() as open_ones:

        def make(name: str = "rhodri", **settings: int) -> Visitor:
            world.settings = world.settings.model_copy(update=settings)
            rooms = make_rooms(world.settings, world.database, account_router, router)
            visitor = open_ones.enter_context(visiting(rooms))
            sign_in(visitor, name)
            return visitor

        yield make


def address_of(world: World) -> str:
    with world.database.writing() as session:
        return f"/en/my/desk/access/{found(world, session).reference}/material"


def number(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count(Material.id))) or 0


def test_files_beyond_the_number_are_refused_with_what_to_do_and_the_others_are_kept(
    world: World, narrow: Narrow
) -> None:
    address, before = address_of(world), number(world)
    visitor = narrow(request_files=before + 1)
    page = send(visitor, address, ("one.txt", b"a"), ("two.txt", b"b"))
    assert page.status_code == 422 and number(world) == before + 1
    assert "Add those that matter most, or ask who runs the portal to raise the limit" in page.text
    assert len(list(world.settings.blob_folder.glob("*"))) == before + 1


def test_bytes_beyond_the_limit_are_thrown_away_while_they_come_in(world: World, narrow: Narrow) -> None:
    address, before = address_of(world), number(world)
    visitor = narrow(request_files_mib=1)
    page = send(visitor, address, ("one.txt", LARGE), ("two.txt", LARGE), ("small.txt", b"small"))
    assert page.status_code == 422
    assert "The files of one request can take 1 MB" in page.text
    assert number(world) == before + 2, "the large one that fits, and the small one behind the other"
    assert len(list(world.settings.blob_folder.glob("*"))) == before + 2


def test_a_search_has_less_room_than_the_request(world: World) -> None:
    address_of(world)
    settings = world.settings.model_copy(update={"search_files_mib": 1, "request_files_mib": 2})
    with world.database.reading() as session:
        case = session.scalars(select(Case)).one()
        task = session.scalars(select(SearchTask.id).limit(1)).one_or_none()
        whole = room_of(session, case, None, settings)
        of_search = room_of(session, case, task or "t" * 26, settings)
    assert of_search.octets <= MEGABYTE < whole.octets
    assert "answer that there is too much" in of_search.no_more_octets.msgid


def test_what_somebody_else_added_meanwhile_counts(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        mine = [new_file(world, "mine.txt", b"mine")]
        full = world.settings.model_copy(update={"request_files": 1})
        require_room(session, case, None, mine, full)
        add(world, session, case, "theirs.txt", b"theirs")
        with pytest.raises(Refused, match="hold this many files"):
            require_room(session, case, None, mine, full)
