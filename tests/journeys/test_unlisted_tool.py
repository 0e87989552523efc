"""A tool that the register does not know: told of openly and sealed, and answered for everybody to read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from portal.register.unlisted.rules import FINDINGS, Finding
from tests.journeys.desk import LLINOS, enter
from tests.journeys.sealed import HEALTH_BOARD, seal_and_send
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker
from tests.prepared import START_OF_TESTS

pytestmark = pytest.mark.journey

EDITOR = "non.elidir@dyffryn-cledwen.example"
HERE = "A tool is used here that is not in this register"
CALLED = "Y peth sy’n cyfrif pob munud rhwng dau gartref"
ASKED_CY, ASKED_EN = "A yw offeryn yn mesur teithiau gofal cartref?", "Does a tool measure journeys of home care?"
ANSWER_CY, ANSWER_EN = "Ydy. Bydd yn y gofrestr ym mis Ionawr.", "Yes. It will be in the register in January."
TOLD = "It is on the screen of every call, and nobody has told us what it is for."


def test_a_worker_finds_nothing_says_so_and_reads_in_public_what_the_employer_answers(arrive: Arrive) -> None:
    worker, editor = arrive("cy", phone=True, script=False), arrive("en")
    worker.go("/systems/all?q=zzzz&employer=dyffryn-cledwen")
    worker.follow(HERE)
    worker.expect_heading(HERE)
    worker.follow("Tell the register’s office")
    expect(worker.field("Employer")).to_have_value("dyffryn-cledwen")
    worker.fill("Where is it used?", "Gofal cartref")
    worker.press("Send")
    worker.expect_problem("Write what the tool is called, or what it does")
    expect(worker.field("Where is it used?")).to_have_value("Gofal cartref")
    worker.fill("What is it called, or what does it do?", CALLED)
    worker.press("Send")
    worker.expect_heading("Your question has been sent")
    worker.expect_said("The employer must answer by {date}.", date="4 Rhagfyr 2026")
    assert worker.context.cookies() == []
    worker.server.set_time(START_OF_TESTS + timedelta(days=1))  # nobody is to learn at which hour it came
    editor.sign_in(EDITOR)
    editor.follow("Tools people asked about")
    editor.tap(editor.page.locator("main table a", has_text=editor.say("A new question")))
    editor.expect_text(CALLED)
    editor.fill("The question in Welsh", ASKED_CY)
    editor.fill("The question in English", ASKED_EN)
    editor.press("Publish the question")
    editor.choose(editor.say(FINDINGS[Finding.TO_BE_ENTERED]))
    editor.fill("The answer in Welsh", ANSWER_CY)
    editor.fill("The answer in English", ANSWER_EN)
    editor.press("Send the answer")
    editor.expect_heading("Tools people asked about")
    worker.go("/systems/questions?employer=dyffryn-cledwen&show=answered")
    worker.expect_text(ASKED_CY)
    worker.expect_text(ANSWER_CY)
    worker.expect_no_text(CALLED)
    worker.shot("tools-answered")
    worker.turn_language()
    worker.expect_text(ANSWER_EN)


def tell_sealed(reporter: Walker) -> None:
    """From a search without hits through the sealed door to the receipt."""
    reporter.go("/systems/all?q=zzzz")
    reporter.follow(HERE)
    reporter.press("Tell of it anonymously", None)
    reporter.expect_heading("Raise a concern")
    reporter.expect_said("A computer system at work that is not on the register")
    reporter.choose(reporter.pick(*HEALTH_BOARD))
    reporter.press("Continue")
    reporter.page.locator("#to-write").click(timeout=RECEIPT_PATIENCE)
    reporter.fill("What is it called, or what does it do?", CALLED)
    reporter.fill("Where is it used?", "Contact centre")
    reporter.page.locator("#body").fill(TOLD)
    reporter.page.locator("#to-check").click()
    reporter.expect_text(CALLED)
    seal_and_send(reporter)
    addresses = [line for line in reporter.gone if "/concern" in line]
    assert not [line for line in addresses if "unlisted" in line or "glannau" in line or "?" in line]


def test_sealed_it_reaches_a_reader_who_asks_the_register_and_nothing_ties_the_two(arrive: Arrive) -> None:
    reporter = arrive("en", phone=True)
    tell_sealed(reporter)
    officer = enter(arrive, "en", LLINOS)
    officer.page.locator("[data-case]", has_text=TOLD[:25]).click(timeout=RECEIPT_PATIENCE)
    expect(officer.page.locator("[data-step=thread]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    officer.expect_text("Contact centre")
    officer.shot("desk-unlisted")
    with officer.context.expect_page() as opened:
        officer.follow("Ask the register (opens in a new tab)")
    officer.page = opened.value
    officer.expect_heading("Ask the register about a tool")
    expect(officer.page).to_have_url(re.compile("/my/concerns/ask-the-register$"))
    officer.fill("What is it called, or what does it do?", "Something that measures calls")
    officer.press("Ask the register")
    officer.expect_heading("The register has been asked")
    officer.expect_text("29 November 2026")
    unworded = "A question has come. The register’s office has not put it into words for this page yet."
    reporter.go("/systems/questions?employer=glannau-ogwen")
    reporter.expect_no_text(unworded)
    reporter.server.set_time(datetime(2026, 11, 30, 9, tzinfo=UTC))
    reporter.go("/systems/questions?employer=glannau-ogwen")
    reporter.expect_said(unworded)
    reporter.expect_text("11 December 2026")
