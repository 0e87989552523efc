"""A form as its page shows it: each question with its label, hint, options and boxes, in the reader’s language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.core.text import Locale, Message, msg, pmsg
from portal.directory.queries import find_body_by_slug, get_body, list_bodies, list_staff_groups, list_workplaces
from portal.register.completeness import gaps
from portal.register.definitions import definitions, never_withheld
from portal.register.editing.labels import HINTS, label_of
from portal.register.editing.shape import SPECIAL_LISTS, STANDARD, Ask, Kind, Rows, Section, sections
from portal.register.editing.tag_words import TAG_WORDS
from portal.register.editing.typed import LONGEST_SENTENCE, SIDES, Pairs, boxes, mark, typed_in, value_at
from portal.register.models import System
from portal.register.parts import Part
from portal.register.path_words import TITLES
from portal.register.record import Affected, Record
from portal.register.rules import SystemState
from portal.register.term_words import yes_or_no
from portal.register.terms import TimeUnit
from portal.register.value_view import Values
from portal.register.walking import child_keys, find_values
from portal.register.words import words
from portal.web.fields import FieldBag

FEW_RADIOS = 6
LONGEST_LINE = 100
NOT_TOLD = pmsg("answer", "Not told yet")
LACKS = {"cy": msg("The Welsh is missing"), "en": msg("The English is missing")}
TITLED_OTHERWISE = {"withheld": "field", "publication.clearances": "who"}

Option = tuple[str, str]


@dataclass(slots=True)
class Question:
    """One question of a form. ``lacks`` says by side which language is missing; ``theirs`` what the draft has now."""

    ask: Ask
    label: str
    hint: str = ""
    options: list[Option] = field(default_factory=list)
    lacks: Mapping[str, Message] = field(default_factory=dict)
    theirs: list[str] = field(default_factory=list)
    differs: bool = False

    @property
    def is_line(self) -> bool:
        return self.ask.most is not None and self.ask.most <= LONGEST_LINE

    @property
    def rows(self) -> int:
        """How high its box is; a sentence that a phone cannot show in one line is seen whole."""
        return 3 if self.ask.most is not None and self.ask.most <= LONGEST_SENTENCE else 5


@dataclass(frozen=True, slots=True)
class Child:
    """One row of a list on its section’s page."""

    place: int
    lasting: str
    title: str


@dataclass(frozen=True, slots=True)
class Forms:
    """Makes questions for one system in one language."""

    session: Session
    system: System
    record: Record
    locale: Locale
    say: Callable[[Message], str]

    def questions(
        self, asks: Sequence[Ask], typed: FieldBag, clashes: Mapping[str, Pairs], template: Part | None = None
    ) -> list[Question]:
        """The questions of a form; what differs from a template’s answer (to a record or a child) is marked."""
        return [self._question(ask, typed, clashes.get(ask.name), template) for ask in asks]

    def _question(self, ask: Ask, typed: FieldBag, theirs: Pairs | None, template: Part | None) -> Question:
        hint = HINTS.get(ask.path)
        return Question(
            ask,
            self.label(ask),
            self.say(hint) if hint else "",
            self._options(ask, typed),
            _lacks(ask, typed),
            [value for _name, value in theirs] if theirs is not None else [],
            differs=template is not None and _differs(ask, typed, template),
        )

    def label(self, ask: Ask) -> str:
        """The label of a question."""
        own = label_of(ask)
        return self.say(own) if own is not None else ask.field.label.get(self.locale)

    def _options(self, ask: Ask, typed: FieldBag) -> list[Option]:
        if ask.kind is Kind.YES_NO:
            step = ask.path.rpartition(".")[2]
            told = [
                ("yes", self.say(yes_or_no(step, answer=True))),
                ("no", self.say(yes_or_no(step, answer=False))),
            ]
            return told if ask.needed else [*told, ("", self.say(NOT_TOLD))]
        if ask.kind is Kind.LENGTH:
            return [(unit.value, self.say(words(unit))) for unit in TimeUnit]
        if ask.terms is not None:
            told = [(term.value, self.say(_words(term))) for term in ask.terms]
            return told if ask.kind is Kind.CHECKS else [("", self.say(NOT_TOLD)), *told]
        return self._named(ask, typed)

    def _named(self, ask: Ask, typed: FieldBag) -> list[Option]:
        """What can be chosen by name: data items, places, groups, fields."""
        if ask.path in SPECIAL_LISTS:
            return [(item.key, item.label.get(self.locale) or item.key) for item in self.record.data_items]
        if ask.path == "withheld.field":
            told = definitions(STANDARD).values()
            named = [(one.key, one.label.get(self.locale)) for one in told if one.paths and not never_withheld(one)]
            return [("", self.say(NOT_TOLD)), *named]
        if ask.path == "affected.body":
            return [(body.slug, _name(body, self.locale)) for body in list_bodies(self.session)]
        if ask.path in ("affected.workplace", "affected.staff_group"):
            return [("", self.say(pmsg("affected group", "All of them"))), *self._places(ask, typed)]
        return []

    def _places(self, ask: Ask, typed: FieldBag) -> list[Option]:
        body = find_body_by_slug(self.session, typed.one("body"))
        body_id = body.id if body else self.system.body_id
        if ask.name == "workplace":
            return [(one.slug, _name(one, self.locale)) for one in list_workplaces(self.session, body_id)]
        return [(one.code, _name(one, self.locale)) for one in list_staff_groups(self.session, body_id)]

    def children(self, rows: Rows) -> list[Child]:
        """The rows of a list, each with what heads it."""
        children = next((found.value for found in find_values(self.record, rows.path)), ())
        lasting = child_keys(children)
        return [
            Child(place, key, self._title(rows, child) or key)
            for place, (key, child) in enumerate(zip(lasting, children, strict=True), start=1)
        ]

    def _title(self, rows: Rows, child: Any) -> str:
        name = TITLES.get(rows.path) or TITLED_OTHERWISE.get(rows.path, "")
        value = getattr(child, name, None)
        if not value:
            return ""
        if name == "field":
            return definitions(STANDARD)[value].label.get(self.locale)
        if isinstance(child, Affected):
            return self._where(child)
        values = Values(self.locale, self.say, self.record)
        return "; ".join(line.text for line in values.lines(value, path=f"{rows.path}.{name}", parent=child))

    def _where(self, group: Affected) -> str:
        body = find_body_by_slug(self.session, group.body)
        if body is None:
            return group.body
        told = [_name(body, self.locale)]
        places = {one.slug: one for one in list_workplaces(self.session, body.id)} if group.workplace else {}
        staff = {one.code: one for one in list_staff_groups(self.session, body.id)} if group.staff_group else {}
        for found in (places.get(group.workplace or ""), staff.get(group.staff_group or "")):
            if found is not None:
                told.append(_name(found, self.locale))
        return ", ".join(told)

    def default_body(self) -> str:
        """The slug of the body that answers for the system."""
        return get_body(self.session, self.system.body_id).slug


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing before this can be published, with where it is filled in."""

    label: str
    section: str
    href: str
    locale: str | None


