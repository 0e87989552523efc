"""The page without script has to be some seconds old: sent sooner it comes back, with all that was typed."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text

from portal.concerns.reporting.tickets import LONGEST_WAIT, WINDOW, Kind
from tests.demonstrated import BODY, Demonstrated
from tests.visitors import Visitor

FORM = "/cy/concern/form"
TYPED = {"text": "Mae’r rota <b>newydd</b> & “beryglus”\nail linell – 77123", "name": "Siân", "whom": "everybody",
         "scope": "everybody", "union": "", "lang": "en", "when": "ddoe", "ongoing": "yes"}  # fmt: skip
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
WAIT = 5


@pytest.fixture
def patient(demonstrated: Demonstrated) -> Demonstrated:
    """A portal that asks for the wait that the product asks for."""
    settings = demonstrated.settings.model_copy(update={"wait_seconds": WAIT, "calm_a_minute": 3})
    return Demonstrated(settings, demonstrated.database, demonstrated.secrets)


@pytest.fixture
def visitor(patient: Demonstrated) -> Iterator[Visitor]:
    with patient.visiting() as made:
        yield made


def pass_time(world: Demonstrated, **span: int) -> None:
    clock = world.folder / "clock"
    clock.write_text((datetime.fromisoformat(clock.read_text()) + timedelta(**span)).isoformat(), encoding="utf-8")


def open_form(world: Demonstrated, visitor: Visitor) -> dict[str, Any]:
    visitor.post(FORM, {"body": BODY, "about": f"system:{world.code_of('e-rostering')}"})
    own = {name: value for name, value in visitor.hidden().items() if name in {"form_id", "ticket", "body", "about"}}
    boxes = [tag for tag in re.findall(r"<input[^>]*>", visitor.page.text) if 'name="left-out"' in tag]
    everybody = [found.group(1) for tag in boxes if (found := re.search(r'value="([^"]*)"', tag))]
    return {**own, **TYPED, "left-out": everybody[:2]}


def stored(world: Demonstrated) -> int:
    with world.database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM sealed_cases")) or 0)


def words_of(page: Any) -> list[str]:
    """The receipt on a page."""
    found: list[str] = re.findall(r"<span>(\w+)</span>", page.text.partition('class="words"')[2].partition("</p>")[0])
    assert len(found) == 10
    return found


def held_by(page: Any) -> dict[str, list[str]]:
    """The hidden fields of the form in the page's main part."""
    found: dict[str, list[str]] = {}
    main = page.text.partition("<main")[2]
    for name, value in HIDDEN.findall(main):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_sent_at_once_it_comes_back_with_all_that_was_typed_and_a_little_later_it_is_taken(
    patient: Demonstrated, visitor: Visitor
) -> None:
    fields, before = open_form(patient, visitor), stored(patient)
    early = visitor.client.post(FORM, data=fields)
    assert early.status_code == 429
    assert early.headers["retry-after"] == str(WAIT + WINDOW[Kind.FORM])
    held = held_by(early)
    assert held["text"] == [TYPED["text"]]
    assert held["left-out"] == fields["left-out"]
    assert len(held["left-out"]) == 2
    assert {name: held[name][0] for name in TYPED} == TYPED
    assert held["ticket"] == [fields["ticket"]], "the waiting goes on where it began"
    assert stored(patient) == before
    pass_time(patient, seconds=WAIT + WINDOW[Kind.FORM])
    taken = visitor.client.post(FORM, data=held)
    assert taken.status_code == 200
    assert words_of(taken)
    assert stored(patient) == before + 1


def test_turning_the_language_of_the_waiting_page_sends_nothing_and_keeps_the_language_of_the_text(
    patient: Demonstrated, visitor: Visitor
) -> None:
    fields, before = open_form(patient, visitor), stored(patient)
    early = visitor.client.post(FORM, data=fields)
    again = early.text.partition('<form id="again"')[2].partition("</form>")[0]
    carried = [(name, unescape(value)) for name, value in HIDDEN.findall(again)]
    pass_time(patient, minutes=5)
    body: dict[str, list[str]] = {}
    for name, value in carried:
        body.setdefault(name, []).append(value)
    turned = visitor.client.post("/en/concern/form", data=body)
    assert stored(patient) == before, "whoever turns the language has not pressed send"
    assert 'lang="en"' in turned.text
    assert "77123" in turned.text
    assert re.search(r'id="lang[^"]*"[^>]*value="en"[^>]*checked|value="en"[^>]*checked', turned.text)


