"""Letters that could not be sent: who may learn of one, and sending it again.

That somebody was to get a letter can tell that they are in a case. So an administrator hears of letters that come with
a duty or with the account alone; whatever else could not be sent, its addressee hears of themselves when they sign in,
and the operator as a number.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.vault import Vault, VaultError
from portal.directory.models import Person
from portal.notifications.letters import to_person
from portal.notifications.mailers import Failure
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_content, seal_content

MOST_READ = 2000


class Told(StrEnum):
    """Of which letters an administrator hears, in words that tell no case."""

    INVITATION = "invitation"  # they asked for it themselves
    NOTICE = "notice"  # everybody whom a system affects gets it
    DUTY = "duty"  # whoever holds a role gets such letters


NOTICES = frozenset({"system_emergency", "system_starts", "system_suspended"})
OF_DUTIES = frozenset(
    {
        "access_due_soon", "access_handed_over", "access_hold_review", "access_let_in", "access_missed",
        "access_nobody_left", "access_reopened", "access_search_nobody", "access_second", "access_wish",
        "board_name_missing", "complaint_answered", "complaint_board", "complaint_due", "complaint_given",
        "complaint_handed_over", "complaint_missed", "complaint_nobody", "concern_check_in", "concern_late",
        "concern_mention", "concern_urgent", "concern_waiting", "corrections_asked", "draft_handed_over",
        "help_check", "key_made",
        "key_made_own", "review_due_soon", "review_given", "review_handed_over", "review_hold_asked",
        "review_hold_escalated", "review_missed", "review_without_officer", "system_task", "system_union",
        "template_changed", "tool_answer_to_read", "tool_questions_waiting",
    }
)  # fmt: skip
"""Of whoever holds a role. Letters that anybody may get, who asked for something or was asked, are not here."""


def told_of(template: str, *, has_role: bool) -> Told | None:
    """As what an administrator hears of a letter that could not be sent; None: not at all."""
    if template == "account_invitation":
        return Told.INVITATION
    if template in NOTICES:
        return Told.NOTICE
    return Told.DUTY if has_role and template in OF_DUTIES else None


@dataclass(frozen=True, slots=True)
class Unsent:
    """A letter that could not be sent, and why."""

    id: str
    person_id: str | None
    email: str
    template: str
    failure: Failure
    code: int | None
    queued_at: datetime
    given_up_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """How many letters wait, since when the first of them is due, and how many could not be sent."""

    waiting: int
    due_since: datetime | None
    dead: int


def list_dead(session: Session, vault: Vault) -> list[Unsent]:
    """What could not be sent, the latest first, as far as its keys are here."""
    return [one for _row, one in _dead(session, vault)]


def send_again(session: Session, vault: Vault, person: Person, *, now: datetime) -> int:
    """Everything that could not be sent to somebody waits again, for the address that they have now.

    A letter with a link that has ended would help nobody: those with a link are left.
    """
    rows = [row for row, one in _dead(session, vault) if one.person_id == person.id and not _has_link(row.template)]
    for row in rows:
        _to, values = open_content(row, vault)
        row.sealed = seal_content(vault, row.id, to_person(person), values)
        _revive(row, now)
    return len(rows)


def list_dead_rows(session: Session) -> Sequence[OutboxLetter]:
    """Every letter that could not be sent, the latest first: for the operator, who opens none."""
    dead = select(OutboxLetter).where(OutboxLetter.state == "dead")
    return session.scalars(dead.order_by(OutboxLetter.queued_at.desc(), OutboxLetter.id).limit(MOST_READ)).all()


def revive_all(session: Session, *, now: datetime) -> int:
    """Every letter that could not be sent waits again, for the same address."""
    rows = [row for row in list_dead_rows(session) if not _has_link(row.template)]
    for row in rows:
        _revive(row, now)
    return len(rows)


def count_letters(session: Session, *, now: datetime) -> Counted:
    """Where the outbox stands."""
    waiting = select(func.count(), func.min(OutboxLetter.due_at)).where(OutboxLetter.state == "waiting")
    number, first = session.execute(waiting).one()
    dead = session.scalar(select(func.count()).select_from(OutboxLetter).where(OutboxLetter.state == "dead")) or 0
    return Counted(number, first if first is not None and first <= now else None, dead)


def _has_link(template: str) -> bool:
    return template in {"account_invitation", "account_reset"}


def _revive(row: OutboxLetter, now: datetime) -> None:
    row.state, row.tries, row.due_at, row.is_refused = "waiting", 0, now, None


def _dead(session: Session, vault: Vault) -> Iterator[tuple[OutboxLetter, Unsent]]:
    for row in list_dead_rows(session):
        with suppress(VaultError):
            to, _values = open_content(row, vault)
            failure = Failure(row.failure) if row.failure else Failure.BROKEN
            given_up_at = row.failed_at or row.due_at
            yield (
                row,
                Unsent(
                    row.id, to.person_id, to.email, row.template, failure, row.failure_code, row.queued_at, given_up_at
                ),
            )
