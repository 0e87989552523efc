"""The desk's pages as a browser asks for them: what is missing, no way past it, strangers, both languages."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.identity.queries import get_actor_of
from portal.register.lifecycle.gate_facts import Question
from portal.register.lifecycle.incidents import lessons
from portal.register.lifecycle.service import answer_readiness
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.parts import Both
from portal.register.rules import SystemState
from portal.register.service import add_step
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

EMYR, SARAH = "emyr.wyn.daniel@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"
IOAN, MAIR = "ioan.maelor@dyffryn-cledwen.example", "mair.tudur@dyffryn-cledwen.example"
GWENNO, NON = "gwenno.alun@unison.example", "non.elidir@dyffryn-cledwen.example"
PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"
ANGELA = "angela.morfydd.price@dyffryn-cledwen.example"
DESK = "/en/my/desk/register"
BOTH = {"reason_cy": "Rheswm", "reason_en": "A reason"}


@pytest.fixture
def ioan(demonstrated: Demonstrated) -> Iterator[Visitor]:
    """The responsible manager of a system on trial."""
    with demonstrated.signed_in(IOAN) as visitor:
        yield visitor


def text(visitor: Visitor) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", visitor.page.text))


def test_going_live_shows_what_is_missing_and_no_button(ioan: Visitor) -> None:
    ioan.get(f"{DESK}/GN3W7X")
    assert "What is missing before it can be put into use" in text(ioan)
    ioan.get(f"{DESK}/GN3W7X/step/go_live")
    assert "This cannot be done yet" in text(ioan)
    assert "<main" in ioan.page.text and "<form" not in ioan.page.text.split("<main")[1].split("</main>")[0]
    assert ioan.post(f"{DESK}/GN3W7X/step/go_live", {"seen": "pilot"}).status_code == 422
    assert "In trial" in text(ioan) or "This cannot be done yet" in text(ioan)


def test_the_plug_asks_why_keeps_what_was_typed_and_then_tells_everybody(ioan: Visitor) -> None:
    at = f"{DESK}/GN3W7X/step/suspend"
    ioan.get(at)
    answer = ioan.post(at, {"seen": "pilot", "reason_en": "Half a reason"})
    assert answer.status_code == 422 and "Half a reason" in answer.text
    assert "Choose why it is switched off" in text(ioan) and "Write this in both languages" in text(ioan)
    assert ioan.post(at, {"seen": "pilot", "cause": "data", **BOTH}).status_code == 303
    ioan.get("/en/s/GN3W7X")
    assert "It is switched off for now" in text(ioan) and "A reason" in text(ioan)
    ioan.get("/cy/s/GN3W7X")
    assert "Rheswm" in text(ioan) and "Wedi’i diffodd am y tro" in text(ioan)
    assert ioan.get(at).status_code == 404


def test_still_right_is_one_press(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(ANGELA) as visitor:
        visitor.get("/en/my")
        assert "Still right? Due by 20 October 2026" in text(visitor)
        answer = visitor.post(f"{DESK}/HG2M9R/confirm", {"from": "my"})
        assert answer.status_code == 303
        visitor.get(answer.headers["location"])
        assert "The entry is confirmed" in text(visitor) and "Still right? Due by" not in text(visitor)
        visitor.get("/en/s/HG2M9R")
        assert "22 November 2026" in text(visitor)


def test_the_desk_and_staff_read_why_the_portal_proposed_a_change_and_the_lessons_are_one_press_away(
    demonstrated: Demonstrated,
) -> None:
    settings, now = demonstrated.settings, demonstrated.settings.clock.now()
    with demonstrated.database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        post = Post(settings.vault, settings.public_url, now)
        lessons(session, system, "harsh-braking-flag", [post.today] * 3, post=post)
    with demonstrated.signed_in(GWENNO) as visitor:
        visitor.get(f"{DESK}/K7RT3M")
        assert "The portal proposed this change" in text(visitor) and "/en/reviews/K7RT3M" in visitor.page.text
        assert visitor.get("/en/reviews/K7RT3M").status_code == 200
        visitor.get("/cy/s/K7RT3M")
        assert "Mae newid iddi wedi’i gynnig" in text(visitor) and "tri phenderfyniad" in text(visitor)


@pytest.mark.parametrize(
    ("who", "own", "others"),
    [(IOAN, "GN3W7X", "K7RT3M"), (SARAH, "K7RT3M", "GN3W7X"), (NON, "GN3W7X", "RT4S7K"), (GWENNO, "K7RT3M", "RT4S7K")],
)
def test_a_stranger_finds_nothing_here(demonstrated: Demonstrated, who: str, own: str, others: str) -> None:
    with demonstrated.signed_in(who) as visitor:
        assert visitor.get(f"{DESK}/{own}").status_code == 200
        assert f"/register/{own}" in visitor.get(DESK).text
        for path in ("", "/step/suspend", "/step/nonsense", "/readiness", "/notice", "/monitoring", "/unions"):
            assert visitor.get(f"{DESK}/{others}{path}").status_code == 404, path


def test_a_worker_is_not_shown_the_desk(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in("gwynfor.hughes@dyffryn-cledwen.example") as visitor:
        assert visitor.get(DESK).status_code == 404
        assert "Systems and their life" not in visitor.get("/en/my").text


def test_the_papers_are_for_those_who_write_and_keep_what_was_typed(ioan: Visitor) -> None:
    ioan.get(f"{DESK}/GN3W7X/readiness")
    assert ioan.post(f"{DESK}/GN3W7X/readiness", {"needed_cy": "Oes angen"}).status_code == 303
    assert "Oes angen" in ioan.get(f"{DESK}/GN3W7X/readiness").text
    assert ioan.post(f"{DESK}/GN3W7X/readiness", {"needed_cy": "x" * 2501}).status_code == 422
    assert "x" * 2501 in ioan.page.text
    ioan.get(f"{DESK}/GN3W7X/monitoring")
    answer = ioan.post(f"{DESK}/GN3W7X/monitoring", {**ioan.hidden(), "measure_en": "Breaks missed"})
    assert answer.status_code == 422 and "Breaks missed" in answer.text
    ioan.get(f"{DESK}/GN3W7X/notice")
    answer = ioan.post(f"{DESK}/GN3W7X/notice", {**ioan.hidden(), "text_cy": "Yn dechrau", "text_en": "Begins"})
    assert answer.status_code == 422 and "Yn dechrau" in answer.text


def test_a_union_sees_the_life_and_its_own_step_but_not_the_papers(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(GWENNO) as visitor:
        visitor.get(f"{DESK}/K7RT3M")
        assert "Open a review" in text(visitor) and "Switch it off now" not in text(visitor)
        assert "/readiness" not in visitor.page.text
        assert visitor.get(f"{DESK}/K7RT3M/readiness").status_code == 404
        visitor.get(f"{DESK}/K7RT3M/step/open_review")
        assert visitor.post(f"{DESK}/K7RT3M/step/open_review", {"seen": "live", **BOTH}).status_code == 303
        assert "In use, under review" in html.unescape(visitor.get("/en/s/K7RT3M").text)


def test_two_people_sign_an_emergency_and_the_second_reads_the_first(demonstrated: Demonstrated) -> None:
    at = f"{DESK}/GN3W7X/step/go_live_emergency"
    with demonstrated.signed_in(IOAN) as visitor:
        visitor.get(at)
        assert visitor.post(at, {"seen": "pilot", **BOTH}).status_code == 303
        visitor.get(at)
        visitor.post(at, {"seen": "pilot"})
        assert "Two different people have to sign" in text(visitor)
    with demonstrated.signed_in(MAIR) as visitor:
        assert "A reason" in visitor.get(at).text
        assert visitor.post(at, {"seen": "pilot"}).status_code == 303
        visitor.get("/en/s/GN3W7X")
        assert "That ends by: 20 December 2026" in text(visitor)


def test_an_administrator_sets_the_limits_within_bounds(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(PHILIP) as visitor:
        at = f"{DESK}/limits"
        visitor.get(at)
        assert visitor.post(at, {"training": "10", "consultation": "30"}).status_code == 422
        assert 'value="10"' in visitor.page.text
        assert visitor.post(at, {"training": "95", "consultation": "45"}).status_code == 303
        assert 'value="95"' in visitor.get(f"{at}?saved=yes").text
    with demonstrated.signed_in(IOAN) as visitor:
        assert visitor.get(f"{DESK}/limits").status_code == 404


def test_silence_of_a_branch_is_reminded_and_taken_further(ioan: Visitor) -> None:
    at = f"{DESK}/GN3W7X/unions"
    ioan.get(at)
    assert "/remind" not in ioan.page.text and "/voices/talk" in ioan.page.text
    talk = f"{DESK}/GN3W7X/voices/talk"
    ioan.get(talk)
    last = {"answers_by-day": "20", "answers_by-month": "12", "answers_by-year": "2026"}
    summary = {"summary_cy": "Treial", "summary_en": "A trial"}
    assert ioan.post(talk, {**ioan.hidden(), "stage": "pilot", **summary, **last}).status_code == 303
    ioan.get(at)
    remind = re.search(rf'action="({at}/[a-z0-9]+/remind)"', ioan.page.text)
    assert remind is not None
    assert ioan.post(remind.group(1)).status_code == 303
    ioan.get(at)
    further = remind.group(1).replace("remind", "escalate")
    assert ioan.post(further, {"to_whom_cy": "Ysgrifennydd"}).status_code == 422
    assert ioan.post(further, {"to_whom_cy": "Ysgrifennydd", "to_whom_en": "Secretary"}).status_code == 303
    ioan.get(f"{DESK}/GN3W7X")
    assert "It can answer until 20 December 2026" in text(ioan)
    ioan.get("/en/s/GN3W7X")
    assert "Asked on: 22 November 2026" in text(ioan) and "Taken further in the union on: 22 November" in text(ioan)
    ioan.get(at)
    assert ioan.post(further.replace(further.split("/")[-2], "a" * 26), {}).status_code == 404


def test_an_incident_is_written_down_read_by_staff_and_put_right(ioan: Visitor) -> None:
    at = f"{DESK}/GN3W7X/incident"
    ioan.get(at)
    day = {"happened_on-day": "20", "happened_on-month": "11", "happened_on-year": "2026"}
    told = {"what_cy": "Drafft anghywir", "what_en": "A wrong draft", "who_cy": "Un tîm", "who_en": "One team"}
    answer = ioan.post(at, {**ioan.hidden(), **day, **told})
    assert answer.status_code == 422 and "A wrong draft" in answer.text and "Choose how bad it was" in text(ioan)
    assert ioan.post(at, {**ioan.hidden(), **day, **told, "how_bad": "serious"}).status_code == 303
    ioan.get("/en/s/GN3W7X")
    assert "A wrong draft" in text(ioan) and "Not put right yet" in text(ioan)
    ioan.get(f"{DESK}/GN3W7X")
    assert "Nobody has written what was put right" in text(ioan)
    mend = re.search(rf'href="({at}/[a-z0-9]+)"', ioan.page.text)
    assert mend is not None
    ioan.get(mend.group(1))
    assert ioan.post(mend.group(1), {**ioan.hidden(), "fix_en": "Corrected"}).status_code == 422
    assert ioan.post(mend.group(1), {**ioan.hidden(), "fix_cy": "Cywirwyd", "fix_en": "Corrected"}).status_code == 303
    ioan.get("/cy/s/GN3W7X")
    assert "Beth a gywirwyd: Cywirwyd" in text(ioan)
    assert ioan.get(f"{at}/{'a' * 26}").status_code == 404


def test_one_act_opens_the_consultation_with_every_branch(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "GN3W7X")).one()
        now = demonstrated.settings.clock.now()
        add_step(session, system, step="set", to=SystemState.READINESS, role="portal", now=now)
        both = Both(cy="Ateb", en="Answer")
        actor = get_actor_of(session, demonstrated.person(IOAN), today=demonstrated.settings.clock.today())
        post = Post(demonstrated.settings.vault, "https://porth.example", now)
        answer_readiness(session, actor, system, dict.fromkeys(Question, both), post=post)
    with demonstrated.signed_in(IOAN) as visitor:
        at = f"{DESK}/GN3W7X/step/open_consultation"
        visitor.get(at)
        last = {"until-day": "22", "until-month": "12", "until-year": "2026"}
        assert visitor.post(at, {"seen": "readiness", **BOTH, **last}).status_code == 422
        assert "Choose what you offer" in text(visitor)
        told = {"about_cy": "Cynorthwyydd", "about_en": "The assistant", "offer": "training"}
        assert visitor.post(at, {"seen": "readiness", **BOTH, **last, **told}).status_code == 303
        visitor.get(f"{DESK}/GN3W7X/voices")
        assert "The assistant" in text(visitor) and "22 December 2026" in text(visitor) and "A reason" in text(visitor)
