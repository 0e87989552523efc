"""What a person typed is read whole, capped, composed, and never from another encoding than ours."""

import asyncio
import unicodedata
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from portal.core.errors import BadRequest, TooLarge
from portal.core.ids import new_token
from portal.web import csrf
from portal.web.fields import MOST_BYTES, MOST_FIELDS, FieldBag, read_fields

FORM = "application/x-www-form-urlencoded"
FEW = settings(max_examples=60, deadline=None)


def run_alone(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a loop of its own, also where another one runs already (a browser's, in the same process)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def request(*pieces: bytes, kind: str = FORM, **headers: str) -> Request:
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    raw = [(b"content-type", kind.encode("latin-1"))]
    raw += [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/cy/x", "query_string": b"", "headers": raw}
    return Request(scope, receive)


def read(*pieces: bytes, kind: str = FORM, **headers: str) -> FieldBag:
    return run_alone(read_fields(request(*pieces, kind=kind, **headers)))


@FEW
@given(st.text(max_size=60))
def test_any_text_arrives_composed_without_control_characters_and_can_be_stored_anywhere(typed: str) -> None:
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in typed):
        return
    found = read(urlencode({"a": typed}).encode()).one("a")
    assert unicodedata.is_normalized("NFC", found)
    assert not any(unicodedata.category(letter) == "Cc" for letter in found.replace("\n", "").replace("\t", ""))
    assert found == read(urlencode({"a": found}).encode()).one("a"), "reading again changes nothing"


def test_letters_typed_in_two_parts_are_one_letter_and_lines_end_in_one_way() -> None:
    assert read(urlencode({"a": "dw\u0302r\r\ntw\u0302r\r"}).encode()).one("a") == "dŵr\ntŵr"


def test_a_zero_byte_and_an_escape_are_taken_out() -> None:
    assert read(b"a=%00x%1b%5B31my%7f").one("a") == "x[31my"


def test_of_one_name_the_last_value_counts_and_all_can_be_had() -> None:
    bag = read(b"a=1&b=2&a=3&empty=")
    assert (bag.one("a"), bag.many("a"), bag.one("none"), bag.one("none", "x")) == ("3", ["1", "3"], "", "x")
    assert bag.names() == {"a", "b", "empty"}
    assert "1" not in repr(bag)


def test_pieces_of_any_size_are_one_form() -> None:
    assert read(b"a=%C5", b"%B5&", b"b=1").one("a") == "ŵ"


@pytest.mark.parametrize(
    "body",
    [b"a=%ff", b"a=%C5", b"a=%ED%A0%80", "a=ŵ".encode(), b"a=\xff", b"a=%C0%80",
     b"&".join([b"a=1"] * (MOST_FIELDS + 1))],
)  # fmt: skip
def test_bytes_that_are_no_form_of_ours_are_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(body)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", "", "x" * 300])
def test_another_kind_of_body_is_a_bad_request(kind: str) -> None:
    for said in ({"content_length": "3"}, {"transfer_encoding": "chunked"}):
        with pytest.raises(BadRequest):
            read(b"a=1", kind=kind, **said)


def test_no_body_is_no_fields_whatever_kind_it_says() -> None:
    assert read(b"", kind="text/plain").names() == set()


def test_one_byte_over_the_limit_is_too_large_declared_or_not() -> None:
    most = b"a=" + b"x" * (MOST_BYTES - 2)
    assert len(read(most).one("a")) == MOST_BYTES - 2
    with pytest.raises(TooLarge):
        read(most, b"x")
    with pytest.raises(TooLarge):
        read(b"", content_length=str(MOST_BYTES + 1))
    with pytest.raises(TooLarge):
        read(b"", content_length="9" * 6000)


@pytest.mark.parametrize("length", ["²", "-1", "1e9", "", "0x10"])
def test_a_length_that_is_no_number_is_not_believed_and_breaks_nothing(length: str) -> None:
    assert read(b"a=1", content_length=length).one("a") == "1"


def test_reading_stops_as_soon_as_it_is_too_much() -> None:
    asked = 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": True}

    endless = request()
    endless = Request(endless.scope, receive)
    with pytest.raises(TooLarge):
        run_alone(read_fields(endless))
    assert asked == 7


def test_fields_are_read_once_and_kept_for_the_request() -> None:
    async def twice() -> bool:
        one = request(b"a=1")
        return await read_fields(one) is await read_fields(one)

    assert run_alone(twice())


# Tokens of forms.


def test_a_token_fits_its_session_and_no_other() -> None:
    secret = new_token()
    assert csrf.matches(csrf.mask(secret), secret)
    assert not csrf.matches(csrf.mask(secret), new_token())


def test_two_pages_never_show_the_same_token_nor_the_same_half() -> None:
    secret = new_token()
    shown = [csrf.mask(secret) for _ in range(40)]
    assert len({token[:40] for token in shown}) == len({token[44:] for token in shown}) == 40


@pytest.mark.parametrize("token", ["", "x", "=", "ŵ" * 40, "A" * 85, "A" * 86, "A" * 88, "A" * 100_000, "\x00"])
def test_a_token_of_nonsense_fits_nothing(token: str) -> None:
    assert not csrf.matches(token, new_token())


@FEW
@given(st.binary(min_size=64, max_size=64))
def test_a_guessed_token_fits_nothing(octets: bytes) -> None:
    assert not csrf.matches(quote_from_bytes(octets, safe=""), "secret")
