"""Reading the forms of the account pages. A password is never shown again, not even in its own form."""

from dataclasses import dataclass

from portal.core.text import Locale, pmsg
from portal.identity.rules import password_fault
from portal.web import forms
from portal.web.fields import FieldBag
from portal.web.forms import Problems

LANGUAGES = ("cy", "en", "both")


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
