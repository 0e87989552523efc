"""What the portal itself says on the page of a reporter who came back: its questions after the outcome, and lateness.

Nobody sealed it, and nothing of it is put into a thread. Each answer spends the same number of bytes on it, whether
there is anything to say or not: who watches the wire learns nothing from the size of a page.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.concerns.timing.models import ConcernClock
from portal.timelimits.promises import check_in_shown


@dataclass(frozen=True, slots=True)
class Asks:
    """``days``: which question is shown, by its days after the outcome, or 0. ``is_late``: an answer is overdue."""

    days: int = 0
    is_late: bool = False

    def on_wire(self) -> dict[str, str]:
        """As a delivery carries it: always of the same length."""
        return {"asks": f"{self.days:02}", "late": "1" if self.is_late else "0"}


def find_asks(session: Session, case_id: bytes, *, today: date) -> Asks:
    """What there is to say beside a thread today."""
    clock = session.get(ConcernClock, case_id)
    if clock is None:
        return Asks()
    shown = check_in_shown(clock.outcome_on, today) if clock.outcome_on is not None else 0
    return Asks(shown, clock.due_on is not None and clock.due_on < today)
