"""The union's work room: what its branch keeps, and that nobody of an employer or of another branch meets it."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from anonymity.encoding import to_b64u
from portal.audit.models import AuditEvent
from portal.concerns.casework import service
from portal.concerns.casework.places import Keeping, keep_places
from portal.concerns.casework.rules import NextStep, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.core.db import Database
from portal.directory.models import RepresentativeTie, RoleHolding
from portal.directory.rules import RoleName
from portal.mailbox import service as mailbox
from portal.settings.models import Settings
from portal.union_casework import routes
from portal.union_casework.mandates import list_mandates
from portal.union_casework.models import BranchDataContact, HandoverPack
from portal.union_casework.packs import forget_packs
from tests.concerns.casework.seated import Seated, seat

STRANGERS = ("head", "outside", "elsewhere")
ADDRESSES = ("/en/my/union", "/en/my/union/near")


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


@pytest.fixture
def app(seated: Seated) -> FastAPI:
    return seated.serve(routes.router)


def with_mandate(seated: Seated, until: date, *holders: str) -> bytes:
    """A thread that the first of these took, with a mandate's last day."""
    case_id = seated.came(*holders)
    with seated.database.writing() as session:
        keep_places(session, [case_id], Keeping(seated.desk.today, seated.desk.calendar))
        actor = seated.actor(holders[0])
        service.take(session, actor, case_id, Telling(Theme.PACE), desk=seated.desk)
        planned = Planned(None, NextStep.ANSWER, Waiting.US, mandate_until=until)
        service.plan(session, actor, case_id, planned, desk=seated.desk)
    return case_id


def packed(case_id: bytes, **changes: str) -> dict[str, str]:
    told = {"recipients": "2", "files": "3", "redacted": "yes", "digest": to_b64u(bytes(range(32)))}
    return {"case": to_b64u(case_id), **told, **changes}


def test_a_mandate_stands_where_its_branch_looks_and_for_nobody_else(seated: Seated, app: FastAPI) -> None:
    today = seated.desk.today
    case_id = with_mandate(seated, today + timedelta(days=3), "rep", "second", "head", "rival")
    with_mandate(seated, today - timedelta(days=1), "rep")
    for who in ("rep", "second"):
        with seated.signed_in(who, app) as visitor:
            page = visitor.get("/en/my/union").text
            assert to_b64u(case_id) in page
            assert "Ends soon" in page
            assert ("Ended" in page) == (who == "rep")
    with seated.signed_in("rival", app) as visitor:
        assert to_b64u(case_id) not in visitor.get("/en/my/union").text


def test_a_reader_who_was_dropped_sees_no_mandate(seated: Seated) -> None:
    case_id = with_mandate(seated, seated.desk.today, "rep", "second")
    with seated.database.writing() as session:
        assert [one.case_id for one in list_mandates(session, seated.actor("second"))] == [case_id]
        mailbox.forget(session, case_id)
        assert list_mandates(session, seated.actor("second")) == []


def test_nobody_of_an_employer_finds_the_work_room(seated: Seated, app: FastAPI) -> None:
    for who in STRANGERS:
        with seated.signed_in(who, app) as visitor:
            nonsense = visitor.get("/en/my/nonsense").text
            for address in ADDRESSES:
                answer = visitor.get(address)
                assert answer.status_code == 404, (who, address)
                assert answer.text.replace(address[3:], "/my/nonsense") == nonsense, (who, address)
            visitor.get("/en/my/sign-out")
            assert visitor.post("/en/my/union/packs", packed(seated.came("head"))).status_code == 404, who


def test_a_pack_is_listed_for_the_branch_that_made_it(seated: Seated, app: FastAPI) -> None:
    case_id = seated.came("rep", "second", "rival")
    with seated.signed_in("rep", app) as visitor:
        visitor.get("/en/my/union")
        assert visitor.post("/en/my/union/packs", packed(case_id)).status_code == 303
        page = visitor.get("/en/my/union").text
        assert all(said in page for said in ("With parts cut out", "3 files", "2 keys", to_b64u(case_id)))
    with seated.signed_in("second", app) as visitor:
        assert to_b64u(case_id) in visitor.get("/en/my/union").text
    with seated.signed_in("rival", app) as visitor:
        assert to_b64u(case_id) not in visitor.get("/en/my/union").text
    with seated.database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "union.pack_made")).one()
        assert event.subject not in (case_id.hex(), to_b64u(case_id))
        assert event.body_id is None


