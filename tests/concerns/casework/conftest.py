"""A desk whose threads are told of: readers of both sides, and the verbs as they press them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.cases.turn import Desk as Moment
from portal.concerns.casework import duties, service
from portal.concerns.casework.models import ToldSide, ToldThread
from portal.concerns.casework.rows import Change
from portal.concerns.casework.rules import Side
from portal.concerns.casework.service import Telling
from portal.concerns.models import RecipientKey
from portal.concerns.timing.models import ConcernClock
from portal.core.ids import new_id, random_bytes
from portal.directory.models import BranchRecognition, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.mailbox.models import SealedCase, SealedGrant
from portal.timelimits.calendar import WorkingDays
from tests.concerns.timing.conftest import CAME, Desk, desk
from tests.people import add_branch, add_member

__all__ = ["desk"]

NOON = datetime(CAME.year, CAME.month, CAME.day, 12, tzinfo=UTC)


@dataclass
class Told:
    """The same desk, with what its readers press. ``at`` is the instant of it all, and can be moved."""

    desk: Desk
    at: datetime = NOON

    @property
    def moment(self) -> Moment:
        return Moment(WorkingDays(), self.desk.settings.vault, self.at)

    @property
    def today(self) -> date:
        return self.moment.today

    def actor(self, who: str) -> Actor:
        with self.desk.database.reading() as session:
            return get_actor_of(session, self.desk.people[who], today=self.today)

    def came(self, *holders: str, on: date = CAME) -> bytes:
        return self.desk.came(*holders, on=on)

    def take(self, who: str, case_id: bytes, **told: Any) -> Change:
        made: Change = self.press(who, service.take, case_id, Telling(**told))
        return made

    def step(self, who: str, case_id: bytes, *names: str, **how: Any) -> Change:
        change: Change = [self.press(who, service.step, case_id, name, **how) for name in names][-1]
        return change

    def press(self, who: str, verb: Any, *about: Any, **how: Any) -> Any:
        actor = self.actor(who)
        with self.desk.database.writing() as session:
            return verb(session, actor, *about, desk=self.moment, **how)

    def look(self, who: str, question: Any, *about: Any, **how: Any) -> Any:
        actor = self.actor(who)
        with self.desk.database.reading() as session:
            found = question(session, actor, *about, **how)
            session.expunge_all()
            return found

    def clock(self, case_id: bytes) -> ConcernClock:
        found = self.desk.clock(case_id)
        assert found is not None
        return found

    def thread(self, case_id: bytes) -> ToldThread:
        with self.desk.database.reading() as session:
            found = session.get_one(ToldThread, case_id)
            session.expunge(found)
            return found

    def side(self, case_id: bytes, side: Side) -> ToldSide:
        with self.desk.database.reading() as session:
            found = session.get_one(ToldSide, (case_id, side))
            session.expunge(found)
            return found

    def sweep(self) -> int:
        return duties.keep_desks(self.desk.database, self.desk.settings, self.at)

    def later(self, **by: int) -> None:
        self.at += timedelta(**by)

    def begins_anew(self, case_id: bytes, *stay: str) -> None:
        """A new epoch of a thread, granted to these."""
        with self.desk.database.writing() as session:
            case = session.get_one(SealedCase, case_id)
            case.epoch += 1
            keys = [self.desk.keys[one] for one in stay]
            session.add_all(SealedGrant(case_id=case_id, epoch=case.epoch, key_id=key, file=b"grant") for key in keys)

    def another_branch(self, who: str) -> None:
        """A representative of another branch that the body recognises, with a key."""
        with self.desk.database.writing() as session:
            branch = add_branch(session, slug=f"branch-of-{who}")
            session.add(BranchRecognition(body_id=self.desk.body_id, branch_id=branch.id))
            member = add_member(session, self.desk.settings, NOON, email=f"{who}@x.example", branch=branch)
            held = RoleHolding(
                id=new_id(), person_id=member.person.id, role=RoleName.UNION_REPRESENTATIVE, branch_id=branch.id,
                started_on=CAME - timedelta(days=9), is_deputy=False,
            )  # fmt: skip
            key = RecipientKey(
                id=new_id(), person_id=member.person.id, key_id=random_bytes(32), recipient="age1pq1…",
                sign=random_bytes(32), keyring=b"sealed", made_on=CAME,
            )  # fmt: skip
            session.add_all([held, key])
            self.desk.people[who], self.desk.keys[who] = member.person.id, key.key_id

    def reads_too(self, who: str, role: RoleName) -> None:
        with self.desk.database.writing() as session:
            held = RoleHolding(
                id=new_id(), person_id=self.desk.people[who], role=role, body_id=self.desk.body_id,
                started_on=CAME - timedelta(days=9), is_deputy=False,
            )  # fmt: skip
            session.add(held)


@pytest.fixture
def told(desk: Desk) -> Told:
    return Told(desk)
