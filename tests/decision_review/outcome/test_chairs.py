"""Chairs of the second stage: blind first, what they put right, and what happens when one can decide no longer."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseEvent
from portal.cases.rules import ExclusionSource
from portal.cases.service import exclude
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.rules import ItemKind
from portal.decision_review.outcome import chairs, drafting, second
from portal.decision_review.outcome.duties import tell_of_gone_chairs
from portal.decision_review.outcome.models import RemedyTask, StageTwo, WrittenIsFinal
from portal.decision_review.outcome.proposed import list_proposed
from portal.decision_review.outcome.queries import (
    find_chair_view,
    list_drafts,
    list_letters,
    list_remedies,
    open_draft,
    open_letter,
)
from portal.decision_review.rules import Outcome, ReviewClass, State
from portal.directory.models import Absence, Engagement, Person, RoleHolding
from tests.decision_review.conftest import EMYR, HYWEL, MAIR, MELERI, Reviews, letters
from tests.decision_review.deciding_way import concluded
from tests.decision_review.outcome.deciding import REASONS, person, remedy
from tests.decision_review.outcome.test_second import WHY, asked, seen_first, union_chair
from tests.decision_review.recording import BLIND, OPEN, shared
from tests.demonstrated import GWYNFOR

PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"


def named(reviews: Reviews, session: Session) -> tuple[Case, StageTwo, Person]:
    """A panel of Lowri and a chair of the unions; both have written down their own view."""
    case = asked(reviews, session)
    union = union_chair(reviews, session, case)
    row = chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), union, desk=reviews.desk)
    seen_first(session, reviews, case, HYWEL, union.email)
    return case, row, union


def another_union(reviews: Reviews, session: Session, case: Case, union: Person) -> Person:
    people = chairs.union_people(session, case, today=reviews.desk.today) - {union.id}
    return session.get_one(Person, sorted(people)[0])


def written(reviews: Reviews, session: Session, case: Case, email: str, *, outcome: Outcome = Outcome.CHANGED) -> None:
    drafting.write(session, reviews[email], case.id, outcome, REASONS, desk=reviews.desk, remedies=(remedy(reviews),))


def signed(reviews: Reviews, session: Session, case: Case, email: str) -> StageTwo:
    mark = drafting.mark_of(session, case, session.get_one(StageTwo, case.id))
    return drafting.sign(session, reviews[email], case.id, seen=mark, desk=reviews.desk)


def mandate_ends(session: Session, union: Person) -> None:
    for held in session.scalars(select(RoleHolding).where(RoleHolding.person_id == union.id)):
        held.ended_on = held.started_on
    session.flush()


def test_nobody_decides_before_they_wrote_a_view_of_their_own_which_never_changes(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = asked(reviews, session)
        union = union_chair(reviews, session, case)
        chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), union, desk=reviews.desk)
        for verb in (lambda: written(reviews, session, case, HYWEL), lambda: signed(reviews, session, case, HYWEL)):
            with pytest.raises(Refused) as told:
                verb()
            assert told.value.message is drafting.VIEW_FIRST
        with pytest.raises(NotFound):
            drafting.write_view(
                session, reviews[MELERI], case.id, Outcome.UPHELD, Words("x"), Locale.CY, desk=reviews.desk
            )
        seen_first(session, reviews, case, HYWEL, HYWEL)
        view = find_chair_view(session, case, reviews.world.person(HYWEL))
        assert view is not None
        view.leaning = Outcome.UPHELD
        with session.no_autoflush, pytest.raises(WrittenIsFinal):
            session.flush()
        session.rollback()


def test_what_the_panel_puts_right_becomes_tasks_with_an_owner_and_a_day(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, _row, union = named(reviews, session)
        written(reviews, session, case, HYWEL)
        assert list_remedies(session, case) == []
        heard = letters(session, "review_remedy")
        signed(reviews, session, case, union.email)
        assert case.state == State.IMPLEMENTING
        task = session.scalars(select(RemedyTask).where(RemedyTask.case_id == case.id)).one()
        assert (task.owner_id, task.set_by) == (reviews.world.person(EMYR), reviews[union.email].account_id)
        assert letters(session, "review_remedy") == heard + 1
        letter = open_letter(list_letters(session, case)[0], reviews.desk.vault).reveal()
        assert "27 Tachwedd 2026" in letter


def test_what_is_put_right_is_among_the_words_that_are_signed(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, row, union = named(reviews, session)
        written(reviews, session, case, HYWEL)
        unread = drafting.mark_of(session, case, row)
        drafting.write(session, reviews[HYWEL], case.id, Outcome.CHANGED, REASONS, desk=reviews.desk)
        assert list_proposed(session, case) == []
        with pytest.raises(Conflict):
            drafting.sign(session, reviews[union.email], case.id, seen=unread, desk=reviews.desk)
        with pytest.raises(Refused):
            drafting.write(
                session,
                reviews[HYWEL],
                case.id,
                Outcome.CHANGED,
                REASONS,
                desk=reviews.desk,
                remedies=(remedy(reviews, GWYNFOR),),
            )


def test_a_chair_without_a_mandate_stops_at_once_and_the_new_one_signs_what_is_marked(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, row, union = named(reviews, session)
        written(reviews, session, case, union.email)
        hywel = person(session, HYWEL)
        other = another_union(reviews, session, case, union)
        with pytest.raises(Refused) as told:
            chairs.give_to_panel(session, reviews[MAIR], case, hywel, other, desk=reviews.desk)
        assert told.value.message is chairs.BEGUN
        mandate_ends(session, union)
        with pytest.raises(NotFound):
            signed(reviews, session, case, union.email)
        signed(reviews, session, case, HYWEL)
        assert case.state == State.STAGE_TWO
        with pytest.raises(Refused) as told:
            chairs.give_to_panel(session, reviews[MAIR], case, person(session, PHILIP), other, desk=reviews.desk)
        assert told.value.message is chairs.STAYS
        chairs.give_to_panel(session, reviews[MAIR], case, hywel, other, desk=reviews.desk)
        assert (row.outcome, row.union_signed_at, row.earlier_at is not None) == (Outcome.CHANGED, None, True)
        kept = list_drafts(session, case)[0]
        words = open_draft(kept, Locale.CY, reviews.desk.vault)
        assert words is not None
        assert words.reveal() == REASONS[Locale.CY].reveal()
        assert len(list_proposed(session, case, draft_id=kept.id)) == 1
        seen_first(session, reviews, case, other.email)
        signed(reviews, session, case, other.email)
        assert case.state == State.IMPLEMENTING


def test_the_signature_of_who_stays_stands_and_writing_anew_takes_the_mark_away(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, row, union = named(reviews, session)
        written(reviews, session, case, HYWEL)
        mandate_ends(session, union)
        other = another_union(reviews, session, case, union)
        chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), other, desk=reviews.desk)
        assert row.employer_signed_at is not None
        seen_first(session, reviews, case, other.email)
        written(reviews, session, case, other.email, outcome=Outcome.OVERTURNED)
        session.refresh(row)
        assert [row.earlier_at, row.employer_signed_at] == [None, None]
        assert [one.outcome for one in list_drafts(session, case)] == [Outcome.CHANGED]


def leaves(session: Session, reviews: Reviews, case: Case) -> None:
    for one in session.scalars(select(Engagement).where(Engagement.person_id == reviews.world.person(HYWEL))):
        one.ended_on = reviews.desk.today
    session.get_one(Person, reviews.world.person(HYWEL)).body_id = case.body_id


def left_out(session: Session, reviews: Reviews, case: Case) -> None:
    who = reviews.world.person(HYWEL)
    exclude(session, reviews[MAIR], case, who, source=ExclusionSource.SYSTEM, desk=reviews.desk)


def runs_it(session: Session, reviews: Reviews, _case: Case) -> None:
    held = select(RoleHolding).where(RoleHolding.person_id == reviews.world.person(EMYR))
    for one in session.scalars(held):
        one.person_id = reviews.world.person(HYWEL)


@pytest.mark.parametrize(
    ("goes", "why"), [(leaves, chairs.NOT_HERE), (left_out, chairs.KEPT_AWAY), (runs_it, chairs.RUNS_SYSTEM)]
)
def test_the_sweep_tells_the_officers_once_that_a_chair_can_decide_no_longer_and_why(
    reviews: Reviews, goes: object, why: object
) -> None:
    world = reviews.world
    with world.database.writing() as session:
        case, _row, _union = named(reviews, session)
        case_id = case.id
    assert tell_of_gone_chairs(world.database, world.settings, reviews.desk.now) == 0
    with world.database.writing() as session:
        case = session.get_one(Case, case_id)
        assert callable(goes)
        goes(session, reviews, case)
        heard = letters(session, "review_task")
    assert tell_of_gone_chairs(world.database, world.settings, reviews.desk.now) == 1
    assert tell_of_gone_chairs(world.database, world.settings, reviews.desk.now) == 0
    with world.database.reading() as session:
        assert letters(session, "review_task") > heard
        line = session.scalars(select(CaseEvent).where(CaseEvent.step == "chair_gone_why")).one()
        assert (line.said["msgid"], line.visible_to_requester) == (getattr(why, "msgid", None), False)
        with pytest.raises(NotFound):
            chairs.get_panel(session, reviews[HYWEL], case_id, today=reviews.desk.today)


def test_a_chair_who_is_away_can_be_replaced_while_a_draft_stands(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case, row, union = named(reviews, session)
        written(reviews, session, case, union.email)
        today = reviews.desk.today
        assert not chairs.may_name(session, case, row, today=today)
        session.add(Absence(id=ids.new_id(), person_id=reviews.world.person(HYWEL), from_on=today, until_on=today))
        session.flush()
        assert chairs.may_name(session, case, row, today=today)
        chairs.give_to_panel(session, reviews[MAIR], case, person(session, PHILIP), union, desk=reviews.desk)
        with pytest.raises(NotFound):
            signed(reviews, session, case, HYWEL)


def test_the_output_the_first_letter_and_the_draft_come_after_a_chairs_own_view(reviews: Reviews) -> None:
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        shared(session, reviews, case, ReviewClass.INFLUENCED)
        concluded(session, reviews[MAIR], reviews[MELERI], case, Outcome.UPHELD, desk=reviews.desk)
        second.ask(session, reviews[GWYNFOR], case, WHY, Locale.CY, desk=reviews.desk)
        union = union_chair(reviews, session, case)
        chairs.give_to_panel(session, reviews[MAIR], case, person(session, HYWEL), union, desk=reviews.desk)
        seen_first(session, reviews, case, union.email)
        drafting.write(
            session,
            reviews[union.email],
            case.id,
            Outcome.CHANGED,
            {Locale.CY: Words("Drafft 4747")},
            desk=reviews.desk,
        )
        panel = f"/en/my/panels/{case.id}"
        output = session.scalars(select(EvidenceItem.id).where(EvidenceItem.kind == ItemKind.OUTPUT)).one()
    late = (*BLIND.values(), "Rheswm upheld", "Drafft 4747")
    with reviews.world.signed_in(HYWEL) as hywel:
        page = hywel.get(panel).text
        assert all(one in page for one in (*OPEN.values(), WHY.reveal(), "Nid oedd dewis."))
        assert [one for one in late if one in page] == []
        assert hywel.client.get(f"{panel}/{output}").status_code == 404
        assert hywel.post(panel, {"act": "write", "outcome": "upheld", "reasons-cy": "x"}).status_code == 422
        refused = hywel.post(panel, {"act": "view", "leaning": "", "view": "Fy marn 2929"})
        assert refused.status_code == 422
        assert "Fy marn 2929" in refused.text
        assert hywel.post(panel, {"act": "view", "leaning": "changed", "view": "Fy marn 2929"}).status_code == 303
        page = hywel.get(panel).text
        assert [one for one in (*late, "Fy marn 2929") if one not in page] == []
        assert hywel.post(panel, {"act": "nothing"}).status_code == 404
        names = re.findall(r' id="([^"]+)"', hywel.get(panel.replace("/en/", "/cy/")).text)
        assert len(names) == len(set(names))
