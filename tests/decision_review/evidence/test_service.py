"""The records of a decision: asked, put together, frozen, shared, corrected; and the worker's side."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.cases.rules import Duty
from portal.cases.service import assign
from portal.cases.timekeeping import get_time_limit
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.asking.classifying import Classed, classify
from portal.decision_review.evidence import cutting, saying, service, versions
from portal.decision_review.evidence.duties import chase_records, close_sides
from portal.decision_review.evidence.models import Correction, EvidenceItem, EvidencePack
from portal.decision_review.evidence.queries import (
    find_owner,
    find_side,
    get_own_pack,
    is_side_over,
    list_items,
    list_own_packs,
    list_shared,
    view_item,
)
from portal.decision_review.evidence.rules import CorrectionAnswer, ItemKind, fingerprint_of
from portal.decision_review.evidence.saying import NewCorrection
from portal.decision_review.rules import ReviewClass, State
from portal.directory.models import Person
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, MELERI, SARAH, Reviews, letters, sent, steps_of
from tests.decision_review.deciding_way import given
from tests.decision_review.recording import asked, blobs_of, frozen, item, shared
from tests.demonstrated import ELIN, GWYNFOR

A = Classed(ReviewClass.ALONE, Words("x"), Locale.CY)


def test_the_owner_is_asked_with_three_working_days_and_the_register_of_that_day_is_there(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        assert (case.state, pack.due_on, pack.owner_id) == (
            State.EVIDENCE_WAIT,
            date(2026, 11, 25),
            reviews[EMYR].person_id,
        )
        assert letters(session, "review_records_asked") == 1
        assert [one.kind for one in list_items(session, pack, with_output=True)] == [ItemKind.REGISTER_VERSION]
        assert [found.id for found, _pack in list_own_packs(session, reviews[EMYR])] == [case.id]
        for stranger in (SARAH, LOWRI, GWYNFOR, ELIN):
            with pytest.raises(NotFound):
                get_own_pack(session, reviews[stranger], pack.id)
        with pytest.raises(Refused):
            service.request(session, reviews[MAIR], case, None, sent(case), desk=reviews.desk)


def test_a_reviewer_is_not_asked_for_the_records_and_the_officer_reads_what_to_do(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        meleri = session.get_one(Person, reviews[MELERI].person_id)
        with pytest.raises(Refused) as told:
            service.request(session, reviews[MAIR], case, meleri, sent(case), desk=reviews.desk)
        assert told.value.message is service.REVIEWS_IT
        pack = service.request(session, reviews[MAIR], case, None, sent(case), desk=reviews.desk)
        assert pack is not None
        with pytest.raises(Refused) as told:
            service.give_to(session, reviews[MAIR], case, pack, meleri, desk=reviews.desk)
        assert told.value.message is service.REVIEWS_IT
        assert pack.owner_id == reviews[EMYR].person_id


def test_a_manager_who_reviews_it_is_not_chosen_for_the_records(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case)
        first = find_owner(session, case, today=reviews.desk.today)
        assert first is not None
        emyr = session.get_one(Person, reviews[EMYR].person_id)
        assign(session, reviews[MAIR], case, emyr, Duty.REVIEWER, desk=reviews.desk)
        found = find_owner(session, case, today=reviews.desk.today)
        assert first.id == emyr.id
        assert found is None or found.id != emyr.id


def test_frozen_records_need_data_output_and_who_acted_and_change_no_more(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        for stranger, error in ((GWYNFOR, NotAllowed), (ELIN, NotFound)):
            with pytest.raises(error):
                service.add_item(session, reviews[stranger], case, pack, item(ItemKind.INPUT, "x"), desk=reviews.desk)
        with pytest.raises(Refused):
            service.freeze(session, reviews[EMYR], case, pack, blobs_of(reviews), desk=reviews.desk)
        frozen(session, reviews, case, pack)
        fingerprint = pack.fingerprint
        with pytest.raises(Conflict):
            service.add_item(session, reviews[EMYR], case, pack, item(ItemKind.INPUT, "y"), desk=reviews.desk)
        kept = list_items(session, pack, with_output=True)
        with pytest.raises(Conflict):
            service.remove_item(session, reviews[MAIR], case, kept[1], desk=reviews.desk)
        assert service.check(session, pack, blobs_of(reviews), desk=reviews.desk)
        kept[1].as_of = date(2020, 1, 1)
        session.flush()
        assert not service.check(session, pack, blobs_of(reviews), desk=reviews.desk)
        assert pack.fingerprint == fingerprint


@pytest.mark.parametrize(("one", "other"), [([["ab", "c"]], [["a", "bc"]]), ([["a"], ["b"]], [["a", "b"]])])
def test_no_two_lists_have_one_fingerprint(one: list[list[str]], other: list[list[str]]) -> None:
    assert fingerprint_of(one) != fingerprint_of(other)


def test_third_parties_go_out_before_the_worker_reads_and_not_after(reviews: Reviews) -> None:
    vault = reviews.world.settings.vault
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        first, second = list_items(session, pack, with_output=True)[1:3]
        cutting.rewrite(session, reviews[MAIR], case, first, Words("Map o fis Medi"), desk=reviews.desk)
        cutting.withhold(session, reviews[MAIR], case, second, Words("Enw rhywun arall"), desk=reviews.desk)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        assert case.state == State.REPRESENTATIONS_OPEN
        read = [view_item(session, one, vault, whole=False) for one in (first, second)]
        assert read[0].value is not None
        assert read[0].value.reveal() == "Map o fis Medi"
        assert (read[1].value, read[1].is_withheld) == (None, True)
        with pytest.raises(Refused):
            cutting.show(session, reviews[MAIR], case, first, desk=reviews.desk)
        assert service.check(session, pack, blobs_of(reviews), desk=reviews.desk)
        more = service.request(session, reviews[MAIR], case, None, sent(case), desk=reviews.desk)
        assert more is not None
        assert (more.number, case.state) == (2, State.REPRESENTATIONS_OPEN)
        assert [one.number for one in list_shared(session, case)] == [1]


def test_late_records_are_told_once_and_do_not_stop_the_review(reviews: Reviews) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case = reviews.asked(session)
        asked(session, reviews, case)
        with pytest.raises(Refused):
            service.go_on(session, reviews[MAIR], case, sent(case), desk=reviews.desk)
    done = [chase_records(database, settings, reviews.desk.now + timedelta(days=days)) for days in (3, 4, 5)]
    assert done == [0, 1, 0]
    with database.writing() as session:
        pack = session.scalars(select(EvidencePack)).one()
        case = session.get_one(type(case), pack.case_id)
        assert "records_late" in steps_of(session, case)
        service.go_on(session, reviews[MAIR], case, sent(case), desk=reviews.after(4))
        assert case.state == State.REPRESENTATIONS_OPEN
        side = find_side(session, case)
        assert side is not None
        assert side.until_on == date(2026, 12, 6)


def test_the_worker_corrects_says_chooses_days_and_time_closes_their_side(reviews: Reviews) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        wrong = session.scalars(select(EvidenceItem).where(EvidenceItem.kind == ItemKind.INPUT)).one()
        new = NewCorrection(ids.new_id(), Words("hen"), Words("newydd"), Locale.CY)
        for _ in range(2):
            saying.correct(session, reviews[GWYNFOR], case, wrong, new, desk=reviews.desk)
        with pytest.raises(NotAllowed):
            saying.correct(session, reviews[MAIR], case, wrong, new, desk=reviews.desk)
        row = session.scalars(select(Correction)).one()
        with pytest.raises(Refused):
            saying.answer(session, reviews[MAIR], case, row, CorrectionAnswer.REJECTED, None, desk=reviews.desk)
        saying.answer(session, reviews[MAIR], case, row, CorrectionAnswer.ACCEPTED, None, desk=reviews.desk)
        for days in (2, 11):
            with pytest.raises(Refused):
                saying.choose_days(session, reviews[GWYNFOR], case, days, desk=reviews.desk)
        saying.choose_days(session, reviews[GWYNFOR], case, 3, desk=reviews.desk)
        with pytest.raises(Refused):
            saying.take_longer(session, reviews[GWYNFOR], case, case.due_on, desk=reviews.desk)
        assert not is_side_over(session, case, today=date(2026, 11, 25))
        assert is_side_over(session, case, today=date(2026, 11, 26))
    done = [close_sides(database, settings, reviews.desk.now + timedelta(days=days)) for days in (3, 4, 5)]
    assert done == [0, 1, 0]


def test_nobody_ends_the_workers_side_on_a_day_that_is_over(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        with pytest.raises(Refused):
            saying.choose_days(session, reviews[GWYNFOR], case, 5, desk=reviews.after(6))
        saying.choose_days(session, reviews[GWYNFOR], case, 6, desk=reviews.after(6))
        saying.take_longer(session, reviews[GWYNFOR], case, date(2026, 12, 8), desk=reviews.desk)
        with pytest.raises(Refused):
            saying.choose_days(session, reviews[GWYNFOR], case, 10, desk=reviews.after(12))
        side = find_side(session, case)
        assert side is not None and side.longer_until == date(2026, 12, 8)


def test_who_takes_longer_moves_our_own_target_by_the_working_days_they_took_and_not_the_day_of_the_law(
    reviews: Reviews,
) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        target, due = case.target_on, case.due_on
        side = find_side(session, case)
        assert side is not None and (side.until_on, target) == (date(2026, 12, 2), date(2026, 12, 4))
        for until, moved in ((date(2026, 12, 6), 2), (date(2026, 12, 8), 4)):
            saying.take_longer(session, reviews[GWYNFOR], case, until, desk=reviews.desk)
            assert case.target_on == reviews.desk.calendar.later(target, moved)
        saying.choose_days(session, reviews[GWYNFOR], case, 10, desk=reviews.desk)
        assert case.target_on == target
        saying.take_longer(session, reviews[GWYNFOR], case, date(2026, 12, 8), desk=reviews.desk)
        saying.be_done(session, reviews[GWYNFOR], case, desk=reviews.on(date(2026, 12, 3)))
        assert (case.target_on, case.due_on) == (reviews.desk.calendar.later(target, 1), due)
        reasons = get_time_limit(session, case, reviews.desk.calendar).reasons
        assert any("longer for your side" in one.msgid for one in reasons)


def test_who_is_done_closes_their_side_at_once(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case)
        assert is_side_over(session, case, today=reviews.desk.today)
        with pytest.raises(Refused):
            saying.say(session, reviews[GWYNFOR], case, Words("x"), Locale.CY, desk=reviews.desk)


def test_an_officer_begins_a_version_once_and_its_lateness_is_told_to_officers_alone(
    reviews: Reviews,
) -> None:
    database, settings = reviews.world.database, reviews.world.settings
    with database.writing() as session:
        case = reviews.asked(session)
        classify(session, reviews[MAIR], case, A, sent(case), desk=reviews.desk)
        form = sent(case)
        first = [versions.begin_own(session, reviews[LOWRI], case, form, desk=reviews.desk) for _ in range(2)]
        pack = first[0]
        assert pack is not None and first[1] is pack and (pack.owner_id, pack.number) == (None, 1)
        assert case.state == State.EVIDENCE_WAIT and len(list_items(session, pack, with_output=True)) == 1
        with pytest.raises(Refused):
            versions.begin_own(session, reviews[MAIR], case, sent(case), desk=reviews.desk)
        with pytest.raises((NotAllowed, NotFound)):
            versions.begin_own(session, reviews[EMYR], case, sent(case), desk=reviews.desk)
        case_id, before = case.id, letters(session, "review_records_asked")
    late = reviews.desk.now + timedelta(days=5)
    assert [chase_records(database, settings, late) for _ in range(2)] == [1, 0]
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        assert letters(session, "review_records_asked") == before
        assert "own_records_late" in steps_of(session, case) and "records_late" not in steps_of(session, case)


def test_records_that_come_while_somebody_reviews_are_news_to_them(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case)
        given(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        pack = versions.begin_own(session, reviews[LOWRI], case, sent(case), desk=reviews.desk)
        assert pack is not None and pack.number == 2
        service.add_item(session, reviews[LOWRI], case, pack, item(ItemKind.SEEN, "x"), desk=reviews.desk)
        service.freeze(session, reviews[LOWRI], case, pack, blobs_of(reviews), desk=reviews.desk)
        before = letters(session, "review_task")
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        assert (letters(session, "review_task"), case.state) == (before + 1, State.ASSIGNED)
