"""The pseudo-locale: each sentence accented and 35 % longer, between brackets, placeholders and tags untouched.

For tests only, behind a settings flag and in no list of languages. Text that stays plain was never in the catalogue; a
bracket that is missing shows where a page cuts text off.
"""

import re
from itertools import cycle

_KEEP = re.compile(r"(\{[^{}]*\}|<[^<>]*>|&\w+;)")
_ACCENTS = str.maketrans("AEIOUWYaeiouwycnsz", "ÂÊÎÔÛŴŶâêîôûŵŷçñšž")
_GROWTH = 0.35
_FILLER = "ŵŷâê îôûŵ ŷ âêîôûŵ"


def lengthen(text: str) -> str:
    """The text as the pseudo-locale writes it."""
    parts = _KEEP.split(text)
    letters = sum(len(part) for part in parts[::2])
    accented = "".join(part if i % 2 else part.translate(_ACCENTS) for i, part in enumerate(parts))
    filler = cycle(_FILLER)
    more = "".join(next(filler) for _ in range(max(1, round(letters * _GROWTH) - len("[ ]"))))
    return f"[{accented} {more.rstrip()}]"
