"""Somebody represents the person of a review or a complaint: what they may, until when, and who reads of it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.cases import representing
from portal.cases.correspondence import Writing, ask
from portal.cases.hearing import end_named, tell_named
from portal.cases.models import Case, CaseEvent, CaseMessage, CaseRepresentative, RepresentativeUse
from portal.cases.representing import NewRepresentative, find_held
from portal.cases.rules import MessageKind, Relation
from portal.cases.speaking import MOST_NAMED, Scope, Shared, Standing, Use, is_living, lines_of, standing_of
from portal.cases.standing_in import speak
from portal.core import ids
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from tests.cases.conftest import MONDAY, World

TODAY = MONDAY.date()
HASH = bytes(range(32))
DAY = timedelta(days=1)
LINES = lines_of((), {}, telling=(), ending=())


def named(session: Session, world: World, case: Case, **changes: Any) -> CaseRepresentative:
    given: dict[str, Any] = {
        "own_id": ids.new_id(),
        "scope": Scope.SPEAK,
        "parts": frozenset({Shared.OUTCOME}),
        "name": Words("Carys Bowen"),
        "locator_hash": HASH,
        "from_on": TODAY,
        "until_on": TODAY + 30 * DAY,
    }
    return representing.name_one(
        session, world["sian"], case, NewRepresentative(**{**given, **changes}), desk=world.desk
    )


@pytest.mark.parametrize(
    ("days", "revoked", "standing"),
    [
        (-1, False, Standing.TO_COME),
        (0, False, Standing.LIVING),
        (30, False, Standing.LIVING),
        (31, False, Standing.OVER),
        (-1, True, Standing.REVOKED),
        (0, True, Standing.REVOKED),
        (31, True, Standing.REVOKED),
    ],
)
def test_the_first_and_the_last_day_are_included_and_what_is_taken_back_is_over(
    days: int, *, revoked: bool, standing: Standing
) -> None:
    period = SimpleNamespace(from_on=TODAY, until_on=TODAY + 30 * DAY, revoked_at=MONDAY if revoked else None)
    assert standing_of(period, TODAY + days * DAY) is standing
    assert is_living(period, TODAY + days * DAY) is (standing is Standing.LIVING)


def test_a_representative_opens_what_is_shared_with_words_of_their_own(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        row = named(session, world, case, parts=frozenset({Shared.ASKED, Shared.HISTORY}))
        held = find_held(session, HASH, today=TODAY)
        assert held is not None
        assert (held.case.id, held.parts, held.may_speak) == (case.id, frozenset({Shared.ASKED, Shared.HISTORY}), True)
        assert b"Carys" not in row.name
        assert representing.open_said(row, "name", world.desk.vault).reveal() == "Carys Bowen"
        assert find_held(session, bytes(32), today=TODAY) is None


def test_the_same_form_sent_twice_names_one_and_another_case_cannot_use_it(world: World) -> None:
    with world.database.writing() as session:
        case, other = world.review(session), world.review(session)
        own = ids.new_id()
        assert named(session, world, case, own_id=own).id == named(session, world, case, own_id=own).id
        assert len(representing.list_of(session, case)) == 1
        with pytest.raises(NotFound):
            named(session, world, other, own_id=own)
        with pytest.raises(Conflict):
            named(session, world, case)


def test_nobody_but_the_person_names_somebody_and_an_access_request_has_its_own_way(world: World) -> None:
    with world.database.writing() as session:
        case, access = world.review(session), world.request(session)
        new = NewRepresentative(ids.new_id(), Scope.FOLLOW, frozenset(), Words("X"), HASH, TODAY, TODAY)
        for by in (Relation.REPRESENTATIVE, Relation.OFFICER, Relation.PORTAL):
            with pytest.raises(NotAllowed):
                representing.name_one(session, by, case, new, desk=world.desk)
        with pytest.raises(NotFound):
            named(session, world, access)


def test_five_at_a_time_and_one_that_is_over_makes_room(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        rows = [named(session, world, case, locator_hash=bytes([n]) * 32) for n in range(MOST_NAMED)]
        with pytest.raises(Refused):
            named(session, world, case)
        representing.take_back(session, world["sian"], case, rows[0], desk=world.desk)
        assert named(session, world, case)


def test_taken_back_the_words_open_nothing_from_that_moment_and_the_address_is_gone(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        row = named(session, world, case, email=Words("c@example.org"))
        held = find_held(session, HASH, today=TODAY)
        assert held is not None
        for _ in range(2):
            representing.take_back(session, world["sian"], case, row, desk=world.desk)
        assert find_held(session, HASH, today=TODAY) is None
        assert row.email is None
        with pytest.raises(NotFound):
            speak(session, held, Writing(ids.new_id(), Words("Hwyr"), Locale.CY), lines=LINES, desk=world.desk)
        with pytest.raises(NotFound):
            representing.note_use(session, held, Use.OPENED, desk=world.desk)
        steps = session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == case.id)).all()
        assert list(steps).count("representative_ended") == 1


def test_a_representative_who_speaks_answers_a_question_and_one_who_follows_does_not(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        named(session, world, case)
        named(session, world, case, scope=Scope.FOLLOW, locator_hash=bytes(32))
        ask(session, Relation.OFFICER, case, Writing(ids.new_id(), Words("Pryd?"), Locale.CY), desk=world.desk)
        speaker, follower = find_held(session, HASH, today=TODAY), find_held(session, bytes(32), today=TODAY)
        assert speaker is not None
        assert follower is not None
        writing = Writing(ids.new_id(), Words("Ddoe"), Locale.CY)
        with pytest.raises(NotFound):
            speak(session, follower, writing, lines=LINES, desk=world.desk)
        for _ in range(2):
            speak(session, speaker, writing, lines=LINES, desk=world.desk)
        kinds = list(session.scalars(select(CaseMessage.kind).where(CaseMessage.case_id == case.id)))
        assert sorted(kinds) == [MessageKind.QUESTION, MessageKind.REPLY]
        last = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)).all()
        assert (last[-1].role, last[-1].step) == ("representative", "reply")


def test_every_day_and_use_is_one_line_for_the_person_and_one_of_the_audit(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        named(session, world, case)
        for desk in (world.desk, world.desk, world.later(days=1)):
            held = find_held(session, HASH, today=desk.today)
            assert held is not None
            representing.note_use(session, held, Use.OPENED, desk=desk)
        uses = [(use.on_day, use.use) for use, _row in representing.list_uses(session, case)]
        assert uses == [(TODAY + DAY, Use.OPENED), (TODAY, Use.OPENED)]
        told = select(AuditEvent).where(AuditEvent.event == "review.representative_used")
        assert len(session.scalars(told).all()) == 2


def test_news_reaches_the_address_once_and_says_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        named(session, world, case, email=Words("c@example.org"), locale=Locale.CY)
        named(session, world, case, locator_hash=bytes(32))
        later = world.later(hours=1)
        writing = Writing(ids.new_id(), Words("Pryd?"), Locale.CY)
        ask(session, Relation.OFFICER, case, writing, desk=later)
    assert tell_in(world, later.now + timedelta(minutes=1)) == 1
    assert tell_in(world, later.now + timedelta(minutes=2)) == 0
    with world.database.reading() as session:
        letters = session.scalars(select(OutboxLetter)).all()
        assert [one.template for one in letters] == ["representative_news"]


def test_when_the_last_day_is_over_the_address_goes_and_the_timeline_says_so_once(
    world: World,
) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        row = named(session, world, case, email=Words("c@example.org"), until_on=TODAY)
        case_id, row_id = case.id, row.id
    assert end_in(world, MONDAY + timedelta(hours=6)) == 0
    assert [end_in(world, MONDAY + DAY), end_in(world, MONDAY + DAY)] == [1, 0]
    with world.database.reading() as session:
        row = session.get_one(CaseRepresentative, row_id)
        assert (row.email, row.ended_on) == (None, TODAY + DAY)
        steps = list(session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == case_id)))
        assert steps.count("representative_over") == 1
        assert tell_in(world, MONDAY + 2 * DAY) == 0


def tell_in(world: World, now: datetime) -> int:
    return tell_named(world.database, asked_of(world), now)


def end_in(world: World, now: datetime) -> int:
    return end_named(world.database, asked_of(world), now)


def asked_of(world: World) -> Any:
    """What the duties ask of the settings, with the vault that sealed."""
    return SimpleNamespace(vault=world.desk.vault, extra_holidays=())


@pytest.mark.parametrize(
    "changes",
    [{"until_on": TODAY - DAY}, {"locator_hash": b"short"}],
)
def test_the_table_itself_takes_no_period_that_ends_before_it_begins(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), world.database.writing() as session:
        named(session, world, world.review(session), **changes)


@example(start=0, length=0, day=0, taken_back=None)
@example(start=0, length=0, day=1, taken_back=None)
@given(
    start=st.integers(0, 400),
    length=st.integers(0, 400),
    day=st.integers(-5, 900),
    taken_back=st.none() | st.integers(0, 900),
)
@settings(max_examples=200)
def test_after_the_end_or_the_taking_back_nothing_is_readable(
    start: int, length: int, day: int, taken_back: int | None
) -> None:
    first = TODAY + start * DAY
    moment = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=taken_back) if taken_back is not None else None
    asked: date = TODAY + day * DAY
    is_back = moment is not None and moment.date() <= asked
    period = SimpleNamespace(from_on=first, until_on=first + length * DAY, revoked_at=moment if is_back else None)
    assert is_living(period, asked) is (first <= asked <= first + length * DAY and not is_back)


def test_uses_and_shares_go_with_the_case(world: World) -> None:
    with world.database.writing() as session:
        case = world.review(session)
        row = named(session, world, case)
        held = find_held(session, HASH, today=TODAY)
        assert held is not None
        representing.note_use(session, held, Use.OPENED, desk=world.desk)
        session.delete(row)
        session.flush()
        assert not session.scalars(select(RepresentativeUse)).all()
