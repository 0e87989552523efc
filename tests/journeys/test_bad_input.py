"""What goes wrong at a keyboard: each a clear message in the page's language, or the common page for what is not."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.asking import answer_wanted, ask_for_data
from tests.journeys.sealed import ROSTERING, begin_concern
from tests.journeys.walker import Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("bad-input")]

TOMOS = "tomos.gethin@glannau-ogwen.example"
RHODRI = "rhodri.vaughan@glannau-ogwen.example"
BETHAN = "bethan.islwyn@glannau-ogwen.example"
WORDS = "Wyau ar dost, bob bore."


def to_the_day(walker: Walker) -> None:
    """The question of a review that asks for a day, without an account."""
    walker.go("/review/start")
    walker.page.locator("input[name=body]").first.check()
    walker.press("Continue")
    walker.choose(walker.say("I don’t know"))
    walker.press("Continue")
    walker.choose(walker.say("I don’t know – a computer changed something"))
    walker.press("Continue")
    walker.expect_heading("What happened, and when?")
    walker.fill("What happened?", WORDS)


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_days_that_cannot_be_say_so_and_stay_as_typed(arrive: Arrive, locale: str) -> None:
    walker = arrive(locale, phone=True, script=False)
    to_the_day(walker)
    for day, month, year, problem, values in (
        (31, 2, 2026, "Enter a real date, for example 27 3 2026", {}),
        ("dydd", "Mawrth", "oer", "Enter a real date, for example 27 3 2026", {}),
        (23, 11, 2026, "The date must be today or in the past", {}),
        (24, 5, 2018, "The date must be on or after {date}", {"date": walker.pick("25 Mai 2018", "25 May 2018")}),
        ("", "", "", "Enter the day the decision was made, or the day you noticed it", {}),
    ):
        walker.date("day", day, month, year)  # type: ignore[arg-type]
        walker.press("Continue")
        walker.expect_problem(problem, **values)
        expect(walker.page.locator("[name=day-day]")).to_have_value(str(day))
    walker.shot(f"bad-day-{locale}")


def test_a_period_that_ends_before_it_begins_says_so(arrive: Arrive) -> None:
    tomos = arrive("cy")
    tomos.sign_in(TOMOS)
    tomos.go("/my/access")
    tomos.press("Start")
    tomos.press("Continue")
    answer_wanted(tomos, WORDS)
    tomos.date("from", 2, 11, 2026)
    tomos.date("until", 1, 11, 2026)
    tomos.press("Continue")
    tomos.expect_problem("The end of the period must not be before its start")


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_too_much_text_says_the_limit_and_is_not_lost(arrive: Arrive, locale: str) -> None:
    walker = arrive(locale)
    to_the_day(walker)
    walker.date("day", 2, 11, 2026)
    walker.expect_said("Limit: {max} characters", max="4,000")
    field = walker.field("What happened?")
    field.fill("ŵ" * 4001)
    walker.press("Continue")
    walker.expect_problem("This is too long. The limit is {max} characters", max=4000)
    assert len(field.input_value()) == 4001
    field.fill("ŵ" * 4000)
    walker.press("Continue")
    walker.expect_heading("What does it do to you?")


def test_a_form_larger_than_any_form_is_gets_its_own_page(arrive: Arrive) -> None:
    walker = arrive("cy")
    to_the_day(walker)
    walker.date("day", 2, 11, 2026)
    walker.field("What happened?").fill("a" * 70_000)
    walker.press("Continue")
    walker.expect_heading("That is too long")
    walker.shot("bad-413")
    assert "aaaa" not in walker.page.locator("main").inner_text()


def test_a_concern_that_is_too_long_or_empty_says_so_without_script(arrive: Arrive) -> None:
    walker = arrive("cy", script=False)
    begin_concern(walker, ROSTERING[0])
    walker.press("Write without JavaScript", context=None)
    walker.press("Seal and send")
    walker.expect_problem("Write what has happened")
    walker.fill("What has happened?", "a" * 12_001)
    walker.press("Seal and send")
    walker.expect_problem("This is too long by {over}. Shorten it, or send the rest as a second message", over=1)
    assert len(walker.field("What has happened?").input_value()) == 12_001
    for box in walker.page.locator("input[name=left-out]").all():
        box.check()
    walker.fill("What has happened?", WORDS)
    walker.press("Seal and send")
    walker.expect_problem("At least one person must be able to read it. Keep somebody on the list")
    walker.shot("bad-concern")


def test_two_tabs_on_one_request_tell_the_second_that_it_has_moved_on(arrive: Arrive) -> None:
    tomos = arrive("en")
    tomos.sign_in(TOMOS)
    reference = ask_for_data(tomos, "Door card times", language="English")
    rhodri = arrive("cy")
    rhodri.sign_in(RHODRI)
    rhodri.go(f"/my/desk/access/{reference}/start")
    other = rhodri.context.new_page()
    other.goto(rhodri.page.url)
    rhodri.press("Start work")
    rhodri.expect_said("In progress", "state of an access request")
    other.get_by_role("button", name=rhodri.say("Start work", "button")).click()
    expect(other.locator("html")).to_have_attribute("lang", "cy")
    expect(other.locator(".problem")).to_be_visible()
    expect(other.locator("main")).to_contain_text(reference)
    rhodri.page = other
    rhodri.shot("bad-two-tabs")


def test_a_file_that_will_not_do_is_named_and_the_good_ones_beside_it_are_kept(arrive: Arrive) -> None:
    tomos = arrive("en")
    tomos.sign_in(TOMOS)
    reference = ask_for_data(tomos, "Photographs of me", language="English")
    bethan = arrive("cy")
    bethan.sign_in(BETHAN)
    bethan.go(f"/my/desk/access/{reference}/start")
    bethan.press("Start work")
    bethan.go(f"/my/desk/access/{reference}/material")
    files: list[FilePayload] = [
        {"name": "gwag.csv", "mimeType": "text/csv", "buffer": b""},
        {"name": "rota.csv", "mimeType": "text/csv", "buffer": b"dydd,awr\nLlun,8\n"},
    ]
    bethan.page.locator("main input[type=file]").set_input_files(files)
    bethan.press("Add these files")
    bethan.expect_said("These files were not added:")
    bethan.expect_text("gwag.csv")
    bethan.expect_text("rota.csv")
    bethan.shot("bad-file")
    bethan.go(f"/my/desk/access/{reference}")
    bethan.expect_said("In progress", "state of an access request")


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_what_is_not_there_and_what_is_another_bodys_look_the_same(arrive: Arrive, locale: str) -> None:
    walker = arrive(locale)
    for path in (
        "/s/ZZZZZZ",
        "/s/K7RT3M?version=99",
        "/concern/write?body=nunlle&about=system:K7RT3M",
        "/my/reset/" + "a" * 43,
        "/nothing/here",
        "/access/AC-2222-2222",
    ):
        answer = walker.page.goto(f"{walker.server.base_url}/{locale}{path}")
        assert answer is not None
        assert answer.status in {200, 404}, (path, answer.status)
        expect(walker.page.locator("html")).to_have_attribute("lang", locale)
    walker.sign_in(TOMOS)
    for path in (
        "/my/cases/AC-2222-2222",
        "/my/cases/x",
        "/my/access/AC-2222-2222/sent",
        "/my/review/sent/RV-2222-2222",
    ):
        walker.go(path, status=404)
        walker.expect_not_found()
    header = walker.page.locator("header")
    expect(header.get_by_role("link", name=walker.say("My cases"))).to_be_visible()
    expect(header).not_to_contain_text(walker.say("Sign in", "link"))
    walker.shot(f"bad-404-{locale}")
    walker.go("/my/desk/access", status=404)
    walker.expect_not_found()


def test_an_address_without_a_language_or_in_a_third_one_is_led_to_a_page(arrive: Arrive) -> None:
    walker = arrive("cy")
    for path in ("/fr", "/systems", "/CY/systems", "/cy/systems/", "/en/my/cases/../../systems"):
        answer = walker.page.goto(f"{walker.server.base_url}{path}")
        assert answer is not None
        assert answer.status in {200, 404}, (path, answer.status)
        assert walker.page.locator("h1").count() == 1


def test_answers_in_the_address_that_nobody_offered_are_asked_again(arrive: Arrive) -> None:
    walker = arrive("cy", phone=True, script=False)
    walker.go("/systems?employer=nunlle", status=422)
    walker.expect_problem("We do not know the answer in this address. Choose one from the list")
    walker.go("/systems?employer=dyffryn-cledwen&workplace=ward-alaw", status=422)
    walker.expect_heading("Where do you work?")
    walker.expect_problem("We do not know the answer in this address. Choose one from the list")
    walker.shot("bad-address")


def test_wrong_words_open_nothing_and_say_the_same_thing(arrive: Arrive) -> None:
    walker = arrive("en", script=False)
    seeded = walker.server.secrets["receipt"]
    for path, label in (
        ("/case", "The ten words of your case code"),
        ("/concern/return/form", "The ten words of your receipt"),
    ):
        for words in ("", "one two three", "x" * 5000, seeded if path == "/case" else "🐑 " * 10):
            walker.go(path)
            walker.fill(label, words)
            walker.press("Open")
            expect(walker.page.locator(".problem")).to_contain_text(walker.say("There is a problem"))
    walker.shot("bad-words")


def test_a_forged_or_stale_form_is_refused_politely(arrive: Arrive) -> None:
    tomos = arrive("cy")
    tomos.sign_in(TOMOS)
    tomos.go("/my/access")
    tomos.page.evaluate("document.querySelector('main input[name=csrf]').value = 'x'")
    tomos.press("Start")
    tomos.expect_heading("That did not go through")
    tomos.shot("bad-403")
