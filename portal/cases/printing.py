"""A queue on paper: so many on a page, and the way to the next page."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.asked import Asked
from portal.cases.queries import QueueFilter, QueueRow, count_queue, list_queue
from portal.cases.rules import CaseKind
from portal.core.paging import Cut
from portal.web.dependencies import SignedIn

MOST_PRINTED = 1000


def cut_of(
    visit: SignedIn, session: Session, kind: CaseKind, asked: Asked, filters: QueueFilter, *, desk: str
) -> tuple[Cut[QueueRow], dict[str, Any]]:
    """The rows of one page, and what stands around them."""
    after = visit.request.query_params.get("after")
    cut = list_queue(session, visit.actor, kind, cursor=after, filters=filters, size=MOST_PRINTED)
    return cut, {
        "number": count_queue(session, visit.actor, kind, filters),
        "is_first": after is None,
        "more": f"{desk}/print{asked.address(('after', cut.next_cursor))}" if cut.next_cursor else None,
        "back": f"{desk}{asked.address()}",
    }
