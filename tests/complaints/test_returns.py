"""The yearly return: what was told stays as it was told, and what became otherwise is told as a correction."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.cases.models import Case
from portal.complaints import deciding, ending
from portal.complaints.duties import close_complaints
from portal.complaints.editions import Edition, read_editions, tell_returns
from portal.complaints.figures import Column, count_year
from portal.complaints.models import ComplaintReopening, ComplaintReturn
from portal.complaints.rules import OUTCOMES, Outcome, Theme
from portal.core import ids
from portal.core.text import Locale, Words
from tests.complaints.conftest import World, at, handler_of, sent
from tests.complaints.test_pages import sign_in
from tests.visitors import Visitor

TOLD = date(2027, 4, 9)
LATER = date(2027, 4, 10)
SPRING = date(2027, 3, 30)


def decided(world: World, session: Session, outcome: Outcome = Outcome.UPHELD, day: date = SPRING) -> Case:
    case = world.complain(session, desk=world.on(day))
    by = world[handler_of(session, case) or ""]
    deciding.decide(session, by, case, outcome, Theme.PURPOSE, Words("r"), sent(), desk=world.on(day))
    return case


def again(world: World, session: Session, case: Case, day: date) -> None:
    desk = world.on(day)
    ending.reopen(session, world["sian"], case, Words("Na"), ids.new_id(), lang=Locale.CY, desk=desk)


def editions(world: World, day: date) -> list[Edition]:
    with world.database.reading() as session:
        return read_editions(session, world.bodies["taran"].id, 2026, day)


def numbers(world: World, day: date) -> Mapping[str, int | None]:
    return editions(world, day)[0].found.numbers


def tell(world: World, day: date) -> int:
    return tell_returns(world.database, world.settings, at(day))


def test_the_outcome_that_stands_is_counted_once_and_each_outcome_keeps_its_own_day(world: World) -> None:
    body_id = world.bodies["taran"].id
    with world.database.writing() as session:
        for _ in range(7):
            decided(world, session)
        reopened = [decided(world, session, Outcome.NOT_UPHELD) for _ in range(5)]
        assert count_year(session, body_id, 2026).numbers[Outcome.NOT_UPHELD] == 5
        for case in reopened:
            again(world, session, case, date(2027, 3, 31))
            assert case.is_open
            by, desk = world[handler_of(session, case) or ""], world.on(date(2027, 4, 2))
            deciding.decide(session, by, case, Outcome.UPHELD, Theme.ACCESS, Words("r"), sent(), desk=desk)
        found = count_year(session, body_id, 2026).numbers
        assert (found[Column.ANSWERED], found[Outcome.UPHELD], found[Outcome.NOT_UPHELD]) == (12, 12, 0)
        assert (found[Theme.PURPOSE], found[Theme.ACCESS], found[Column.REOPENED]) == (7, 5, 5)
        assert count_year(session, body_id, 2027).numbers[Column.ANSWERED] == 0
        rows = session.scalars(select(ComplaintReopening)).all()
        assert {(one.reopened_on, one.finished_on, one.outcome) for one in rows} == {
            (date(2027, 3, 31), date(2027, 4, 2), "upheld")
        }


def test_who_takes_back_what_they_wanted_looked_at_again_leaves_the_outcome_as_it_stood(world: World) -> None:
    with world.database.writing() as session:
        case = decided(world, session)
        again(world, session, case, date(2027, 3, 31))
        ending.withdraw(session, world["sian"], case, desk=world.on(date(2027, 4, 1)))
    assert close_complaints(world.database, world.settings, at(date(2027, 5, 1))) == 1
    with world.database.reading() as session:
        row = session.scalars(select(ComplaintReopening)).one()
        assert row.outcome is None
    with world.database.writing() as session:
        for _ in range(5):
            decided(world, session)
        found = count_year(session, world.bodies["taran"].id, 2026).numbers
        assert (found[Outcome.UPHELD], found[Column.WITHDRAWN], found[Column.RECEIVED]) == (6, 0, 6)


def test_a_complaint_written_down_later_corrects_what_was_told_and_changes_none_of_it(world: World) -> None:
    with world.database.writing() as session:
        for _ in range(6):
            decided(world, session)
    assert tell(world, date(2027, 4, 8)) == 0  # not told for good yet
    assert tell(world, TOLD) == 1
    assert tell(world, TOLD) == tell(world, LATER) == 0
    with world.database.writing() as session:
        letter = {"channel": "letter", "received_on": SPRING, "late_reason": Words("Aeth ar goll")}
        world.complain(session, world["bethan"], world.on(LATER), **letter)
    assert numbers(world, LATER)[Column.RECEIVED] == 6  # what was told stands until it is corrected in the open
    assert tell(world, date(2027, 4, 11)) == 1
    newest, first = editions(world, date(2027, 4, 11))
    assert (newest.told_on, newest.found.numbers[Column.RECEIVED]) == (date(2027, 4, 11), 7)
    assert (first.told_on, first.found.numbers[Column.RECEIVED], first.changed) == (TOLD, 6, ())
    assert [one.msgid for one in newest.changed] == ["Received"]
    with world.database.reading() as session:
        told = select(AuditEvent.event).where(AuditEvent.event.startswith("complaint.return"))
        assert sorted(session.scalars(told)) == ["complaint.return_corrected", "complaint.return_told"]


def test_a_number_that_was_withheld_stays_withheld_in_a_correction(world: World) -> None:
    with world.database.writing() as session:
        for _ in range(9):
            decided(world, session)
        cases = [decided(world, session, Outcome.NOT_UPHELD) for _ in range(4)]
        reopened = decided(world, session)
    assert tell(world, TOLD) == 1
    assert numbers(world, TOLD)[Outcome.NOT_UPHELD] is None
    with world.database.writing() as session:
        case = session.get_one(Case, reopened.id)
        again(world, session, case, LATER)
        by, desk = world[handler_of(session, case) or ""], world.on(LATER)
        deciding.decide(session, by, case, Outcome.NOT_UPHELD, Theme.PURPOSE, Words("r"), sent(), desk=desk)
    tell(world, date(2027, 4, 11))
    newest = editions(world, date(2027, 4, 11))[0]
    assert len(cases) == 4 and newest.found.numbers[Outcome.NOT_UPHELD] is None  # five now: it was four
    assert OUTCOMES[Outcome.NOT_UPHELD] not in newest.changed


def test_the_page_and_the_file_say_as_told_on_which_day_and_what_was_corrected(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        told = {"received": 6, "answered": 6}
        for number, day in ((1, TOLD), (2, date(2027, 4, 11))):
            session.add(
                ComplaintReturn(
                    id=ids.new_id(), body_id=world.bodies["taran"].id, year=2026, number=number, told_on=day,
                    checked_on=day, told={**told, "received": 5 + number}, days=2,
                )
            )  # fmt: skip
        decided(world, session)
    world.set_time(datetime(2027, 4, 12, 9, tzinfo=UTC))
    sign_in(visitor, "rhodri")
    page = visitor.get("/en/my/desk/complaints/return").text
    for said in (
        "As told on 9 April 2027",
        "As told on 11 April 2027",
        "Corrected on 11 April 2027",
        "<li>Received</li>",
    ):
        assert said in page, said
    file = visitor.get("/cy/my/desk/complaints/return.csv?year=2026").content.decode("utf-8-sig").splitlines()
    assert file[0].endswith(",2027-04-11,2027-04-09") and file[1] == "Wedi dod i law,7,6"
