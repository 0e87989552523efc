"""What a requester sees of the outcome on their own case page."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from portal.account.routes import router as account_router
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core.text import Locale
from portal.home.case_pages import router as home_router
from portal.i18n.catalogue import say
from portal.subject_access import service
from portal.subject_access.answering.duties import remove_old_disclosures
from portal.subject_access.answering.models import SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.rules import WAYS, Way
from portal.subject_access.asking import knowing
from portal.subject_access.letters import ROUTES
from portal.subject_access.material.models import MaterialCopy
from portal.subject_access.models import Disclosure
from portal.subject_access.page_parts import reply_step, withdraw_step
from portal.subject_access.routes import router
from portal.subject_access.rules import IdentityCheck
from tests.subject_access.answering.answers import (
    MORE_TIME,
    REFUSAL,
    add_item,
    answered,
    approved,
    proposed,
    released,
    to_material,
)
from tests.subject_access.conftest import World, sent
from tests.visitors import Visitor, make_rooms, visiting


@pytest.fixture
def sian(world: World) -> Iterator[Visitor]:
    with visiting(make_rooms(world.settings, world.database, account_router, home_router, router)) as one:
        one.get("/en/my/sign-in")
        one.sign_in("sian@taran.example")
        yield one


def opened(world: World, **changes: object) -> Case:
    with world.database.writing() as session:
        return world.request(session, **changes)


@pytest.mark.parametrize("locale", list(Locale))
def test_a_released_file_is_a_button_on_the_case_page(world: World, sian: Visitor, locale: Locale) -> None:
    reference = released(world)
    page = sian.get(f"/{locale}/my/cases/{reference}")
    assert f'href="/{locale}/my/access/{reference}/data"' in page.text
    assert f'action="/{locale}/my/access/{reference}/issue-again"' in page.text
    assert all(say(route, locale) in page.text for route in ROUTES)


@pytest.mark.parametrize("locale", list(Locale))
def test_the_worker_sees_who_took_the_answer_and_that_a_removed_one_is_free(
    world: World, sian: Visitor, locale: Locale
) -> None:
    reference = released(world)
    sian.get(f"/{locale}/my/access/{reference}/data")
    sian.post(f"/{locale}/my/access/{reference}/data")
    assert say(WAYS[Way.SIGNED_IN], locale) in sian.get(f"/{locale}/my/cases/{reference}").text
    with world.database.writing() as session:
        session.scalars(select(Disclosure)).one().remove_on = world.desk.today
    assert remove_old_disclosures(world.database, world.settings, world.desk.now) == 1
    page = sian.get(f"/{locale}/my/cases/{reference}")
    assert "/data" not in page.text
    assert f'action="/{locale}/my/access/{reference}/issue-again"' in page.text
    with world.database.writing() as session:
        session.execute(update(MaterialCopy).values(blob_id=None))
    assert "issue-again" not in sian.get(f"/{locale}/my/cases/{reference}").text, "there is nothing to make it of"


@pytest.mark.parametrize("locale", list(Locale))
def test_refusal_and_more_time_say_where_to_complain(world: World, sian: Visitor, locale: Locale) -> None:
    extended = answered(world, MORE_TIME)
    assert sian.get(f"/{locale}/my/cases/{extended}").status_code == 200
    page = sian.get(f"/{locale}/my/cases/{answered(world, REFUSAL)}")
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
        service.start(session, world["rhodri"], case, sent(), desk=world.desk)
        knowing.record_identity(
            session, world["rhodri"], case, IdentityCheck.KNOWN, sent(), on=on, desk=world.desk
        )  # fmt: skip
        add_item(world, session, case, b"a,b")
        proposed(world, session, to_material(world, session, case))
    build_waiting(world.database, world.settings, world.desk.now)
    with world.database.writing() as session:
        approved(world, session, session.scalars(select(Case)).one(), session.scalars(select(SignOff)).one())
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
