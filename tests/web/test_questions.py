"""One question a page: whichever way somebody walks, nothing that was typed is lost and nothing is skipped."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.text import msg
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.questions import Next, Page, Question, carried, first, follow

NEEDED = msg("Write something")


def needs(name: str) -> Any:
    def check(fields: FieldBag, problems: Problems) -> object:
        if not fields.one(name):
            problems[name] = NEEDED
        return None

    return check


ASKED = [
    Question("who", ("who",), needs("who")),
    Question("when", ("when-day", "when-month"), needs("when-day")),
    Question("what", ("what", "more"), needs("what")),
]
NAMES = [name for question in ASKED for name in question.fields]


class Walker:
    """A browser on these pages: visible inputs of the page shown, everything else hidden, as our templates do."""

    def __init__(self) -> None:
        self.shown = first(ASKED)
        self.typed: dict[str, str] = {}
        self.hidden: dict[str, list[str]] = {}

    @property
    def visible(self) -> tuple[str, ...]:
        return self.shown.question.fields if self.shown.question else ()

    def press(self, go: str) -> None:
        pairs = [(name, value) for name, values in self.hidden.items() for value in values]
        pairs += [(name, self.typed.get(name, "")) for name in self.visible]
        pairs += [("step", self.shown.question.name)] if self.shown.question else []
        pairs += [("returns", "yes")] if self.shown.returns else []
        fields = FieldBag([*pairs, ("go", go)])
        self.shown = follow(fields, ASKED)
        self.hidden = dict(carried(fields, ASKED, besides=self.shown.question))
        kept = {name: fields.one(name) for name in self.visible}
        assert all(self.typed.get(name, "") == kept[name] for name in kept), "the page shows what was typed"

    def everything(self) -> dict[str, str]:
        found = {name: values[-1] for name, values in self.hidden.items()}
        found |= {name: self.typed.get(name, "") for name in self.visible}
        return {name: value for name, value in found.items() if value}


GOES = ["", "back", *(question.name for question in ASKED), "send", "here", "nonsense"]
MOVES = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(NAMES), st.sampled_from(["a", "ŵy", "two words"])),
    st.tuples(st.just("press"), st.sampled_from(GOES), st.just("")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_nothing_that_was_typed_is_ever_lost(moves: list[tuple[str, str, str]]) -> None:
    walker = Walker()
    for kind, what, value in moves:
        if walker.shown.page is Page.SEND:
            break
        if kind == "type" and what in walker.visible:
            walker.typed[what] = value
        elif kind == "press":
            walker.press(what)
        assert walker.everything() == walker.typed


def step(go: str = "", at: str = "", **fields: str) -> Next:
    return follow(FieldBag([*fields.items(), ("step", at), ("go", go)]), ASKED)


FULL = {"who": "a", "when-day": "1", "what": "b"}


def test_nothing_is_sent_until_every_question_is_answered() -> None:
    for missing in FULL:
        answers = {name: value for name, value in FULL.items() if name != missing}
        found = step("send", **answers)
        assert found.page is Page.QUESTION
        assert found.question is not None
        assert missing in found.question.fields
        assert found.problems
        assert found.returns
    assert step("send", **FULL).page is Page.SEND


def test_a_step_that_was_skipped_is_asked_before_anything_is_sent() -> None:
    found = step("send", at="what", what="b")
    assert found.question is ASKED[0]


def test_the_ways_on_and_back() -> None:
    assert step(at="who", who="a").question is ASKED[1]
    assert step(at="what", **FULL).page is Page.CHECK
    assert step("back", at="who").question is ASKED[0]
    assert step("back", at="what").question is ASKED[1]
    assert step("back", at="what", what="").problems is None, "nobody is held up on the way back"
    assert step("when", **FULL).returns
    assert step(at="when", returns="yes", **FULL).page is Page.CHECK
    assert step("back", at="when", returns="yes").page is Page.CHECK
    assert step(at="when", returns="yes").problems


def test_an_old_or_invented_page_leads_to_the_first_question() -> None:
    for at in ("", "gone", "__class__", "WHO", "1"):
        found = step(at=at, **FULL)
        assert (found.question, found.number, found.total) == (ASKED[0], 1, 3)
