"""Two languages, messages that are put into words late, and people's words that cannot be printed by accident."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, Self


class Locale(StrEnum):
    """The two languages of the portal."""

    CY = "cy"
    EN = "en"

    @property
    def other(self) -> "Locale":
        return Locale.EN if self is Locale.CY else Locale.CY


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Text that people wrote twice, in Welsh and in English."""

    cy: str
    en: str

    def get(self, locale: Locale) -> str:
        return self.cy if locale is Locale.CY else self.en


Value = Any


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said later, in the reader's language. Stored events hold these, never a translated sentence."""

    msgid: str
    values: Mapping[str, Value] = field(default_factory=dict)
    context: str | None = None
    plural: str | None = None
    n: int | None = None

    def __hash__(self) -> int:
        return hash((self.msgid, self.context, self.plural, self.n))

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        out: dict[str, Any] = {"msgid": self.msgid}
        if self.values:
            out["values"] = {name: _dump(value) for name, value in self.values.items()}
        for name in ("context", "plural", "n"):
            if getattr(self, name) is not None:
                out[name] = getattr(self, name)
        return out

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        values = {name: _load(value) for name, value in stored.get("values", {}).items()}
        return cls(stored["msgid"], values, stored.get("context"), stored.get("plural"), stored.get("n"))


def _dump(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Bilingual):
        return {"cy": value.cy, "en": value.en}
    if isinstance(value, Message):
        return {"message": value.to_json()}
    return value


def _load(stored: Any) -> Value:
    if not isinstance(stored, dict):
        return stored
    if "instant" in stored:
        return datetime.fromisoformat(stored["instant"])
    if "day" in stored:
        return date.fromisoformat(stored["day"])
    if "message" in stored:
        return Message.from_json(stored["message"])
    return Bilingual(stored["cy"], stored["en"])


def msg(msgid: str, /, **values: Value) -> Message:
    """A message; the catalogue tool extracts its first argument."""
    return Message(msgid, values)


def pmsg(context: str, msgid: str, /, **values: Value) -> Message:
    """A message whose English is too short to be translated without its context."""
    return Message(msgid, values, context)


def nmsg(singular: str, plural: str, n: int, /, **values: Value) -> Message:
    """A message that counts; ``{n}`` is the number."""
    return Message(singular, {"n": n, **values}, None, plural, n)


class Words:
    """A person's own words. They cannot be printed, formatted, compared or pickled; only ``reveal`` gives them."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = unicodedata.normalize("NFC", text)

    def reveal(self) -> str:
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Words(…)"

    def __str__(self) -> NoReturn:
        raise TypeError("a person's words are not printed; call reveal() where they are shown to their reader")

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("a person's words are not formatted; call reveal() where they are shown to their reader")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a person's words are not compared")

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a person's words are not pickled")
