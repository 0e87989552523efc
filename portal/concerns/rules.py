"""Who could read a concern, decided over plain values; what a concern can be about when it is about no system."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portal.core.text import Bilingual, Message, msg
from portal.directory.rules import Matter as Matter

EMPLOYER, INDEPENDENT, ON_CALL, UNION = "employer", "independent", "on-call", "union:"

TEXT_LIMIT = 12_000
NAME_LIMIT = 200


MATTER_NAMES: dict[Matter, Message] = {
    Matter.SAFETY: msg("Health and safety, or danger to patients or the public"),
    Matter.HARASSMENT: msg("Sexual harassment, bullying or discrimination"),
    Matter.WRONGDOING: msg("A crime, a legal duty not kept, or something being covered up"),
    Matter.MONEY: msg("Public money, fraud or corruption"),
    Matter.UNLISTED_SYSTEM: msg("A computer system at work that is not on the register"),
    Matter.BESIDE: msg("I want a union beside me with a request I made"),
    Matter.OTHER: msg("Something else"),
}
"""Each reaches whom the body named for it, and those outside the line of management; a tool that is not in the register
reaches whoever answers for all of the body's systems. ``BESIDE`` reaches the union alone: nobody of the employer is
offered as a reader of it."""


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


@dataclass(frozen=True, slots=True)
class Channel:
    """Everybody who could open a concern about one thing, and the unions that can be asked alongside.

    ``for_union``: it goes to a union and to nobody else, so one has to be chosen.
    """

    readers: tuple[Reader, ...]
    branches: tuple[Branch, ...]
    for_union: bool = False

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
        channel, readers=tuple(one for one in channel.readers if one.group.startswith(UNION)), for_union=True
    )


def once_each(readers: Iterable[Reader]) -> tuple[Reader, ...]:
    """A person with two roles is one reader, in the first of them."""
    seen: dict[str, Reader] = {}
    for reader in readers:
        seen.setdefault(reader.person_id, reader)
    return tuple(seen.values())


def chosen_readers(channel: Channel, *, union: str, only_union: bool, left_out: Sequence[str]) -> tuple[Reader, ...]:
    """Who gets a grant: the employer's side and the chosen branch, or that branch alone, less those left out."""
    group = f"{UNION}{union}" if union else None
    return tuple(
        reader
        for reader in channel.readers
        if reader.person_id not in left_out
        and (reader.group == group if reader.group.startswith(UNION) or only_union else True)
    )
