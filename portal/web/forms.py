"""Reading what a person typed: each reader gives a value, or notes a problem in the order of the form's fields."""

import re
from collections.abc import Collection
from datetime import date

from portal.core.text import Message, msg, pmsg
from portal.web.fields import FieldBag

FORM_ID_LENGTH = 26
MOST_ADDRESS = 254
ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]\\"]+@[^\s@,;:<>()\[\]\\".]+(\.[^\s@,;:<>()\[\]\\".]+)+""")
"""One address, and nothing that a mail header would read as a list, a name or a comment."""


class Problems(dict[str, Message]):
    """Field name to the message that says what to do. The key ``page`` is a problem of no one field."""


def text(fields: FieldBag, name: str, problems: Problems, *, most: int, required: Message | None = None) -> str:
    """A text of at most ``most`` characters; empty is a problem only when ``required`` says what to do."""
    value = fields.one(name)
    if not value and required is not None:
        problems[name] = required
    elif len(value) > most:
        problems[name] = too_long(most)
    return value


def too_long(most: int) -> Message:
    """The common message of a text over its limit."""
    return pmsg("error", "This is too long. The limit is {max} characters", max=most)


def choice(
    fields: FieldBag, name: str, problems: Problems, *, allowed: Collection[str], required: Message | None = None
) -> str:
    """One of the offered values, or nothing; a value that was not offered is like none."""
    value = fields.one(name)
    if value not in allowed:
        value = ""
    if not value and required is not None:
        problems[name] = required
    return value


def day(
    fields: FieldBag,
    name: str,
    problems: Problems,
    *,
    required: Message | None = None,
    not_after: date | None = None,
    not_before: date | None = None,
) -> date | None:
    """A date of three boxes (name-day, name-month, name-year). 31 February, the future and the far past say so."""
    parts = [fields.one(f"{name}-{part}") for part in ("day", "month", "year")]
    if not any(parts):
        if required is not None:
            problems[name] = required
        return None
    found = _real_date(parts)
    if found is None:
        problems[name] = pmsg("error", "Enter a real date, for example 27 3 2026")
    elif not_after is not None and found > not_after:
        problems[name] = pmsg("error", "The date must be today or in the past")
    elif not_before is not None and found < not_before:
        problems[name] = pmsg("error", "The date must be on or after {date}", date=not_before)
    return None if name in problems else found


def _real_date(parts: list[str]) -> date | None:
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts) or len(parts[2]) != 4:
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def email(fields: FieldBag, name: str, problems: Problems, *, required: Message | None = None) -> str:
    """An e-mail address, in lower case."""
    value = fields.one(name).lower()
    if not value:
        if required is not None:
            problems[name] = required
        return ""
    if len(value) > MOST_ADDRESS or ADDRESS.fullmatch(value) is None:
        problems[name] = pmsg("error", "Enter an email address in the correct format, like name@example.com")
    return value


def form_id(fields: FieldBag) -> str:
    """The id given out with the page; it becomes the key of what is made, so a second POST makes nothing."""
    value = fields.one("form_id")
    is_ours = len(value) == FORM_ID_LENGTH and value.isascii() and value.isalnum() and value == value.lower()
    return value if is_ours else ""


STALE_FORM = msg("This form was opened in a way that we cannot continue. Check your answers and send it again.")
