"""A worker who gives no name: sealed on the device or by the server, and back on another device with ten words."""

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import ELIN, is_told
from tests.journeys.sealed import (
    DEPUTY,
    MANAGER,
    ROSTERING,
    answer,
    begin_concern,
    cases_of,
    come_back,
    open_thread,
    reader_box,
    seal_and_send,
    unlock,
)
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

TEXT = "Mae’r rota’n rhoi dwy noson hir i’r un tair nyrs bob wythnos, ac mae camgymeriadau’n digwydd."
UNION_TEXT = "Mae’r rheolwr yn gofyn pwy sydd wedi siarad â’r undeb."
ANSWER = "Diolch am ddweud. Rydym wedi gofyn am restr y tair wythnos ddiwethaf."
REPLY = "Diolch. Edrychwch hefyd ar 14 Tachwedd."


def answer_as_manager(arrive: Arrive) -> Walker:
    """The responsible manager reads the newest concern and answers it."""
    elin = arrive("cy")
    unlock(elin, ELIN, elin.server.secrets["recovery_words"][ELIN])
    open_the_one_that_says(elin, TEXT)
    answer(elin, ANSWER)
    return elin


def open_the_one_that_says(reader: Walker, text: str) -> None:
    """Open the reader's threads until one begins with this text and nobody has answered it yet."""
    for case in cases_of(reader):
        entries = open_thread(reader, case)
        expect(entries.first).to_be_visible()
        if text in entries.first.inner_text() and entries.count() == 1:
            return
        reader.press("Back to the list")
    raise AssertionError("the concern did not reach this reader")


def test_sealed_on_the_device_without_the_deputy_and_answered_on_another_device(arrive: Arrive) -> None:
    sian = arrive("cy", phone=True)
    begin_concern(sian, ROSTERING[0])
    sian.expect_heading("Who can read it")
    sian.expect_text("Llinos Dafis")
    reader_box(sian, DEPUTY[0]).check()
    sian.shot("4-readers")
    sian.press("Continue")
    sian.expect_heading("Write a concern")
    sian.fill("What has happened?", TEXT)
    sian.fill("When was it, about?", "mis Tachwedd")
    sian.page.locator("#ongoing-yes").check()
    sian.shot("4-write")
    sian.press("Continue")
    sian.expect_heading("Check before you send")
    sian.expect_text("Pryd, yn fras: mis Tachwedd")
    expect(sian.page.locator("#check-left-out")).to_contain_text(DEPUTY[0])
    expect(sian.page.locator("#check-lanes")).to_contain_text(MANAGER[0])
    expect(sian.page.locator("#check-lanes")).not_to_contain_text(DEPUTY[0])
    sian.shot("4-check")
    words = seal_and_send(sian)
    sian.shot("4-receipt")
    assert not any("camgymeriadau" in body or is_told(words, body) for body in sian.bodies)
    assert not any(is_told(words, line) for line in sian.gone)
    expect(sian.page).to_have_url(f"{sian.server.base_url}/cy/concern")
    assert sian.context.cookies() == []
    elin = answer_as_manager(arrive)
    elin.shot("4-manager-answered")

    at_home = arrive("cy", phone=True)
    come_back(at_home, ", ".join(words).upper())
    entries = at_home.page.locator("[data-entries] > li")
    expect(entries).to_have_count(2, timeout=RECEIPT_PATIENCE)
    expect(entries.nth(0)).to_contain_text(TEXT)
    expect(entries.nth(1)).to_contain_text(ANSWER)
    answer(at_home, REPLY)
    at_home.shot("4-thread")
    expect(entries).to_have_count(3)
    assert not any(is_told(words, body.lower()) or REPLY in body for body in at_home.bodies)
    at_home.tap(at_home.page.get_by_role("link", name=at_home.say("Leave this page")))
    at_home.expect_heading("You have left")
    assert at_home.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_without_script_the_server_seals_it_and_the_same_way_back_is_open(arrive: Arrive) -> None:
    sian = arrive("cy", phone=True, script=False)
    begin_concern(sian, ROSTERING[0])
    sian.press("Write without JavaScript", context=None)
    sian.expect_text(sian.say("Who will be able to open it"))
    sian.choose(DEPUTY[0])
    sian.fill("What has happened?", TEXT)
    sian.shot("4-form-no-script")
    expect(sian.page.locator("main form#answers")).to_have_attribute("autocomplete", "off")
    sian.press("Seal and send")
    sian.expect_heading("Your concern has been sent")
    words = sian.words_in(".words span")
    sian.shot("4-receipt-no-script")
    sian.page.reload()
    expect(sian.page.locator(".words span"), "sent twice, it became two concerns").to_have_text(words)
    sian.turn_language()
    sian.expect_heading("Your concern has been sent")
    expect(sian.page.locator(".words span")).to_have_count(10)
    sian.turn_language()
    expect(sian.page.locator(".words span")).to_have_text(words)
    answer_as_manager(arrive)

    at_home = arrive("cy", phone=True, script=False)
    at_home.go("/concern/return")
    at_home.follow("Come back without JavaScript")
    at_home.fill("The ten words of your receipt", "\n".join(words).upper())
    at_home.press("Open")
    at_home.expect_heading("Your concern")
    at_home.expect_text(TEXT)
    at_home.expect_text(ANSWER)
    at_home.expect_said("Sealed on the writer’s device")
    at_home.fill("Reply", REPLY, "label")
    at_home.press("Seal and send")
    at_home.expect_said("Your reply was sealed by our server and added.")
    at_home.expect_text(REPLY)
    at_home.turn_language()
    at_home.expect_heading("Your concern")
    at_home.expect_text(REPLY)
    at_home.shot("4-thread-no-script")
    assert at_home.context.cookies() == []


