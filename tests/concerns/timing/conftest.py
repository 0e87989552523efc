"""A body with a manager, a deputy and an officer outside the line, a branch with a representative; all with keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.concerns.models import RecipientKey
from portal.concerns.timing import duties
from portal.concerns.timing.models import ConcernClock
from portal.core.db import Database
from portal.core.ids import new_id, random_bytes
from portal.directory.models import Absence, BranchRecognition, RoleHolding
from portal.directory.rules import RoleName
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import FIRST
from portal.mailbox.service import IncomingCase, IncomingItem
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_letter
from portal.settings.models import Settings
from tests.people import add_body, add_branch, add_member

CAME = date(2026, 11, 23)
ROLES = {
    "head": (RoleName.RESPONSIBLE_MANAGER, False),
    "deputy": (RoleName.RESPONSIBLE_MANAGER, True),
    "outside": (RoleName.INDEPENDENT_OFFICER, False),
    "rep": (RoleName.UNION_REPRESENTATIVE, False),
}
MORNING = 10


@dataclass
class Desk:
    """A body’s readers, threads that came, and the letters that went."""

    database: Database
    settings: Settings
    body_id: str = ""
    branch_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)

    def came(self, *holders: str, on: date = CAME, is_notes: bool = False) -> bytes:
        """A thread that these people hold."""
        grants = {self.keys[one]: b"grant" for one in holders}
        item = IncomingItem(random_bytes(16), FIRST, random_bytes(300))
        case = IncomingCase(random_bytes(16), self.body_id, random_bytes(32), "age1pq1…", grants, item, is_notes)
        with self.database.writing() as session:
            mailbox.store_case(session, case, today=on)
        return case.case_id

    def on(self, day: date, hour: int = MORNING) -> list[str]:
        """A sweep’s duties on that day; who got a letter, and of which kind."""
        now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        before = self._letters()
        duties.begin_clocks_of_concerns(self.database, self.settings, now)
        duties.tell_of_news(self.database, self.settings, now)
        duties.climb_for_the_silent(self.database, self.settings, now)
        return sorted(said for letter, said in self._letters().items() if letter not in before)

    def _letters(self) -> dict[str, str]:
        with self.database.reading() as session:
            return {row.id: self._said(row) for row in session.scalars(select(OutboxLetter))}

    def _said(self, row: OutboxLetter) -> str:
        who = open_letter(row, self.settings.vault).email.partition("@")[0]
        return f"{row.template.removeprefix('concern_')} {who}"

    def clock(self, case_id: bytes) -> ConcernClock | None:
        with self.database.reading() as session:
            found = session.get(ConcernClock, case_id)
            if found is not None:
                session.expunge(found)
            return found

    def away(self, who: str, until: date) -> None:
        with self.database.writing() as session:
            session.add(Absence(id=new_id(), person_id=self.people[who], from_on=CAME, until_on=until))

    def leaves(self, who: str, on: date) -> None:
        with self.database.writing() as session:
            for held in session.scalars(select(RoleHolding).where(RoleHolding.person_id == self.people[who])):
                held.ended_on = on

    def named_on_call(self, who: str) -> None:
        with self.database.writing() as session:
            held = RoleHolding(
                id=new_id(), person_id=self.people[who], role=RoleName.ON_CALL, body_id=self.body_id, started_on=CAME
            )  # fmt: skip
            session.add(held)

    def forget(self, case_id: bytes) -> None:
        with self.database.writing() as session:
            mailbox.forget(session, case_id)

    def case(self, case_id: bytes) -> SealedCase:
        with self.database.reading() as session:
            return session.get_one(SealedCase, case_id)


@pytest.fixture
def desk(database: Database, settings: Settings) -> Iterator[Desk]:
    made = Desk(database, settings)
    long_ago = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with database.writing() as session:
        body, branch = add_body(session), add_branch(session)
        session.add(BranchRecognition(body_id=body.id, branch_id=branch.id))
        made.body_id, made.branch_id = body.id, branch.id
        for name, (role, is_deputy) in ROLES.items():
            of_union = role is RoleName.UNION_REPRESENTATIVE
            where = {"branch": branch} if of_union else {"body": body}
            member = add_member(session, settings, long_ago, email=f"{name}@x.example", **where)
            held = RoleHolding(
                id=new_id(), person_id=member.person.id, role=role, is_deputy=is_deputy,
                body_id=None if of_union else body.id, branch_id=branch.id if of_union else None,
                started_on=long_ago.date() - timedelta(days=1),
            )  # fmt: skip
            key = RecipientKey(
                id=new_id(), person_id=member.person.id, key_id=random_bytes(32), recipient="age1pq1…",
                sign=random_bytes(32), keyring=b"sealed", made_on=long_ago.date(),
            )  # fmt: skip
            session.add_all([held, key])
            made.people[name], made.keys[name] = member.person.id, key.key_id
    yield made
