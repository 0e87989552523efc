"""Readers of typed values: each gives a value or says what to do, in the order of the form."""

from datetime import date

import pytest

from portal.core.text import msg
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text

NEEDED = msg("Needed")
TODAY, BEGIN = date(2026, 11, 22), date(2018, 5, 25)


def read_day(dd: str, mm: str, yyyy: str) -> tuple[date | None, Problems]:
    problems = Problems()
    fields = FieldBag([("d-day", dd), ("d-month", mm), ("d-year", yyyy)])
    return day(fields, "d", problems, required=NEEDED, not_after=TODAY, not_before=BEGIN), problems


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("31", "2", "2026"), "real date"), (("29", "2", "2025"), "real date"), (("0", "1", "2026"), "real date"),
        (("1", "13", "2026"), "real date"), (("1", "1", "26"), "real date"), (("1", "1", "0000"), "real date"),
        (("", "1", "2026"), "real date"), (("x", "1", "2026"), "real date"), (("١", "1", "2026"), "real date"),
        (("-1", "1", "2026"), "real date"), (("1" * 5000, "1", "2026"), "real date"), (("1", "1", "1e3"), "real date"),
        (("23", "11", "2026"), "past"), (("1", "1", "9999"), "past"), (("24", "5", "2018"), "on or after"),
        (("1", "1", "0001"), "on or after"), (("", "", ""), "Needed"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_says_why(typed: tuple[str, str, str], said: str) -> None:
    found, problems = read_day(*typed)
    assert found is None
    assert said in problems["d"].msgid


@pytest.mark.parametrize("typed", [("22", "11", "2026"), ("1", "1", "2026"), ("01", "01", "2026"), ("29", "2", "2024")])
def test_a_real_date_is_read(typed: tuple[str, str, str]) -> None:
    found, problems = read_day(*typed)
    assert (found, problems) == (date(int(typed[2]), int(typed[1]), int(typed[0])), {})


def test_an_empty_date_that_is_not_needed_is_no_problem() -> None:
    problems = Problems()
    assert day(FieldBag([]), "d", problems) is None
    assert problems == {}


@pytest.mark.parametrize(
    "wrong",
    ["a", "@b.cy", "a@", "a@b", "a b@c.cy", "a@b c.cy", "a\n@b.cy", "a" * 250 + "@b.cy", "a@b.cy,c@d.cy",
     "a@b.cy;c@d.cy", '"a"<c@d.cy', "a<c@d.cy>.cy", "a@b@c.cy", "a(b)@c.cy", "a@b..cy", "grŵp:a@b.cy"],
)  # fmt: skip
def test_an_address_no_letter_reaches_is_a_problem(wrong: str) -> None:
    problems = Problems()
    email(FieldBag([("e", wrong)]), "e", problems)
    assert "e" in problems


def test_an_address_is_read_in_small_letters_and_may_be_left_out() -> None:
    problems = Problems()
    assert email(FieldBag([("e", "Siân@Example.Cymru")]), "e", problems) == "siân@example.cymru"
    assert email(FieldBag([]), "e", problems) == ""
    assert problems == {}


def test_a_text_at_its_limit_is_taken_and_one_more_says_the_limit() -> None:
    problems = Problems()
    assert text(FieldBag([("t", "ŵ" * 10)]), "t", problems, most=10) == "ŵ" * 10
    assert problems == {}
    text(FieldBag([("t", "ŵ" * 11)]), "t", problems, most=10)
    assert problems["t"].values == {"max": 10}


def test_a_choice_that_was_not_offered_is_none() -> None:
    problems = Problems()
    assert choice(FieldBag([("c", "other")]), "c", problems, allowed={"a", "b"}, required=NEEDED) == ""
    assert problems == {"c": NEEDED}
    assert choice(FieldBag([("c", "b")]), "c", Problems(), allowed={"a", "b"}) == "b"


@pytest.mark.parametrize("typed", ["", "x", "A" * 26, "a" * 25, "a" * 27, "á" * 26, "a" * 25 + "/", "a" * 25 + "%"])
def test_a_form_id_of_another_shape_is_none(typed: str) -> None:
    assert form_id(FieldBag([("form_id", typed)])) == ""
