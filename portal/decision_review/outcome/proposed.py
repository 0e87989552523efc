"""What somebody who decides wants to be put right, from the moment they write it until it becomes a task or not."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.decision_review.outcome.composing import NewRemedy
from portal.decision_review.outcome.models import ProposedRemedy
from portal.decision_review.outcome.rules import REMEDIES
from portal.directory.queries import get_person


def keep_proposed(
    session: Session,
    case: Case,
    remedies: Iterable[NewRemedy],
    *,
    desk: Desk,
    seat_id: str | None = None,
    draft_id: str | None = None,
) -> None:
    """Keep them, sealed, with a reviewer's seat or a draft of the second stage; with neither, with the draft as it
    stands."""
    for position, one in enumerate(remedies, start=1):
        session.add(
            ProposedRemedy(
                id=one.id,
                case_id=case.id,
                seat_id=seat_id,
                draft_id=draft_id,
                position=position,
                kind=one.kind,
                words=desk.vault.seal(one.words, context=_context(one.id)),
                lang=one.lang.value,
                owner_id=one.owner_id,
                due_on=one.due_on,
                written_at=desk.now,
            )
        )
    session.flush()


def replace_proposed(session: Session, case: Case, remedies: Iterable[NewRemedy], *, desk: Desk) -> None:
    """The decision of the second stage is written anew, and what is put right with it."""
    session.execute(
        delete(ProposedRemedy).where(ProposedRemedy.id.in_([one.id for one in list_proposed(session, case)]))
    )
    keep_proposed(session, case, remedies, desk=desk)


def list_proposed(
    session: Session, case: Case, *, seat_id: str | None = None, draft_id: str | None = None
) -> Sequence[ProposedRemedy]:
    """Those of one seat, or of one draft, in their order; with neither, of the second stage's draft as it stands."""
    found = select(ProposedRemedy).where(
        ProposedRemedy.case_id == case.id,
        ProposedRemedy.seat_id.is_(None) if seat_id is None else ProposedRemedy.seat_id == seat_id,
        ProposedRemedy.draft_id.is_(None) if draft_id is None else ProposedRemedy.draft_id == draft_id,
    )
    return session.scalars(found.order_by(ProposedRemedy.position, ProposedRemedy.id)).all()


def open_proposed(row: ProposedRemedy, vault: Vault) -> NewRemedy:
    """One of them, as it was typed."""
    words = vault.open_words(row.words, context=_context(row.id))
    return NewRemedy(row.id, row.kind, words, Locale(row.lang), row.owner_id, row.due_on)


def view_proposed(
    session: Session, case: Case, vault: Vault, *, seat_id: str | None = None, draft_id: str | None = None
) -> list[dict[str, Any]]:
    """The same, opened for a page."""
    opened = (open_proposed(row, vault) for row in list_proposed(session, case, seat_id=seat_id, draft_id=draft_id))
    return [
        {
            "kind": REMEDIES[one.kind],
            "words": one.words.reveal(),
            "lang": one.lang.value,
            "owner": get_person(session, one.owner_id).display_name,
            "due_on": one.due_on,
        }
        for one in opened
    ]


def once_each(remedies: Iterable[NewRemedy]) -> list[NewRemedy]:
    """The same thing for the same person by the same day, wanted by two, is one."""
    found = {(one.kind, one.owner_id, one.due_on, one.words.reveal()): one for one in remedies}
    return list(found.values())


def _context(own_id: str) -> str:
    return f"review_proposed_remedies.words:{own_id}"
