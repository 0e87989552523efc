"""The last day to ask for the second stage: the body's own rule, told in the letter, and no gate."""

from datetime import timedelta

import pytest

from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.outcome import lastday, second
from portal.decision_review.outcome.models import OutcomeLetter, StageTwo
from portal.decision_review.outcome.queries import list_letters, open_letter, open_second
from portal.decision_review.rules import Outcome, State
from tests.decision_review.conftest import MAIR, Reviews, steps_of
from tests.decision_review.outcome.deciding import told
from tests.decision_review.outcome.test_second import WHY
from tests.demonstrated import ELIN, GWYNFOR

BECAUSE = Words("Roeddwn i’n sâl 3838")


def test_the_letter_keeps_the_day_that_it_said_whatever_is_set_later(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        last = reviews.desk.calendar.later(reviews.desk.today, 20)
        assert lastday.find_last_day(session, case) == last
        letter = open_letter(list_letters(session, case)[0], reviews.desk.vault).reveal()
        assert "18 Rhagfyr 2026" in letter
        lastday.set_days(session, reviews[MAIR], case.body_id, 30, desk=reviews.desk)
        assert lastday.find_last_day(session, case) == last
        later = told(reviews, session, outcome=Outcome.UPHELD)
        assert lastday.find_last_day(session, later) == reviews.desk.calendar.later(reviews.desk.today, 30)


@pytest.mark.parametrize("days", [9, 131])
def test_no_body_can_make_it_too_short_or_endless_and_no_stranger_sets_it(reviews: Reviews, days: int) -> None:
    body = reviews[MAIR].body_id
    assert body is not None
    with reviews.world.database.writing() as session:
        with pytest.raises(Refused):
            lastday.set_days(session, reviews[MAIR], body, days, desk=reviews.desk)
        with pytest.raises(NotFound):
            lastday.set_days(session, reviews[ELIN], body, 25, desk=reviews.desk)
        assert lastday.days_of(session, body) == 20


def test_who_asks_later_says_why_and_is_heard_and_the_last_day_itself_is_not_late(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        last = lastday.find_last_day(session, case)
        assert last is not None
        assert not lastday.is_late(session, case, today=last)
        after = reviews.on(last + timedelta(days=1))
        with pytest.raises(Refused) as refused:
            second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=after)
        assert refused.value.message is second.SAY_WHY_LATE
        row = second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=after, late_because=BECAUSE)
        assert (case.state, steps_of(session, case)[-2:]) == (State.STAGE_TWO, ["stage_two", "asked_late"])
        late = open_second(row, "late_because", reviews.desk.vault)
        assert late is not None
        assert late.reveal() == BECAUSE.reveal()
        assert case.due_on == reviews.desk.calendar.later(after.today, 20)


def test_whom_no_letter_told_a_day_is_never_late(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        session.get_one(OutcomeLetter, (case.id, 1, "cy")).ask_by = None
        session.flush()
        second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.after(300))
        assert session.get_one(StageTwo, case.id).late_because is None


def test_the_pages_say_it_and_ask_why_and_the_officer_reads_that_it_is_late(reviews: Reviews) -> None:
    paragraphs = "/en/my/desk/reviews/paragraphs"
    with reviews.world.database.writing() as session:
        case = told(reviews, session, outcome=Outcome.UPHELD)
        reference, body = case.reference, case.body_id
    page, desk = f"/en/my/review/{reference}/outcome", f"/en/my/desk/reviews/{reference}/outcome"
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        text = gwynfor.get(page).text
        assert "18 December 2026" in text
        assert "our own rule, not the law’s" in text
        assert "Why you ask now" not in text
    with reviews.world.database.writing() as session:
        session.get_one(OutcomeLetter, (case.id, 1, "cy")).ask_by = reviews.desk.today - timedelta(days=1)
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "Why you ask now" in gwynfor.get(page).text
        refused = gwynfor.post(page, {"act": "second", "why": "Na 4545", "late": ""})
        assert refused.status_code == 422
        assert "Na 4545" in refused.text
        assert gwynfor.post(page, {"act": "second", "why": "Na 4545", "late": "Yn sâl 5656"}).status_code == 303
    with reviews.world.signed_in(MAIR) as mair:
        text = mair.get(desk).text
        assert "Yn sâl 5656" in text
        assert "taken all the same" in text
        assert "Name this panel" in text
        mair.get(paragraphs)
        assert mair.post(paragraphs, {"act": "days", "body": body, f"days-{body}": "nine"}).status_code == 422
        mair.get(paragraphs)
        assert mair.post(paragraphs, {"act": "days", "body": body, f"days-{body}": "45"}).status_code == 303
        assert 'value="45"' in mair.get(paragraphs).text
