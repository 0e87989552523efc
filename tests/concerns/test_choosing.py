"""Which employer, and about what, is asked before anybody writes; and no address of the anonymous area says it."""

import re
from html import unescape

import pytest

from tests.concerns.test_form import filled, open_form
from tests.demonstrated import BODY, Demonstrated
from tests.visitors import HIDDEN, Visitor

ABOUT = {"body": BODY, "about": "matter:safety"}
TYPED = "Mae’r rota’n beryglus – 77123"


def addresses(page: str) -> set[str]:
    """Everything that a page leads or sends to."""
    return {unescape(one) for one in re.findall(r'(?:href|action|formaction|src)="([^"]*)"', page)}


def switch_of(page: str) -> dict[str, str]:
    """What the language switch sends."""
    return dict(HIDDEN.findall(page.partition('<form id="again"')[2].partition("</form>")[0]))


def test_from_the_first_question_to_the_receipt_no_address_names_the_employer_or_the_subject(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    system = demonstrated.code_of("e-rostering")
    pages = [visitor.get("/cy/concern"), visitor.post("/cy/concern", {"body": BODY}),
             visitor.post("/cy/concern/write", ABOUT), visitor.post("/cy/concern/write", {"system": system}),
             open_form(demonstrated, visitor)]  # fmt: skip
    pages.append(visitor.post("/cy/concern/form", filled(visitor, text="")))
    pages.append(visitor.post("/cy/concern/form", filled(visitor)))
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 200, 422, 200]
    for page in pages:
        anonymous = {one for one in addresses(page.text) if "/concern" in one}
        assert anonymous
        assert not [one for one in anonymous if "?" in one or BODY in one or system in one]


def test_an_address_that_says_more_leads_to_the_start_and_what_it_says_is_let_go_of(visitor: Visitor) -> None:
    for path in ("", "/write", "/form"):
        answer = visitor.client.get(f"/cy/concern{path}?body={BODY}&about=matter:safety&system=RT4S7K")
        assert (answer.status_code, answer.headers["location"]) == (303, "/cy/concern")
    for path in ("/write", "/form"):
        assert visitor.client.get(f"/en/concern{path}").headers["location"] == "/en/concern"


def test_a_question_without_an_answer_is_asked_again_and_says_so(visitor: Visitor) -> None:
    for path in ("", "/write", "/form"):
        page = visitor.client.post(f"/en/concern{path}", data={})
        assert page.status_code == 422
        assert "Choose an employer" in page.text
    for path in ("/write", "/form"):
        page = visitor.client.post(f"/en/concern{path}", data={"body": BODY})
        assert page.status_code == 422
        assert "Choose what it is about" in page.text
        assert 'action="/en/concern/write"' in page.text


@pytest.mark.parametrize(
    "chosen",
    [{"body": "none", "about": "matter:safety"}, {"body": BODY, "about": "matter:none"}, {"body": BODY, "about": ":"},
     {"body": BODY, "about": "system:ZZZZZZ"}, {"body": BODY, "about": "person:x"},
     {"body": "x" * 3000, "about": "matter:safety"}],
)  # fmt: skip
def test_a_concern_about_nothing_that_is_offered_is_the_common_404(visitor: Visitor, chosen: dict[str, str]) -> None:
    for page in ("form", "write"):
        assert visitor.client.post(f"/cy/concern/{page}", data=chosen).status_code == 404


def test_the_language_switch_of_the_page_that_writes_carries_the_choice_and_nothing_else(visitor: Visitor) -> None:
    page = visitor.client.post("/cy/concern/write", data={**ABOUT, "text": TYPED}).text
    assert TYPED not in page
    assert switch_of(page) == ABOUT
    turned = visitor.client.post("/en/concern/write", data=switch_of(page))
    assert turned.status_code == 200
    assert '<html lang="en">' in turned.text
    assert switch_of(turned.text) == ABOUT


def test_the_language_switch_of_a_question_keeps_what_was_ticked(visitor: Visitor) -> None:
    turned = visitor.client.post("/en/concern", data={**ABOUT, "go": "here"})
    assert turned.status_code == 200
    ticked = next(tag for tag in re.findall(r"<input[^>]*>", turned.text) if " checked" in tag)
    assert 'value="matter:safety"' in ticked
    assert "There is a problem" not in turned.text


def test_turning_the_language_of_the_plain_form_keeps_what_was_typed_and_sends_nothing(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor, text=TYPED, whom="everybody")
    turned = visitor.client.post("/en/concern/form", data={**fields, "go": "here"})
    assert turned.status_code == 200, "it lacks a name, and nobody has pressed send"
    assert TYPED in turned.text
    assert '<html lang="en">' in turned.text
    switch = next(tag for tag in re.findall(r"<button[^>]*>", turned.text) if 'formaction="/cy/concern/form"' in tag)
    assert 'form="answers"' in switch
    assert 'formenctype="application/x-www-form-urlencoded"' in switch, "files stay where they are"


def test_opening_the_form_twice_makes_nothing_and_gives_two_receipts(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    first, second = (open_form(demonstrated, visitor) and visitor.hidden()["form_id"] for _ in range(2))
    assert first != second
    for form_id in (first, second):
        proof = {"form_id": form_id, "first": "1", "second": "2", "word-first": "a", "word-second": "b"}
        assert visitor.client.post("/cy/concern/form/proof", data=proof).status_code == 404
