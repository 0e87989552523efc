"""Which language a request speaks: always the first part of its path, ``/cy`` or ``/en``; never a guess.

Only the neutral page ``/choose``, where ``/`` leads, looks at a stored choice. The cookie that holds it has two
possible values, so it tells nobody apart, and no other page is sent it.
"""

from collections.abc import Mapping
from typing import Final

from portal.core.text import Locale

CHOICE_COOKIE: Final = "porth_lang"
CHOICE_DAYS: Final = 365

_PREFIXES = {locale.value: locale for locale in Locale}


def locale_of(path: str) -> Locale | None:
    """The language of a path, or None for the neutral page and for what has no language (``/static/…``)."""
    return _PREFIXES.get(path[1:].partition("/")[0]) if path[:1] == "/" else None


def in_locale(locale: Locale, path: str) -> str:
    """``/systems`` as ``/cy/systems``; the home page, ``/`` or empty, as ``/cy/``."""
    return f"/{locale.value}/{path.lstrip('/')}"


def counterpart(path: str, query: str = "") -> str:
    """The same page in the other language, with the same query. ``path`` and ``query`` as they came, percent-encoded.

    A path without a language leads to the neutral page.
    """
    locale = locale_of(path)
    if locale is None:
        return "/"
    swapped = f"/{locale.other.value}{path[1 + len(locale.value) :]}"
    return f"{swapped}?{query}" if query else swapped


def stored_choice(cookies: Mapping[str, str]) -> Locale | None:
    """The language that this browser chose before, for the neutral page only."""
    return _PREFIXES.get(cookies.get(CHOICE_COOKIE, ""))
