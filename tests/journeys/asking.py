"""Asking for a copy of one's data, one question on each page, with an account and without."""

from playwright.sync_api import expect

from tests.journeys.walker import Walker


def answer_wanted(walker: Walker, text: str) -> None:
    """The page that asks what is wanted."""
    walker.expect_heading("What do you want a copy of?")
    walker.choose(walker.say("Some of it: I say what"))
    walker.fill("What are you looking for?", text)
    walker.press("Continue")


def answer_form(walker: Walker, language: str) -> None:
    """The page that asks how the answer is wanted, and past the one that asks whom to leave out."""
    walker.expect_heading("How do you want the answer?")
    walker.choose(language)
    walker.choose(walker.say("A file to download from this portal", "format of an answer"))
    walker.press("Continue")
    expect(walker.field("Is there anybody who must not search, decide or see this?")).to_be_empty()
    walker.press("Continue")


def reference_of(walker: Walker) -> str:
    """The reference on a confirmation page."""
    return walker.page.locator(".panel strong").inner_text()


def ask_for_data(worker: Walker, text: str, *, language: str = "Cymraeg", presses: int = 1) -> str:
    """Signed in, from «my cases» to the confirmation; the reference."""
    worker.go("/my/access")
    worker.press("Start")
    if worker.meets("Which employer do you want to ask?", "What do you want a copy of?"):
        worker.page.locator("input[name=body]").first.check()
        worker.press("Continue")
    answer_wanted(worker, text)
    worker.expect_heading("Which period is it about?")
    worker.press("Continue")
    answer_form(worker, language)
    worker.expect_heading("Check your answers")
    worker.tap(worker.main.get_by_role("button", name=worker.say("Send my request", "button")), times=presses)
    worker.expect_heading("Your request for a copy of your data was sent")
    return reference_of(worker)


def begin_review(worker: Walker) -> None:
    """From the employer to the day of a request for a review, where neither system nor decision is known."""
    worker.choose("Dyffryn Cledwen County Council")
    worker.press("Continue")
    worker.choose(worker.say("I don’t know"))
    worker.press("Continue")
    worker.choose(worker.say("I don’t know – a computer changed something"))
    worker.press("Continue")


def tell_review(worker: Walker, day: int, what: str, wanted: str) -> None:
    """From what happened on a day in November to what is wanted of a review."""
    tell_happened(worker, day, what)
    worker.press("Continue")
    worker.choose(worker.say(wanted))
    worker.press("Continue")


def tell_happened(worker: Walker, day: int, what: str) -> None:
    """The page of what happened, and when."""
    worker.expect_heading("What happened, and when?")
    worker.date("day", day, 11, 2026)
    worker.fill("What happened?", what)
    worker.press("Continue")
    worker.expect_heading("What does it do to you?")
