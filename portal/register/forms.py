"""What somebody chose, read from the address."""

from collections.abc import Mapping

from portal.register.choosing import Choice, Question

LONGEST = 60
"""No slug or code is longer; what is longer is not one of ours."""

LONGEST_SEARCH = 100


def read_choice(query: Mapping[str, str]) -> Choice:
    """The answers in an address, cut to what an answer can be."""
    told = {question.value: _short(query.get(question.value, "")) for question in Question}
    return Choice(**told, asked=_short(query.get("asked", "")))


def read_search(query: Mapping[str, str]) -> str:
    """The words to search for."""
    told = query.get("q", "")
    return "".join(sign for sign in told if sign.isprintable()).strip()[:LONGEST_SEARCH]


def read_number(query: Mapping[str, str]) -> int | None:
    """A version's number, if the address names one."""
    told = query.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 4 else None


def _short(told: str) -> str:
    value = told.strip()
    return value if len(value) <= LONGEST and value.isprintable() else "?"
