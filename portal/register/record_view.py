"""The full record, group by group: labels from the standard, values in one language, what is withheld or not told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.core.text import Locale, Message, msg, pmsg
from portal.register.definitions import Field, definitions, groups
from portal.register.openness import READERS
from portal.register.parts import Part, Withheld
from portal.register.path_words import NEVER, PATH_WORDS, TITLES
from portal.register.record import Record
from portal.register.rules import SystemState
from portal.register.terms import Stage
from portal.register.value_view import Line, Values
from portal.register.walking import find_values, is_filled

NONE_DECLARED = msg("There is none")
ALL = pmsg("affected group", "All of them")
ALL_UNLESS_TOLD = frozenset({"affected.workplace", "affected.staff_group"})


class Row(NamedTuple):
    """One label with its value, in lines; ``held`` is said in place of a value that is withheld."""

    label: str
    lines: tuple[Line, ...]
    held: str = ""


@dataclass(slots=True)
class Block:
    """One child of a list: a decision point, a data item, a supplier."""

    title: tuple[Line, ...]
    rows: list[Row] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Child:
    """A list of the record and its children, under the label of its field."""

    label: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """One group of the standard, as its page shows it. ``untold`` names what nobody has told yet."""

    key: str
    label: str
    rows: list[Row] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.children or self.untold)


@dataclass(frozen=True, slots=True)
class Telling:
    """What putting a record into words needs. ``known`` are values that stand in other rows, by field."""

    locale: Locale
    say: Callable[[Message], str]
    values: Values
    known: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)


def full_record(record: Record, telling: Telling) -> list[Group]:
    """Every group with something to show, in the order of the record's standard."""
    of_group = {key: Group(key, label.get(telling.locale)) for key, label in groups(record.standard).items()}
    held = {one.field: one for one in record.withheld if READERS.intersection(one.audience)}
    lists: dict[str, Child] = {}
    for told in definitions(record.standard).values():
        if told.is_open:
            _add(of_group[told.group], lists, record, told, held, telling)
    return [group for group in of_group.values() if not group.is_empty]


def held_words(one: Withheld, telling: Telling) -> str:
    """Why a field is not shown, who decided it, and when it is looked at again."""
    said = msg(
        "{reason} Decided by: {post}. To be looked at again by {date}.",
        reason=one.reason.bilingual,
        post=one.approved_by.bilingual,
        date=one.review_by,
    )
    return telling.say(said)


def _add(
    group: Group,
    lists: dict[str, Child],
    record: Record,
    told: Field,
    held: Mapping[str, Withheld],
    telling: Telling,
) -> None:
    label = told.label.get(telling.locale)
    withheld = held.get(told.key) or held.get(told.key.partition(".")[0])
    if withheld is not None:
        if told.key in held:
            group.rows.append(Row(label, (), held_words(withheld, telling)))
        return
    if told.key in telling.known:
        _tell(group, label, telling.known[told.key])
    elif told.key in record.declared_none:
        group.rows.append(Row(label, (Line(telling.say(NONE_DECLARED)),)))
    else:
        _add_paths(group, lists, record, told, telling)


def _add_paths(group: Group, lists: dict[str, Child], record: Record, told: Field, telling: Telling) -> None:
    for path, stage in told.paths.items():
        if path in NEVER or not _is_asked(record, told):
            continue
        root = _list_of(path)
        if root is not None:
            _add_to_list(_child_of(group, lists, record, told, root, telling), record, told, path, telling)
            continue
        found = next(find_values(record, path), None)
        lines = telling.values.lines(found.value, path=path) if found and is_filled(found.value) else ()
        if lines or _is_due(record, stage):
            _tell(group, _label(told, path, telling), lines)


def _tell(group: Group, label: str, lines: tuple[Line, ...]) -> None:
    if lines:
        group.rows.append(Row(label, lines))
    else:
        group.untold.append(label)


def _child_of(group: Group, lists: dict[str, Child], record: Record, told: Field, root: str, telling: Telling) -> Child:
    """The list that a path goes into, begun by the first field that names it."""
    child = lists.get(root)
    if child is None:
        child = lists[root] = _child(record, root, told.label.get(telling.locale), telling)
        if child.blocks:
            group.children.append(child)
        else:
            group.untold.append(child.label)
    return child


def _add_to_list(child: Child, record: Record, told: Field, path: str, telling: Telling) -> None:
    """One value of every child of a list."""
    root = _list_of(path)
    if root is None or path in (root, f"{root}.{TITLES[root]}"):
        return
    label, stage = _label(told, path, telling), told.paths[path]
    for block, found in zip(child.blocks, find_values(record, path), strict=False):
        lines = telling.values.lines(found.value, path=path, parent=found.parent) if is_filled(found.value) else ()
        if not lines and path in ALL_UNLESS_TOLD:
            lines = (Line(telling.say(ALL)),)
        if lines:
            block.rows.append(Row(label, lines))
        elif _is_due(record, stage):
            block.untold.append(label)


def _child(record: Record, root: str, label: str, telling: Telling) -> Child:
    children: Sequence[Part] = next((found.value for found in find_values(record, root)), ())
    blocks = []
    for part in children:
        name = TITLES[root]
        blocks.append(Block(telling.values.lines(getattr(part, name), path=f"{root}.{name}", parent=part)))
    return Child(label, blocks)


def _list_of(path: str) -> str | None:
    return next((root for root in TITLES if path == root or path.startswith(f"{root}.")), None)


def _label(told: Field, path: str, telling: Telling) -> str:
    own = PATH_WORDS.get(path)
    return telling.say(own) if own is not None else told.label.get(telling.locale)


def _is_due(record: Record, stage: Stage) -> bool:
    """Whether a field that nobody has told is said to be missing: all but the optional ones, and a plan for the end."""
    return stage is not Stage.OPTIONAL and (stage is not Stage.RETIRED or record.state is SystemState.RETIRED)


def _is_asked(record: Record, told: Field) -> bool:
    """Whether the yes or no that a field hangs on lets it be asked for at all."""
    needs = told.when is None or _answer(record, told.when) is not False
    return needs and (told.unless is None or _answer(record, told.unless) is not True)


def _answer(record: Record, path: str) -> Any:
    return next((found.value for found in find_values(record, path)), None)
