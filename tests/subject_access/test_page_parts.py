"""What a requester sees of the outcome on their own case page."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core import ids
from portal.core.text import Locale, Words
from portal.home.case_pages import router as home_router
from portal.i18n.catalogue import say
from portal.subject_access import service
from portal.subject_access.answering.releasing import Release, disclose
from portal.subject_access.letters import ROUTES
from portal.subject_access.page_parts import reply_step, withdraw_step
from portal.subject_access.queries import blob_context
from portal.subject_access.routes import router
from portal.subject_access.rules import ExtensionGround, Given, IdentityCheck, RefusalGround
from tests.subject_access.conftest import World, sent
from tests.visitors import Visitor, make_rooms, visiting

LETTER = Words("Dyma’r rhesymau")


@pytest.fixture
def sian(world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(world.settings, world.database, account_router, home_router, router)) as one:
        one.get("/en/my/sign-in")
        one.sign_in("sian@taran.example")
        yield one


def released(world: World, case: Case, given: Given = Given.PORTAL) -> None:
    made = ids.new_id()
    release = Release(made, given)
    if given is Given.PORTAL:
        blob_id = world.blobs.put([b"%PDF-"], context=blob_context(made))
        release = Release(made, given, blob_id, Words("a.pdf"), "application/pdf", 5)
    with world.database.writing() as session:
        case = session.get_one(Case, case.id)
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        disclose(session, world["rhodri"], case, release, LETTER, LETTER, sent(), lang=Locale.CY, desk=world.desk)


def opened(world: World, **changes: object) -> Case:
    with world.database.writing() as session:
        return world.request(session, **changes)


@pytest.mark.parametrize("locale", list(Locale))
def test_a_released_file_is_a_button_on_the_case_page(world: World, sian: Visitor, locale: Locale) -> None:
    case = opened(world)
    released(world, case)
    page = sian.get(f"/{locale}/my/cases/{case.reference}")
    assert f'href="/{locale}/my/access/{case.reference}/data"' in page.text
    assert all(say(route, locale) in page.text for route in ROUTES)


def test_an_answer_by_post_says_so(world: World, sian: Visitor) -> None:
    case = opened(world)
    released(world, case, Given.POST)
    assert "By post" in sian.get(f"/en/my/cases/{case.reference}").text


@pytest.mark.parametrize("locale", list(Locale))
def test_refusal_and_more_time_say_where_to_complain(world: World, sian: Visitor, locale: Locale) -> None:
    case = opened(world)
    rhodri = world["rhodri"]
    with world.database.writing() as session:
        case = session.get_one(Case, case.id)
        service.extend(
            session, rhodri, case, ExtensionGround.NUMBER, LETTER, sent(), lang=Locale.CY, desk=world.desk
        )  # fmt: skip
    assert sian.get(f"/{locale}/my/cases/{case.reference}").status_code == 200
    with world.database.writing() as session:
        case = session.get_one(Case, case.id)
        service.start(session, rhodri, case, sent(), desk=world.desk)
        service.refuse(session, rhodri, case, RefusalGround.EXEMPT, LETTER, sent(), lang=Locale.CY, desk=world.desk)
    page = sian.get(f"/{locale}/my/cases/{case.reference}")
    assert all(say(route, locale) in page.text for route in ROUTES)


def test_the_ten_words_lead_to_the_collection_page(world: World, sian: Visitor) -> None:
    sian.get("/en/access")
    hidden = sian.hidden()
    answers = {
        "body": "taran", "scope": "everything", "answer_locale": "en", "answer_format": "download", "name": "Siân",
        "reach": "1", "recognition": "2",
    }  # fmt: skip
    page = sian.client.post("/en/access", data={**hidden, **answers, "go": "send"})
    words = re.findall(r"<(?:span|li)[^>]*>([a-z]+)</", page.text)
    with world.database.writing() as session:
        case = session.scalars(select(Case)).one()
        on = world.desk.today
        service.record_identity(
            session, world["rhodri"], case, IdentityCheck.KNOWN, sent(), on=on, desk=world.desk
        )  # fmt: skip
    released(world, case)
    shown = sian.client.post("/en/case", data={"words": " ".join(words)})
    assert 'action="/en/access/collect"' in shown.text
    assert " ".join(words) in shown.text


def test_the_steps_of_the_requester_follow_the_state(world: World) -> None:
    case = opened(world, by=Relation.REQUESTER, requester_person_id=None, locator_hash=bytes(32))
    assert reply_step(case) is None
    step = withdraw_step(case)
    assert step is not None and step.name == "withdraw"
    released_state = Case(state="disclosed")
    assert (reply_step(released_state), withdraw_step(released_state)) == (None, None)
