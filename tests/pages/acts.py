"""How a page is led to one of its states: what is typed, chosen and pressed there."""

from collections.abc import Callable
from typing import Any

Act = Callable[[Any, str], None]
DEVICE_PATIENCE = 60_000


def press(page: Any, selector: str = "main form button[type=submit], main form button:not([type])") -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def send_empty(page: Any, _locale: str) -> None:
    """Send the page's form as it is: the error state."""
    press(page, "main form .buttons button")


def nonsense_words(page: Any, _locale: str) -> None:
    page.locator("main textarea").fill("one two three four five six seven eight nine zzzz")
    press(page, "main form .buttons button")


def wrong_password(page: Any, _locale: str) -> None:
    page.locator("input[name=email]").fill("nobody@glannau-ogwen.example")
    page.locator("input[name=password]").fill("not the password at all")
    press(page, "main form .buttons button")


def walk_review(page: Any, _locale: str) -> None:
    """Through all questions of a review to the check page."""
    answer_review(page)


REVIEW_ANSWERS = {
    "input[name=day-day]": "3",
    "input[name=day-month]": "11",
    "input[name=day-year]": "2026",
    "textarea[name=what]": "Newidiwyd fy shifft heb rybudd.\nMae’n anodd i mi.",
    "input[name=name]": "Siân Ŵyn",
    "textarea[name=contact]": "Nyrs, Ward Alaw, ers 2019",
}
REVIEW_CHOICES = "main input[type=radio], main input[name=wanted]"
_ANSWER = """([choices, answers]) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled;
  const choice = [...document.querySelectorAll(choices)].find(shown);
  if (choice && !choice.checked) choice.click();
  for (const [selector, value] of Object.entries(answers)) {
    const field = document.querySelector(selector);
    if (!field || !shown(field)) continue;
    field.value = value;
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, {bubbles: true}));
  }
}"""
"""All fields of a page at one go: the journeys do it by hand."""


def answer_review(page: Any) -> None:
    """Answer every question until the check page."""
    for _ in range(9):
        if page.locator("button[name=go][value=send]").count():
            return
        page.evaluate(_ANSWER, [REVIEW_CHOICES, REVIEW_ANSWERS])
        press(page, "main form .buttons button")


def send_review(page: Any, _locale: str) -> None:
    answer_review(page)
    press(page, "button[name=go][value=send]")


def write_concern_plainly(page: Any, _locale: str) -> None:
    page.locator("textarea[name=text]").fill("Mae’r rota’n beryglus.")
    press(page, "main form .buttons button")


def send_too_soon(page: Any, _locale: str) -> None:
    """What a page gets whose ticket was used before, or which was sent at once."""
    page.locator("main input[name=ticket]").evaluate("field => { field.value = 'used'; }")
    write_concern_plainly(page, _locale)


def come_back_plainly(page: Any, locale: str) -> None:
    write_concern_plainly(page, locale)
    words = page.locator("main ol li").all_inner_texts()
    page.goto(page.url.replace("/concern/form", "/concern/return/form"))
    page.locator("main textarea").fill(" ".join(words))
    press(page, "main form .buttons button")


DRAFT = "/my/desk/register/K7RT3M/edit"


def in_draft(tail: str = "") -> Act:
    """A page of a draft, which is begun where nobody has."""

    def act(page: Any, locale: str) -> None:
        begin = page.locator("main form[action$='/edit/begin'] button")
        if begin.count():
            begin.click()
            page.wait_for_load_state()
        page.goto(page.url.split(f"/{locale}/")[0] + f"/{locale}{DRAFT}{tail}")

    return act


def mistake_in_row(page: Any, locale: str) -> None:
    in_draft("/decisions/decision_points/1")(page, locale)
    page.locator("[name=time_to_stop-amount]").fill("many")
    press(page, "main form .buttons button")


