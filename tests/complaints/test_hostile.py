"""Who must know nothing of a complaint, or must not decide it, tries every way round."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.cases import service as cases
from portal.cases.board import BoardAddress
from portal.cases.models import Case, CaseHold, Exclusion
from portal.cases.rules import CaseKind, Duty, ExclusionSource, Relation
from portal.complaints import ending, enquiring, service
from portal.complaints.asking import people_named
from portal.complaints.duties import find_handlers, list_falling, warn
from portal.complaints.handling import keep_away, list_candidates
from portal.complaints.models import ComplaintLink
from portal.complaints.queries import get_own_enquiry, list_enquiries, list_own_work
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.directory import service as directory
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import get_person
from portal.directory.rules import RoleName
from portal.directory.service import RoleOffer
from portal.notifications.models import OutboxLetter
from portal.register.models import System
from tests.complaints.conftest import World, at, handler_of
from tests.complaints.test_pages import act, carried, opened, sign_in
from tests.complaints.test_working import decide
from tests.visitors import Visitor

FRIDAY = date(2026, 11, 27)


def appoint(world: World, session: Any, name: str, role: RoleName, body: str = "taran") -> None:
    offer = RoleOffer(role, body_id=world.bodies[body].id)
    directory.assign_role(session, get_person(session, world[name].person_id), offer, today=date(2026, 11, 2))


def test_who_is_left_out_of_the_matter_is_left_out_of_the_complaint_about_it(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session)
        for name, source in (("rhodri", ExclusionSource.REQUESTER), ("helen", ExclusionSource.SYSTEM)):
            cases.exclude(session, Relation.PORTAL, about, world[name].person_id, source=source, desk=world.desk)
        case = world.complain(session, about=(about.id,))
        assert handler_of(session, case) == "bethan"
        with pytest.raises(NotFound):
            world.case(session, "rhodri", case.reference)
        helen, rhodri = (get_person(session, world[one].person_id) for one in ("helen", "rhodri"))
        enquiring.ask_person(
            session, world["bethan"], case, helen, Words("?"), FRIDAY, ids.new_id(), desk=world.desk
        )  # the body left her out, so she may still be asked
        with pytest.raises(Refused):  # but not whom the person themselves kept away, on either case
            enquiring.ask_person(
                session, world["bethan"], case, rhodri, Words("?"), FRIDAY, ids.new_id(), desk=world.desk
            )
        away = world["bethan"].person_id  # and whoever is left out there later, from the next sweep on
        cases.exclude(session, world["sian"], about, away, source=ExclusionSource.REQUESTER, desk=world.desk)
        case_id = case.id
    find_handlers(world.database, world.settings, at(date(2026, 11, 24)))
    with world.database.reading() as session:
        assert session.get(Exclusion, (case_id, away)) is not None


def test_who_answers_for_the_system_does_not_handle_a_complaint_about_what_it_decided(world: World) -> None:
    with world.database.writing() as session:
        appoint(world, session, "bethan", RoleName.RESPONSIBLE_MANAGER)  # for every system of the body
        about = world.request(session, kind=CaseKind.REVIEW)
        assert handler_of(session, world.complain(session, excluded=(world["rhodri"].person_id,))) == "bethan"
        system = System(
            id=ids.new_id(), body_id=world.bodies["taran"].id, slug="rota", short_code="RT0TA2",
            created_at=world.desk.now, state_since=world.desk.today,
        )  # fmt: skip
        session.add(system)
        session.flush()
        about.system_id = system.id
        assert handler_of(session, world.complain(session, about=(about.id,))) == "rhodri"
        alone = world.complain(session, about=(about.id,), excluded=(world["rhodri"].person_id,))
        assert handler_of(session, alone) is None  # rather nobody, and the top of the body is told


def test_an_officer_whom_two_bodies_share_does_not_decide_about_their_own_office(world: World) -> None:
    with world.database.writing() as session:
        appoint(world, session, "dafydd", RoleName.DATA_PROTECTION_OFFICER)  # of both councils
        world.name_alternates(session, "dafydd", "nia")
        case = world.complain(session, is_about_office=True)
        assert handler_of(session, case) == "nia"
        assert "dafydd@mynach.example" not in {one.email for one in list_candidates(session, case, world.desk)}
        with pytest.raises(NotFound):
            world.case(session, "dafydd", case.reference)


def test_a_named_alternate_who_joins_the_office_later_loses_the_complaint_about_it(world: World) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "nia", "dafydd")
        case = world.complain(session, is_about_office=True)
        assert handler_of(session, case) == "nia"
        appoint(world, session, "nia", RoleName.REQUEST_HANDLER)
        with pytest.raises(Refused):
            decide(world, session, case, "nia")
        case_id = case.id
    find_handlers(world.database, world.settings, at(date(2026, 11, 24)))
    with world.database.reading() as session:
        assert handler_of(session, session.get_one(Case, case_id)) == "dafydd"


def test_who_left_the_office_does_not_decide_about_it_and_a_deputy_may(world: World) -> None:
    with world.database.writing() as session:
        held = session.scalars(select(RoleHolding).where(RoleHolding.person_id == world["rhodri"].person_id)).one()
        held.ended_on = date(2026, 11, 20)
        appoint(world, session, "owain", RoleName.DATA_PROTECTION_OFFICER)
        own = select(RoleHolding).where(RoleHolding.person_id == world["owain"].person_id)
        session.scalars(own).one().is_deputy = True
        world.name_alternates(session, "rhodri", "owain")
        case = world.complain(session, is_about_office=True)
        assert handler_of(session, case) == "owain"


def test_the_list_and_its_count_of_a_later_officer_leave_out_what_is_about_the_office(
    world: World, visitor: Visitor
) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "dafydd", "nia")
        hidden = world.complain(session, is_about_office=True)
        shown = world.complain(session)
        appoint(world, session, "gwen", RoleName.DATA_PROTECTION_OFFICER)
        references = hidden.reference, shown.reference
    sign_in(visitor, "gwen")
    for query in ("", "?due=week", "?show=enquiring"):
        page = visitor.get(f"/en/my/desk/complaints{query}").text
        assert references[0] not in page and ("1 complaint<" in page or "0 complaints<" in page), query
    assert references[1] in visitor.get("/en/my/desk/complaints").text
    with world.database.writing() as session:
        case = session.get_one(Case, hidden.id)
        decide(world, session, case, "dafydd")
        session.get_one(Case, hidden.id).state = "closed"
    assert references[0] not in visitor.get("/en/my/desk/complaints/retention").text


def test_the_first_question_goes_to_whoever_handles_it_now(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        first = handler_of(session, case) or ""
        other = "rhodri" if first == "bethan" else "bethan"
        question = list_enquiries(session, case)[0]
        later = world.on(date(2026, 12, 7))
        service.hand_over(session, world[first], case, get_person(session, world[other].person_id), desk=later)
        assert question.person_id == world[other].person_id and question.due_on == date(2026, 12, 10)
        assert list_own_work(session, world[first]) == []
        assert get_own_enquiry(session, world[other], question.id) is question


def test_who_is_left_out_hears_nothing_more_of_the_first_question(world: World) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri")
        case = world.complain(session, about=(about.id,))
        question = list_enquiries(session, case)[0]
        cases.assign(
            session, world["bethan"], about, get_person(session, world["bethan"].person_id), Duty.HANDLER,
            desk=world.desk,
        )  # fmt: skip
        assert keep_away(session, case, desk=world.desk) == 1 and handler_of(session, case) is None
        assert list_own_work(session, world["bethan"]) == []
        with pytest.raises(NotFound):
            get_own_enquiry(session, world["bethan"], question.id)
        late = list(list_falling(session, case, world.on(date(2026, 12, 4))))
        assert not [one for one in late if world["bethan"].person_id in one.people]


def test_an_address_at_the_top_that_is_theirs_hears_nothing(world: World) -> None:
    with world.database.writing() as session:
        for email in ("Rhodri@taran.example", "prif@taran.example"):
            session.add(BoardAddress(id=ids.new_id(), body_id=world.bodies["taran"].id, email=email))
        world.complain(session, excluded=(world["rhodri"].person_id, world["bethan"].person_id))
    warn(world.database, world.settings, world.desk.now)
    with world.database.reading() as session:
        told = select(OutboxLetter).where(OutboxLetter.template == "complaint_nobody")
        assert len(session.scalars(told).all()) == 1  # the address of the top: no administrator hears of a complaint


def test_a_name_that_fits_nobody_whole_keeps_away_whoever_it_could_be(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Person, world["rhodri"].person_id).display_name = "Rhodri Vaughan"
        session.get_one(Person, world["gwen"].person_id).display_name = "Owain"
        session.flush()
        body, rhodri = world.bodies["taran"], world["rhodri"].person_id
        for typed in ("Rhodri", "Mr VAUGHAN", "rhodri@taran.example", "Nobody at all\nDr Rhodri  Fychan"):
            assert people_named(session, body, typed, world["sian"], desk=world.desk) == (rhodri,), typed
        assert people_named(session, body, "a Nurse, Ed", world["sian"], desk=world.desk) == ()
        both = {world[name].person_id for name in ("gwen", "owain")}  # two of one name: both
        session.get_one(Person, world["owain"].person_id).display_name = "Owain"
        session.flush()
        assert set(people_named(session, body, "owain", world["sian"], desk=world.desk)) == both


def test_to_look_again_twice_from_one_form_is_once(world: World) -> None:
    with world.database.writing() as session:
        case = world.complain(session)
        decide(world, session, case, handler_of(session, case) or "")
        form: dict[str, Any] = {"lang": Locale.CY, "desk": world.desk}
        own = ids.new_id()
        ending.reopen(session, world["sian"], case, Words("x"), own, **form)
        version, handler = case.version, handler_of(session, case)
        ending.reopen(session, world["sian"], case, Words("x"), own, **form)
        assert (case.version, handler_of(session, case)) == (version, handler)


def test_trying_a_reference_on_one_colleague_after_the_other_tells_nothing(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        theirs = world.request(session, who="gwen").reference
    sign_in(visitor, "helen")  # a manager
    typed = {
        "body": "taran", "channel": "letter", "received-day": "23", "received-month": "11", "received-year": "2026",
        "what": "x", "answer_locale": "cy",
    }  # fmt: skip
    pages = []
    for email in ("sian@taran.example", "gwen@taran.example"):
        for reference in (theirs, "AC-7K2M-93QX"):
            visitor.get("/en/my/desk/complaints/log")
            page = visitor.post(
                "/en/my/desk/complaints/log", {**carried(visitor), **typed, "person": email, "about": reference}
            )
            pages.append((page.status_code, page.text.count("CP-")))
    assert len(set(pages)) == 1 and pages[0][0] == 200
    with world.database.reading() as session:
        assert len(session.scalars(select(CaseHold)).all()) == 1  # of who made it, and nobody else's
        links = session.scalars(select(ComplaintLink)).all()
        assert sorted((one.about_reference == theirs, one.about_case_id is None) for one in links) == [
            (False, True), (False, True), (True, False), (True, True),
        ]  # fmt: skip
    visitor.get("/en/my/desk/complaints/log")
    page = visitor.post("/en/my/desk/complaints/log", {**carried(visitor), **typed, "name": "P", "about": "my request"})
    assert page.status_code == 422 and "my request" in page.text


def test_who_hands_it_over_and_has_no_other_lands_on_a_page_that_is_theirs(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        world.name_alternates(session, "nia", "dafydd")
    reference, name = opened(world, is_about_office=True)
    assert name == "nia"
    sign_in(visitor, "nia", "mynach")
    answer = act(visitor, reference, "hand-over", colleague=world["dafydd"].person_id)
    assert answer.status_code == 303 and answer.headers["location"] == "/en/my"
    assert visitor.get(f"/en/my/desk/complaints/{reference}").status_code == 404
