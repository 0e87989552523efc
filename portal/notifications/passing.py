"""Which letters wait for nobody's digest, and which not even for the end of quiet hours; and why.

Everything that is named here tells of something that is worse when it is read later. A letter that is not named is
news: it waits for as long as whoever gets it wishes.
"""

from collections.abc import Mapping
from enum import StrEnum


class Pace(StrEnum):
    """How long a letter may wait."""

    NEWS = "news"  # for the digest, if somebody wishes one
    WORK = "work"  # a day runs while it waits, or it has a rhythm of its own: in no digest, but nobody is woken
    LAW = "law"  # a day of the law comes near or was missed, or the law says that somebody must be told
    URGENT = "urgent"  # somebody may be hurt, or somebody else may be in one's account


ASSIGNED: Mapping[Pace, frozenset[str]] = {
    Pace.URGENT: frozenset(
        {
            "concern_urgent",  # its writer says that somebody may be hurt now
            "account_invitation",  # one waits for it at the screen, and its link ends
            "account_reset",
            "account_password_changed",  # if it was not oneself, each hour counts
            "key_made",  # a key that nobody knows of could open what is sealed from now on
            "key_made_own",
            "system_emergency",  # it is used from today
            "system_suspended",
        }
    ),
    Pace.LAW: frozenset(
        {
            "access_due_soon",  # UK GDPR article 12(3)
            "access_late",
            "access_missed",
            "access_nobody_left",
            "answer_lapsed",
            "answer_ready",
            "answer_waits",
            "complaint_acknowledged",  # Data Protection Act 2018, section 164A
            "complaint_board",
            "complaint_due",
            "complaint_late",
            "complaint_missed",
            "complaint_nobody",
            "review_due_soon",  # UK GDPR articles 22C and 12(3)
            "review_happened",
            "review_late",
            "review_missed",
            "review_without_officer",
            "system_starts",  # whoever it affects is told before its first day
        }
    ),
    Pace.WORK: frozenset(
        {
            "access_reopened",
            "access_search_nobody",
            "access_second",
            "board_name_missing",
            "complaint_given",
            "complaint_task",
            "complaint_task_late",
            "concern_late",  # no law sets its day, but the ladder of silence must be heard
            "review_given",
            "review_hold_asked",
            "review_hold_escalated",
            "review_question",
            "review_question_late",
            "review_records_asked",
            "review_records_late",
            "review_remedy",
            "review_seat_open",
            "review_task",
            "search_reminder",
            "search_task",
            "system_changed",  # letters about systems have a rhythm of their own, at the page of what one follows
            "system_state",
            "systems_changed_week",
        }
    ),
}
_PACES = {template: pace for pace, templates in ASSIGNED.items() for template in templates}


def pace_of(template: str) -> Pace:
    """How long a letter of this template may wait."""
    return _PACES.get(template, Pace.NEWS)
