"""The public halves of recipients' keys, and their keyrings as sealed files that the server cannot open."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base

NO_ROWID = {"sqlite_with_rowid": False}


class RecipientKey(Base):
    """One key of one person. A person has at most one live key; an ended one stays, because old grants name it.

    ``confirmed_for`` is the side (a branch, or a body for its own readers) whose people compared it: whoever is given a
    duty on another side is new there, however well they were known before.
    """

    __tablename__ = "recipient_keys"
    __table_args__ = (
        CheckConstraint("length(key_id) = 32", name="key_id_length"),
        Index(
            "uq_recipient_keys_live_person",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("persons.id"), index=True)
    key_id: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    recipient: Mapped[str] = mapped_column(Text)
    sign: Mapped[bytes] = mapped_column(LargeBinary(32))
    keyring: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_for: Mapped[str | None] = mapped_column(String(26))
    made_on: Mapped[date]
    ended_on: Mapped[date | None]

    def is_confirmed_for(self, side: str | None) -> bool:
        """Whether somebody of this side has compared the key."""
        return side is not None and self.confirmed_for == side


class RecipientPasskey(Base):
    """The keyring of a key once more, sealed to a secret that only a passkey of its owner gives out; no secret is here.

    ``credential`` and ``transports`` are the passkey's public handle, ``salt`` is what its device is asked with.
    """

    __tablename__ = "recipient_passkeys"
    __table_args__ = (CheckConstraint("length(salt) = 32", name="salt_length"),)

    id: Mapped[Id]
    owner_id: Mapped[str] = mapped_column(String(26), ForeignKey("recipient_keys.id", ondelete="CASCADE"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    transports: Mapped[str] = mapped_column(String(80))
    keyring: Mapped[bytes] = mapped_column(LargeBinary)
    made_on: Mapped[date]


class ConcernCall(Base):
    """Somebody said that somebody may be hurt: whoever can open this thread is still to be told. Gone once they are.

    No key refers to the thread: it would tie the thread's row to this one's transaction, and keep the sweep from
    writing the store anew.
    """

    __tablename__ = "concern_calls"
    __table_args__ = (NO_ROWID,)

    case_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)


class CallAnswered(Base):
    """How many letters an answered call took: those of one body are bounded by the hour. Gone after the hour."""

    __tablename__ = "calls_answered"
    __table_args__ = (CheckConstraint("letters >= 0", name="letters_counted"),)

    id: Mapped[Id]
    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), index=True)
    answered_at: Mapped[datetime] = mapped_column(UtcInstant)
    letters: Mapped[int]