def write_and_look(page: Any, locale: str) -> None:
    in_draft("/summary")(page, locale)
    page.locator("[name=summary_en]").fill("A new summary, in English only so far.")
    page.locator("[name=summary_cy]").fill("")
    press(page, "main form .buttons button")
    in_draft("/languages")(page, locale)


def discard_wrongly(page: Any, locale: str) -> None:
    in_draft("/discard")(page, locale)
    press(page, "main form .buttons button")


def no_file(page: Any, locale: str) -> None:
    in_draft("/file")(page, locale)
    press(page, "main form .buttons button")


def ask_and_open_correction(page: Any, locale: str) -> None:
    """From the form of somebody signed in to the editor’s answer, sent empty: the error state of the desk."""
    page.locator("input[name=kind]").first.check()
    page.locator("textarea[name=text]").fill("Nid wyf yn gyrru lori.")
    press(page, "main form .buttons button")
    page.goto(page.url.split(f"/{locale}/")[0] + f"/{locale}/my/desk/register/corrections")
    page.locator("main table a").first.click()
    press(page, "main form .buttons button")


def answer_nothing(page: Any, _locale: str) -> None:
    """From the list of questions about tools to the answer to the first, sent empty."""
    page.locator("main table a").first.click()
    press(page, "main form[action*='/questions/']:not([action$='/wording']) .buttons button")


def confirm_without_comparing(page: Any, _locale: str) -> None:
    press(page, "form[action$='/keys/confirm'] button")


def open_concern(page: Any, _locale: str) -> None:
    page.locator("[data-case]").last.click()
    page.locator("[data-thread]").last.wait_for()
    page.locator("#notes [data-thread]").wait_for()


def who_waits(page: Any, _locale: str) -> None:
    page.locator("[data-to-people]").click()
    page.locator("#looking").wait_for(state="hidden")


def pressed(button: str) -> Act:
    """On the keys page, after one of its buttons."""

    def act(page: Any, _locale: str) -> None:
        page.locator(f"#{button}").click()
        page.locator("[data-step]:visible h1").wait_for()

    return act


def write_on_the_device(page: Any, _locale: str) -> None:
    """From who can read it to the writing."""
    page.locator("#to-write").click()
    page.locator("#body").wait_for()
    page.locator("#ongoing-yes").check()
    page.locator("#whom-everybody").check()


def mistake_on_the_device(page: Any, locale: str) -> None:
    write_on_the_device(page, locale)
    page.locator("#to-check").click()
    page.locator("[data-problems]:visible").wait_for()


def check_on_the_device(page: Any, locale: str) -> None:
    write_on_the_device(page, locale)
    page.locator("#whom-nobody").check()
    page.locator("#body").fill("Mae’r rota’n beryglus.")
    page.locator("#to-check").click()
    page.locator("#send").wait_for()


def send_on_the_device(page: Any, locale: str) -> None:
    check_on_the_device(page, locale)
    page.locator("#send").click()
    page.locator("#code-words li").first.wait_for(timeout=DEVICE_PATIENCE)


def come_back_on_the_device(page: Any, locale: str) -> None:
    send_on_the_device(page, locale)
    words = page.locator("#code-words li").all_inner_texts()
    page.goto(page.url.split("/concern")[0] + "/concern/return")
    page.locator("#words").fill(" ".join(words))
    page.locator("#open").click()
    page.locator("[data-entries] li").first.wait_for(timeout=DEVICE_PATIENCE)


def turn_with_words(page: Any, locale: str) -> None:
    check_on_the_device(page, locale)
    page.locator("header button[form=again]").click()
    page.locator("#turning").wait_for()


def wrong_proof(page: Any, locale: str) -> None:
    write_concern_plainly(page, locale)
    press(page, "main form .buttons button")


def for_the_union_plainly(page: Any, locale: str) -> None:
    """A concern that the union alone reads so far, come back to."""
    page.locator("input[name=union]").nth(1).check()
    page.locator("input[name=consent]").check()
    page.locator("input[name=scope][value=union]").check()
    come_back_plainly(page, locale)
