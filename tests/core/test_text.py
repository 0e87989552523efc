"""A person's words come out through one door; messages are stored without a translated sentence."""

import copy
import json
import logging
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jinja2 import Environment

from portal.core.text import Bilingual, Locale, Message, Words, msg, nmsg, pmsg

SECRET = "cŵyn gyfrinachol"
WORDS = Words(SECRET)

LEAKS: list[Callable[[], object]] = [
    lambda: str(WORDS),
    lambda: f"{WORDS}",
    lambda: f"{WORDS:>10}",
    lambda: "%s" % WORDS,  # noqa: UP031
    lambda: "{}".format(WORDS),  # noqa: UP032
    lambda: "" + WORDS,  # type: ignore[operator]
    lambda: "".join([WORDS]),  # type: ignore[list-item]
    lambda: pickle.dumps(WORDS),
    lambda: copy.deepcopy(WORDS),
    lambda: copy.copy(WORDS),
    lambda: json.dumps({"words": WORDS}),
    lambda: hash(WORDS),
    lambda: WORDS == SECRET,
    lambda: WORDS != SECRET,
    lambda: WORDS in [SECRET],
    lambda: list(WORDS),  # type: ignore[call-overload]
    lambda: WORDS[0],  # type: ignore[index]
    lambda: vars(WORDS),
    lambda: bytes(WORDS),  # type: ignore[call-overload]
    lambda: Environment(autoescape=True).from_string("{{ words }}").render(words=WORDS),
]  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_words_cannot_be_printed_formatted_compared_pickled_or_taken_apart(leak: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as caught:
        leak()
    assert SECRET not in str(caught.value)


def test_words_in_a_printout_of_something_else_are_three_dots() -> None:
    @dataclass
    class Holder:
        words: Words

    assert repr(Holder(WORDS)) == f"{Holder.__qualname__}(words=Words(…))"
    assert SECRET not in repr([WORDS]) + repr({"a": WORDS}) + f"{WORDS!r}"


def test_a_careless_log_line_does_not_hold_the_words(capfd: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("careless")
    log.propagate = False
    handler = logging.StreamHandler()
    log.addHandler(handler)
    try:
        log.error("a request came: %s", WORDS)
        log.error("a request came: %r", WORDS)
    finally:
        log.removeHandler(handler)
    out, err = capfd.readouterr()
    assert SECRET not in out + err


def test_words_are_composed_and_say_whether_there_are_any() -> None:
    assert Words("w\u0302").reveal() == "ŵ"
    assert (bool(Words("")), bool(Words("a")), len(Words("abc"))) == (False, True, 3)


@pytest.mark.parametrize(
    "message",
    [
        msg("Nothing"),
        msg("Due on {day} at {at}", day=date(2026, 11, 22), at=datetime(2026, 11, 22, 9, tzinfo=UTC)),
        pmsg("button", "Send to {name}", name=Bilingual("Bwrdd", "Board")),
        nmsg("{n} case", "{n} cases", 3),
        msg("Because {reason}", reason=nmsg("{n} day", "{n} days", 2, since=date(2026, 1, 1))),
    ],
)  # fmt: skip
def test_a_message_stored_as_json_comes_back_the_same(message: Message) -> None:
    stored: dict[str, Any] = json.loads(json.dumps(message.to_json()))
    assert Message.from_json(stored) == message
    assert hash(Message.from_json(stored)) == hash(message)


def test_words_in_a_message_are_refused_when_it_is_stored() -> None:
    with pytest.raises(TypeError):
        json.dumps(msg("You wrote {words}", words=WORDS).to_json())


def test_each_language_knows_the_other() -> None:
    assert (Locale.CY.other, Locale.EN.other) == (Locale.EN, Locale.CY)
    assert (Bilingual("ie", "yes").get(Locale.CY), Bilingual("ie", "yes").get(Locale.EN)) == ("ie", "yes")
