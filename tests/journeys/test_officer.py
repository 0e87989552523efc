"""The data protection officer: true due dates, more time taken in time, data released or refused.

These journeys move the clock, so they have a portal to themselves.
"""

import re
import zipfile
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.subject_access.answering.collecting import WRONG_CODE
from portal.subject_access.letters import ROUTES
from tests.journeys.answering import (
    FOUND,
    SEARCHER,
    approve,
    at_request,
    decide_on_a_file,
    expect_two_people,
    propose_release,
    propose_words,
    search_one_place,
)
from tests.journeys.asking import answer_form, answer_wanted, ask_for_data, reference_of
from tests.journeys.walker import Arrive, Walker
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("officer")]

SIAN = "sian.prydderch@glannau-ogwen.example"
ALED = "aled.wyn.roberts@glannau-ogwen.example"
TOMOS = "tomos.gethin@glannau-ogwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
BETHAN = "bethan.islwyn@glannau-ogwen.example"
MAIR = "mair.tudur@dyffryn-cledwen.example"


def on(server: Server, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
    server.set_time(datetime(year, month, day, hour, minute, tzinfo=UTC))


def open_case(officer: Walker, reference: str) -> None:
    """To the page of one request, signing in again where the clock has ended the session."""
    officer.page.goto(f"{officer.server.base_url}/{officer.locale.value}/my/desk/access/{reference}")
    if officer.page.locator("input[type=password]").count():
        officer.sign_in(RHODRI)
    officer.expect_text(reference)


def act(officer: Walker, label: str) -> None:
    """Open the form of one act."""
    officer.tap(
        officer.page.locator("main .buttons").get_by_role("link", name=officer.say(label, "button"), exact=True)
    )


def start_work(arrive: Arrive, reference: str) -> Walker:
    """The officer, who has begun to work on a request."""
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    open_case(rhodri, reference)
    act(rhodri, "Start work")
    rhodri.press("Start work")
    return rhodri


def log_request(officer: Walker, person: str, day: int) -> str:
    """Write down a request that came in a letter on a day of November."""
    officer.page.goto(f"{officer.server.base_url}/en/my/desk/access/log")
    if officer.page.locator("input[type=password]").count():
        officer.sign_in(RHODRI)
    officer.fill("Work email of the person who asked", person)
    officer.choose(officer.say("In a letter", "how a request came"))
    officer.date("received", day, 11, 2026)
    officer.fill("If it came before today: why is it written down only now?", "It lay in the post room.")
    officer.choose(officer.say("Everything"))
    officer.choose("English")
    officer.choose(officer.say("A file to download from this portal", "format of an answer"))
    officer.press("Write down the request")
    heading = officer.page.locator("h1:visible")
    expect(heading).to_contain_text("AC-")
    return re.search(r"AC-\w{4}-\w{4}", heading.inner_text()).group(0)  # type: ignore[union-attr]


def due_in_queue(officer: Walker, *asked: str) -> list[str]:
    """These references, as the queue of what came since 23 November orders them: the demonstration's came before."""
    officer.go("/my/desk/access?from-day=23&from-month=11&from-year=2026")
    return [one for one in officer.page.locator("tbody th a").all_inner_texts() if one in asked]


def test_case_x_pauses_is_refused_more_time_when_late_and_case_y_moves_past_christmas(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 11, 25)
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    case_y = log_request(rhodri, TOMOS, 25)
    rhodri.expect_text("29 December 2026")
    case_x = log_request(rhodri, SIAN, 23)
    rhodri.expect_text("23 December 2026")
    rhodri.expect_text("It lay in the post room.")
    rhodri.shot("6-logged")
    assert due_in_queue(rhodri, case_x, case_y) == [case_x, case_y]

    on(portal_server, 2026, 12, 1)
    open_case(rhodri, case_x)
    act(rhodri, "Start work")
    rhodri.press("Start work")
    act(rhodri, "Ask what information is wanted")
    rhodri.fill("What do you need to know, and why?", "Is it the shifts that you want, or the sickness records too?")
    rhodri.fill("What will you search if no answer comes?", "Both.")
    rhodri.press("Ask what information is wanted")
    rhodri.expect_text(rhodri.say("Clock stopped. Earliest day: {date}", date="23 December 2026"))

    on(portal_server, 2026, 12, 8)
    open_case(rhodri, case_x)
    act(rhodri, "Write down an answer that came another way")
    rhodri.date("on", 8, 12, 2026)
    rhodri.fill("What did they say?", "The shifts only.")
    rhodri.press("Write down an answer that came another way")
    rhodri.expect_text("30 December 2026")
    rhodri.main.get_by_text(rhodri.say("Why this date?")).click()
    rhodri.expect_text("It started again on 8 December 2026, when the answer came: 7 days")
    rhodri.shot("6-case-x")
    assert due_in_queue(rhodri, case_x, case_y) == [case_y, case_x], (
        "the queue goes by the true day, not by the day of receipt"
    )
    rhodri.shot("6-queue")

    on(portal_server, 2027, 1, 2)
    open_case(rhodri, case_x)
    rhodri.shot("6-late")
    at_request(rhodri, case_x, "/answer/extension")
    rhodri.expect_text("notice had to be given by 30 December 2026")
    expect(rhodri.page.locator("main form textarea")).to_have_count(0)
    rhodri.shot("6-too-late")


def test_more_time_taken_in_time_reaches_the_second_of_march(arrive: Arrive, portal_server: Server) -> None:
    on(portal_server, 2026, 11, 23)
    aled = arrive("cy", phone=True)
    aled.sign_in(ALED)
    reference = ask_for_data(aled, "Fy sifftiau i gyd")
    aled.expect_text("23 Rhagfyr 2026")
    on(portal_server, 2026, 12, 1)
    rhodri = start_work(arrive, reference)
    act(rhodri, "Ask what information is wanted")
    rhodri.fill("What do you need to know, and why?", "Beth hoffech chi ei gael?")
    rhodri.fill("What will you search if no answer comes?", "Popeth.")
    rhodri.press("Ask what information is wanted")
    on(portal_server, 2026, 12, 8)
    aled.go("/my/sign-in")
    aled.sign_in(ALED)
    aled.go(f"/my/cases/{reference}")
    aled.fill("Your answer", "Popeth, os gwelwch yn dda.")
    aled.press("Send my answer")
    aled.expect_text("30 Rhagfyr 2026")
    on(portal_server, 2026, 12, 30)
    open_case(rhodri, reference)
    at_request(rhodri, reference, "/answer/extension")
    rhodri.press("Hand it to the second person")
    rhodri.expect_problem("Choose a ground")
    ground = rhodri.say("The request is complex", "ground for more time")
    reason = "Mae’r cofnodion mewn tair system, a rhaid tynnu data pobl eraill allan."
    propose_words(rhodri, reference, "extension", ground, reason)
    bethan = arrive("en")
    bethan.sign_in(BETHAN)
    approve(bethan, reference)
    open_case(rhodri, reference)
    rhodri.expect_text("2 March 2027")
    aled.go("/my/sign-in")
    aled.sign_in(ALED)
    aled.go(f"/my/cases/{reference}")
    aled.expect_text("2 Mawrth 2027")
    aled.expect_text("Mae’r cofnodion mewn tair system")
    aled.shot("6-extended")


def test_two_people_release_a_pack_and_the_worker_collects_it_after_signing_in_again(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 12, 1)
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    reference = ask_for_data(sian, "Fy sifftiau ers mis Medi")
    rhodri = start_work(arrive, reference)
    elin = arrive("cy", phone=True)
    elin.sign_in(SEARCHER)
    search_one_place(rhodri, elin, reference)
    decide_on_a_file(rhodri, reference)
    propose_release(rhodri, reference, "Dyma gopi o’ch data.")
    rhodri.shot("6-proposed")
    bethan = arrive("en")
    bethan.sign_in(BETHAN)
    approve(bethan, reference)
    bethan.expect_said("Ready to collect", "state of an access request")
    expect_two_people(bethan, reference, "Rhodri Vaughan", "Bethan Islwyn")
    bethan.shot("6-approved")

    on(portal_server, 2026, 12, 1, 9, 20)
    sian.go(f"/my/cases/{reference}")
    sian.expect_said("Your data is ready")
    sian.expect_text("Dyma gopi o’ch data.")
    sian.shot("6-ready")
    sian.follow("Collect my data")
    sian.expect_said("We ask again because the file is personal.")
    sian.fill("Password", "nid hwn yw e")
    sian.press("Download the file")
    sian.expect_problem("The password is wrong")
    sian.fill("Password", portal_server.secrets["password"])
    with sian.page.expect_download() as saved:
        sian.press("Download the file")
    with zipfile.ZipFile(saved.value.path()) as pack:
        assert pack.read(next(name for name in pack.namelist() if name.endswith(".csv"))) == FOUND
        assert "Dyma gopi o’ch data." in pack.read("llythyr.html").decode()
        assert reference in pack.read("mynegai.html").decode()
    sian.go(f"/my/cases/{reference}")
    sian.expect_said("Downloaded with your account", "way an answer was taken")
    aled = arrive("cy")
    aled.sign_in(ALED)
    aled.go(f"/my/access/{reference}/data", status=404)
    aled.expect_not_found()


def test_somebody_without_an_account_collects_with_ten_words_and_a_code_given_by_telephone(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 12, 1)
    morgan = arrive("en", phone=True)
    morgan.go("/access")
    morgan.press("Start")
    morgan.choose("Glannau Ogwen University Health Board")
    morgan.press("Continue")
    answer_wanted(morgan, "How my shifts as a bank worker were given out")
    morgan.press("Continue")
    answer_form(morgan, "English")
    morgan.fill("Full name", "Morgan Tate")
    morgan.fill("Another way to reach you", "Telephone 01632 960555 in the evening")
    morgan.press("Continue")
    morgan.fill("How can your employer recognise you?", "I was a bank worker on Ward Alaw until March.")
    morgan.press("Continue")
    morgan.press("Send my request")
    morgan.expect_heading("Your request for a copy of your data was sent")
    reference, words = reference_of(morgan), morgan.words_in(".words span")

    rhodri = start_work(arrive, reference)
    elin = arrive("cy", phone=True)
    elin.sign_in(SEARCHER)
    search_one_place(rhodri, elin, reference)
    decide_on_a_file(rhodri, reference)
    at_request(rhodri, reference, "/answer")
    rhodri.expect_said("First write down how this person’s identity was checked", "error")
    rhodri.shot("6-no-identity-yet")
    rhodri.go(f"/my/desk/access/{reference}")
    act(rhodri, "Write down how identity was checked")
    rhodri.choose(rhodri.say("They answered questions that only they could answer", "identity check"))
    rhodri.date("on", 1, 12, 2026)
    rhodri.press("Write down how identity was checked")
    propose_release(rhodri, reference, "Here is a copy of your data.")
    bethan = arrive("en")
    bethan.sign_in(BETHAN)
    approve(bethan, reference)
    at_request(rhodri, reference, "/answer")
    rhodri.press("Make a collection code")
    code = rhodri.page.locator(".panel strong").inner_text()
    rhodri.shot("6-collection-code")

    again = arrive("cy", phone=True)
    again.go("/case")
    again.fill("The ten words of your case code", " ".join(words))
    again.press("Open")
    again.press("Collect my data")
    again.fill("Collection code", "AAAA-AAAA-AAAA")
    again.press("Download the file")
    again.expect_problem(WRONG_CODE)
    again.fill("Collection code", code.lower().replace("-", " "))
    with again.page.expect_download() as saved:
        again.press("Download the file")
    assert zipfile.is_zipfile(saved.value.path())
    assert again.context.cookies() == []


def test_a_refusal_names_the_three_routes_and_another_bodys_officer_finds_nothing(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 12, 2)
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    reference = ask_for_data(sian, "Cyfrineiriau fy rheolwr")
    rhodri = start_work(arrive, reference)
    ground = rhodri.say("The request is manifestly unfounded", "ground for refusal")
    propose_words(rhodri, reference, "refusal", ground, "Nid data amdanoch chi yw’r rhain.")
    bethan = arrive("en")
    bethan.sign_in(BETHAN)
    bethan.shot("6-refuse")
    approve(bethan, reference)
    bethan.expect_said("Refused", "state of an access request")
    sian.go(f"/my/cases/{reference}")
    sian.expect_said("Refused", "status of a request")
    sian.expect_text("Nid data amdanoch chi yw’r rhain.")
    for route in ROUTES:
        sian.expect_said(route)
    sian.shot("6-refused")
    mair = arrive("en")
    mair.sign_in(MAIR)
    for path in (f"/my/desk/access/{reference}", f"/my/desk/access/{reference}/answer", "/my/desk/access/AC-2222-2222"):
        mair.go(path, status=404)
        mair.expect_not_found()
    mair.go("/my/desk/access")
    mair.expect_no_text(reference)


def test_a_session_that_ends_while_somebody_types_gives_the_words_back_to_them_alone(
    arrive: Arrive, portal_server: Server
) -> None:
    on(portal_server, 2026, 12, 3)
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    reference = ask_for_data(sian, "Fy nodiadau salwch")
    sian.go(f"/my/cases/{reference}")
    sian.fill("Add something to your request", "A’r e-byst rhwng fy rheolwr ac Adnoddau Dynol.")
    on(portal_server, 2026, 12, 3, 11, 0)
    sian.press("Send")
    sian.expect_heading("Sign in", "heading")
    sian.expect_said("Your session has expired. What you typed is kept: sign in to carry on with it.")
    sian.shot("3-expired")
    sian.sign_in(SIAN, password="anghywir unwaith")
    sian.expect_problem("The e-mail address or the password is wrong")
    sian.sign_in(SIAN)
    sian.expect_heading("You are signed in again")
    sian.press("Carry on")
    expect(sian.page.locator(".timeline")).to_contain_text("A’r e-byst rhwng fy rheolwr ac Adnoddau Dynol.")

    sian.fill("Add something to your request", "Rhywbeth preifat iawn")
    on(portal_server, 2026, 12, 3, 13, 0)
    sian.press("Send")
    sian.sign_in(ALED)
    sian.expect_heading("My cases")
    assert "Rhywbeth preifat iawn" not in sian.page.content()
