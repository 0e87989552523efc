"""Story 9: Siân says that her sickness data was used by the rostering system. The clock is moved."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import ask_for_data, reference_of
from tests.journeys.walker import Arrive, Walker
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("complaint")]

SIAN = "sian.prydderch@glannau-ogwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
ELIN = "elin.haf.morris@glannau-ogwen.example"
WHAT = "Defnyddiodd y rota fy nyddiau salwch i benderfynu ar fy nosweithiau."
REASONS = "Nid oedd sail gyfreithiol i ddarllen y dyddiau salwch. Roedd gweddill y data’n gywir."


def on(server: Server, year: int, month: int, day: int) -> None:
    server.set_time(datetime(year, month, day, 9, tzinfo=UTC))


def at_desk(officer: Walker, reference: str) -> None:
    """To the page of the complaint, signing in again where the clock has ended the session."""
    officer.page.goto(f"{officer.server.base_url}/{officer.locale.value}/my/desk/complaints/{reference}")
    if officer.page.locator("input[type=password]").count():
        officer.sign_in(RHODRI)
    officer.expect_text(reference)


def act(officer: Walker, label: str) -> None:
    officer.tap(
        officer.page.locator("main .buttons").get_by_role("link", name=officer.say(label, "button"), exact=True)
    )


def complain(sian: Walker, about: str) -> str:
    """In Welsh, linked to her request for data and to a system, by her own choice."""
    sian.go(f"/my/cases/{about}")
    sian.follow("Complain about how this was handled")
    sian.expect_heading("What happened with your data?")
    sian.press("Continue")
    sian.expect_problem("Write what happened with your data")
    sian.fill("What happened with your data?", WHAT)
    sian.press("Continue")
    sian.expect_heading("What is the complaint about?")
    expect(sian.page.locator(f"input[name=about][value={about}]")).to_be_checked()
    sian.choose("Rota electronig")
    sian.press("Continue")
    sian.press("Continue")
    sian.expect_heading("Check your answers")
    sian.shot("9-check")
    sian.press("Send my complaint")
    sian.expect_heading("We have your complaint")
    sian.expect_text("Swyddog Diogelu Data")
    sian.expect_text("23 Rhagfyr 2026")
    sian.shot("9-acknowledged")
    return reference_of(sian)


def begin(rhodri: Walker, reference: str) -> None:
    """Both days are there, nothing pauses, and the person who handles it writes with his name."""
    rhodri.sign_in(RHODRI)
    rhodri.follow("Data-protection complaints")
    rhodri.expect_text(reference)
    rhodri.shot("9-desk")
    at_desk(rhodri, reference)
    assert "23 December 2026" in rhodri.answer_of("Acknowledge by law by")
    assert rhodri.answer_of("Acknowledge: the strictest reading, our own target") == "22 December 2026"
    rhodri.expect_said("The enquiries began, and what belongs to the matter is kept")
    rhodri.expect_no_text("Pause")
    act(rhodri, "Write with my name")
    rhodri.fill("What do you want to say first?", "Byddaf yn holi’r rhai sy’n gyfrifol am y rota heddiw.")
    rhodri.press("Write with my name")
    act(rhodri, "Ask somebody at the body")
    rhodri.fill("Work email address", ELIN)
    rhodri.fill("Your question", "Which sickness data does the roster read, since when, and why?")
    rhodri.date("due", 26, 11, 2026)
    rhodri.press("Ask somebody at the body")
    rhodri.shot("9-case")


def decide(rhodri: Walker, reference: str) -> None:
    """News after ten working days, something to put right, and the outcome."""
    at_desk(rhodri, reference)
    rhodri.expect_said("Tell the person how far it has come")
    act(rhodri, "Tell the progress")
    rhodri.fill("How far has it come?", "Atebodd y rheolwr. Rydym yn ysgrifennu’r canlyniad.")
    rhodri.press("Tell the progress")
    act(rhodri, "Plan something to put right")
    rhodri.fill("Work email address", ELIN)
    rhodri.fill("What is put right, in the language of the person", "Ni fydd y rota’n darllen dyddiau salwch mwyach.")
    rhodri.date("due", 18, 12, 2026)
    rhodri.press("Plan something to put right")
    act(rhodri, "Write the outcome")
    rhodri.press("Write the outcome")
    rhodri.expect_problem("Choose an outcome")
    rhodri.choose(rhodri.say("Partly upheld", "outcome of a complaint"))
    rhodri.choose(rhodri.say("Data used for something else", "theme of a complaint"))
    rhodri.fill("Your reasons, in the language of the person", REASONS)
    rhodri.press("Write the outcome")
    rhodri.expect_said("Being put right", "state of a complaint")


def test_a_complaint_goes_from_the_acknowledgement_to_the_outcome_and_is_counted_once(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 11, 23)
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    about = ask_for_data(sian, "Fy nyddiau salwch a phwy a’u gwelodd")
    reference = complain(sian, about)
    rhodri = arrive("en")
    begin(rhodri, reference)
    elin = arrive("en")
    elin.sign_in(ELIN)
    elin.tap(elin.page.locator("a[href$='/my/enquiries']"))
    elin.tap(elin.main.get_by_role("link", name=elin.say("A question"), exact=True).last)
    elin.expect_no_text(WHAT)
    elin.fill("Your answer", "The roster has read the number of days since March. Nobody asked why.")
    elin.press("Send my answer")
    on(portal_server, 2026, 12, 7)
    decide(rhodri, reference)
    sian.page.goto(f"{sian.server.base_url}/cy/my/cases/{reference}")
    if sian.page.locator("input[type=password]").count():
        sian.sign_in(SIAN)
    for said in ("Cadarnhawyd yn rhannol", REASONS, "18 Rhagfyr 2026", "ico.org.uk", "Rhodri Vaughan"):
        sian.expect_text(said)
    expect(sian.main.get_by_text(re.compile(r"tîm diogelu data", re.IGNORECASE)).first).to_be_attached()
    sian.shot("9-outcome")
    on(portal_server, 2027, 4, 9)
    rhodri.page.goto(f"{rhodri.server.base_url}/en/my/desk/complaints/return")
    rhodri.sign_in(RHODRI)
    rhodri.expect_heading("Yearly return of complaints")
    rhodri.expect_text("2026/27")
    rhodri.shot("9-return")
