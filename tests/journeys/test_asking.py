"""A driver asks with one tap from the sticker in his cab; a carer of two employers asks both, and brings her solicitor.

The first moves the clock, so these journeys have a portal to themselves.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.asking import reference_of
from tests.journeys.walker import Arrive, Walker
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("asking")]

GWYNFOR = "gwynfor.hughes@dyffryn-cledwen.example"
KASIA = "kasia.nowak@dyffryn-cledwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
BETHAN, BETHAN_NAME = "bethan.islwyn@glannau-ogwen.example", "Bethan Islwyn"
COUNCIL, BOARD = "Dyffryn Cledwen County Council", "Glannau Ogwen University Health Board"
PDF: FilePayload = {"name": "authority.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 3000}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_driver_asks_from_the_sticker_in_his_cab_in_three_taps_and_reads_why_the_day_is_that_day(
    arrive: Arrive, portal_server: Server, script: bool
) -> None:
    portal_server.set_time(datetime(2026, 11, 23, 9, tzinfo=UTC))
    gwynfor = arrive("cy", phone=True, script=script)
    gwynfor.sign_in(GWYNFOR)
    gwynfor.go("/s/K7RT3M")
    gwynfor.follow("See my data")
    gwynfor.expect_heading("Ask for a copy of your personal data")
    if "/my/access" not in gwynfor.page.url:
        gwynfor.go("/my/access?system=K7RT3M")
    gwynfor.expect_heading("Ask for a copy of your personal data")
    gwynfor.expect_said("You do not have to use this form. Any words to anybody at your employer count: in person, by "
                        "telephone, in a letter or in an email.")  # fmt: skip
    gwynfor.press("Start")
    gwynfor.expect_heading("Check your answers")
    gwynfor.expect_text("Telemateg")
    gwynfor.press("Send my request")
    gwynfor.expect_heading("Your request for a copy of your data was sent")
    assert gwynfor.answer_of("Answer due by") == "23 Rhagfyr 2026"
    gwynfor.follow("Receipt to print and keep")
    gwynfor.expect_heading("Receipt of a request for data")
    gwynfor.expect_said("Why this date?")
    gwynfor.expect_text("23 Rhagfyr 2026")
    gwynfor.expect_text("Popeth y mae’r system hon yn ei ddal amdanaf")
    gwynfor.shot(f"2-receipt-{script}")


def ask_both(kasia: Walker) -> str:
    """Kasia asks both employers for everything; the reference of her request to the board."""
    kasia.sign_in(KASIA)
    kasia.go("/my/access")
    kasia.press("Start")
    kasia.choose(COUNCIL)
    kasia.choose(BOARD)
    kasia.press("Continue")
    kasia.choose(kasia.say("Everything that you hold about me"))
    kasia.press("Continue")
    kasia.press("Continue")
    kasia.choose("English")
    kasia.choose(kasia.say("A file to download from this portal", "format of an answer"))
    kasia.press("Continue")
    kasia.fill("Is there anybody who must not search, decide or see this?", f"{BETHAN_NAME}, who decided my pay")
    kasia.press("Continue")
    kasia.expect_text(BETHAN_NAME)
    kasia.expect_said("Each employer gets a request of its own, with its own day. None learns that you asked another.")
    kasia.press("Send my request")
    kasia.expect_heading("Your request for a copy of your data was sent")
    kasia.follow("Follow my requests")
    kasia.expect_heading("Your requests to several employers")
    expect(kasia.page.locator("main tbody tr")).to_have_count(2)
    kasia.tap(kasia.page.get_by_role("link", name=BOARD, exact=True))
    return kasia.answer_of("Reference")


def answer_about_bethan(arrive: Arrive, rhodri: Walker, reference: str) -> None:
    """Whom Kasia named in full was kept away before anybody looked; the officer who reads it answers her."""
    bethan = arrive("cy", script=False)
    bethan.sign_in(BETHAN)
    bethan.go("/my/desk/access")
    bethan.expect_no_text(reference)
    for part in ("", "/search", "/left-out", "/papers"):
        bethan.go(f"/my/desk/access/{reference}{part}", status=404)
    rhodri.go(f"/my/desk/access/{reference}")
    rhodri.follow("Who is left out")
    rhodri.expect_text("The person who asks wants it so")
    rhodri.follow("Answer this")
    rhodri.choose(rhodri.say("No, nobody else"))
    rhodri.press("Send the answer")
    rhodri.expect_problem("Write to the person why nobody is left out")
    rhodri.fill("What the requester reads", "Bethan Islwyn sees nothing of it.")
    rhodri.press("Send the answer")
    rhodri.expect_heading("Who is left out of {reference}", reference=reference)


def test_a_carer_asks_two_employers_lets_a_solicitor_follow_sees_who_looked_and_ends_it_at_once(
    arrive: Arrive,
) -> None:
    kasia = arrive("en")
    reference = ask_both(kasia)
    kasia.follow("Let somebody speak for me")
    kasia.press("Let them speak for me")
    kasia.expect_problem("Enter the name of your representative")
    kasia.fill("Name of the representative", "Ann Hywel")
    kasia.fill("How they can be reached", "ann@hywel.example")
    kasia.choose(kasia.say("A solicitor or adviser", "who speaks for somebody"))
    kasia.choose(kasia.say("Ask, answer questions and see where it stands. The data goes to the person",
                           "what a representative may do"))  # fmt: skip
    kasia.press("Let them speak for me")
    kasia.expect_heading("Your representative may speak for you")
    words = " ".join(kasia.words_in(".words span"))

    ann = arrive("cy", script=False)
    ann.go("/case")
    ann.main.locator("[name=words]").fill(words)
    ann.tap(ann.page.locator("main form button").first)
    ann.expect_text(reference)
    ann.expect_said("You see this request as a representative.")

    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/access/{reference}")
    rhodri.expect_text("Kasia Nowak")
    rhodri.expect_no_text(COUNCIL)
    rhodri.go(f"/my/desk/access/{reference}/papers")
    rhodri.expect_text("Ann Hywel")
    answer_about_bethan(arrive, rhodri, reference)

    kasia.go(f"/my/cases/{reference}")
    kasia.page.locator("summary", has_text=kasia.say("Who has looked at this request")).click()
    kasia.expect_said("The request", "what was looked at")
    kasia.expect_text("Data Protection Officer")
    kasia.go(f"/my/cases/{reference}")
    kasia.follow("Who must not search, decide or see this")
    kasia.expect_text("Bethan Islwyn sees nothing of it.")
    kasia.go(f"/my/access/{reference}/speaker")
    kasia.press("End this at once")
    kasia.expect_said("Taken back")
    ann.go("/case")
    ann.main.locator("[name=words]").fill(words)
    ann.tap(ann.page.locator("main form button").first)
    ann.expect_problem("Nothing was found with these words. Check them against your copy")
    ann.expect_no_text(reference)


def test_somebody_asks_for_a_former_worker_and_shows_the_authority_afterwards(arrive: Arrive) -> None:
    ann = arrive("en", script=False)
    ann.go("/access")
    ann.follow("I ask for somebody else")
    ann.press("Start")
    ann.choose(BOARD)
    ann.press("Continue")
    ann.choose(ann.say("Everything that you hold about this person"))
    ann.press("Continue")
    ann.press("Continue")
    ann.fill("Full name of the person", "Enid Mostyn")
    ann.press("Continue")
    ann.main.locator("[name=recognition]").fill("Staff number 4411, Menai hospital until 2024")
    ann.press("Continue")
    ann.press("Continue")
    ann.expect_problem("Tick that the person has allowed you to ask for them")
    ann.fill("Your full name", "Ann Hywel")
    ann.fill("Email address", "ann@hywel.example")
    ann.choose(ann.say("Somebody of the family", "who speaks for somebody"))
    ann.choose(ann.say("All of that, and receive the data", "what a representative may do"))
    ann.choose(ann.say("The person has allowed me to ask for them, and to do what I chose above"))
    ann.press("Continue")
    ann.choose("Cymraeg")
    ann.choose(ann.say("On paper", "format of an answer"))
    ann.press("Continue")
    ann.press("Continue")
    ann.press("Send my request")
    ann.expect_heading("Your request for a copy of the data was sent")
    words, reference = " ".join(ann.words_in(".words span")), reference_of(ann)
    ann.go("/case")
    ann.main.locator("[name=words]").fill(words)
    ann.tap(ann.page.locator("main form button").first)
    ann.page.locator("summary", has_text=ann.say("Send a paper, for example a signed authority")).click()
    ann.page.locator("input[type=file]").set_input_files(PDF)
    ann.press("Send the paper")
    ann.expect_heading("The paper was sent")

    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/access/{reference}/papers")
    rhodri.expect_text("authority.pdf")
    rhodri.date("on", 22, 11, 2026)
    rhodri.press("I have seen the authority")
    ann.press("Back to the request")
    ann.expect_said("In progress", "status of a request")
