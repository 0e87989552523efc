"""Whether a union stands alongside (routing.md D5): a question about this case and never about membership.

What is chosen is stored as grants and nothing else. The order in which unions stand on the page favours none: it is the
alphabet of the page's language, begun at another place each day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.text import Bilingual, Locale, Message, pmsg
from portal.i18n.sorting import sort_key


class Choice(StrEnum):
    """The answers; not one of them says whether somebody is a member."""

    YES = "yes"
    HELP = "help"
    NOT_NOW = "not_now"
    RATHER_NOT = "rather_not"


DEFAULT: Choice | None = None
"""Nothing is ticked before somebody ticks it."""
CHOICES: tuple[tuple[Choice, Message], ...] = (
    (Choice.YES, pmsg("union choice", "Yes, choose one")),
    (Choice.HELP, pmsg("union choice", "Help me choose")),
    (Choice.NOT_NOW, pmsg("union choice", "Not now")),
    (Choice.RATHER_NOT, pmsg("union choice", "I would rather not say")),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A branch that the body recognises, as it may be chosen."""

    branch_id: str
    name: Bilingual


def in_order(branches: Sequence[Offered], locale: Locale, today: date) -> tuple[Offered, ...]:
    """Every branch, alphabetical in the page's language, begun one further each day."""
    ordered = sorted(branches, key=lambda one: (sort_key(one.name.get(locale), locale), one.branch_id))
    start = today.toordinal() % len(ordered) if ordered else 0
    return (*ordered[start:], *ordered[:start])


def names_a_branch(choice: Choice) -> bool:
    """Only «yes» leads to a branch; the other answers leave the same trace as each other: none."""
    return choice is Choice.YES
