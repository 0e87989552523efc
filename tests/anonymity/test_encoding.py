"""One spelling for every value: canonical JSON, base64url, padding, Bech32."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymity import encoding
from anonymity.encoding import (
    from_b64u,
    from_bech32,
    from_json,
    listing,
    one_of,
    opaque_id,
    pad,
    rising,
    to_b64u,
    to_bech32,
    to_json,
    unpad,
    whole,
)
from anonymity.errors import CannotOpen


@given(st.binary(max_size=50))
def test_base64url_has_one_spelling(octets: bytes) -> None:
    text = to_b64u(octets)
    assert from_b64u(text, len(octets)) == octets
    for other in (text + "=", text + "\n", " " + text, text + "A"):
        with pytest.raises(CannotOpen):
            from_b64u(other, len(octets))


@pytest.mark.parametrize("text", ["AB", "A", "+/", "ŵŵ", None, 5, b"AA", "A="])
def test_stray_bits_and_other_alphabets_are_refused(text: object) -> None:
    with pytest.raises(CannotOpen):
        from_b64u(text, 1)


@given(st.dictionaries(st.sampled_from("abcdef"), st.text() | st.integers(0, 9) | st.none(), min_size=1))
def test_canonical_json_is_read_as_written(value: dict[str, object]) -> None:
    assert from_json(to_json(value), keys=frozenset(value)) == value


@pytest.mark.parametrize(
    "spelling",
    [
        b'{"b":1,"a":1}',
        b'{"a":1, "b":1}',
        b'{"a":1,"b":1}\n',
        b'{"a":1,"a":1,"b":1}',
        b'{"a":"\\u0177","b":1}',
        b'{"a":"\\/","b":1}',
        b'{"a":"\xff","b":1}',
        b'\xef\xbb\xbf{"a":1,"b":1}',
        b'{"a":"\\ud800","b":1}',
        b'{"a":NaN,"b":1}',
        b'{"a":1,"b":1,"c":1}',
        b'{"a":1}',
        b'["a","b"]',
        b'{"a":01,"b":1}',
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"9" * 10_000 + b',"b":1}',
        b"",
    ],
)
def test_every_other_spelling_is_refused(spelling: bytes) -> None:
    with pytest.raises(CannotOpen):
        from_json(spelling, keys=frozenset("ab"))


@pytest.mark.parametrize("value", [True, 1.0, "1", None, -1, 11])
def test_only_integers_within_bounds_are_numbers(value: object) -> None:
    with pytest.raises(CannotOpen):
        whole(value, 0, 10)


@pytest.mark.parametrize("value", ["", "a b", "a" * 65, "ŵ", "a\n", None, 7, "../x"])
def test_opaque_ids_are_short_and_plain(value: object) -> None:
    with pytest.raises(CannotOpen):
        opaque_id(value)
    assert opaque_id("Ab_9-") == "Ab_9-"


def test_lists_are_bounded_ascending_and_without_repeats() -> None:
    assert rising(["a", "b"], 1, 2) == ["a", "b"]
    for wrong in ([], ["b", "a"], ["a", "a"], ["a", "b", "c"]):
        with pytest.raises(CannotOpen):
            rising(wrong, 1, 2)
    for value in ({}, "ab", None, [1, 2, 3]):
        with pytest.raises(CannotOpen):
            listing(value, 2)
    with pytest.raises(CannotOpen):
        one_of(["a"], frozenset("a"))


@given(st.binary(max_size=60))
def test_padding_hides_the_length_and_gives_the_content_back(content: bytes) -> None:
    assert len(pad(content, 64)) == 64
    assert unpad(pad(content, 64), 64) == content


@pytest.mark.parametrize(
    "padded", [b"", bytes(63), bytes(65), b"\0\0\0\x3d" + bytes(60), b"\xff" * 64, bytes(63) + b"\1"]
)
def test_a_wrong_length_or_dirty_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(CannotOpen):
        unpad(padded, 64)


def test_content_larger_than_its_class_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="size class"):
        pad(bytes(61), 64)


@given(st.binary(min_size=32, max_size=32), st.data())
def test_bech32_notices_every_changed_letter(octets: bytes, data: st.DataObject) -> None:
    text = to_bech32("age", octets)
    assert from_bech32("age", text, 32) == octets
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7lb1ŵQ").filter(lambda one: one != text[place]))
    with pytest.raises(CannotOpen):
        from_bech32("age", text[:place] + other + text[place + 1 :], 32)


def test_bech32_refuses_a_second_spelling_of_the_same_bytes() -> None:
    values = [0] * 52  # 32 zero bytes in groups of five bits
    values[-1] |= 1  # one of the four bits that only fill up
    check = encoding._polymod([*encoding._expanded("age"), *values, *[0] * 6]) ^ 1
    letters = values + [check >> 5 * (5 - i) & 31 for i in range(6)]
    text = "age1" + "".join(encoding._BECH32[letter] for letter in letters)
    assert text[:-7] == to_bech32("age", bytes(32))[:-7]
    with pytest.raises(CannotOpen):
        from_bech32("age", text, 32)


def test_bech32_agrees_with_the_example_of_bip_173() -> None:
    assert to_bech32("a", b"") == "a12uel5l"
    assert to_bech32("bc", bytes(range(4))) != to_bech32("tb", bytes(range(4)))
