"""A worker with an account asks for their data and follows both kinds of request; and the same without an account."""

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import answer_form, answer_wanted, ask_for_data, begin_review, reference_of, tell_review
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("access")]

SIAN = "sian.prydderch@glannau-ogwen.example"
ALED = "aled.wyn.roberts@glannau-ogwen.example"
NIA = "nia.meredith@glannau-ogwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
WANTED = "Fy sifftiau ers mis Medi, a phwy newidiodd nhw"
QUESTION = "Ai’r sifftiau ar Ward Alaw yn unig, neu’r rhai banc hefyd?"
ANSWER = "Rwyf am gael popeth, y rhai banc hefyd."


def test_a_nurse_asks_for_her_data_changes_her_mind_on_the_way_and_loses_nothing(arrive: Arrive) -> None:
    sian = arrive("cy", phone=True)
    sian.sign_in(SIAN)
    sian.follow("Ask for a copy of my data")
    sian.expect_heading("Ask for a copy of your personal data")
    sian.press("Start")
    sian.expect_heading("Which employer do you want to ask?")
    sian.press("Continue")
    sian.expect_heading("What do you want a copy of?")
    sian.press("Continue")
    sian.expect_problem("Choose whether you want everything or some of it")
    answer_wanted(sian, WANTED)
    sian.date("from", 1, 9, 2026)
    sian.press("Continue")
    sian.expect_heading("How do you want the answer?")
    sian.press("Back")
    sian.expect_heading("Which period is it about?")
    expect(sian.page.locator("[name=from-month]")).to_have_value("9")
    sian.press("Back")
    expect(sian.field("What are you looking for?")).to_have_value(WANTED)
    sian.press("Continue")
    sian.press("Continue")
    answer_form(sian, "Cymraeg")
    sian.expect_heading("Check your answers")
    sian.expect_text(WANTED)
    sian.expect_text("1 Medi 2026")
    sian.shot("3-check")
    sian.change("From this day")
    sian.date("from", 1, 10, 2026)
    sian.press("Continue")
    sian.expect_heading("Check your answers")
    sian.expect_text("1 Hydref 2026")
    sian.expect_text(WANTED)
    sian.press("Send my request")
    sian.expect_heading("Your request for a copy of your data was sent")
    sian.expect_text("22 Rhagfyr 2026")
    sian.main.get_by_text(sian.say("Why this date?")).click()
    sian.expect_said("One month later is {date}", date="22 Rhagfyr 2026")
    sian.shot("3-sent")


def test_the_language_is_switched_in_the_middle_and_no_answer_is_lost(arrive: Arrive) -> None:
    sian = arrive("cy")
    sian.sign_in(SIAN)
    sian.go("/my/access")
    sian.press("Start")
    sian.press("Continue")
    answer_wanted(sian, WANTED)
    sian.expect_heading("Which period is it about?")
    sian.date("from", 1, 10, 2026)
    sian.turn_language()
    sian.expect_heading("Which period is it about?")
    expect(sian.page.locator("[name=from-month]")).to_have_value("10")
    sian.page.locator("[name=from-month]").press("Enter")
    answer_form(sian, "English")
    sian.expect_heading("Check your answers")
    sian.expect_text(WANTED)
    sian.turn_language()
    sian.expect_heading("Check your answers")
    sian.expect_text(WANTED)
    sian.expect_text("1 Hydref 2026")


def test_a_request_sent_twice_is_one_case(arrive: Arrive) -> None:
    nia = arrive("en")
    nia.sign_in(NIA)
    ask_for_data(nia, "My call scores", language="English", presses=2)
    nia.expect_heading("Your request for a copy of your data was sent")
    nia.go("/my")
    expect(nia.page.locator("tbody tr").filter(has_text="AC-")).to_have_count(1)


