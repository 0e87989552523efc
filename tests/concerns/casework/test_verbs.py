"""What readers press: taking, telling, planning, stepping, giving, claiming, undoing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.concerns.casework import claims, giving, service
from portal.concerns.casework.models import DeskPlace, ToldEvent, ToldSide
from portal.concerns.casework.rows import seen_of
from portal.concerns.casework.rules import FAR, Lane, NextStep, Severity, Side, Theme, ToldState, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.concerns.casework.timeline import list_lines
from portal.concerns.casework.told import get_told
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale
from tests.concerns.casework.conftest import Told
from tests.concerns.timing.conftest import CAME

E, U = Side.EMPLOYER, Side.UNION
ALL = ("head", "deputy", "outside", "rep")


def places(told: Told, case_id: bytes) -> dict[str, tuple[Lane, date, date]]:
    names = {person_id: name for name, person_id in told.desk.people.items()}
    with told.desk.database.reading() as session:
        rows = session.scalars(select(DeskPlace).where(DeskPlace.case_id == case_id))
        return {names[row.person_id]: (row.lane, row.due_on, row.next_on) for row in rows}


def test_who_takes_a_thread_tells_both_sides_what_they_choose_and_works_on_it(told: Told) -> None:
    case = told.came(*ALL)
    told.take("rep", case, theme=Theme.PACE, severity=Severity.SERIOUS, lang=Locale.CY)
    row = told.thread(case)
    assert (row.theme, row.severity, row.lang, row.state) == (Theme.PACE, Severity.SERIOUS, "cy", ToldState.TRIAGE)
    assert (row.told_on, row.system_id) == (CAME, None)
    assert told.side(case, U).assignee_id == told.desk.people["rep"]
    assert told.look("head", get_told, case).thread.theme is Theme.PACE
    assert told.look("head", get_told, case).side is None, "the other side’s row is its own"
    told.press("head", service.tell, case, Telling(theme=Theme.HOURS))
    row = told.thread(case)
    assert (row.theme, row.severity) == (Theme.HOURS, None), "what is not told any more is taken back"
    told.press("rep", service.untell, case)
    assert told.thread(case).theme is None


def test_what_is_taken_back_stays_in_no_line_of_before(told: Told) -> None:
    case = told.came("head", "rep")
    told.take("rep", case, theme=Theme.HARASSMENT, severity=Severity.HARM)
    told.press("head", service.tell, case, Telling(theme=Theme.PAY, severity=Severity.HARM))
    told.press("rep", service.tell, case, Telling(severity=Severity.HARM))
    with told.desk.database.reading() as session:
        said = [line.said for line in session.scalars(select(ToldEvent))]
    assert [line["theme"] for line in said if "theme" in line] == [None]
    assert [line["severity"] for line in said if "severity" in line] == ["harm"], "what still is told stands"
    told.press("rep", service.untell, case)
    with told.desk.database.reading() as session:
        said = [line.said for line in session.scalars(select(ToldEvent))]
    assert not any(value is not None for line in said for value in line.values())


def test_nothing_is_told_of_what_nobody_took_and_nobody_takes_it_twice(told: Told) -> None:
    case = told.came(*ALL)
    with pytest.raises(Refused):
        told.press("rep", service.tell, case, Telling(theme=Theme.PACE))
    with pytest.raises(Refused):
        told.step("rep", case, "ask")
    told.take("rep", case)
    with pytest.raises(Conflict):
        told.take("head", case)
    assert told.clock(case).triaged_on == CAME


def test_a_form_made_before_somebodys_change_changes_nothing(told: Told) -> None:
    case = told.came(*ALL)
    before = seen_of(told.look("head", get_told, case))
    told.take("rep", case)
    with pytest.raises(Conflict):
        told.press("head", service.tell, case, Telling(), seen=before)
    now = seen_of(told.look("head", get_told, case))
    told.press("head", service.tell, case, Telling(theme=Theme.PAY), seen=now)


def test_the_whole_way_of_both_sides(told: Told) -> None:
    case = told.came(*ALL)
    told.take("rep", case, theme=Theme.JOBS)
    told.step("rep", case, "ask", "answered", "harm_now", "made_safe", "route", together=True)
    assert told.thread(case).state is ToldState.JOINT_REVIEW
    assert told.side(case, E).assignee_id == told.desk.people["head"], "who answers for it, by the rule book"
    told.step("rep", case, "agree")
    assert told.thread(case).state is ToldState.JOINT_REVIEW, "the employer has not agreed yet"
    told.step("head", case, "agree")
    assert told.thread(case).state is ToldState.ACTION_AGREED
    told.step("head", case, "tell")
    assert told.clock(case).outcome_on == CAME
    assert {lane for lane, _due, _next in places(told, case).values()} == {Lane.QUIET}
    told.later(days=40)
    told.step("rep", case, "reopen")
    assert (told.clock(case).outcome_on, told.clock(case).reopened_on) == (None, told.today)
    assert {lane for lane, _due, _next in places(told, case).values()} == {Lane.NEW}
    told.take("deputy", case)
    assert told.thread(case).state is ToldState.TRIAGE


def test_where_only_one_side_reads_one_press_agrees(told: Told) -> None:
    union, employer = told.came("rep"), told.came("head", "outside")
    told.take("rep", union)
    with pytest.raises(NotFound):
        told.step("rep", union, "route")
    told.step("rep", union, "decide", "tell")
    told.take("outside", employer)
    told.step("outside", employer, "route", "agree")
    assert told.thread(employer).state is ToldState.ACTION_AGREED
    assert told.side(employer, E).assignee_id == told.desk.people["head"]


def test_who_is_responsible_and_away_has_it_only_where_all_are(told: Told) -> None:
    told.desk.away("head", CAME + timedelta(days=9))
    case = told.came(*ALL)
    told.take("rep", case)
    told.step("rep", case, "route")
    assert told.side(case, E).assignee_id == told.desk.people["deputy"]


def test_what_the_portal_does_in_time_needs_nobody_and_only_where_it_starts(told: Told) -> None:
    case = told.came("head", "rep")
    told.take("head", case)
    with told.desk.database.writing() as session:
        assert not service.move_for_portal(session, case, "watch", desk=told.moment)
    told.step("head", case, "route", "agree")
    told.step("rep", case, "agree")
    told.step("head", case, "tell")
    with told.desk.database.writing() as session:
        assert service.move_for_portal(session, case, "watch", desk=told.moment)
    with pytest.raises(NotFound):
        told.step("head", case, "watch")
    told.step("head", case, "close")
    assert places(told, case)["rep"] == (Lane.ENDED, FAR, FAR)
    told.later(days=400)
    with pytest.raises(Refused):
        told.step("head", case, "reopen")


def test_plans_are_a_sides_own_and_move_its_places(told: Told) -> None:
    case = told.came(*ALL)
    told.take("rep", case)
    on = CAME + timedelta(days=3)
    told.press("rep", service.plan, case, Planned(on, NextStep.TAKE_ADVICE, Waiting.WORKER))
    assert places(told, case)["rep"][0::2] == (Lane.WORKER, on)
    assert places(told, case)["head"][0::2] == (Lane.US, FAR)
    told.later(days=1)
    told.press("rep", service.plan, case, Planned(None, None, Waiting.WORKER))
    assert told.side(case, U).waiting_since == CAME, "it is the same waiting"


def test_somebody_of_ones_own_side_who_holds_it_works_on_it(told: Told) -> None:
    one, two = told.came("head", "deputy", "rep"), told.came("head", "deputy")
    told.take("head", one)
    told.press("head", giving.assign, one, told.desk.people["deputy"])
    with pytest.raises(Refused):
        told.press("head", giving.assign, one, told.desk.people["outside"])
    with pytest.raises(Refused):
        told.press("head", giving.assign, one, told.desk.people["rep"])
    told.take("head", two)
    told.press("deputy", giving.assign, two, None)
    told.press("deputy", giving.assign, two, giving.LIGHTEST)
    assert told.side(two, E).assignee_id == told.desk.people["head"], "the deputy has one already"


@pytest.mark.parametrize(("lang", "chosen"), [(Locale.CY, "reads both"), (Locale.EN, "has least"), (None, "has least")])
def test_the_lightest_is_here_reads_the_language_and_has_least_to_do(lang: Locale | None, chosen: str) -> None:
    both, english = frozenset(Locale), frozenset({Locale.EN})
    people = [
        giving.Candidate("a", "is away", 0, True, both),
        giving.Candidate("b", "has least", 1, False, english),
        giving.Candidate("c", "reads both", 5, False, both),
        giving.Candidate("d", "reads both and has more", 6, False, both),
    ]
    found = giving.lightest(people, lang)
    assert found is not None
    assert found.name == chosen
    assert giving.lightest([], lang) is None


def test_a_claim_keeps_colleagues_away_for_a_quarter_of_an_hour_and_the_other_side_never_sees_it(told: Told) -> None:
    case = told.came(*ALL)
    told.press("head", claims.claim, case)
    with pytest.raises(Refused) as refusal:
        told.press("deputy", claims.claim, case)
    assert refusal.value.message.values["name"] == "head"
    with pytest.raises(Refused):
        told.take("deputy", case)
    told.take("rep", case)
    taken_over = told.press("deputy", claims.claim, case, take_over=True)
    assert taken_over.had_it == "head"
    with pytest.raises(Refused):
        told.press("head", service.tell, case, Telling(theme=Theme.PAY))
    told.press("head", claims.release, case)
    assert told.side(case, E).claimed_by == told.desk.people["deputy"], "nobody releases what a colleague has"
    told.later(minutes=15)
    told.press("head", service.tell, case, Telling(theme=Theme.PAY))
    told.press("head", claims.claim, case)
    told.press("head", claims.release, case)
    assert told.side(case, E).claimed_until is None


def test_what_was_changed_is_undone_while_nobody_changed_it_since(told: Told) -> None:
    case = told.came(*ALL)
    taken = told.take("head", case, theme=Theme.PAY)
    given = told.press("head", giving.assign, case, told.desk.people["deputy"])
    with pytest.raises(Refused):
        told.press("head", service.undo, taken)
    told.press("head", service.undo, given)
    assert told.side(case, E).assignee_id == told.desk.people["head"]
    told.press("head", service.undo, taken)
    assert not told.look("rep", get_told, case).is_told
    assert told.side(case, E).assignee_id is None
    assert places(told, case)["rep"][0] is Lane.NEW


def test_lines_of_one_side_name_their_people_and_lines_of_both_name_nobody(told: Told) -> None:
    case = told.came(*ALL)
    told.take("rep", case)
    told.press("rep", giving.assign, case, None)
    told.step("head", case, "route")
    with told.desk.database.reading() as session:
        lines = {(line.step, line.side, line.by_side, line.by_id) for line in session.scalars(select(ToldEvent))}
    head, rep = told.desk.people["head"], told.desk.people["rep"]
    assert lines == {
        ("take", None, U, None),
        ("assigned", U, U, rep),
        ("route", None, E, None),
        ("passed_on", E, E, head),
    }


def test_a_press_is_recorded_under_a_hash_and_a_unions_under_no_employer(told: Told) -> None:
    case = told.came(*ALL)
    told.take("rep", case)
    told.step("head", case, "route")
    told.press("head", claims.claim, case)
    with told.desk.database.reading() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.event.like("concern.%")).order_by(AuditEvent.number)
        ).all()
        assert [(one.event, one.body_id) for one in events] == [
            ("concern.taken", None),
            ("concern.routed", told.desk.body_id),
        ]
        assert all(case.hex() not in one.subject for one in events)
        assert {row.home_id for row in session.scalars(select(ToldSide).where(ToldSide.side == E))} == {
            told.desk.body_id
        }


def test_a_branch_that_reads_in_anothers_place_finds_nothing_of_what_that_one_kept(told: Told) -> None:
    case = told.came("head", "rep")
    told.take("rep", case, theme=Theme.PAY)
    told.press("rep", service.plan, case, Planned(CAME + timedelta(days=3), NextStep.TAKE_ADVICE))
    told.another_branch("other")
    told.begins_anew(case, "head", "rep", "other")
    assert told.look("other", get_told, case).side is None
    with pytest.raises(Refused):
        told.press("other", service.plan, case, Planned())
    told.begins_anew(case, "head", "other")
    told.sweep()
    assert places(told, case)["other"][2] == FAR, "the day of the branch that left is its own"
    lines = told.look("other", list_lines, told.look("other", get_told, case))
    assert [line.is_own for line in lines] == [False]
    told.press("other", service.plan, case, Planned(CAME + timedelta(days=5), NextStep.READ))
    lines = told.look("other", list_lines, told.look("other", get_told, case))
    assert [line.by for line in lines if line.is_own] == ["other"]
    assert (told.side(case, U).assignee_id, told.side(case, U).next_step) == (None, NextStep.READ)
