"""A decision of the second stage that was being written when somebody else came to sit there: kept, and marked."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.text import Locale
from portal.decision_review.outcome.models import StageTwo, StageTwoDraft
from portal.decision_review.outcome.proposed import keep_proposed, list_proposed, open_proposed
from portal.decision_review.outcome.queries import draft_context, open_second


def keep_draft(session: Session, case: Case, row: StageTwo, *, desk: Desk) -> StageTwoDraft | None:
    """Keep what was written so far as it stands now. It stays the draft that is written on, marked as an earlier one;
    the caller takes the signature away of who no longer sits."""
    if row.outcome is None:
        return None
    kept = StageTwoDraft(id=ids.new_id(), case_id=case.id, outcome=row.outcome, kept_at=desk.now)
    for lang in Locale:
        words = open_second(row, f"reasons_{lang.value}", desk.vault)
        name = f"reasons_{lang.value}"
        setattr(kept, name, desk.vault.seal(words, context=draft_context(name, kept.id)) if words else None)
    session.add(kept)
    session.flush()
    wanted = [replace(open_proposed(one, desk.vault), id=ids.new_id()) for one in list_proposed(session, case)]
    keep_proposed(session, case, wanted, desk=desk, draft_id=kept.id)
    row.earlier_at = desk.now
    session.flush()
    return kept
