"""Who looked is written down on every page of a complaint, once a day, and nothing on any page stops the time."""

from fastapi.routing import APIRoute
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.complaints.acts import ACTS
from portal.complaints.looking import SEEN
from portal.complaints.models import ComplaintReading
from portal.complaints.queries import list_looks
from portal.complaints.routes import router
from portal.complaints.rules import Looked
from tests.complaints.conftest import World, handler_of
from tests.complaints.test_pages import sign_in
from tests.visitors import Visitor

DESK = "/my/desk/complaints/{reference}"


def test_every_page_of_a_complaint_at_the_desk_writes_down_who_opened_it() -> None:
    pages = [one for one in router.routes if isinstance(one, APIRoute) and one.path.startswith(DESK)]
    seen = [one.path for one in pages if "GET" in (one.methods or ()) and SEEN not in one.dependencies]
    assert len(pages) > 5 and seen == []


def test_no_address_and_no_act_is_there_to_pause_or_extend() -> None:
    said = {one.path for one in router.routes if isinstance(one, APIRoute)} | set(ACTS)
    said |= {act.label.msgid.lower() for act in ACTS.values()}
    for word in ("pause", "extend", "clarif", "identity", "more time", "stop"):
        assert not [one for one in said if word in one.lower()], word


def test_a_day_of_looking_is_one_line_for_each_part_and_the_person_reads_it(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        case_id, reference, name = case.id, case.reference, handler_of(session, case) or ""
    sign_in(visitor, name)
    for _ in range(2):
        assert visitor.get(f"/en/my/desk/complaints/{reference}").status_code == 200
    assert visitor.get(f"/en/my/desk/complaints/{reference}/files/none").status_code == 404
    with world.database.reading() as session:
        rows = session.scalars(select(ComplaintReading.part).where(ComplaintReading.case_id == case_id)).all()
        assert sorted(rows) == [Looked.COMPLAINT, Looked.FILES]
        read = session.scalars(select(AuditEvent.facts).where(AuditEvent.event == "complaint.read")).all()
        assert len(read) == 2
        case = session.get_one(type(case), case_id)
        assert [len(look.parts) for look in list_looks(session, case)] == [2]
