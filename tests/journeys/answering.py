"""From the search to the answer: one officer prepares it, another approves it."""

from playwright.sync_api import expect

from tests.journeys.walker import Walker

SEARCHER = "elin.haf.morris@glannau-ogwen.example"
FOUND = b"dydd,awr\nLlun,8\n"
SEARCHED = "Personnel files"
"""The searcher has nothing to do with it otherwise; the page lists the places in no order."""


def at_request(officer: Walker, reference: str, part: str = "") -> None:
    """To a page of one request."""
    officer.go(f"/my/desk/access/{reference}{part}")


def search_one_place(officer: Walker, searcher: Walker, reference: str) -> None:
    """Every planned search is left out but one, which somebody answers."""
    at_request(officer, reference, "/search")
    places = officer.page.locator("main tbody th a")
    addresses = {link.inner_text(): str(link.get_attribute("href")) for link in places.all()}
    given = addresses.pop(SEARCHED)
    for address in addresses.values():
        officer.page.goto(officer.server.base_url + address)
        officer.fill("Why is it reasonable and proportionate not to search here?", "Nothing of this is kept here.")
        officer.press("Do not search here")
    officer.page.goto(officer.server.base_url + given)
    officer.fill("Work email of the person who searches", SEARCHER)
    officer.press("Give it to them")
    at_request(officer, reference, "/search")
    expect(officer.page.locator("main tbody tr").filter(has_text=SEARCHED)).to_contain_text("Elin Haf Morris")
    officer.press("Send the search tasks")
    officer.expect_no_text(officer.say("Send the search tasks", "button"))  # they have gone
    searcher.go("/my/tasks")
    searcher.tap(searcher.page.locator("main tbody th a").first)
    searcher.choose(searcher.say("Found something", "result of a search"))
    searcher.fill("How many items (files, messages, records)?", "1")
    searcher.fill("How many minutes did it take?", "12")
    searcher.fill("Where did you search, and how?", "In the rota, by staff number.")
    searcher.press("Send the result")
    searcher.expect_said("What was found")
    at_request(officer, reference, "/search")
    officer.press("Go on to the material")


def decide_on_a_file(officer: Walker, reference: str) -> None:
    """One table is added, and all of it is given."""
    at_request(officer, reference, "/material")
    officer.page.locator("main input[type=file]").set_input_files(
        {"name": "rota.csv", "mimeType": "text/csv", "buffer": FOUND}
    )
    officer.fill("What are they?", "Your shifts")
    officer.press("Add these files")
    officer.tap(officer.page.locator("main tbody a").first)
    officer.page.locator("input[name=reporter][value=no]").check()
    officer.page.locator("input[name=decision][value=release]").check()
    officer.press("Save the decision")
    at_request(officer, reference, "/material")
    officer.expect_said("Everything is decided, and nothing hidden goes out.")


def propose_release(officer: Walker, reference: str, letter: str) -> None:
    """The letter, and what the law wants told: drawn up from the register, with its gaps filled in."""
    at_request(officer, reference, "/answer/release")
    officer.fill("Covering letter", letter)
    about = officer.field("What the law wants told about the data")
    about.fill(about.input_value().replace("[?]", "–"))
    officer.press("Hand it to the second person")
    officer.expect_said("You proposed this. Another officer has to approve it or send it back.")


def approve(second: Walker, reference: str) -> None:
    """Another officer reads it and says yes; a pack is waited for, as its page shows."""
    at_request(second, reference, "/answer")
    second.reload_until(second.main.get_by_role("button", name=second.say("Approve", "button"), exact=True))
    second.press("Approve")


def propose_words(officer: Walker, reference: str, outcome: str, ground: str | None, words: str) -> None:
    """A refusal or more time, with its ground and reasons."""
    at_request(officer, reference, f"/answer/{outcome}")
    if ground is not None:
        officer.choose(ground)
    officer.fill("Reasons for the requester", words)
    officer.press("Hand it to the second person")


def expect_two_people(officer: Walker, reference: str, first: str, second: str) -> None:
    """Both stand on the page of the answer."""
    at_request(officer, reference, "/answer")
    row = officer.page.locator("main tbody tr").last
    expect(row).to_contain_text(first)
    expect(row).to_contain_text(second)
