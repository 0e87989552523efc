"""Reads a compiled catalogue (the GNU .mo format), and refuses one whose plural forms stand in another order than ours.

The standard library reads the format too, but keeps what it read in a private table and evaluates the plural rule anew
for each sentence.
"""

import struct
from collections.abc import Iterator

from portal.core.errors import SettingsError

Sentences = dict[tuple[str | None, str], tuple[str, ...]]
"""(context or None, msgid) to the sentence, or to its six counted forms."""

PLURAL_FORMS = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);"
"""The six Welsh forms. Babel's own Welsh rule has five, in another order and without a form for none."""

FORMS = 6
_MAGIC = {0x950412DE: "<", 0xDE120495: ">"}


def read_compiled(data: bytes) -> Sentences:
    """All sentences of a .mo file. Raises SettingsError when the file is damaged or counts by another rule."""
    try:
        entries = dict(_entries(data))
        header = entries.pop("", "")
        if PLURAL_FORMS not in header:
            raise SettingsError("The Welsh catalogue does not have the six plural forms: compile it from locales/cy.")
        return dict(_sentence(key, text) for key, text in entries.items())
    except (struct.error, KeyError, UnicodeDecodeError) as fault:
        raise SettingsError("The Welsh catalogue is damaged: compile it again from locales/cy.") from fault


def _entries(data: bytes) -> Iterator[tuple[str, str]]:
    order = _MAGIC[struct.unpack_from("<I", data)[0]]
    count, originals, translations = struct.unpack_from(f"{order}3I", data, 8)
    for i in range(count):
        yield _text(data, order, originals + 8 * i), _text(data, order, translations + 8 * i)


def _text(data: bytes, order: str, at: int) -> str:
    length, start = struct.unpack_from(f"{order}2I", data, at)
    if start + length > len(data):
        raise struct.error("text outside the file")
    return data[start : start + length].decode("utf-8")


def _sentence(key: str, text: str) -> tuple[tuple[str | None, str], tuple[str, ...]]:
    context, separator, rest = key.partition("\x04")
    msgid = (rest if separator else key).partition("\x00")[0]
    forms = tuple(text.split("\x00"))
    if len(forms) not in (1, FORMS):
        raise SettingsError(f"The Welsh catalogue has {len(forms)} forms instead of {FORMS} for: {msgid}")
    return (context if separator else None, msgid), forms