def test_a_mistyped_receipt_is_caught_on_the_device_and_nothing_is_sent(arrive: Arrive) -> None:
    sian = arrive("cy", phone=True)
    sian.go("/concern/return")
    seeded = sian.server.secrets["receipt"].split()
    come_back_box = sian.main.get_by_label(sian.say("The ten words of your receipt"))
    expect(come_back_box).to_be_visible()
    before = len(sian.gone)
    for typed, problem in (
        ("", "Enter the ten words of your receipt"),
        (" ".join(seeded[:9]), "Enter ten words: there are more or fewer here"),
        (" ".join([seeded[0] + "x", *seeded[1:]]), "These words are not on the list. Check the spelling of numbers:"),
        (
            " ".join([seeded[1], seeded[0], *seeded[2:]]),
            "These ten words do not belong together. One may be mistyped, or two may have changed places",
        ),
    ):
        come_back_box.fill(typed)
        sian.press("Open")
        sian.expect_problem(problem)
        expect(come_back_box).to_have_attribute("aria-invalid", "true")
    sian.shot("4-typo")
    assert len(sian.gone) == before, sian.gone[before:]
    come_back_box.fill("-".join(seeded))
    sian.press("Open")
    expect(sian.page.locator("[data-entries] > li").first).to_be_visible(timeout=RECEIPT_PATIENCE)


def test_a_union_is_offered_says_what_it_reveals_and_takes_the_place_of_the_independent_officer(
    arrive: Arrive,
) -> None:
    sian = arrive("cy")
    begin_concern(sian, ROSTERING[0])
    sian.choose("UNISON Cangen Iechyd Ogwen")
    sian.expect_said(
        "Choosing a union may show the readers of this concern that you are a member. Whoever reads our "
        "database sees that these representatives can open this concern, but nothing there says who sent it."
    )
    sian.press("Continue")
    sian.expect_problem("Tick the box to show that you agree to the union being asked, or choose “Not now”")
    sian.choose(sian.say("I agree that this union’s representatives receive this concern"))
    sian.choose(sian.say("Only the union for now"))
    sian.press("Continue")
    sian.fill("What has happened?", UNION_TEXT)
    sian.press("Continue")
    expect(sian.page.locator("#check-lanes")).to_contain_text("Carys Bowen")
    expect(sian.page.locator("#check-lanes")).not_to_contain_text(MANAGER[0])
    words = seal_and_send(sian)
    carys = arrive("cy")
    carys_words = carys.server.secrets["recovery_words"]["carys.bowen@unison.example"]
    unlock(carys, "carys.bowen@unison.example", carys_words)
    open_the_one_that_says(carys, UNION_TEXT)
    carys.shot("4-union-thread")
    answer(carys, "Rwyf yma. Pryd gawn ni siarad?")
    sian_again = arrive("en")
    come_back(sian_again, " ".join(words))
    expect(sian_again.page.locator("[data-entries] > li")).to_have_count(2, timeout=RECEIPT_PATIENCE)
    expect(sian_again.page.locator(".thread > h2")).to_have_text(sian_again.say("Thread with the union alone"))
