"""Story 3, in small: a union caseworker at a desk that is one page. Nothing reloads, so nothing locks."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from portal.core.text import Bilingual
from tests.journeys.desk import CARYS, ELIN, IDRIS, TODAY, words_of
from tests.journeys.raised import agree_in_branch, raise_many
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("desk")]

WELSH = "Newidiwyd fy sifft nos heb ofyn i mi."
ENGLISH = ["My night shift was moved without asking.", "The new rota gives me no weekend in March."]
DAYS_AGO = TODAY - timedelta(days=3)
READ = Bilingual("Rydym wedi darllen hyn, ac yn ateb o fewn wythnos.", "We have read this, and answer within a week.")
READ_CALLED = "Wedi’i ddarllen heddiw"
NIGHTS = Bilingual("Sifftiau nos", "Night shifts")


def line(carys: Walker, text: str) -> Locator:
    return carys.page.locator("#concerns [data-case]", has_text=text)


def in_told(carys: Walker, msgid: str, context: str | None = None) -> Locator:
    """Open one of the folded parts of what was told."""
    summary = carys.page.locator("summary", has_text=carys.say(msgid, context))
    part = carys.page.locator("#told details", has=summary)
    part.locator("summary").click()
    return part


def sit_down(arrive: Arrive) -> Walker:
    """At the desk, with the keyboard shortcuts on and the keys unlocked."""
    carys = arrive("cy")
    carys.sign_in(CARYS)
    carys.go("/my/concerns/keys")
    carys.press("Turn on")
    carys.expect_said("The shortcuts are on in this browser.")
    carys.go("/my/concerns")
    carys.fill("Your ten recovery words", words_of(carys, CARYS))
    carys.press("Unlock")
    expect(carys.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    carys.page.evaluate("window.stays = true")
    return carys


def test_a_caseworker_takes_on_tells_answers_and_plans_without_the_page_ever_reloading(arrive: Arrive) -> None:
    server = arrive("cy").server
    agree_in_branch(server, "unison-ogwen", (READ_CALLED, READ), NIGHTS, IDRIS, CARYS, day=TODAY)
    raise_many(server, ENGLISH, CARYS, IDRIS, ELIN, day=DAYS_AGO)
    raise_many(server, [WELSH], CARYS, IDRIS, ELIN, day=DAYS_AGO, lang="cy")
    carys = sit_down(arrive)

    carys.page.locator(".lanes a[href$='/my/concerns?lane=new']").click()
    expect(carys.page.locator(".lanes a[href$='/my/concerns?lane=new']")).to_have_attribute("aria-current", "page")
    expect(line(carys, WELSH)).to_be_visible(timeout=RECEIPT_PATIENCE)
    carys.page.keyboard.press("j")
    expect(carys.page.locator("#queue [data-case]:focus")).to_have_count(1)
    carys.shot("3-desk-list-cy")
    line(carys, WELSH).focus()
    carys.page.keyboard.press("Enter")

    told = carys.page.locator("#told")
    expect(carys.page.locator("[data-step=thread]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(carys.page.locator("#threads .ink")).to_contain_text(carys.say("Shared"))
    expect(told.get_by_role("button", name=carys.say("Let others work on it", "button"))).to_be_visible()
    expect(told.locator("select[name=lang]").first).to_have_value("cy")
    told.locator("select[name=theme]").first.select_option("hours")
    carys.shot("3-desk-thread-cy")
    carys.page.keyboard.press("Escape")
    told.get_by_role("button", name=carys.say("Take this concern on", "button")).click()
    expect(told).to_contain_text(carys.say("Shifts, rotas and hours", "theme"))
    labels = in_told(carys, "Labels")
    labels.get_by_label(NIGHTS.cy).check()
    labels.get_by_role("button", name=carys.say("Save", "button")).click()
    expect(told.locator("summary .tag")).to_have_text(NIGHTS.cy)

    carys.page.locator("#threads [data-key=p]").click()
    agreed = f"{READ_CALLED} ({carys.say('To say that it was read', 'reply')})"
    carys.page.locator("#pair-joint").select_option(label=agreed)
    carys.press("Put it into the answer")
    expect(carys.page.locator("#reply-joint")).to_have_value(READ.cy)
    carys.press("Seal and send")
    expect(carys.page.locator("[data-sent]:visible")).to_be_visible(timeout=RECEIPT_PATIENCE)
    planned = in_told(carys, "What comes next")
    for part, value in (("day", "4"), ("month", "1"), ("year", str(TODAY.year + 1))):
        planned.locator(f"[name=next_on-{part}]").fill(value)
    planned.get_by_label(carys.say("The worker", "waiting"), exact=True).check()
    planned.get_by_role("button", name=carys.say("Save", "button")).click()
    expect(told.locator("summary", has_text=carys.say("What comes next"))).to_contain_text(str(TODAY.year + 1))

    carys.page.locator("#told h2").first.click()
    carys.page.keyboard.press("u")
    expect(line(carys, ENGLISH[0])).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(line(carys, WELSH)).to_have_count(0)
    carys.page.locator(".lanes a[href$='/my/concerns?lane=worker']").click()
    expect(line(carys, WELSH)).to_contain_text(NIGHTS.cy)
    carys.page.go_back()
    expect(line(carys, ENGLISH[1])).to_be_visible(timeout=RECEIPT_PATIENCE)

    carys.page.keyboard.press("/")
    carys.page.locator("#search-words").fill("SIFFT heb ofyn")
    carys.page.keyboard.press("Enter")
    expect(carys.page.locator("#found > li")).to_have_count(1)
    for text in ENGLISH:
        carys.page.locator("#concerns li", has_text=text).get_by_role("checkbox").check()
    carys.press("Answer those that are selected")
    carys.page.locator("#answers-pair").select_option(label=agreed)
    carys.press("See what each one gets")
    answers = carys.page.locator("#answers > li")
    expect(carys.page.locator("#answers-send")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(answers.locator("[data-slot=body]")).to_contain_text([READ.en, READ.en])
    carys.press("Seal and send these answers")
    expect(answers.locator("[data-result=done]:visible")).to_have_count(2, timeout=RECEIPT_PATIENCE)
    carys.shot("3-desk-answers-cy")
    assert carys.page.evaluate("window.stays"), "the page was loaded once"