def test_the_officers_question_is_answered_and_stands_in_the_timeline(arrive: Arrive) -> None:
    aled = arrive("cy", phone=True)
    aled.sign_in(ALED)
    reference = ask_for_data(aled, WANTED)
    rhodri = arrive("en")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/access/{reference}")
    rhodri.follow("Start work", "button")
    rhodri.press("Start work")
    rhodri.follow("Ask what information is wanted", "button")
    rhodri.press("Ask what information is wanted")
    rhodri.expect_problem("Write what the requester should read")
    rhodri.expect_problem("Write what will be searched if no answer comes")
    rhodri.fill("What do you need to know, and why?", QUESTION)
    rhodri.fill("What will you search if no answer comes?", "Holl sifftiau Ward Alaw")
    rhodri.press("Ask what information is wanted")
    rhodri.expect_said("Waiting for an answer", "state of an access request")
    rhodri.expect_text(rhodri.say("Clock stopped. Earliest day: {date}", date="22 December 2026"))
    rhodri.shot("3-clarify")

    aled.go("/my")
    aled.tap(aled.page.get_by_role("link", name=reference))
    aled.expect_said("Waiting for your answer", "status of a request")
    aled.expect_text(QUESTION)
    aled.expect_said(
        "The clock has been stopped since {date}, because we asked you what information you want. It runs again when "
        "you answer.",
        date="22 Tachwedd 2026",
    )
    aled.press("Send my answer")
    aled.expect_problem("Write your answer")
    aled.fill("Your answer", ANSWER)
    aled.press("Send my answer")
    expect(aled.page.locator(".timeline")).to_contain_text(ANSWER)
    expect(aled.page.locator(".timeline")).to_contain_text(aled.say("An answer came in"))
    expect(aled.page.locator(".timeline")).to_contain_text(aled.say("Data protection team", "who acted on a request"))
    expect(aled.page.locator(".timeline")).not_to_contain_text("Rhodri Vaughan")
    aled.shot("3-timeline")

    rhodri.page.reload()
    rhodri.expect_text(ANSWER)
    siân_cannot = arrive("cy")
    siân_cannot.sign_in(SIAN)
    siân_cannot.go(f"/my/cases/{reference}", status=404)
    siân_cannot.expect_not_found()


def enter_words(back: Walker, words: str) -> None:
    back.go("/case")
    back.fill("The ten words of your case code", words)
    back.press("Open")


def test_without_an_account_ten_words_open_the_request_for_data_on_another_device(arrive: Arrive) -> None:
    gone = arrive("en", phone=True, script=False)
    gone.go("")
    gone.follow("Ask for a copy of my data")
    gone.press("Start")
    gone.choose("Dyffryn Cledwen County Council")
    gone.press("Continue")
    answer_wanted(gone, "What the sifting of my application said")
    gone.press("Continue")
    answer_form(gone, "English")
    gone.expect_heading("Who are you and how can we reach you?")
    gone.fill("Full name", "Morgan Tate")
    gone.press("Continue")
    gone.expect_problem("Enter an email address or another way to reach you")
    gone.fill("Email address", "morgan.tate@post.example")
    gone.press("Continue")
    gone.fill("How can your employer recognise you?", "I applied in June for the post in customer services.")
    gone.press("Continue")
    gone.expect_heading("Check your answers")
    gone.press("Send my request")
    gone.expect_heading("Your request for a copy of your data was sent")
    words = gone.words_in(".words span")
    gone.shot("3-no-account-sent")
    reference = reference_of(gone)
    gone.turn_language()
    gone.expect_heading("Your request for a copy of your data was sent")
    assert reference_of(gone) == reference
    expect(gone.page.locator(".words span")).to_have_count(10)
    gone.turn_language()
    expect(gone.page.locator(".words span")).to_have_text(words)
    gone.page.reload()
    assert reference_of(gone) == reference, "sent twice, it became two requests"

    back = arrive("cy", phone=True, script=False)
    enter_words(back, " ".join([words[1], words[0], *words[2:]]))
    back.expect_problem("Nothing was found with these words. Check them against your copy")
    enter_words(back, ", ".join(words).upper())
    back.expect_heading("Your request for a copy of your data")
    back.expect_text(reference)
    back.fill("Add something to your request", "Hefyd y sgôr ei hun.")
    back.press("Send")
    back.expect_text("Hefyd y sgôr ei hun.")
    back.turn_language()
    back.expect_heading("Your request for a copy of your data")
    back.expect_text("Hefyd y sgôr ei hun.")
    back.shot("3-no-account-case")
    assert back.context.cookies() == []


def test_without_an_account_ten_words_open_the_request_for_a_review(arrive: Arrive) -> None:
    applicant = arrive("en", phone=True, script=False)
    applicant.go("")
    applicant.follow("Ask a person to look again")
    begin_review(applicant)
    tell_review(applicant, 2, "I was turned down two minutes after I applied.", "Have a person decide")
    applicant.expect_heading("Who are you?")
    applicant.fill("Full name", "Morgan Tate")
    applicant.fill("How can you be recognised?", "I applied on 2 November for the post in customer services.")
    applicant.press("Continue")
    applicant.press("Send my request")
    applicant.expect_heading("Your request for a review was sent")
    words = applicant.words_in(".words span")
    reference = reference_of(applicant)
    back = arrive("cy")
    enter_words(back, "\n".join(words))
    back.expect_heading("Your request for a review")
    back.expect_text(reference)
    back.expect_text("22 Rhagfyr 2026")
