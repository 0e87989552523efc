"""Reading the forms of what comes after: what is missing, and why something is kept."""

from datetime import date

from portal.core.text import Words, pmsg
from portal.subject_access.after.rules import LONGEST_HOLD, MISSING_LIMIT, REASON_LIMIT
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day, text

WHAT_IS_MISSING = pmsg("error", "Write what is missing or wrong")
WHY_KEPT = pmsg("error", "Write why nothing may be deleted")
WHEN_AGAIN = pmsg("error", "Enter the day on which somebody looks at it again")
TOO_FAR = pmsg("error", "The day to look at it again must be after today and within a year")


def read_missing(fields: FieldBag, problems: Problems) -> Words:
    return Words(text(fields, "missing", problems, most=MISSING_LIMIT, required=WHAT_IS_MISSING))


def read_hold(fields: FieldBag, problems: Problems, today: date) -> tuple[Words, date]:
    """Why, and when somebody looks at it again."""
    because = Words(text(fields, "because", problems, most=REASON_LIMIT, required=WHY_KEPT))
    review_on = day(fields, "review", problems, required=WHEN_AGAIN)
    if review_on is not None and not today < review_on <= today + LONGEST_HOLD:
        problems["review"] = TOO_FAR
    return because, review_on or today
