"""A worker with a complaint wants a union beside them: nothing goes along, and the union alone reads it."""

from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.journeys.desk import CARYS, TODAY, enter, reload_list, words_of
from tests.journeys.sealed import HEALTH_BOARD, cases_of, come_back, open_thread, seal_and_send
from tests.journeys.test_traces import NOTHING, STORED
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

WORKER = "nia.meredith@glannau-ogwen.example"
BRANCH = ("UNISON Cangen Iechyd Ogwen", "UNISON Ogwen Health Branch")
MATTER = "I want a union beside me with a request I made"
WHO = "Cynrychiolwyr UNISON sy’n darllen hyn"
TEXT = "Hoffwn gyngor am fy nghwyn. Fy nghyfeirnod: {reference}"


def step_over(worker: Walker) -> Request:
    """From one's own case to the anonymous area by the link; the request that asked for it."""
    link = worker.main.get_by_role("link", name=worker.say("Ask a union to stand beside me"))
    with worker.page.expect_request("**/concern") as met:
        link.click()
    worker.expect_heading("Raise a concern")
    return met.value


def give_mandate(worker: Walker, receipt: list[str]) -> None:
    """The worker comes back and says who may act for them: words of their own, in the thread with the union."""
    come_back(worker, " ".join(receipt))
    expect(worker.page.locator("[data-thread=union]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    worker.page.locator("[data-mandate] summary").click()
    worker.press("Put the mandate into my message")
    expect(worker.page.locator("[data-mandate] [data-problem=who]")).to_be_visible()
    worker.fill("Who may act for you?", WHO)
    worker.choose(worker.say("complain for me"))
    for part, value in (("", "31"), ("-month", "3"), ("-year", str(TODAY.year + 1))):
        worker.page.locator(f"#mandate-until{part}").fill(value)
    worker.press("Put the mandate into my message")
    worker.shot("beside-mandate-phone-cy")
    worker.press("Seal and send")
    expect(worker.page.locator("[data-sent]:visible")).to_be_visible(timeout=RECEIPT_PATIENCE)


def test_from_a_case_to_the_union_nothing_goes_along_and_the_union_reads_it(arrive: Arrive) -> None:
    carys, worker = enter(arrive, "cy", CARYS), arrive("cy", phone=True)
    before = set(cases_of(carys))
    worker.sign_in(WORKER)
    worker.tap(worker.main.locator("table a").first)
    expect(worker.main.locator("section[aria-labelledby='union-beside']")).to_be_visible()
    reference = worker.answer_of("Reference")
    request = step_over(worker)
    sent: dict[str, Any] = request.all_headers()
    assert request.url.endswith("/cy/concern")
    assert not {"referer", "cookie", "origin", "authorization"} & set(sent)
    assert reference not in str(sent)
    assert worker.page.evaluate("() => [document.referrer, window.name, String(window.opener)]") == ["", "", "null"]
    assert worker.page.evaluate(STORED) == NOTHING
    assert reference not in worker.page.content()
    worker.choose(worker.pick(*HEALTH_BOARD))
    worker.press("Continue")
    worker.choose(worker.say(MATTER))
    worker.press("Continue")
    worker.press("Continue")
    worker.expect_problem("Choose the union that is to stand beside you, and keep somebody on its list")
    worker.shot("beside-choice")
    worker.choose(worker.pick(*BRANCH))
    worker.page.locator("#union-consent").check()
    worker.press("Continue")
    worker.fill("What did you ask for, and what help do you want?", TEXT.format(reference=reference))
    worker.press("Continue")
    worker.expect_said("Only the union’s representatives receive it for now.")
    receipt = seal_and_send(worker)
    assert worker.page.evaluate(STORED) == NOTHING
    assert not [line for line in worker.gone if "/concern" in line and reference in line]

    give_mandate(worker, receipt)
    words = words_of(carys, CARYS)
    reload_list(carys, words)
    [new] = set(cases_of(carys)) - before
    entries = open_thread(carys, new)
    expect(entries.first).to_contain_text(reference)
    mandate = carys.page.locator("#threads section[data-mandate]")
    expect(mandate).to_contain_text(WHO)
    expect(mandate).to_contain_text(f"31 Mawrth {TODAY.year + 1}")
    mandate.get_by_role("button").click()
    expect(mandate.locator("[data-elsewhere]")).to_be_visible()
    told = carys.page.locator("#told")
    told.get_by_role("button", name=carys.say("Take this concern on", "button")).click()
    expect(told.locator("form[action$='/next']")).to_have_count(1)
    mandate.get_by_role("button").click()
    expect(told.locator("[name=mandate_until-year]")).to_have_value(str(TODAY.year + 1))
    carys.shot("beside-mandate-cy")
