"""Two people in one form: neither loses a word."""

from portal.register.editing.merging import merge, over
from portal.register.editing.shape import sections
from portal.register.editing.typed import Pairs, marks

ASKS = [ask for ask in sections()["summary"].asks if ask.name in ("one_sentence", "summary")]
START: Pairs = [("one_sentence_cy", "Un"), ("one_sentence_en", "One"), ("summary_cy", ""), ("summary_en", "Sum")]


def changed(**told: str) -> Pairs:
    return [(name, told.get(name, value)) for name, value in START]


def test_what_only_one_of_them_changed_stands() -> None:
    mine, theirs = changed(one_sentence_en="Mine"), changed(summary_cy="Crynodeb")
    merged = merge(ASKS, mine, theirs, marks(ASKS, START))
    assert not merged.clashes
    assert dict(merged.pairs) == {"one_sentence_cy": "Un", "one_sentence_en": "Mine", "summary_cy": "Crynodeb",
                                  "summary_en": "Sum"}  # fmt: skip


def test_what_both_changed_is_shown_and_mine_stays_in_the_boxes() -> None:
    mine, theirs = changed(summary_en="Mine"), changed(summary_en="Theirs")
    merged = merge(ASKS, mine, theirs, marks(ASKS, START))
    assert merged.clashes == {"summary": [("summary_en", "Theirs")]}
    assert ("summary_en", "Mine") in merged.pairs


def test_the_same_change_twice_is_no_clash() -> None:
    both = changed(summary_en="The same")
    assert not merge(ASKS, both, both, marks(ASKS, START)).clashes


def test_a_form_without_its_marks_is_read_as_begun_with_what_is_there() -> None:
    merged = merge(ASKS, changed(summary_en="Mine"), START, "")
    assert not merged.clashes
    assert ("summary_en", "Mine") in merged.pairs


def test_what_is_not_whole_yet_covers_its_own_boxes_only() -> None:
    seen = dict(over(START, ASKS, [("summary_en", "Begun")]))
    assert seen["summary_en"] == "Begun" and seen["one_sentence_en"] == "One"
