"""Two people in one section: what only one of them changed stands, what both changed is shown side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.register.editing.shape import Ask
from portal.register.editing.typed import Pairs, mark, names_of, typed_in


@dataclass(slots=True)
class Merged:
    """The boxes as they go on, and by question what the draft has in place of what was typed."""

    pairs: Pairs = field(default_factory=list)
    clashes: dict[str, Pairs] = field(default_factory=dict)


def merge(asks: Sequence[Ask], mine: Pairs, current: Pairs, was: str) -> Merged:
    """What was typed and what the draft has by now, by what the form began with (``was``: a mark a question)."""
    found = Merged()
    began = was.split()
    if len(began) != len(asks):
        began = [mark(typed_in(ask, current)) for ask in asks]
    for ask, start in zip(asks, began, strict=True):
        own, theirs = typed_in(ask, mine), typed_in(ask, current)
        if mark(own) == start:
            own = theirs
        elif mark(theirs) not in (start, mark(own)):
            found.clashes[ask.name] = theirs
        found.pairs += own
    return found


def over(pairs: Pairs, asks: Sequence[Ask], kept: Pairs) -> Pairs:
    """The boxes of a draft with those over them that are not whole yet."""
    told = {name for name, _value in kept}
    covered = {name for ask in asks for name in names_of(ask) if told.intersection(names_of(ask))}
    return [pair for pair in pairs if pair[0] not in covered] + kept
