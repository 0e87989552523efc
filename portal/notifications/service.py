"""Writing letters into the outbox, and sending what waits there."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal.core import ids
from portal.core.db import Database
from portal.core.text import Locale
from portal.core.vault import Vault, VaultError
from portal.notifications.letters import Addressee, Letter, read_template, write_letter
from portal.notifications.mailers import CANNOT_BE_SENT, Failure, Mailer, Reason, reason_of
from portal.notifications.models import LetterNews, LetterWish, OutboxLetter
from portal.notifications.passing import Pace, pace_of
from portal.notifications.quiet import AS_IT_COMES, Digest, Wish, leaves_at

MOST_TRIES = 8
LEASE = timedelta(minutes=5)
SENT_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=90)

WISHED = frozenset({Pace.NEWS, Pace.WORK})
"""Of letters of other paces nobody's wishes are asked."""

LOG = logging.getLogger("porth")


def queue(
    session: Session, *, vault: Vault, to: Addressee, template: str, values: Mapping[str, str], now: datetime
) -> OutboxLetter | None:
    """Put a letter into the outbox in the caller's transaction: it is sent if, and only if, that commits.

    Whoever wants to hear of news in a digest gets no letter of their own for it, only the next digest (None).
    """
    for locale in Locale:
        read_template(template, locale)
    pace = pace_of(template)
    wish = find_wish(session, to.person_id) if pace in WISHED and to.person_id is not None else AS_IT_COMES
    if pace is Pace.NEWS and wish.digest is not Digest.AT_ONCE:
        session.add(LetterNews(id=ids.new_id(), person_id=to.person_id, at=now))
        return None
    return put(
        session, vault=vault, to=to, template=template, values=values, now=now, due_at=leaves_at(now, pace, wish)
    )


def put(
    session: Session,
    *,
    vault: Vault,
    to: Addressee,
    template: str,
    values: Mapping[str, str],
    now: datetime,
    due_at: datetime,
) -> OutboxLetter:
    """A letter that leaves from an instant on."""
    letter_id = ids.new_id()
    letter = OutboxLetter(
        id=letter_id,
        template=template,
        locale=to.locale.value if to.locale else None,
        sealed=seal_content(vault, letter_id, to, values),
        state="waiting",
        tries=0,
        queued_at=now,
        due_at=due_at,
    )
    session.add(letter)
    return letter


def find_wish(session: Session, person_id: str) -> Wish:
    """When somebody wants to hear of news."""
    row = session.get(LetterWish, person_id)
    return Wish(Digest(row.digest), row.weekday, row.quiet_from, row.quiet_to) if row is not None else AS_IT_COMES


def send_waiting(database: Database, vault: Vault, mailer: Mailer, *, now: datetime, most: int = 200) -> int:
    """Send what is due, one at a time. A letter is claimed before it is sent, so two processes never both send it.

    Where there is no server to speak to, the rest waits too, and it is no letter's failed try: none is given up
    because a mail server was away for days.
    """
    sent = 0
    for _ in range(most):
        claimed = _claim(database, now)
        if claimed is None:
            break
        try:
            mailer.send(open_letter(claimed, vault))
        except CANNOT_BE_SENT as failure:
            reason = reason_of(failure)
            LOG.error("letter %s was not sent: %s %s", claimed.id, reason.failure.value, reason.code or "")
            _failed(database, claimed.id, reason, now)
            if reason.failure is Failure.AWAY:
                break
        else:
            _done(database, claimed.id, now)
            sent += 1
    return sent


def _claim(database: Database, now: datetime) -> OutboxLetter | None:
    """The next letter that is due, taken by this process: its next try lies behind the lease, whatever happens now."""
    with database.writing() as session:
        row = session.scalars(
            select(OutboxLetter)
            .where(OutboxLetter.state == "waiting", OutboxLetter.due_at <= now)
            .order_by(OutboxLetter.due_at, OutboxLetter.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is not None:
            row.tries += 1
            row.due_at = now + LEASE * 2 ** min(row.tries, 8)
        return row


def seal_content(vault: Vault, letter_id: str, to: Addressee, values: Mapping[str, str]) -> bytes:
    """Address, person and values, for nobody who reads the database."""
    content = {"email": to.email, "person_id": to.person_id, "values": dict(values)}
    return vault.seal(json.dumps(content).encode(), context=_context(letter_id))


def open_content(row: OutboxLetter, vault: Vault) -> tuple[Addressee, dict[str, str]]:
    """To whom a letter goes, and its values. Raises VaultError once it was sent, or if its key is gone."""
    content = json.loads(vault.open_bytes(row.sealed or b"", context=_context(row.id)))
    locale = Locale(row.locale) if row.locale else None
    return Addressee(content["email"], locale, content.get("person_id")), content["values"]


def open_letter(row: OutboxLetter, vault: Vault) -> Letter:
    """A letter of the outbox in words."""
    to, values = open_content(row, vault)
    return write_letter(to, row.template, values, row.id)


def _context(letter_id: str) -> str:
    return f"outbox_letters.sealed:{letter_id}"


def _done(database: Database, letter_id: str, now: datetime) -> None:
    with database.writing() as session:
        row = session.get_one(OutboxLetter, letter_id)
        row.state, row.sent_at, row.sealed = "sent", now, None


def _failed(database: Database, letter_id: str, reason: Reason, now: datetime) -> None:
    """It is tried again. An address that is refused for good is too: a relay that is set up wrongly answers so."""
    with database.writing() as session:
        row = session.get_one(OutboxLetter, letter_id)
        if row.state != "waiting":
            return  # another process, which believed that this one had died, has sent it meanwhile
        row.failure, row.failure_code, row.failed_at = reason.failure.value, reason.code, now
        row.is_refused = reason.failure is Failure.ADDRESS
        if reason.failure is Failure.AWAY:
            row.tries, row.due_at = row.tries - 1, now + LEASE
        elif row.tries >= MOST_TRIES:
            row.state = "dead"


def list_refused(session: Session, vault: Vault) -> frozenset[str]:
    """The addresses, in small letters, that refused a letter for good lately; one whose key is gone is left out."""
    asked = select(OutboxLetter).where(OutboxLetter.state == "dead", OutboxLetter.is_refused.is_(True))
    found = set()
    for row in session.scalars(asked):
        with suppress(VaultError):
            found.add(open_content(row, vault)[0].email.casefold())
    return frozenset(found)


def forget_old(database: Database, *, now: datetime) -> int:
    """Delete letters that were sent a month ago, and those that could not be sent three months ago."""
    with database.writing() as session:
        over = delete(OutboxLetter).where(
            or_(
                (OutboxLetter.state == "sent") & (OutboxLetter.queued_at < now - SENT_KEPT),
                (OutboxLetter.state == "dead") & (OutboxLetter.queued_at < now - DEAD_KEPT),
            )
        )
        return session.connection().execute(over).rowcount
