"""A body whose both sides read its report, and facts of its quarters as rooms leave them behind."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.cases.periods import Quarter
from portal.complaints.models import ComplaintFigure
from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import Theme
from portal.core.db import Database
from portal.core.ids import new_id
from portal.decision_review.learning.models import ReviewFigure
from portal.decision_review.rules import Outcome
from portal.home.figures import freeze_reports
from portal.register.models import System
from portal.register.rules import SystemState
from portal.settings.models import Settings
from portal.statistics.queries import find_report
from portal.statistics.rules import Kind, Report
from portal.subject_access.after.models import AccessFigure
from tests.concerns.casework.seated import Seated, seat
from tests.prepared import Prepared

SPRING, SUMMER, AUTUMN = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)
"""April to June, July to September, October to December 2026."""
MAY, AUGUST, OCTOBER = date(2026, 5, 11), date(2026, 8, 12), date(2026, 10, 13)


def after(quarter: Quarter, days: int = 15) -> datetime:
    """Noon of so many days after its last one."""
    day = quarter.last + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@dataclass
class Joint:
    """Who reads the report, and what is counted in it."""

    seated: Seated

    @property
    def database(self) -> Database:
        return self.seated.database

    @property
    def settings(self) -> Settings:
        return self.seated.settings

    @property
    def body_id(self) -> str:
        return self.seated.homes["body"]

    def freeze(self, quarter: Quarter, days: int = 15) -> int:
        return freeze_reports(self.database, self.settings, after(quarter, days))

    def report(self, quarter: Quarter, as_at: date | None = None) -> Report:
        with self.database.reading() as session:
            found = find_report(session, self.body_id, quarter, as_at=as_at)
        assert found is not None
        return found

    def told(self, quarter: Quarter, kind: Kind) -> dict[str, int | None]:
        return {key: number for (part, key), number in self.report(quarter).told.items() if part is kind}

    def requests(self, on: date, number: int, outcome: str = "data", *, late: int = 0) -> None:
        """Requests that came and were answered on a day."""
        with self.database.writing() as session:
            session.add_all(
                AccessFigure(
                    id=new_id(), body_id=self.body_id, received_on=on, finished_on=on, outcome=outcome,
                    in_time=at >= late, extended=False, days=20, paused_days=0, minutes=60,
                )
                for at in range(number)
            )  # fmt: skip

    def complaints(self, on: date, number: int) -> None:
        with self.database.writing() as session:
            session.add_all(
                ComplaintFigure(
                    id=new_id(), body_id=self.body_id, received_on=on, finished_on=on, outcome="upheld",
                    theme="purpose", acknowledged_in_time=True, days=9,
                )
                for _ in range(number)
            )  # fmt: skip

    def reviews(self, on: date, code: str, *, changed: int, upheld: int, days: int = 8) -> None:
        """Reviews of a system that ended on a day, decided by several people."""
        outcomes = [Outcome.OVERTURNED] * changed + [Outcome.UPHELD] * upheld
        with self.database.writing() as session:
            system = System(
                id=new_id(), body_id=self.body_id, slug=code.lower(), short_code=code, state=SystemState.LIVE,
                created_at=after(SPRING), state_since=on,
            )  # fmt: skip
            session.add(system)
            session.flush()
            session.add_all(
                ReviewFigure(
                    id=new_id(), body_id=self.body_id, system_id=system.id, decision_point="rank", received_on=on,
                    finished_on=on, working_days=days, in_time=True, outcome=one, nobody_alone=True,
                    nobody_alone_at_point=True,
                )
                for one in outcomes
            )  # fmt: skip

    def concerns(self, on: date, number: int, theme: Theme | None, *holders: str) -> list[bytes]:
        """Threads that these hold, told of on a day."""
        cases = [self.seated.came(*(holders or ("head", "rep"))) for _ in range(number)]
        with self.database.writing() as session:
            session.add_all(
                ToldThread(case_id=one, body_id=self.body_id, told_on=on, theme=theme, state_since=on) for one in cases
            )
        return cases


@pytest.fixture(scope="session")
def seats(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared[Seated]:
    return Prepared(tmp_path_factory.mktemp("readers"), empty_file, seat)


@pytest.fixture
def joint(database: Database, settings: Settings, seats: Prepared[Seated]) -> Joint:
    return Joint(replace(seats.copy_to(settings), database=database, settings=settings))


@pytest.fixture(scope="session")
def told_quarters(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared[Seated]:
    return Prepared(tmp_path_factory.mktemp("report"), empty_file, fill)


@pytest.fixture
def quarter(database: Database, settings: Settings, told_quarters: Prepared[Seated]) -> Joint:
    """The quarter of the story and the one before it, told."""
    return Joint(replace(told_quarters.copy_to(settings), database=database, settings=settings))


def fill(database: Database, settings: Settings) -> Seated:
    joint = Joint(seat(database, settings))
    joint.requests(MAY, 1200)
    joint.freeze(SPRING)
    joint.reviews(AUGUST, "K7RT3M", changed=10, upheld=14)
    joint.reviews(AUGUST, "M4PQ9X", changed=7, upheld=10)
    joint.requests(AUGUST, 1000, late=70)
    joint.complaints(AUGUST, 13)
    joint.concerns(AUGUST, 9, Theme.PACE)
    joint.concerns(AUGUST, 3, Theme.JOBS)
    joint.freeze(SUMMER)
    return joint.seated
