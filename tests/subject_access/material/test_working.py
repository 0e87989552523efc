"""While a copy is made, whoever asks reads which page is worked on; afterwards, and after a death, that nothing is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.documents.apart import Apart
from portal.documents.cuts import CannotCut, WordsCut
from portal.documents.kinds import FileKind
from portal.documents.pace import Progress, Stage
from portal.subject_access.material.models import Material, MaterialWork
from portal.subject_access.material.working import LONGEST, find_work, watched
from tests.documents import papers
from tests.subject_access.conftest import World
from tests.subject_access.material.filing import add, found
from tests.subject_access.material.test_pages import address, decide, send
from tests.visitors import Visitor

__all__ = ["address"]


def test_the_page_says_which_page_is_worked_on_and_then_that_nothing_is(
    world: World, officer: Visitor, address: str
) -> None:
    send(officer, address, ("a.txt", b"hello"))
    item = f"{address}/1"
    assert decide(officer, item, "release").status_code == 303
    page = f"{item}/progress"
    assert "No copy of this file is being made now." in officer.get(page).text
    with world.database.reading() as session:
        material_id = session.scalars(select(Material.id)).one()
    with watched(world.database, material_id, now=world.desk.now) as heard:
        assert "The work has begun." in officer.get(page).text
        heard(Progress(Stage.PROVING, 12, 300))
        said = officer.get(page).text
        assert "Proving that it is gone. Page: 12. Pages in all: 300" in said
        assert 'value="12" max="300"' in said and 'data-hx-trigger="every 2s"' in said
        asked = officer.get(page, headers={"hx-request": "true"}).text
        assert "Page: 12" in asked and "<h1" not in asked
    assert "No copy of this file is being made now." in officer.get(page).text
    for number in (7, 10**30, -(10**30)):
        assert officer.get(page.replace("material/1", f"material/{number}")).status_code == 404


def test_work_that_failed_or_died_is_not_said_to_go_on(world: World) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        item = add(world, session, case, "a.txt", b"Llun")
        item_id = item.id
    with pytest.raises(CannotCut), watched(world.database, item_id, now=world.desk.now):
        raise CannotCut("too_long")
    with world.database.writing() as session:
        item = session.get_one(Material, item_id)
        assert find_work(session, item, now=world.desk.now) is None
        session.add(MaterialWork(material_id=item_id, begun_at=world.desk.now))
        session.flush()
        assert find_work(session, item, now=world.desk.now) is not None
        assert find_work(session, item, now=world.desk.now + LONGEST + timedelta(seconds=1)) is None


def test_the_process_apart_tells_real_pages() -> None:
    told: list[Progress] = []
    apart = Apart()
    try:
        apart.cut(FileKind.PDF, papers.simple(b"Mali Tudur"), [WordsCut("Mali")], heard=told.append)
    finally:
        apart.close()
    assert told[0] == Progress(Stage.CUTTING, 1, 1)
