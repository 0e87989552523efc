"""What an access request asks for, who asks, the file that answers it, and holds. People's words are sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, UtcInstant
from portal.core.db import Base
from portal.directory.models import words_of
from portal.subject_access.rules import AnswerFormat, Channel, Given, IdentityCheck, RefusalGround


class SubjectAccessRequest(Base):
    """The request behind a case of kind ``access``.

    ``name``, ``reach`` and ``recognition`` are for people without an account: what they are called, how they are
    reached, how they can be recognised. ``late_reason`` says why a request was written down after it came.
    """

    __tablename__ = "subject_access_requests"
    __table_args__ = (
        CheckConstraint("lang IN ('cy', 'en')", name="lang"),
        CheckConstraint("answer_locale IN ('cy', 'en')", name="answer_locale"),
        CheckConstraint("period_to IS NULL OR period_from IS NULL OR period_to >= period_from", name="period"),
        CheckConstraint(
            "(identity_checked_on IS NULL) = (identity_check IS NULL)", name="identity_checked_how_and_when"
        ),
    )

    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words_of(Channel, "channel"))
    is_everything: Mapped[bool]
    wanted: Mapped[bytes] = mapped_column(LargeBinary)
    lang: Mapped[str] = mapped_column(String(2))
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    answer_locale: Mapped[str] = mapped_column(String(2))
    answer_format: Mapped[AnswerFormat] = mapped_column(words_of(AnswerFormat, "answer_format"))
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    reach: Mapped[bytes | None] = mapped_column(LargeBinary)
    recognition: Mapped[bytes | None] = mapped_column(LargeBinary)
    late_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_check: Mapped[IdentityCheck | None] = mapped_column(words_of(IdentityCheck, "identity_check"))
    identity_checked_on: Mapped[date | None]
    proof_reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    proof_reminded_on: Mapped[date | None]
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(words_of(RefusalGround, "refusal_ground"))


class Disclosure(Base):
    """The answer with the data: a sealed file until ``remove_on``. A reopened case may have one more.

    ``code_hash`` is the hash of the code that somebody without an account collects it with. Of an answer that was
    handed over on paper, ``handed_to`` says to whom, as the slip does, and ``handed`` how.
    """

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint("blob_id IS NULL OR given = 'portal'", name="a_file_is_given_in_the_portal"),
        CheckConstraint("given <> 'portal' OR (file_name IS NOT NULL AND size > 0)", name="a_file_has_a_name"),
        CheckConstraint("code_hash IS NULL OR length(code_hash) = 32", name="code_hash_length"),
        CheckConstraint("wrong_codes >= 0", name="wrong_codes"),
    )

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    given: Mapped[Given] = mapped_column(words_of(Given, "given"))
    blob_id: Mapped[str | None] = mapped_column(String(26))
    file_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    released_at: Mapped[datetime] = mapped_column(UtcInstant)
    remove_on: Mapped[date] = mapped_column(index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    collected_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")
    handed: Mapped[str | None] = mapped_column(String(20))
    handed_on: Mapped[date | None]
    handed_to: Mapped[bytes | None] = mapped_column(LargeBinary)


class AccessTerms(Base):
    """Within how many days a body means to answer, and for how many it keeps a released file, where it chose."""

    __tablename__ = "access_terms"
    __table_args__ = (
        CheckConstraint("target_days BETWEEN 14 AND 28", name="target_days"),
        CheckConstraint("files_days BETWEEN 30 AND 90", name="files_days"),
    )

    body_id: Mapped[str] = mapped_column(String(26), ForeignKey("bodies.id"), primary_key=True)
    target_days: Mapped[int]
    files_days: Mapped[int]


class LegalHold(Base):
    """While it stands, nothing of a case is deleted (tribunal, inquiry, audit, section 173).

    ``lift_by`` is the first of the two officers who lift a hold that somebody else set.
    """

    __tablename__ = "access_legal_holds"

    id: Mapped[Id]
    case_id: Mapped[str] = mapped_column(String(26), ForeignKey("cases.id"), index=True)
    because: Mapped[bytes] = mapped_column(LargeBinary)
    set_by: Mapped[str] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    set_at: Mapped[datetime] = mapped_column(UtcInstant)
    review_on: Mapped[date]
    review_told: Mapped[int] = mapped_column(default=0, server_default="0")
    lifted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lifted_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    lift_by: Mapped[str | None] = mapped_column(String(26), ForeignKey("accounts.id"), index=True)
    lift_at: Mapped[datetime | None] = mapped_column(UtcInstant)