def test_one_page_is_sent_once_in_all_processes(patient: Demonstrated, visitor: Visitor) -> None:
    first, second = open_form(patient, visitor), open_form(patient, visitor)
    pass_time(patient, minutes=1)
    assert visitor.client.post(FORM, data=first).status_code == 200
    before = stored(patient)
    with patient.visiting() as other:
        answer = other.client.post(FORM, data={**second, "ticket": first["ticket"]})
    assert answer.status_code == 429
    assert held_by(answer)["ticket"] != [first["ticket"]], "a fresh one, for the next try"
    assert stored(patient) == before


def test_the_same_form_sent_again_shows_its_receipt_and_asks_for_no_patience(
    patient: Demonstrated, visitor: Visitor
) -> None:
    fields = open_form(patient, visitor)
    pass_time(patient, minutes=1)
    first, again = (visitor.client.post(FORM, data=fields) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert words_of(first) == words_of(again)


@pytest.mark.parametrize("ticket", ["", "nonsense", "A" * 48])
def test_a_form_without_a_ticket_of_ours_comes_back_with_one(
    patient: Demonstrated, visitor: Visitor, ticket: str
) -> None:
    fields = {**open_form(patient, visitor), "ticket": ticket}
    pass_time(patient, minutes=1)
    answer = visitor.client.post(FORM, data=fields)
    assert answer.status_code == 429
    pass_time(patient, minutes=1)
    assert visitor.client.post(FORM, data=held_by(answer)).status_code == 200


def test_a_page_that_lay_open_for_half_a_day_is_not_lost(patient: Demonstrated, visitor: Visitor) -> None:
    fields = open_form(patient, visitor)
    pass_time(patient, hours=11)
    late = {**fields}
    pass_time(patient, hours=2)
    answer = visitor.client.post(FORM, data=late)
    assert answer.status_code == 429
    pass_time(patient, minutes=1)
    assert visitor.client.post(FORM, data=held_by(answer)).status_code == 200


def test_when_a_lot_is_sent_everybody_waits_longer_and_gets_through(patient: Demonstrated, visitor: Visitor) -> None:
    honest, forms = open_form(patient, visitor), [open_form(patient, visitor) for _ in range(20)]
    pass_time(patient, seconds=WAIT + WINDOW[Kind.FORM])
    answers = [visitor.client.post(FORM, data=fields) for fields in forms]
    assert answers[0].status_code == 200
    slowed = answers[-1]
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > WAIT + WINDOW[Kind.FORM]
    answer = visitor.client.post(FORM, data=honest)
    assert answer.status_code == 429
    pass_time(patient, seconds=LONGEST_WAIT + WINDOW[Kind.FORM])
    assert visitor.client.post(FORM, data=held_by(answer)).status_code == 200


def test_tickets_that_were_saved_up_do_not_pass_the_wait_of_a_busy_hour(
    patient: Demonstrated, visitor: Visitor
) -> None:
    forms = [open_form(patient, visitor) for _ in range(20)]
    pass_time(patient, hours=3)
    answers = [visitor.client.post(FORM, data=fields) for fields in forms]
    assert answers[0].status_code == 200, "while it is calm, who wrote for three hours waits for nothing"
    slowed = answers[-1]
    assert slowed.status_code == 429
    assert held_by(slowed)["ticket"] != [forms[-1]["ticket"]], "a fresh one, for the wait of now"
    pass_time(patient, seconds=LONGEST_WAIT + WINDOW[Kind.FORM])
    assert visitor.client.post(FORM, data=held_by(slowed)).status_code == 200


def test_to_open_a_thread_asks_for_no_patience_and_to_reply_does(patient: Demonstrated, visitor: Visitor) -> None:
    words = {"words": patient.secrets["receipt"]}
    opened = visitor.client.post("/cy/concern/return/form", data=words)
    assert opened.status_code == 200
    reply = opened.text.partition('action="/cy/concern/return/form/reply"')[2].partition("</form>")[0]
    fields = {name: unescape(value) for name, value in HIDDEN.findall(reply)}
    fields |= {f"text-{fields['lane']}": "Ac eto heddiw"}
    early = visitor.client.post("/cy/concern/return/form/reply", data=fields)
    assert early.status_code == 429
    pass_time(patient, minutes=1)
    taken = visitor.client.post("/cy/concern/return/form/reply", data=held_by(early))
    assert taken.status_code == 200
    assert "Ac eto heddiw" in taken.text
