"""Reading the forms of the account pages. A password is never shown again, not even in its own form."""

from dataclasses import dataclass

from portal.core.text import Locale, pmsg
from portal.identity.rules import password_fault
from portal.notifications.quiet import Digest, Wish
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems

LANGUAGES = ("cy", "en", "both")
HOURS = {str(hour): hour for hour in range(24)}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody signs in with."""

    email: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"


def read_credentials(fields: FieldBag) -> tuple[Credentials, Problems]:
    problems = Problems()
    email = read_email(fields, problems)
    password = fields.one("password")
    if not password:
        problems["password"] = pmsg("error", "Enter your password")
    return Credentials(email, password), problems


def read_email(fields: FieldBag, problems: Problems) -> str:
    return forms.email(fields, "email", problems, required=pmsg("error", "Enter an email address"))


def read_new_password(fields: FieldBag, problems: Problems, *, email: str) -> str:
    """A password that keeps the rules (identity.rules)."""
    password = fields.one("new_password")
    fault = password_fault(password, email=email) if password else pmsg("error", "Enter a new password")
    if fault is not None:
        problems["new_password"] = fault
    return password


def read_language(fields: FieldBag, problems: Problems) -> Locale | None:
    """The language for messages; None means both."""
    asked = forms.choice(
        fields, "language", problems, allowed=LANGUAGES, required=pmsg("error", "Choose a language for our messages")
    )
    return Locale(asked) if asked in {"cy", "en"} else None


def read_wish(fields: FieldBag, problems: Problems) -> Wish | None:
    """When somebody wants to hear of news; None where the form says it only in part."""
    digest = forms.choice(
        fields, "digest", problems, allowed=tuple(Digest), required=pmsg("error", "Choose how often we write to you")
    )
    weekday = forms.choice(
        fields, "weekday", problems, allowed=tuple("0123456"), required=pmsg("error", "Choose a day of the week")
    )
    begins, ends = _hour(fields, "quiet_from", problems), _hour(fields, "quiet_to", problems)
    if (begins is None) != (ends is None):
        where = "quiet_from" if begins is None else "quiet_to"
        problems.setdefault(where, pmsg("error", "Quiet hours need a beginning and an end, or neither"))
    elif begins is not None and begins == ends:
        problems["quiet_to"] = pmsg("error", "Quiet hours end at another hour than they begin")
    return None if problems else Wish(Digest(digest), int(weekday), begins, ends)


def _hour(fields: FieldBag, name: str, problems: Problems) -> int | None:
    given = fields.one(name)
    if given and given not in HOURS:
        problems[name] = pmsg("error", "Choose an hour from the list")
    return HOURS.get(given)


def as_typed(wish: Wish) -> dict[str, str]:
    """A wish as its form has it."""
    hours = {"quiet_from": wish.quiet_from, "quiet_to": wish.quiet_to}
    typed = {name: "" if hour is None else str(hour) for name, hour in hours.items()}
    return {"digest": wish.digest.value, "weekday": str(wish.weekday), **typed}
