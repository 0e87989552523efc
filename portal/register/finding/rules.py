"""What a system is found by, and what somebody looks for: words under their dictionary forms, and filters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.i18n.mutation import asked_as, radicals, spellings, tokens
from portal.register.record import Record
from portal.register.rules import Position, Strength, SystemKind, SystemState

MOST_WORDS = 8
"""More words than these are not looked for: nobody types them, and each costs a look into the index."""

PASSED_OVER = frozenset(
    "a an and are as at be by can for from has have how if in into is it its no not of on or that the their them they"
    " this to was what when where which who will with you your"
    " ac ag ar bod bydd chi dan dros drwy ei ein er eu fod gall gan gyda hon hwn hyn hyd i mae mewn na nac neu ni nid nhw"
    " o oes os pa pan pob pwy rhag sut sy sydd syn trwy wedi wrth y ydy yn yr yw".split()
)
"""Words that say nothing about a system. In a sentence they are not kept; beside another word they are not looked for."""

DISPUTED = "said:not_agreed"


@dataclass(frozen=True, slots=True)
class Sought:
    """One word of a search under all its dictionary forms; or, begun only, the beginnings that it may have."""

    forms: tuple[str, ...]
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. ``bodies`` is None for every employer, and empty where no employer has the name."""

    text: str = ""
    bodies: tuple[str, ...] | None = None
    kind: SystemKind | None = None
    state: SystemState | None = None
    strength: Strength | None = None
    is_disputed: bool = False

    def sought(self) -> tuple[Sought, ...]:
        """Every condition that the index of words answers."""
        marks = [
            mark
            for mark, is_asked in (
                (f"kind:{self.kind}", self.kind is not None),
                (f"does:{self.strength}", self.strength is not None),
                (DISPUTED, self.is_disputed),
            )
            if is_asked
        ]
        return (*_words_sought(self.text), *(Sought((mark,)) for mark in marks))


def _words_sought(text: str) -> Iterator[Sought]:
    """The words of a search; the last of them may be unfinished."""
    typed = tokens(text)
    telling = [token for token in typed if token not in PASSED_OVER] or typed
    *whole, last = telling[:MOST_WORDS] or [""]
    for token in whole:
        yield Sought(_forms(token))
    if last:
        yield Sought(_forms(last), is_begun=len(last) > 1)


def _forms(token: str) -> tuple[str, ...]:
    return tuple(sorted({form for word in asked_as(token) for form in radicals(word)}))


def index_of(record: Record, supplied: Iterable[str]) -> frozenset[str]:
    """Everything that finds a system: the words of its names, nicknames, products and one sentence, and its filters.

    Welsh is kept under its dictionary forms, and so are names, which Welsh mutates as well. English is kept as it is.
    """
    names = [record.name, *record.also_known_as]
    found = {word for name in names for text in (name.cy, name.en) for word in _welsh(tokens(text))}
    found.update(word for text in supplied for word in _welsh(tokens(text)))
    found.update(_welsh(_telling(record.one_sentence.cy)))
    found.update(word for token in _telling(record.one_sentence.en) for word in spellings(token))
    found.update(f"kind:{kind}" for kind in record.kinds)
    found.update(f"does:{group.strength}" for group in record.affected)
    if any(said.position is Position.NOT_AGREED for said in record.consultation.positions):
        found.add(DISPUTED)
    return frozenset(found)


def _telling(text: str) -> list[str]:
    return [token for token in tokens(text) if token not in PASSED_OVER]


def _welsh(found: Iterable[str]) -> set[str]:
    return {radical for token in found for word in spellings(token) for radical in radicals(word)}
