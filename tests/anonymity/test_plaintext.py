"""Words and secrets cannot get out by accident."""

import copy
import json
import logging
import operator
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from anonymity.plaintext import Plaintext, Secret, Unspeakable

WORDS = "the rota is unfair"
GUARDED = [Plaintext(WORDS), Secret(WORDS.encode())]
LEAKS: list[Callable[[Any], Any]] = [
    str,
    bytes,
    len,
    hash,
    bool,
    list,
    pickle.dumps,
    copy.copy,
    copy.deepcopy,
    json.dumps,
    vars,
    "{}".format,
    "%s".__mod__,
    lambda held: f"{held}",
    lambda held: f"{held:>30}",
    lambda held: held == held,
    lambda held: held != "x",
    lambda held: held in ("x",),
    lambda held: held + "x",
    lambda held: held[0],
    lambda held: operator.lt(held, held),
    lambda held: held.__text,
]


@pytest.mark.parametrize("held", GUARDED, ids=["plaintext", "secret"])
@pytest.mark.parametrize("leak", LEAKS)
def test_nothing_but_reveal_lets_a_secret_out(held: Plaintext | Secret, leak: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, AttributeError)) as caught:
        leak(held)
    assert WORDS not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("held", GUARDED, ids=["plaintext", "secret"])
def test_its_repr_says_only_what_kind_of_thing_it_is(held: Plaintext | Secret) -> None:
    assert repr(held) == f"<{type(held).__name__}>"
    assert f"{held!r}" == repr([held])[1:-1]


def test_a_log_line_with_it_fails_instead_of_writing_it(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unspeakable):
        logging.getLogger("x").warning("got %s", Plaintext(WORDS))
    assert WORDS not in repr([record.args for record in caplog.records])


def test_reveal_gives_the_words_back() -> None:
    assert Plaintext(WORDS).reveal() == WORDS
    assert Secret(b"\0").reveal() == b"\0"


@pytest.mark.parametrize("wrong", [b"bytes", None, 3, Plaintext("x")])
def test_plaintext_holds_text_only(wrong: Any) -> None:
    with pytest.raises(TypeError):
        Plaintext(wrong)
    with pytest.raises(TypeError):
        Secret("text")  # type: ignore[arg-type]
