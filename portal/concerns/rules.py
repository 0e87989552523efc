"""Who could read a concern, decided over plain values; what a concern can be about when it is about no system."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.core.text import Bilingual
from portal.directory.rules import Matter as Matter
from portal.directory.titles import MATTER_NAMES as MATTER_NAMES

EMPLOYER, INDEPENDENT, ON_CALL, UNION = "employer", "independent", "on-call", "union:"

TEXT_LIMIT = 12_000
NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who could open the concern: named if they agreed to be, else by post."""

    person_id: str
    key_id: bytes
    recipient: str
    sign: bytes
    group: str
    post: Bilingual
    name: str | None
    is_deputy: bool
    is_confirmed: bool
    near: str | None = None  # shared with whoever is close to them, and with nobody else
    telephone: str = ""  # of who is on call
    apart: frozenset[str] = frozenset()  # the branches with somebody over them, under them or of their household


@dataclass(frozen=True, slots=True)
class Branch:
    """A union branch that may be chosen, and whether anybody there holds a key."""

    id: str
    name: Bilingual
    union: str
    readers: int

    @property
    def group(self) -> str:
        return f"{UNION}{self.id}"


class Few(StrEnum):
    """Whether few people could have written a concern (routing.md D1.7); nobody is told how many."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Channel:
    """Everybody who could open a concern about one thing, and the unions that can be asked alongside.

    ``for_union``: it goes to a union and to nobody else, so one has to be chosen. ``few`` it could come from.
    """

    readers: tuple[Reader, ...]
    branches: tuple[Branch, ...]
    for_union: bool = False
    few: Few = Few.NO

    @property
    def is_open(self) -> bool:
        """At least one union branch and one independent officer hold live keys (sealed-channel.md section 4)."""
        return any(branch.readers for branch in self.branches) and (
            self.for_union or any(reader.group == INDEPENDENT for reader in self.readers)
        )


def union_alone(channel: Channel) -> Channel:
    """The same channel without anybody of the employer; one that is not open stays as it is."""
    if not channel.is_open:
        return channel
    return replace(
        channel,
        readers=tuple(one for one in channel.readers if one.group.startswith(UNION)),
        for_union=True,
        few=Few.NO,
    )


def once_each(readers: Iterable[Reader]) -> tuple[Reader, ...]:
    """A person with two roles is one reader, in the first of them."""
    seen: dict[str, Reader] = {}
    for reader in readers:
        seen.setdefault(reader.person_id, reader)
    return tuple(seen.values())


def chosen_readers(
    channel: Channel, *, union: str, only_union: bool, left_out: Sequence[str], on_call: bool = False
) -> tuple[Reader, ...]:
    """Who gets a grant: the employer's side and the chosen branch, or that branch alone, less those left out; who is on
    call only if the reporter wants them to read it. Nobody of the employer reads beside a branch whose representative
    works under them, or is close to them (routing.md D5.21)."""
    own = f"{UNION}{union}" if union else None

    def is_asked(group: str) -> bool:
        if group.startswith(UNION) or only_union:
            return group == own
        return on_call or group != ON_CALL

    asked = (one for one in channel.readers if is_asked(one.group) and own not in one.apart)
    return tuple(one for one in asked if one.person_id not in left_out)
