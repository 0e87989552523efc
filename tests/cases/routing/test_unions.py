"""D5: the question about a union, and the order in which unions stand."""

from datetime import date, timedelta

from portal.cases.routing.unions import CHOICES, DEFAULT, Choice, Offered, in_order, names_a_branch
from portal.core.text import Bilingual, Locale

BRANCHES = (
    Offered("3", Bilingual("Unsain Cwm", "UNISON Cwm")),
    Offered("1", Bilingual("Coleg y Nyrsys", "Royal College of Nursing")),
    Offered("2", Bilingual("Chwarelwyr", "Quarry workers")),
)
DAY = date(2026, 11, 22)


def test_nothing_is_chosen_beforehand_and_no_answer_says_that_somebody_is_a_member() -> None:
    assert DEFAULT is None
    assert [choice for choice, _said in CHOICES] == [Choice.YES, Choice.HELP, Choice.NOT_NOW, Choice.RATHER_NOT]
    assert not [said for _choice, said in CHOICES if "member" in said.msgid]
    assert [choice for choice in Choice if names_a_branch(choice)] == [Choice.YES]


def test_every_branch_stands_in_the_alphabet_of_the_page_begun_one_further_each_day() -> None:
    for locale, alphabet in ((Locale.CY, "231"), (Locale.EN, "213")):
        seen = {"".join(one.branch_id for one in in_order(BRANCHES, locale, DAY + timedelta(n))) for n in range(3)}
        assert seen == {alphabet[n:] + alphabet[:n] for n in range(3)}


def test_welsh_letters_have_their_own_place() -> None:
    first = min(range(3), key=lambda n: in_order(BRANCHES, Locale.CY, DAY + timedelta(n))[0].branch_id != "1")
    ordered = in_order(BRANCHES, Locale.CY, DAY + timedelta(first))
    assert [one.name.cy for one in ordered] == ["Coleg y Nyrsys", "Chwarelwyr", "Unsain Cwm"]


def test_a_body_without_a_recognised_union_offers_none() -> None:
    assert in_order((), Locale.CY, DAY) == ()
