"""The sentences of one language.

English is the msgid itself; Welsh comes from the compiled catalogue in ``locales/cy``. A page says hundreds of
sentences, so a sentence is one look-up in a dictionary that is read once for the process. A sentence without Welsh
falls back to English: the gate in ``tests/locales`` makes sure that this never ships.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from portal.core.errors import SettingsError
from portal.core.text import Bilingual, Locale, Message
from portal.i18n.compiled import Sentences, read_compiled
from portal.i18n.formats import count, date_long, date_time
from portal.i18n.pseudo import lengthen

LOCALES = Path(__file__).resolve().parents[2] / "locales"

YEARS = frozenset({"first", "last"})
"""The names of values that are years: no count, and so not written by thousands."""
_WELSH_FORM = {0: 0, 1: 1, 2: 2, 3: 3, 6: 4}
_WELSH_OTHER = 5


def welsh_form(n: int) -> int:
    """Which of the six Welsh forms counts ``n`` things, in the order of the header: 0, 1, 2, 3, 6, any other number."""
    return _WELSH_FORM.get(n, _WELSH_OTHER)


class Catalogue:
    """Gives the sentence of a msgid in one language. Immutable, shared by all requests."""

    __slots__ = ("_in_context", "_plain", "_plurals", "locale")

    def __init__(self, locale: Locale, sentences: Sentences) -> None:
        self.locale = locale
        self._plain: dict[str, str] = {}
        self._in_context: dict[tuple[str, str], str] = {}
        self._plurals: dict[tuple[str | None, str], tuple[str, ...]] = {}
        for (context, msgid), forms in sentences.items():
            if len(forms) > 1:
                self._plurals[context, msgid] = forms
            elif context is None:
                self._plain[msgid] = forms[0]
            else:
                self._in_context[context, msgid] = forms[0]

    @classmethod
    def for_locale(cls, locale: Locale, *, pseudo: bool = False) -> "Catalogue":
        """The process's one catalogue of this language; ``pseudo`` (a settings flag, for tests) lengthens it."""
        return _catalogue(locale, pseudo)

    def __len__(self) -> int:
        return len(self._plain) + len(self._in_context) + len(self._plurals)

    def gettext(self, msgid: str) -> str:
        return self._plain.get(msgid, msgid)

    def pgettext(self, context: str, msgid: str) -> str:
        return self._in_context.get((context, msgid), msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self._counted(None, singular, plural, n)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        return self._counted(context, singular, plural, n)

    def sentences(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each msgid with its sentence, or with its counted forms; none in English, whose sentences are the msgids."""
        yield from ((msgid, (text,)) for msgid, text in self._plain.items())
        yield from ((msgid, (text,)) for (_, msgid), text in self._in_context.items())
        yield from ((msgid, forms) for (_, msgid), forms in self._plurals.items())

    def say(self, message: Message) -> str:
        """The message in this language, its values put into words."""
        if message.plural is not None:
            text = self._counted(message.context, message.msgid, message.plural, message.n or 0)
        elif message.context is None:
            text = self.gettext(message.msgid)
        else:
            text = self.pgettext(message.context, message.msgid)
        return self.fill(text, message.values)

    def fill(self, text: str, values: Mapping[str, Any]) -> str:
        """The text with each ``{name}`` replaced by its value in words. A person's ``Words`` raise TypeError."""
        if not values:
            return text
        return text.format_map({name: self.in_words(value, name) for name, value in values.items()})

    def in_words(self, value: Any, name: str = "") -> Any:
        """A value as this language writes it: a day long, an instant as London day and time, a count by thousands, text
        in its language."""
        if isinstance(value, int) and not isinstance(value, bool) and name not in YEARS:
            return count(value)
        if isinstance(value, str | int):
            return value
        if isinstance(value, datetime):
            return date_time(value, self.locale)
        if isinstance(value, date):
            return date_long(value, self.locale)
        if isinstance(value, Bilingual):
            return value.get(self.locale)
        return self.say(value) if isinstance(value, Message) else value

    def _counted(self, context: str | None, singular: str, plural: str, n: int) -> str:
        forms = self._plurals.get((context, singular))
        if forms is None:
            return singular if n == 1 else plural
        return forms[welsh_form(n)]


class PseudoCatalogue(Catalogue):
    """The same sentences, accented and a third longer: what stays plain on a page was never in the catalogue."""

    __slots__ = ()

    def gettext(self, msgid: str) -> str:
        return _lengthened(super().gettext(msgid))

    def pgettext(self, context: str, msgid: str) -> str:
        return _lengthened(super().pgettext(context, msgid))

    def _counted(self, context: str | None, singular: str, plural: str, n: int) -> str:
        return _lengthened(super()._counted(context, singular, plural, n))


_lengthened = lru_cache(maxsize=8192)(lengthen)


def say(message: Message, locale: Locale) -> str:
    """The message in this language; for what speaks outside a page, such as a command or an e-mail."""
    return Catalogue.for_locale(locale).say(message)


@cache
def _catalogue(locale: Locale, pseudo: bool) -> Catalogue:
    kind = PseudoCatalogue if pseudo else Catalogue
    return kind(locale, _welsh() if locale is Locale.CY else {})


def _welsh() -> Sentences:
    path = LOCALES / "cy" / "LC_MESSAGES" / "messages.mo"
    try:
        return read_compiled(path.read_bytes())
    except FileNotFoundError:
        raise SettingsError(
            "The Welsh catalogue is not compiled: run `python -m portal.i18n.compile`, then start again."
        ) from None
