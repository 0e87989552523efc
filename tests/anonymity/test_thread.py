"""A thread shows what is genuine, and says of everything else what became of it."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.item import FIRST, Item, Kind, SealedBy, seal_item
from anonymity.keys import Author
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, lane_keys
from anonymity.reporting import opening_item
from anonymity.thread import Delivered, Thread, Verdict, read_thread
from tests.anonymity.world import CODE, DAY, MANAGER, OTHER_CODE, REPRESENTATIVE, STRANGER, concern

KEYS, CASE = lane_keys(CODE, Lane.JOINT), bytes(range(16))
ok, changed, foreign, replayed, reordered, dropped = Verdict


def made(author: Author, prev: bytes, body: str, *, case: bytes = CASE, epoch: int = 0) -> bytes:
    """A message as a file."""
    item = Item(case, epoch, prev, Kind.MESSAGE, author.sign_key, "en", DAY, Plaintext(body), SealedBy.DEVICE)
    return seal_item(item, author, KEYS.identity.recipient)


def opening(author: Author = KEYS.author) -> bytes:
    """The first item, from the reporter or from somebody who would like to be."""
    item = opening_item(concern(), CODE, Lane.JOINT, SealedBy.DEVICE, case=CASE)
    item = Item(**{**vars(item), "author": author.sign_key})
    return seal_item(item, author, KEYS.identity.recipient)


def chained(count: int) -> list[bytes]:
    """A genuine thread: the opening, then reader and reporter in turn."""
    files = [opening()]
    for n in range(1, count):
        author = (KEYS.author, MANAGER.author, REPRESENTATIVE.author)[n % 3]
        files.append(made(author, hashlib.sha256(files[-1]).digest(), f"message {n}"))
    return files


FILES = chained(6)


def read(files: list[bytes]) -> Thread:
    """The thread of these files in this order."""
    items = [Delivered(0, file) for file in files]
    return read_thread(CASE, items, identities={0: KEYS.identity}, opener=KEYS.author.sign_key)


def verdicts(files: list[bytes]) -> list[Verdict]:
    """What is said of each."""
    return [entry.verdict for entry in read(files).entries]


def after(file: bytes) -> bytes:
    """What the next item must name."""
    return hashlib.sha256(file).digest()


def test_an_untouched_thread_is_whole_and_names_its_head() -> None:
    thread = read(FILES)
    assert thread.is_whole
    assert thread.head == after(FILES[-1])
    assert thread.opening is not None
    assert [entry.place for entry in thread.entries] == [0, 1, 2, 3, 4, 5]


def test_an_empty_thread_is_not_whole() -> None:
    assert not read([]).is_whole
    assert read([]).head == FIRST


def test_a_dropped_item_leaves_a_gap_that_is_shown() -> None:
    assert verdicts([FILES[0], *FILES[2:4]]) == [ok, dropped, ok, ok]


def test_a_changed_item_has_no_text_and_the_next_stands_after_a_gap() -> None:
    bad = FILES[1][:-1] + bytes([FILES[1][-1] ^ 1])
    assert verdicts([FILES[0], bad, FILES[2]]) == [ok, changed, dropped, ok]


def test_whoever_writes_after_a_bad_item_is_read() -> None:
    bad = FILES[1][:-1] + bytes([FILES[1][-1] ^ 1])
    assert verdicts([FILES[0], bad, made(KEYS.author, after(bad), "what was that?")]) == [ok, changed, ok]


def test_swapped_items_are_shown_as_such() -> None:
    assert verdicts([FILES[0], FILES[2], FILES[1], FILES[3]]) == [ok, reordered, ok, reordered]


def test_a_replayed_item_is_shown_once() -> None:
    assert verdicts([*FILES[:2], FILES[1], FILES[0], FILES[2]]) == [ok, ok, replayed, replayed, ok]


def test_somebody_who_was_not_let_in_is_foreign() -> None:
    assert verdicts([FILES[0], made(STRANGER.author, after(FILES[0]), "hello"), FILES[1]]) == [ok, foreign, ok]


def test_an_item_of_another_case_or_epoch_is_foreign() -> None:
    other = made(MANAGER.author, after(FILES[0]), "x", case=bytes(16))
    later = made(MANAGER.author, after(FILES[0]), "x", epoch=1)
    assert verdicts([FILES[0], other, later, FILES[1]]) == [ok, foreign, foreign, ok]


def test_an_opening_that_a_reader_or_stranger_signed_is_foreign() -> None:
    assert verdicts([opening(MANAGER.author), *FILES[:2]]) == [foreign, ok, ok]
    assert verdicts([opening(STRANGER.author), FILES[1]]) == [foreign, foreign]


def test_a_second_opening_is_out_of_order() -> None:
    assert verdicts([FILES[0], opening(), FILES[1]]) == [ok, reordered, ok]


def test_two_answers_to_the_same_item_cannot_both_stand() -> None:
    rival = made(REPRESENTATIVE.author, after(FILES[0]), "at the same time")
    assert verdicts([*FILES[:2], rival, FILES[2]]) == [ok, ok, reordered, ok]


def test_a_message_that_claims_to_be_first_does_not_stand() -> None:
    assert verdicts([made(KEYS.author, FIRST, "first")]) == [reordered]


def test_an_item_of_an_epoch_without_a_key_is_not_text() -> None:
    items = [Delivered(1, FILES[0])]
    thread = read_thread(CASE, items, identities={0: KEYS.identity}, opener=KEYS.author.sign_key)
    assert [entry.verdict for entry in thread.entries] == [changed]


def test_another_cases_key_opens_nothing() -> None:
    other = lane_keys(OTHER_CODE, Lane.JOINT)
    items = [Delivered(0, file) for file in FILES]
    thread = read_thread(CASE, items, identities={0: other.identity}, opener=other.author.sign_key)
    assert {entry.verdict for entry in thread.entries} == {changed}
    assert thread.opening is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(FILES) - 1), max_size=9))
def test_no_arrangement_shows_text_out_of_order(order: list[int]) -> None:
    thread = read([FILES[n] for n in order])
    shown = [order[entry.place] for entry in thread.entries if entry.item]
    assert shown == sorted(set(shown))
    assert thread.is_whole == (order == list(range(len(order))) and bool(order))
    assert all((entry.item is None) == (entry.verdict is not ok) for entry in thread.entries)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), st.integers(0, len(FILES[0]) - 1), st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_seen(which: int, place: int, change: int) -> None:
    file = FILES[which]
    bad = file[:place] + bytes([file[place] ^ change]) + file[place + 1 :]
    thread = read([*FILES[:which], bad, *FILES[which + 1 :]])
    assert thread.entries[which].verdict is changed
    assert not thread.is_whole
