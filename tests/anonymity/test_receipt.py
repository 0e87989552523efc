"""Ten words open the same thread in either language and however they are typed; a slip is caught on the spot."""

import tracemalloc
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.errors import CannotOpen
from anonymity.receipt import (
    LONGEST,
    Code,
    Lane,
    Mistyped,
    Slip,
    case_locator,
    draw_code,
    lane_keys,
    lane_locator,
    locator_hash,
    read_code,
)
from anonymity.words import index_of, word_list

codes = st.binary(min_size=13, max_size=13).map(Code)
SEPARATORS = [" ", "-", ", ", "  ", "\n", "\u00a0", " – ", ".", "\t", ","]


def same(one: Code, other: Code) -> bool:
    """Whether two codes hold the same bytes."""
    return one.token == other.token


@given(codes, st.sampled_from(SEPARATORS), st.sampled_from([str.lower, str.upper, str.title]))
def test_welsh_words_english_words_and_digits_are_one_code(code: Code, separator: str, case: object) -> None:
    spellings = [code.words("cy"), code.words("en"), code.digits, (*code.words("cy")[:4], *code.words("en")[4:])]
    for spelling in spellings:
        assert same(read_code(case(separator.join(spelling))), code)  # type: ignore[operator]


@given(codes)
def test_numbered_lists_run_together_digits_and_full_width_letters_open_too(code: Code) -> None:
    numbered = "\n".join(f"{n}. {word}" for n, word in enumerate(code.words("cy"), 1))
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in " ".join(code.words("en")))
    for typed in (numbered, "".join(code.digits), wide, "“" + ", ".join(code.words("en")) + ".”"):
        assert same(read_code(typed), code)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_accents_a_keyboard_adds_do_not_matter_in_any_normal_form(form: str) -> None:
    code = Code(bytes(range(13)))
    typed = " ".join(code.words("cy")).replace("a", "â").replace("o", "ô").replace("w", "ŵ")
    assert same(read_code(unicodedata.normalize(form, typed)), code)  # type: ignore[arg-type]


@settings(max_examples=200)
@given(codes, st.integers(0, 9), st.data())
def test_one_mistyped_letter_is_caught_and_its_place_named(code: Code, place: int, data: st.DataObject) -> None:
    words = list(code.words("cy"))
    letter = data.draw(st.integers(0, len(words[place]) - 1))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    words[place] = words[place][:letter] + other + words[place][letter + 1 :]
    if words[place] == code.words("cy")[place]:
        return
    if words[place] in index_of():  # a word of the other list: only the check can tell, 63 times in 64
        return
    with pytest.raises(Mistyped) as caught:
        read_code(" ".join(words))
    assert (caught.value.slip, caught.value.positions) == (Slip.WORDS, (place + 1,))


def test_a_wrong_word_of_the_list_is_caught_63_times_in_64() -> None:
    code = Code(bytes(range(13)))
    caught = 0
    for word in word_list("cy"):
        try:
            read_code(" ".join([*code.words("cy")[:9], word]))
        except Mistyped as slip:
            assert slip.slip is Slip.CHECK
            caught += 1
    assert caught == 2048 - 32


@pytest.mark.parametrize(
    ("typed", "slip", "positions"),
    [
        ("", Slip.COUNT, ()),
        ("one two", Slip.COUNT, ()),
        ("zzzz " * 11, Slip.COUNT, ()),
        ("zzzz " * 10, Slip.WORDS, tuple(range(1, 11))),
        ("2048 " * 10, Slip.WORDS, tuple(range(1, 11))),
        ("123 " * 10, Slip.WORDS, tuple(range(1, 11))),
        ("0000 " * 10, Slip.CHECK, ()),
        ("x" * (LONGEST + 1), Slip.LENGTH, ()),
        ("ŵ" * (LONGEST // 2 + 1), Slip.LENGTH, ()),
        ("\ud800", Slip.COUNT, ()),
        ("ᏣᎳᎩ ١٢٣٤", Slip.COUNT, ()),
    ],
)
def test_what_cannot_be_a_code_is_said_to_be_so(typed: str, slip: Slip, positions: tuple[int, ...]) -> None:
    with pytest.raises(Mistyped) as caught:
        read_code(typed)
    assert (caught.value.slip, caught.value.positions) == (slip, positions)
    assert typed[:4] not in str(caught.value) or not typed


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_a_code_or_a_slip(typed: str) -> None:
    try:
        code = read_code(typed)
    except Mistyped:
        return
    assert len(code.words("cy")) == 10


def test_twenty_million_characters_are_refused_before_any_work() -> None:
    typed = "gair " * 4_000_000
    tracemalloc.start()
    with pytest.raises(Mistyped):
        read_code(typed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


def test_a_code_does_not_show_itself() -> None:
    code = Code(b"\xaa" * 13)
    assert code.token not in repr(code)
    assert code.words("cy")[0] not in repr(vars(code))
    assert len(code.token) == 18
    assert same(Code.from_token(code.token), code)
    for token in ("", code.token[:-1], code.token + "A", None):
        with pytest.raises(CannotOpen):
            Code.from_token(token)
    with pytest.raises(ValueError, match="13 bytes"):
        Code(bytes(12))


def test_fresh_codes_differ() -> None:
    assert len({draw_code().token for _ in range(100)}) == 100


def test_every_use_of_a_code_has_its_own_locator() -> None:
    code = Code(bytes(range(13)))
    locators = [lane_locator(code, Lane.JOINT), lane_locator(code, Lane.UNION), case_locator(code)]
    assert len(set(locators)) == 3
    assert lane_keys(code, Lane.JOINT).locator == locators[0]
    assert locator_hash(locators[0]) not in locators
