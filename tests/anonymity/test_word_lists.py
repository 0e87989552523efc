"""The two word lists: what keeps ten words easy to read aloud, to type and to tell apart."""

import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from anonymity.words import COUNT, LANGUAGES, index_of, word_list

WELSH, ENGLISH = "cy", "en"
FORM = re.compile(r"[a-z]{4,8}", re.ASCII)
# A Welsh head form never begins so: these are the nasal, aspirate and soft mutations of c, p, t, g, d.
MUTATED = ("ngh", "mh", "nh", "ng", "ph", "dd")
# Head forms with th-, f- and ch- (a mutation of t, b or m, and c) are borrowings or chw-; all of them are named here.
BORROWED = frozenset({"theatr", "thema", "theori"})
FRAMED_IN_F = frozenset(
    {"felly", "fersiwn", "fertigol", "fest", "fideo", "finegr", "fioled", "fitamin", "folcano", "fwltur"}
)
# Rude, or rude when read as the other language, and what belongs to faith, party politics or a sickbed.
UNWANTED_WORDS = """
moron twat dull crap slut dick cock piss shit arse tits puss slag whore bitch rape kill death dead blood bomb
weapon coblyn diawl uffern cythraul rhech pidyn cachu cnych cnuch tethau piso pwrs cwdyn pwffian bronnau
ffwcio hwren cancer disease doctor nurse hospital illness drug wound canser clefyd meddyg nyrs ysbyty salwch
haint clwyf church chapel bible prayer priest saint temple mosque islam jewish eglwys capel beibl gweddi
offeiriad sant teml mosg labour tory liberal party union strike vote senate llafur plaid undeb streic senedd
etholiad ceidwadol murder suicide racist violence abuse bully harass llofrudd treisio trais bwlio hiliol
aflonyddu
"""


def one_edit_away(word: str) -> Iterator[str]:
    """What is left of a word when one letter is taken out or hidden; two words share one if an edit parts them."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield f"{word[:at]}?{word[at + 1 :]}"


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, 1):
        above, row = row, [line]
        for column, against in enumerate(other, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != against)))
    return row[-1]


def too_near(words: tuple[str, ...]) -> set[tuple[str, str]]:
    shelves: dict[str, set[str]] = {}
    for word in words:
        for key in one_edit_away(word):
            shelves.setdefault(key, set()).add(word)
    pairs = {pair for shelf in shelves.values() for pair in combinations(sorted(shelf), 2)}
    return {pair for pair in pairs if distance(*pair) < 2}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_has_2048_different_words(lang: str) -> None:
    assert len(word_list(lang)) == len(set(word_list(lang))) == COUNT == 2048


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_is_four_to_eight_plain_lower_case_letters(lang: str) -> None:
    assert [word for word in word_list(lang) if not FORM.fullmatch(word)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_four_letters_name_one_word_of_a_list(lang: str) -> None:
    assert len({word[:4] for word in word_list(lang)}) == COUNT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_single_slip_turns_one_word_of_a_list_into_another(lang: str) -> None:
    assert too_near(word_list(lang)) == set()


@pytest.mark.parametrize(("one", "other", "edits"), [("afon", "afon", 0), ("bardd", "bwrdd", 1), ("gair", "gwawr", 2)])
def test_the_distance_used_here_counts_single_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits
    assert bool(too_near((one, other))) == (edits == 1)


def test_a_spelling_in_both_lists_stands_at_the_same_number() -> None:
    welsh, english = word_list(WELSH), word_list(ENGLISH)
    shared = set(welsh) & set(english)
    assert [word for word in sorted(shared) if welsh.index(word) != english.index(word)] == []
    assert len(index_of()) == 2 * COUNT - len(shared)


def test_no_welsh_word_begins_with_a_mutation() -> None:
    welsh = word_list(WELSH)
    assert [word for word in welsh if word.startswith(MUTATED)] == []
    assert {word for word in welsh if word.startswith("th")} <= BORROWED
    assert {word for word in welsh if word.startswith("f") and not word.startswith("ff")} <= FRAMED_IN_F
    assert [word for word in welsh if word.startswith("ch") and not word.startswith("chw")] == []


def test_the_welsh_list_is_in_alphabetical_order_so_that_a_reader_can_find_a_word() -> None:
    assert list(word_list(WELSH)) == sorted(word_list(WELSH))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_one_that_a_worker_should_not_have_to_read_aloud(lang: str) -> None:
    assert sorted(set(UNWANTED_WORDS.split()) & set(word_list(lang))) == []