def missing(record: Record, forms: Forms, at: str, state: SystemState) -> list[Missing]:
    """The list of what is missing where the system stands, each with its link."""
    found: dict[tuple[str, str, str | None], Missing] = {}
    for gap in gaps(record, state):
        root, bracket, rest = gap.place.partition("[")
        section = gap.field.group
        if section not in sections():
            continue
        href = f"{at}/{section}"
        if bracket and any(rows.path == root for rows in sections()[section].lists):
            href = f"{at}/{section}/{root}/{rest.partition(']')[0]}"
        elif not bracket and any(ask.path == gap.place for ask in sections()[section].asks):
            href = f"{at}/{section}#{_box(sections()[section], gap.place, gap.locale)}"
        label = gap.field.label.get(forms.locale)
        side = gap.locale.value if gap.locale else None
        found.setdefault((label, href, side), Missing(label, section, href, side))
    return list(found.values())


def _box(section: Section, place: str, locale: Locale | None) -> str:
    ask = next(one for one in section.asks if one.path == place)
    if ask.kind in (Kind.TEXT, Kind.LINES):
        return f"{ask.name}_{locale.value if locale else SIDES[0]}"
    return ask.name


def _lacks(ask: Ask, typed: FieldBag) -> dict[str, Message]:
    """The language that is missing beside one that is there."""
    if ask.kind not in (Kind.TEXT, Kind.LINES):
        return {}
    told = {side: bool(typed.one(f"{ask.name}_{side}")) for side in SIDES}
    return {side: LACKS[side] for side in SIDES if any(told.values()) and not told[side]}


def _words(term: StrEnum) -> Message:
    """The words of a code word, GOV.UK’s own among them."""
    tags = TAG_WORDS.get(type(term))
    return tags[term] if tags is not None else words(term)


def _differs(ask: Ask, typed: FieldBag, template: Part) -> bool:
    """Whether an answer is another one than the template’s, where the template has one."""
    told = typed_in(ask, boxes(ask, value_at(template, ask.name)))
    return bool(told) and mark(told) != mark(typed_in(ask, typed.pairs()))


def _name(row: Any, locale: Locale) -> str:
    return str(row.name_cy if locale is Locale.CY else row.name_en)
