"""What a system is found by, and what somebody looks for: words under their dictionary forms, and filters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.i18n.mutation import asked_as, radicals, spellings, tokens
from portal.register.openness import is_open
from portal.register.record import Record
from portal.register.rules import Position, Strength, SystemKind, SystemState

MOST_WORDS = 8
"""More words than these are not looked for: nobody types them, and each costs a look into the index."""

_ENGLISH = """
a an and are as at be by can for from has have how if in into is it its no not of on or that the their them they this to
was what when where which who will with you your
"""
_WELSH = """
a ac ag ar bod bydd chi dan dros drwy ei ein er eu fod gall gan gyda hon hwn hyn hyd i mae maen mewn na nac neu ni nid
nhw o oes os pa pan pob pwy rhag sut sy sydd syn trwy wedi wrth y ydy yn yr yw
"""
PASSED_OVER = frozenset(f"{_ENGLISH} {_WELSH}".split())
"""Words that say nothing about a system: not kept of a sentence, and not looked for when another word is."""

IS_MARK = ":"
DISPUTED = f"said{IS_MARK}not_agreed"


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
        """Every condition, each answered by the index."""
        state = () if self.state is None else (Sought((mark("state", self.state),)),)
        bodies = () if self.bodies is None else (Sought(tuple(mark("body", body_id) for body_id in self.bodies)),)
        return (*self.told(), *state, *bodies)

    def told(self) -> tuple[Sought, ...]:
        """The conditions that a version, or a union, answers: all but the employer and where the system stands."""
        filters = [mark(name, value) for name, value in (("kind", self.kind), ("does", self.strength)) if value]
        if self.is_disputed:
            filters.append(DISPUTED)
        return (*_words_sought(self.text), *(Sought((one,)) for one in filters))


def next_after(beginning: str) -> str:
    """The first text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def mark(name: str, value: str) -> str:
    """A filter as the index keeps it. No word has a colon in it."""
    return f"{name}{IS_MARK}{value}"


def _words_sought(text: str) -> Iterator[Sought]:
    """The words of a search; the last of them may be unfinished."""
    telling = _telling(text) or tokens(text)
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
    What is withheld finds nothing.
    """
    names = [record.name, *(record.also_known_as if is_open(record, "also_known_as") else ())]
    written = [*(text for name in names for text in (name.cy, name.en)), *supplied]
    found = {word for text in written for word in _welsh(tokens(text))}
    found |= _welsh(_telling(record.one_sentence.cy))
    found.update(word for token in _telling(record.one_sentence.en) for word in spellings(token))
    return frozenset(found.union(_filters(record)))


def _filters(record: Record) -> Iterator[str]:
    if is_open(record, "system_kind"):
        yield from (mark("kind", kind) for kind in record.kinds)
    yield from (mark("does", group.strength) for group in record.affected)
    said = record.consultation.positions if is_open(record, "consultations.union_position") else ()
    if any(one.position is Position.NOT_AGREED for one in said):
        yield DISPUTED


def _telling(text: str) -> list[str]:
    return [token for token in tokens(text) if token.replace("'", "") not in PASSED_OVER]


def _welsh(found: Iterable[str]) -> set[str]:
    return {radical for token in found for word in spellings(token) for radical in radicals(word)}
