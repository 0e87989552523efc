"""Labels, questions to colleagues, saved choices and paper on the desk’s pages; and that each side has its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from anonymity.encoding import to_b64u
from portal.concerns.casework import (
    bulk,
    bulk_pages,
    labels,
    labels_pages,
    marking,
    pairs,
    pairs_pages,
    printing,
    routes,
    saved,
    saved_pages,
)
from portal.concerns.casework.acts import Act, Wanted
from portal.concerns.casework.labelling import labels_of
from portal.concerns.casework.mentions import list_mentions
from portal.concerns.casework.models import CaseworkView
from portal.concerns.casework.rules import Purpose
from portal.concerns.casework.saved import list_views
from portal.core.db import Database
from portal.core.ids import new_id, random_bytes
from portal.core.text import Bilingual
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat
from tests.concerns.casework.test_asking_to_look import ask, asked
from tests.concerns.casework.test_plans import plan_of, questions, scanned
from tests.visitors import Visitor

HERE = "/en/my/concerns"
SIDES = {"branch": ("rep", "second"), "body": ("head", "outside")}


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


@pytest.fixture
def app(seated: Seated) -> FastAPI:
    rooms = (bulk_pages, labels_pages, pairs_pages, saved_pages, printing, marking, routes)
    return seated.serve(*(room.router for room in rooms))


@pytest.fixture
def rep(seated: Seated, app: FastAPI) -> Iterator[Visitor]:
    with seated.signed_in("rep", app) as visitor:
        yield visitor


def agree(seated: Seated, home: str) -> tuple[str, list[str]]:
    """A label, a reply and a shared choice of one home; the label's id, and all that nobody else may read of them."""
    one, other = SIDES[home]
    said = f"SAID BY {home.upper()}"
    both, desk, home_id = Bilingual(said, said), seated.desk, seated.homes[home]
    with seated.database.writing() as session:
        first, second = seated.actor(one), seated.actor(other)
        label = labels.propose_label(session, first, both, home_id=home_id, label_id=new_id(), desk=desk)
        labels.approve_label(session, second, label, desk=desk)
        written = pairs.Written(Purpose.NEWS, both, both)
        pair = pairs.write_pair(session, first, written, home_id=home_id, pair_id=new_id(), desk=desk)
        pairs.approve_pair(session, second, pair, read=pairs.fingerprint_of(pair), desk=desk)
        view = saved.save_view(session, first, said, "?lane=us", home_id=home_id, desk=desk)
        return label.id, [said, label.id, pair.id, view.id]


def test_what_one_side_keeps_is_on_no_page_of_the_other(seated: Seated, app: FastAPI) -> None:
    case_id = seated.came("rep", "second", "head", "outside", "rival")
    case, mine = to_b64u(case_id), {home: agree(seated, home) for home in SIDES}
    branch = [seated.homes["branch"], seated.homes["other branch"]]
    for home, (label_id, _said) in mine.items():
        for wanted in (Wanted(Act.TAKE), Wanted(Act.LABEL, label_id)):
            actor = seated.actor(SIDES[home][0])
            bulk.do(seated.database, actor, [case_id], wanted, act_id=new_id(), desk=seated.desk)
    ask(seated, "rep", case_id, "head")
    labelled = {home: label_id for home, (label_id, _said) in mine.items()}
    pages = (
        "", "?lane=us", f"?label={labelled['branch']}", f"?label={labelled['body']}", "/labels", "/replies",
        "/replies/ready", "/views", "/print", f"/{case}", f"/{case}/print",
    )  # fmt: skip
    hidden = {
        "head": mine["branch"][1] + branch,
        "rep": mine["body"][1],
        "rival": mine["branch"][1] + mine["body"][1],
    }
    for who, never in hidden.items():
        with seated.signed_in(who, app) as visitor:
            for path in pages:
                answer = visitor.get(f"{HERE}{path}")
                assert answer.status_code == 200, path
                text = answer.text.replace(f"label={labelled['branch']}", "").replace(f"label={labelled['body']}", "")
                assert not [one for one in never if one in text], (who, path)
    with seated.signed_in("rep", app) as visitor:
        own = "".join(visitor.get(f"{HERE}{path}").text for path in pages)
    assert all(one in own for one in mine["branch"][1]), "the pages do show what is one's own"


def test_another_homes_label_chooses_nothing(seated: Seated, app: FastAPI) -> None:
    case_id = seated.came("rep", "rival")
    label_id, _said = agree(seated, "branch")
    for wanted in (Wanted(Act.TAKE), Wanted(Act.LABEL, label_id)):
        bulk.do(seated.database, seated.actor("rep"), [case_id], wanted, act_id=new_id(), desk=seated.desk)
    found = {}
    for who in ("rep", "rival"):
        with seated.signed_in(who, app) as visitor:
            found[who] = to_b64u(case_id) in visitor.get(f"{HERE}?label={label_id}").text
    assert found == {"rep": True, "rival": False}