@pytest.mark.parametrize(
    "wrong",
    [{"recipients": "0"}, {"recipients": "6"}, {"files": "-1"}, {"files": "9" * 40}, {"digest": "x"}, {"case": "x"},
     {"recipients": "٢"}],
)  # fmt: skip
def test_a_pack_that_no_device_of_ours_made_is_not_kept(seated: Seated, app: FastAPI, wrong: dict[str, str]) -> None:
    with seated.signed_in("rep", app) as visitor:
        visitor.get("/en/my/union")
        assert visitor.post("/en/my/union/packs", packed(seated.came("rep"), **wrong)).status_code == 404
    with seated.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(HandoverPack)) == 0


def test_a_pack_of_a_thread_that_one_does_not_hold_is_like_nonsense(seated: Seated, app: FastAPI) -> None:
    with seated.signed_in("rival", app) as visitor:
        visitor.get("/en/my/union")
        hidden = visitor.post("/en/my/union/packs", packed(seated.came("rep")))
        visitor.get("/en/my/union")
        nonsense = visitor.post("/en/my/union/packs", packed(bytes(16)))
        assert hidden.status_code == nonsense.status_code == 404


def test_what_is_kept_of_a_pack_goes_with_its_thread(seated: Seated, app: FastAPI, settings: Settings) -> None:
    gone, stays = seated.came("rep"), seated.came("rep")
    with seated.signed_in("rep", app) as visitor:
        for case_id in (gone, stays):
            visitor.get("/en/my/union")
            visitor.post("/en/my/union/packs", packed(case_id))
    with seated.database.writing() as session:
        mailbox.forget(session, gone)
    assert forget_packs(seated.database, settings, seated.now) == 1
    with seated.database.reading() as session:
        assert session.scalars(select(HandoverPack.case_id)).all() == [stays]


def test_a_representative_names_who_is_near_and_takes_them_out_again(seated: Seated, app: FastAPI) -> None:
    with seated.signed_in("rep", app) as visitor:
        visitor.get("/en/my/union/near")
        assert visitor.post("/en/my/union/near", {"email": "head@x.example"}).status_code == 303
        assert "head" in visitor.get("/en/my/union/near").text
        again = visitor.post("/en/my/union/near", {"email": "head@x.example"})
        assert again.status_code == 422
        assert "named this person already" in again.text
        for typed, said in (("rep@x.example", "your own address"), ("nobody@x.example", "knows nobody"), ("", "Give")):
            answer = visitor.post("/en/my/union/near", {"email": typed})
            assert answer.status_code == 422
            assert said in answer.text
        with seated.database.reading() as session:
            assert session.get(RepresentativeTie, (seated.people["rep"], seated.people["head"])) is not None
        assert visitor.post("/en/my/union/near/forget", {"person": seated.people["second"]}).status_code == 404
        visitor.get("/en/my/union/near")
        assert visitor.post("/en/my/union/near/forget", {"person": seated.people["head"]}).status_code == 303
    with seated.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RepresentativeTie)) == 0


def test_a_branch_says_whom_its_members_ask_for_their_data(seated: Seated, app: FastAPI) -> None:
    with seated.database.writing() as session:
        held = session.scalars(select(RoleHolding).where(RoleHolding.person_id == seated.people["rep"])).one()
        held.role = RoleName.UNION_ADMINISTRATOR
    told = {"name_cy": "Tîm data", "name_en": "Data team", "email": "data@union.example"}
    with seated.signed_in("rep", app) as visitor:
        here = "/en/my/union/contact/unison-taran"
        visitor.get(here)
        answer = visitor.post(here, {**told, "name_cy": ""})
        assert answer.status_code == 422
        assert 'value="Data team"' in answer.text
        assert visitor.post(here, told).status_code == 303
        assert visitor.get("/en/my/union/contact/unite-taran").status_code == 404
        page = visitor.get("/en/union-data").text
        assert "Data team" in page
        assert "data@union.example" in page
        assert "named nobody here" in page
    with seated.database.reading() as session:
        assert session.scalars(select(BranchDataContact.email)).all() == ["data@union.example"]
