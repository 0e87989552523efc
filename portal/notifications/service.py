"""Writing letters into the outbox, and sending what waits there."""

import json
import logging
import smtplib
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
from portal.notifications.mailers import Mailer
from portal.notifications.models import OutboxLetter

MOST_TRIES = 8
LEASE = timedelta(minutes=5)
SENT_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=90)
CANNOT_BE_SENT = (OSError, smtplib.SMTPException, VaultError, LookupError, ValueError)
"""The mail server's refusal, a key that is gone, a template that asks for another value, an address no header takes."""

LOG = logging.getLogger("porth")


def queue(
    session: Session, *, vault: Vault, to: Addressee, template: str, values: Mapping[str, str], now: datetime
) -> OutboxLetter:
    """Put a letter into the outbox in the caller's transaction: it is sent if, and only if, that commits."""
    for locale in Locale:
        read_template(template, locale)
    letter_id = ids.new_id()
    content = json.dumps({"email": to.email, "values": dict(values)}).encode()
    letter = OutboxLetter(
        id=letter_id,
        template=template,
        locale=to.locale.value if to.locale else None,
        sealed=vault.seal(content, context=f"outbox_letters.sealed:{letter_id}"),
        state="waiting",
        tries=0,
        queued_at=now,
        due_at=now,
    )
    session.add(letter)
    return letter


def send_waiting(database: Database, vault: Vault, mailer: Mailer, *, now: datetime, most: int = 200) -> int:
    """Send what is due, one at a time. A letter is claimed before it is sent, so two processes never both send it."""
    sent = 0
    for _ in range(most):
        claimed = _claim(database, now)
        if claimed is None:
            break
        try:
            mailer.send(_open(claimed, vault))
        except CANNOT_BE_SENT as failure:
            LOG.error("letter %s was not sent: %s", claimed.id, type(failure).__name__)
            _failed(database, claimed.id, is_refused=was_refused(failure))
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


def _open(row: OutboxLetter, vault: Vault) -> Letter:
    content = json.loads(vault.open_bytes(row.sealed or b"", context=f"outbox_letters.sealed:{row.id}"))
    to = Addressee(content["email"], Locale(row.locale) if row.locale else None)
    return write_letter(to, row.template, content["values"])


def _done(database: Database, letter_id: str, now: datetime) -> None:
    with database.writing() as session:
        row = session.get_one(OutboxLetter, letter_id)
        row.state, row.sent_at, row.sealed = "sent", now, None


def _failed(database: Database, letter_id: str, *, is_refused: bool) -> None:
    with database.writing() as session:
        row = session.get_one(OutboxLetter, letter_id)
        row.is_refused = is_refused
        if row.tries >= MOST_TRIES:
            row.state = "dead"


def was_refused(failure: Exception) -> bool:
    """Whether the mail server refused the address for good (a reply of 5xx, RFC 5321). It is tried again all the
    same: a relay that is set up wrongly answers so too."""
    if not isinstance(failure, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _said in failure.recipients.values())


def list_refused(session: Session, vault: Vault) -> frozenset[str]:
    """The addresses, in small letters, that refused a letter for good lately; one whose key is gone is left out."""
    asked = select(OutboxLetter).where(OutboxLetter.state == "dead", OutboxLetter.is_refused.is_(True))
    found = set()
    for row in session.scalars(asked):
        with suppress(VaultError):
            content = json.loads(vault.open_bytes(row.sealed or b"", context=f"outbox_letters.sealed:{row.id}"))
            found.add(str(content["email"]).casefold())
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