def test_labels_are_chosen_on_the_page_of_a_thread(seated: Seated, rep: Visitor) -> None:
    case_id = seated.came("rep", "second")
    label_id, _said = agree(seated, "branch")
    case = f"{HERE}/{to_b64u(case_id)}"
    rep.get(f"{HERE}/labels")
    assert rep.post(f"{case}/labels", {"label": label_id}).status_code == 409, "nobody has taken it on"
    bulk.do(seated.database, seated.actor("rep"), [case_id], Wanted(Act.TAKE), act_id=new_id(), desk=seated.desk)
    for chosen, carried in (({"label": label_id}, [label_id]), ({}, []), ({"label": new_id()}, [])):
        rep.get(case)
        answer = rep.post(f"{case}/labels", chosen)
        assert answer.status_code == (303 if chosen.get("label", label_id) == label_id else 409)
        with seated.database.reading() as session:
            found = labels_of(session, seated.actor("rep"), [case_id]).get(case_id, [])
            assert [label.id for label in found] == carried
    for strange in (seated.came("second"), random_bytes(16)):
        rep.get(case)
        assert rep.post(f"{HERE}/{to_b64u(strange)}/labels", {"label": label_id}).status_code == 404


def test_who_is_asked_to_look_finds_it_on_the_desk_until_it_is_opened(
    seated: Seated, app: FastAPI, rep: Visitor
) -> None:
    case_id = seated.came("rep", "second")
    case = f"{HERE}/{to_b64u(case_id)}"
    rep.get(case)
    for nobody in (f"thread:{seated.people['head']}", f"thread:{new_id()}", "notes:", "", "elsewhere:x"):
        answer = rep.post(f"{case}/mention", {"whom": nobody, "part": "mention"})
        assert answer.status_code == 422
        assert "Choose somebody who can open this" in answer.text
    whom = f"thread:{seated.people['second']}"
    assert whom in rep.page.text
    told = rep.post(f"{case}/mention", {"whom": whom})
    assert told.status_code == 303
    assert "They were asked to look" in rep.get(told.headers["location"]).text
    with seated.signed_in("second", app) as second:
        assert "You are asked to look at 1 concern" in second.get(HERE).text
        assert "Asked in the thread" in second.get(case).text
        assert asked(seated, "second") == []
        assert "You are asked to look" not in second.get(HERE).text


def test_a_choice_is_saved_and_shared_from_what_the_desk_shows(seated: Seated, app: FastAPI, rep: Visitor) -> None:
    page = rep.get(f"{HERE}/views?lane=due&theme=pace&nonsense=1")
    assert 'value="?lane=due&amp;theme=pace"' in page.text
    wrong = rep.post(f"{HERE}/views", {"query": "?lane=due", "name": ""})
    assert wrong.status_code == 422
    fields = {"query": "?lane=due&nonsense=1", "name": "Due first", "home": seated.homes["branch"]}
    kept = rep.post(f"{HERE}/views", fields)
    assert kept.headers["location"] == f"{HERE}/views?lane=due"
    with seated.database.reading() as session:
        view_id = session.scalars(select(CaseworkView.id)).one()
    with seated.signed_in("second", app) as second:
        assert "Due first" in second.get(f"{HERE}/views").text
    for who, status in (("head", 404), ("second", 303)):
        with seated.signed_in(who, app) as visitor:
            visitor.get(f"{HERE}/views")
            assert visitor.post(f"{HERE}/views/{view_id}/delete", {"query": ""}).status_code == status


def test_paper_shows_the_list_that_was_asked_for_and_threads_that_one_holds(seated: Seated, rep: Visitor) -> None:
    pace, pay, strange = seated.came("rep"), seated.came("rep"), seated.came("head")
    actor, desk = seated.actor("rep"), seated.desk
    bulk.do(seated.database, actor, [pace, pay], Wanted(Act.TAKE), act_id=new_id(), desk=desk)
    bulk.do(seated.database, actor, [pace], Wanted(Act.THEME, "pace"), act_id=new_id(), desk=desk)
    planned = Wanted(Act.NEXT, "answer", desk.today + timedelta(days=400))
    bulk.do(seated.database, actor, [pace], planned, act_id=new_id(), desk=desk)
    page = rep.get(f"{HERE}/print?theme=pace").text
    assert page.count('<th scope="row">') == 1
    assert "Answer the worker" in page
    assert rep.get(f"{HERE}/print").text.count('<th scope="row">') == 2
    one = rep.get(f"{HERE}/{to_b64u(pace)}/print").text
    assert "Pace, targets or workload" in one
    assert "It was taken on" in one
    for other in (strange, random_bytes(16)):
        assert rep.get(f"{HERE}/{to_b64u(other)}/print").status_code == 404


def test_what_stands_beside_the_list_is_asked_by_its_index(seated: Seated) -> None:
    actor, case_id = seated.actor("rep"), seated.came("rep")
    with questions(seated.database.engine) as said, seated.database.reading() as session:
        labels_of(session, actor, [case_id])
        list_mentions(session, actor)
        list_views(session, actor)
        labels.list_labels(session, actor)
        pairs.list_pairs(session, actor)
    assert len(said) == 5
    with seated.database.reading() as session:
        for statement, parameters in said:
            plan = plan_of(session, statement, parameters)
            assert not scanned(plan), plan
            assert not [line for line in plan if line.startswith(("SCAN side_", "SCAN reply_", "SCAN casework_"))], plan
