"""Two officers at their desks: proposing, reading, approving and sending back, as a browser meets it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from portal.cases.models import Case
from portal.directory.models import RoleHolding
from portal.subject_access.answering.models import Pack
from portal.subject_access.answering.rules import BUILDER_LEASE, GAP, PackState
from portal.subject_access.rules import State
from tests.subject_access.answering.answers import MORE_TIME, answered, prepared, proposed
from tests.subject_access.browsing import carried, case_of, started
from tests.subject_access.conftest import MONDAY, World
from tests.visitors import Visitor, visiting

FORMS = {
    "refusal": {"ground": "exempt", "words": "Dim sail", "lang": "cy"},
    "nothing_held": {"words": "E-bost: dim", "lang": "cy"},
    "extension": {"ground": "complexity", "words": "Tair system", "lang": "cy"},
}


@pytest.fixture
def second(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        one.get("/en/my/sign-in")
        assert one.sign_in("bethan@taran.example").status_code == 303
        yield one


def at_material(world: World) -> str:
    with world.database.writing() as session:
        return prepared(world, session).reference


def hand_over(officer: Visitor, reference: str, outcome: str, locale: str = "en", **fields: str) -> Any:
    address = f"/{locale}/my/desk/access/{reference}/answer/{outcome}"
    page = officer.get(address)
    assert page.status_code == 200 and page.text.count("<h1") == 1
    return officer.post(address, {**carried(officer), **fields})


def decide(second: Visitor, reference: str, button: str, locale: str = "en", **fields: str) -> Any:
    """Press one button of the second person's page: each form has its own hidden fields."""
    page = second.get(f"/{locale}/my/desk/access/{reference}/answer")
    form = re.search(rf'<form action="([^"]*/sign/[^"]*/{button})".*?</form>', page.text, re.S)
    assert form is not None, "no such button"
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form.group()))
    return second.post(form.group(1), {**hidden, **fields})


@pytest.mark.parametrize("locale", ["cy", "en"])
@pytest.mark.parametrize(
    ("outcome", "state"),
    [("refusal", State.REFUSED), ("nothing_held", State.NOTHING_HELD), ("extension", State.SCOPING)],
)
def test_one_officer_proposes_and_another_approves(
    world: World, officer: Visitor, second: Visitor, outcome: str, state: State, locale: str
) -> None:
    reference = started(world)
    assert hand_over(officer, reference, outcome, locale).status_code == 422, "nothing was typed"
    assert hand_over(officer, reference, outcome, locale, **FORMS[outcome]).status_code == 303
    own = officer.get(f"/{locale}/my/desk/access/{reference}/answer")
    assert "/approve" not in own.text and "bethan" in own.text
    assert decide(second, reference, "approve", locale).status_code == 303
    assert case_of(world, reference).state == state
    page = second.get(f"/{locale}/my/desk/access/{reference}/answer")
    assert page.text.count("rhodri") >= 1 and page.text.count("bethan") >= 1, "both people are named"


def test_data_is_released_with_a_pack_that_the_second_person_looks_into(
    world: World, officer: Visitor, second: Visitor
) -> None:
    reference = at_material(world)
    fields = {"words": "Dyma’ch data", "supplementary": f"Ffynhonnell: {GAP}", "lang": "cy"}
    left = hand_over(officer, reference, "release", **fields)
    assert left.status_code == 422 and "Fill in every place marked [?]" in left.text
    assert "Dyma’ch data" in unescape(left.text)
    assert hand_over(officer, reference, "release", **{**fields, "supplementary": "O’r rota"}).status_code == 303
    assert second.get(f"/en/my/desk/access/{reference}/pack").status_code == 200
    page = second.get(f"/en/my/desk/access/{reference}/answer")
    assert "001.csv" in page.text and "O’r rota" in unescape(page.text)
    assert second.post(f"/en/my/desk/access/{reference}/pack/file").content[:2] == b"PK"
    assert decide(second, reference, "approve").status_code == 303
    assert case_of(world, reference).state == State.READY_TO_COLLECT


