"""What happens by itself after the outcome of a concern was told: two questions to the reporter, then closing.

What is written in a thread nobody knows here; who wrote is not known either. A day on which something came and no
reader acted is taken for a day on which the reporter wrote.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.timelimits.promises import CHECK_INS, QUIET_DAYS, check_in_due, check_ins

QUIET = timedelta(days=QUIET_DAYS)
LAST = CHECK_INS[-1]


@dataclass(frozen=True, slots=True)
class Since:
    """What is known of a thread since its outcome: the day of the newest item, and the day of a reader's last act."""

    outcome_on: date
    asked: int
    newest_on: date | None
    acted_on: date

    @property
    def waits_for_us(self) -> bool:
        """Something came that no reader has answered."""
        return self.newest_on is not None and self.newest_on > self.acted_on


@dataclass(frozen=True, slots=True)
class Next:
    """What happens today, and when to look again. ``ask`` is a question by its days; neither means nothing today."""

    again_on: date | None
    ask: int | None = None
    closes: bool = False


def next_of(since: Since, today: date) -> Next:
    """What happens to a thread on a day. It closes when for two weeks after the last question nobody wrote, and never
    while something waits for an answer."""
    due = check_in_due(since.outcome_on, since.asked, today)
    if due is not None:
        later = [on for on in check_ins(since.outcome_on) if on > today]
        return Next(later[0] if later else today + QUIET, ask=due)
    if since.asked < LAST:
        return Next(next(on for on, days in _days(since.outcome_on) if days > since.asked))
    if since.waits_for_us:
        return Next(today + QUIET)
    quiet_from = max(since.newest_on or since.outcome_on, since.outcome_on + timedelta(days=LAST))
    return Next(None, closes=True) if quiet_from + QUIET <= today else Next(quiet_from + QUIET)


def _days(outcome_on: date) -> list[tuple[date, int]]:
    return list(zip(check_ins(outcome_on), CHECK_INS, strict=True))
