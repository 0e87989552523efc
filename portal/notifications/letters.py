"""What a letter is before it is put into words: an addressee, a template, plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.core.text import Locale
from portal.directory.models import Person

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "email"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a letter goes. No recorded language means both, Welsh first (welsh/rules.md 0.9).

    ``person_id`` is whose wishes it follows (``quiet``); a letter to an address that is nobody's follows none.
    """

    email: str
    locale: Locale | None
    person_id: str | None = None


def to_person(person: Person) -> Addressee:
    """Where a letter to somebody of the directory goes, and in which language."""
    return Addressee(person.email, Locale(person.locale) if person.locale else None, person.id)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words, ready for a mailer. ``parts`` are (language, text) in reading order.

    ``id`` is the same at every try: mail systems know by it a letter that they have.
    """

    email: str
    subject: str
    parts: tuple[tuple[Locale, str], ...]
    id: str = ""

    @property
    def text(self) -> str:
        return "\n\n----------\n\n".join(text for _locale, text in self.parts)


def write_letter(to: Addressee, template: str, values: Mapping[str, str], letter_id: str = "") -> Letter:
    """Put a template into words, in the addressee's language or in both."""
    locales = (to.locale,) if to.locale else (Locale.CY, Locale.EN)
    written = [_fill(template, locale, values) for locale in locales]
    subject = " | ".join(subject for subject, _text in written)
    texts = (text for _subject, text in written)
    return Letter(to.email, subject, tuple(zip(locales, texts, strict=True)), letter_id)


def _fill(template: str, locale: Locale, values: Mapping[str, str]) -> tuple[str, str]:
    first, _, rest = read_template(template, locale).partition("\n")
    subject = first.removeprefix("Subject:").strip().format_map(values)
    return " ".join(subject.split()), rest.strip().format_map(values)


@cache
def read_template(template: str, locale: Locale) -> str:
    """The text of one half of a pair; its first line is ``Subject: …``."""
    return (FOLDER / f"{template}.{locale.value}.txt").read_text(encoding="utf-8")