def test_what_is_sent_back_carries_its_comment(world: World, officer: Visitor, second: Visitor) -> None:
    reference = at_material(world)
    hand_over(officer, reference, "release", words="Dyma", supplementary="O’r rota", lang="cy")
    empty = decide(second, reference, "back")
    assert empty.status_code == 422 and "Write what has to be different" in empty.text
    assert decide(second, reference, "back", comment="Mae tudalen ar goll").status_code == 303
    page = officer.get(f"/en/my/desk/access/{reference}/answer")
    assert "Mae tudalen ar goll" in page.text and "/answer/release" in page.text


def test_a_failed_pack_can_be_built_again_and_is_never_approved(
    world: World, officer: Visitor, second: Visitor
) -> None:
    reference = at_material(world)
    hand_over(officer, reference, "release", words="Dyma", supplementary="O’r rota", lang="cy")
    with world.database.writing() as session:
        session.execute(update(Pack).values(state=PackState.FAILED))
    page = second.get(f"/en/my/desk/access/{reference}/answer")
    assert "could not be built" in page.text and "/approve" not in page.text
    with world.blobs.living() as holder:
        until = world.desk.now + BUILDER_LEASE
        now_built = {"state": PackState.BUILDING, "holder": holder, "held_until": until, "all_items": 3}
        with world.database.writing() as session:
            session.execute(update(Pack).values(**now_built))
        whole = second.get(f"/en/my/desk/access/{reference}/pack").text
        part = second.client.get(f"/en/my/desk/access/{reference}/pack", headers={"hx-request": "true"}).text
    assert 'data-hx-trigger="every 2s"' in part and part in whole and "<h1" not in part
    with world.database.writing() as session:
        session.execute(update(Pack).values(state=PackState.FAILED, holder=None, held_until=None))
    assert "data-hx-trigger" not in second.get(f"/en/my/desk/access/{reference}/pack").text
    second.get(f"/en/my/desk/access/{reference}/pack")
    assert second.post(f"/en/my/desk/access/{reference}/pack/again").status_code == 303
    with world.database.reading() as session:
        assert session.scalars(select(Pack.state)).one() is PackState.READY


def test_an_officer_who_is_alone_is_told_what_to_do(world: World, officer: Visitor) -> None:
    reference = started(world)
    with world.database.writing() as session:
        others = [world["bethan"].person_id, world["carys"].person_id]
        session.execute(update(RoleHolding).where(RoleHolding.person_id.in_(others)).values(ended_on=MONDAY.date()))
    for path in ("answer", "answer/refusal"):
        page = officer.get(f"/en/my/desk/access/{reference}/{path}")
        assert "Ask the administrator to give a second person" in page.text


def test_more_time_is_refused_to_the_second_person_too_when_it_is_late(
    world: World, officer: Visitor, second: Visitor
) -> None:
    reference = started(world)
    hand_over(officer, reference, "extension", **FORMS["extension"])
    world.set_time(MONDAY + timedelta(days=31))
    second.get("/en/my/sign-in")
    second.sign_in("bethan@taran.example")
    late = decide(second, reference, "approve")
    assert late.status_code == 422
    assert "notice had to be given by 23 December 2026" in late.text
    assert not case_of(world, reference).extended
    officer.get("/en/my/sign-in")
    officer.sign_in("rhodri@taran.example")
    form = officer.get(f"/en/my/desk/access/{started(world)}/answer/extension")
    assert form.status_code == 200


def test_the_forms_of_a_request_of_another_body_are_not_there(world: World, rooms: FastAPI) -> None:
    reference = answered(world, MORE_TIME)
    with visiting(rooms) as other:
        other.get("/en/my/sign-in")
        other.sign_in("dafydd@mynach.example")
        for path in ("answer", "answer/release", "pack", "slip"):
            assert other.get(f"/en/my/desk/access/{reference}/{path}").status_code == 404
    with world.database.reading() as session:
        assert session.scalars(select(Case)).one().extended


def test_nonsense_is_not_there(world: World, officer: Visitor) -> None:
    reference = started(world)
    for path in ("answer/nonsense", "pack", "slip"):
        assert officer.get(f"/en/my/desk/access/{reference}/{path}").status_code == 404
    with world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        proposed(world, session, case, MORE_TIME)
    assert officer.post(f"/en/my/desk/access/{reference}/sign/{'a' * 26}/approve", carried(officer)).status_code == 403
