"""Ways to the states of access requests: each question, each mistake, the officer's forms and what follows them."""

from collections.abc import Callable
from typing import Any

Act = Callable[[Any, str], None]

SEND = "main form .buttons button"
ANSWERS = {
    "textarea[name=wanted]": "Fy shifftiau, a phwy a’u newidiodd.\nA’r sgôr salwch.",
    "input[name=from-day]": "1",
    "input[name=from-month]": "1",
    "input[name=from-year]": "2026",
    "input[name=name]": "Siân Ŵyn",
    "textarea[name=reach]": "01234 567890",
    "textarea[name=left_out]": "Pennaeth y ward",
    "textarea[name=recognition]": "Nyrs, Ward Alaw, ers 2019",
    "input[name=rep_name]": "Ann Hywel",
    "textarea[name=rep_reach]": "01234 567891",
}
LOGGED = {
    "input[name=name]": "Siân Ŵyn",
    "input[name=received-day]": "20",
    "input[name=received-month]": "11",
    "input[name=received-year]": "2026",
    "textarea[name=late_reason]": "Daeth mewn llythyr i’r ward.",
    "textarea[name=wanted]": "Popeth am fy shifftiau.",
    "textarea[name=left_out]": "Pennaeth y ward, a’r sawl a wnaeth y rota.",
}
PDF = {"name": "data.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 3000}


def press(page: Any, selector: str = SEND) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def step_of(page: Any) -> str:
    return str(page.evaluate("() => document.querySelector('main input[name=step]')?.value ?? ''"))


_FILL = """(answers) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled;
  for (const set of document.querySelectorAll("main fieldset:has(input[type=radio])")) {
    if (!set.querySelector("input[type=radio]:checked")) set.querySelector("input[type=radio]").click();
  }
  for (const [selector, value] of Object.entries(answers)) {
    const field = document.querySelector(`main ${selector}`);
    if (!field || !shown(field)) continue;
    field.value = value;
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, {bubbles: true}));
  }
}"""
_TICK = """() => {
  for (const box of document.querySelectorAll("main fieldset:has(> .choices) input[type=checkbox]")) {
    if (box.checkVisibility({visibilityProperty: true}) && !box.checked) box.click();
  }
}"""


def fill(page: Any, answers: dict[str, str]) -> None:
    """Choose the first of every group of radios, and type what is known: at one go, the journeys do it by hand."""
    page.evaluate(_FILL, answers)


def tick_all(page: Any) -> None:
    """Permission to ask for somebody; the bodies of a worker who has several."""
    page.evaluate(_TICK)


def walk_to(page: Any, question: str) -> None:
    """Start, and answer until this question is shown; an empty name walks to the check page."""
    press(page)
    for _ in range(9):
        if step_of(page) == question:
            return
        fill(page, ANSWERS)
        tick_all(page)
        press(page)


def question(name: str) -> Act:
    """One question, with all before it answered."""
    return lambda page, _locale: walk_to(page, name)


def mistaken(name: str) -> Act:
    """One question sent without an answer, or with one that cannot be."""

    def act(page: Any, _locale: str) -> None:
        walk_to(page, name)
        if name == "period":
            fill(page, {"input[name=from-day]": "31", "input[name=from-month]": "2", "input[name=from-year]": "2026"})
        press(page)

    return act


def check(page: Any, _locale: str) -> None:
    walk_to(page, "")


def change(page: Any, _locale: str) -> None:
    walk_to(page, "")
    press(page, "button[name=go][value=wanted]")


def sent(page: Any, _locale: str) -> None:
    walk_to(page, "")
    press(page, "button[name=go][value=send]")


def logged(page: Any, _locale: str) -> None:
    """A request written down by an officer, and its page."""
    page.locator("input[name=answer_format][value=paper]").check()
    fill(page, LOGGED)
    press(page)


def act_page(*names: str) -> Act:
    """The form of the last act, the others done before it."""

    def act(page: Any, locale: str) -> None:
        logged(page, locale)
        for name in names[:-1]:
            open_act(page, name)
            do_act(page)
        open_act(page, names[-1])

    return act


def act_done(*names: str) -> Act:
    """The page of the request after these acts."""

    def act(page: Any, locale: str) -> None:
        act_page(*names)(page, locale)
        do_act(page)

    return act


def act_mistaken(*names: str) -> Act:
    """The form of the last act, sent empty."""

    def act(page: Any, locale: str) -> None:
        act_page(*names)(page, locale)
        press(page)

    return act


def open_act(page: Any, name: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}/{name}")


def do_act(page: Any) -> None:
    fill(page, {"input[name=on-day]": "22", "input[name=on-month]": "11", "input[name=on-year]": "2026"})
    for area in page.locator("main textarea:visible").all():
        area.fill("Rydym wedi chwilio’r system rota.\nDyma’r hyn a gawsom.")
    press(page)


def follow_one(page: Any, locale: str, part: str) -> None:
    """A page that belongs to one's own request, which was just sent."""
    sent(page, locale)
    reference = page.locator(".panel strong").inner_text()
    page.goto(f"{page.url.partition('/my/')[0]}/my/access/{reference}/{part}")


def receipt(page: Any, locale: str) -> None:
    follow_one(page, locale, "receipt")


def speaker_mistaken(page: Any, locale: str) -> None:
    follow_one(page, locale, "speaker")
    press(page)


def speakers(page: Any, locale: str) -> None:
    """Who may speak for me, somebody among them."""
    follow_one(page, locale, "speaker")
    fill(page, ANSWERS)
    press(page)
    page.locator("main a").first.click()
    page.wait_for_load_state()


def left_out(page: Any, locale: str) -> None:
    """Whom I named when I asked, and an empty form for more."""
    follow_one(page, locale, "left-out")
    page.locator("main form .buttons button").last.click()
    page.wait_for_load_state()


def wish_mistaken(page: Any, locale: str) -> None:
    """What the requester wrote about whom to leave out, and an answer that says nothing."""
    act_page("left-out")(page, locale)
    page.locator("main section a").first.click()
    page.wait_for_load_state()
    press(page)


def linked(page: Any, locale: str) -> None:
    """Several employers, asked at once."""
    sent(page, locale)
    page.locator("main a").first.click()
    page.wait_for_load_state()


def followed_by_words(page: Any, locale: str) -> None:
    """The case of ten words: a request for somebody else that waits for the authority."""
    sent(page, locale)
    words = " ".join(page.locator(".words span").all_inner_texts())
    page.goto(f"{page.url.rpartition('/access')[0]}/case")
    page.locator("main [name=words]").fill(words)
    press(page)


def papers(page: Any, locale: str) -> None:
    """The papers of a request that was written down with its original, and one more that is missing."""
    page.locator("input[name=answer_format][value=paper]").check()
    page.locator("input[name=file]").set_input_files(PDF)
    fill(page, LOGGED)
    press(page)
    page.goto(f"{page.url.partition('?')[0]}/papers")
    press(page, "main form[enctype] .buttons button")


def own_case(page: Any, _locale: str) -> None:
    """One's own request, as the demonstration left it."""
    page.locator("main a[href*='/my/cases/']").first.click()
    page.wait_for_load_state()


def missing_mistaken(page: Any, locale: str) -> None:
    """Nothing written where something missing is said."""
    own_case(page, locale)
    page.locator("main a[href$='/missing']").click()
    page.wait_for_load_state()
    press(page)


def hold_mistaken(page: Any, _locale: str) -> None:
    """A hold that stands, and one without reason or day."""
    page.locator("main a[href$='/hold']").last.click()
    page.wait_for_load_state()
    page.locator("main form .buttons button").last.click()
    page.wait_for_load_state()
