"""One row of a list in a draft: add, change, move up, remove."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.core.errors import NotFound
from portal.core.text import pmsg
from portal.register.editing import queries, service, templating
from portal.register.editing.merging import Merged, merge
from portal.register.editing.naming import free_slug
from portal.register.editing.sections import AT, EDITS, edit_of, section_of
from portal.register.editing.shape import Rows, list_at
from portal.register.editing.typed import (
    Pairs,
    marks,
    note_faults,
    pairs_of,
    put,
    read_answers,
    touched,
    typed_in,
    value_at,
)
from portal.register.editing.view import Forms
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.register.parts import Both, Part
from portal.register.path_words import TITLES
from portal.register.placing import place as find_place
from portal.register.record import Affected, Record
from portal.register.walking import child_keys
from portal.web.dependencies import Fields, Read, SignedVisit, Write
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_words, redirect, render

router = APIRouter()

ROW = f"{AT}/{{key}}/{{path}}/{{place}}"
NEW = "new"
PLACES = "places"
"""Asks for the same form with the workplaces and groups of the employer that is chosen now. Nothing is saved."""
NOT_THERE = pmsg("error", "The directory does not know this place or group at that employer")
NEEDED = pmsg("error", "A row that is in the draft already needs this answer")
TICK = pmsg("error", "Tick the box to remove the row")


@dataclass(frozen=True, slots=True)
class At:
    """Where a row is: its system, list and record; ``child`` is None for a new one or one that is not whole yet."""

    system: System
    section: str
    rows: Rows
    record: Record
    place: str
    lasting: str = ""
    child: Part | None = None
    kept: Pairs | None = None

    @property
    def href(self) -> str:
        return f"{edit_of(self.system)}/{self.section}/{self.rows.path}/{self.place}"

    @property
    def children(self) -> tuple[Any, ...]:
        return tuple(value_at(self.record, self.rows.path))

    @property
    def pairs(self) -> Pairs:
        if self.kept is not None:
            return self.kept
        return pairs_of(self.child, self.rows.asks) if self.child is not None else []


@router.get(ROW, dependencies=EDITS)
def ask_row(visit: SignedVisit, session: Read, short_code: str, key: str, path: str, place: str) -> Response:
    """The form of one row."""
    at = _at(visit, session, short_code, key, path, place)
    return _page(visit, session, at, Merged(at.pairs))


@router.post(ROW, dependencies=EDITS)
def save_row(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, key: str, path: str, place: str
) -> Response:
    """Keep one row. One that is not whole yet is kept as it was typed, beside the list."""
    at = _at(visit, session, short_code, key, path, place, lock=True, lasting=fields.one("row"))
    merged = merge(at.rows.asks, list(fields.pairs()), at.pairs, fields.one("was"))
    if fields.one("go") == PLACES:
        return _page(visit, session, at, merged)
    if merged.clashes:
        return _page(visit, session, at, merged, status=409)
    problems = Problems()
    child = _read(session, at, FieldBag(merged.pairs), problems)
    if problems:
        return _page(visit, session, at, merged, problems=problems)
    entry_id = at.place if at.kept is not None else ""
    if child is None:
        typed = [pair for ask in at.rows.asks for pair in typed_in(ask, merged.pairs)]
        _keep_typed(visit, session, at, typed, entry_id)
        return redirect(visit, f"{edit_of(at.system)}/{key}?saved=yes")
    new = _with_child(at, child, problems)
    if new is None:
        return _page(visit, session, at, merged, problems=problems)
    service.keep(session, visit.actor, at.system, new, key, now=visit.now)
    if entry_id:
        _keep_typed(visit, session, at, [], entry_id)
    return redirect(visit, f"{edit_of(at.system)}/{key}?saved=yes")


@router.post(f"{ROW}/up", dependencies=EDITS)
def move_up(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, key: str, path: str, place: str
) -> Response:
    """One place up in the list."""
    at = _at(visit, session, short_code, key, path, place, lock=True, lasting=fields.one("row"))
    index = _index(at)
    if index:
        children = list(at.children)
        children[index - 1], children[index] = children[index], children[index - 1]
        new = _with_list(at, [child.model_dump() for child in children])
        service.keep(session, visit.actor, at.system, new, key, now=visit.now)
    return redirect(visit, f"{edit_of(at.system)}/{key}#{path}")


@router.post(f"{ROW}/remove", dependencies=EDITS)
def remove(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, key: str, path: str, place: str
) -> Response:
    """Take a row out, once the box is ticked; what names a data item that goes no longer names it."""
    at = _at(visit, session, short_code, key, path, place, lock=True, lasting=fields.one("row"))
    if fields.one("sure") != "yes":
        return _page(visit, session, at, Merged(at.pairs), problems=Problems(sure=TICK))
    if at.kept is not None:
        _keep_typed(visit, session, at, [], at.place)
    index = _index(at)
    if index is not None:
        left = [child.model_dump() for number, child in enumerate(at.children) if number != index]
        service.keep(session, visit.actor, at.system, _with_list(at, left), key, now=visit.now)
    return redirect(visit, f"{edit_of(at.system)}/{key}?saved=yes")


def _keep_typed(visit: Visit, session: Session, at: At, typed: Pairs, entry_id: str) -> None:
    service.keep_unfinished(
        session,
        visit.actor,
        at.system,
        at.section,
        typed,
        now=visit.now,
        list_path=at.rows.path,
        entry_id=entry_id,
    )


def _at(
    visit: Visit,
    session: Session,
    short_code: str,
    key: str,
    path: str,
    place: str,
    *,
    lock: bool = False,
    lasting: str = "",
) -> At:
    """The row that an address names. A form names it by its lasting key, since rows move."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    rows = list_at(path)
    if rows is None or rows not in section_of(key).lists:
        raise NotFound
    record = queries.record_of(queries.get_draft(session, system, lock=lock))
    at = At(system, key, rows, record, place)
    if place == NEW:
        return at
    if not (place.isascii() and place.isdigit()):
        kept = [one for one in queries.list_unfinished(session, system, key) if one.id == place]
        if kept:
            typed = [(name, value) for name, value in kept[0].typed]
            return At(system, key, rows, record, place, kept=typed)
        raise NotFound
    keys = child_keys(at.children)
    if not lasting and 0 < int(place[:4]) <= len(keys):
        lasting = keys[int(place[:4]) - 1]
    if lasting in keys:
        return At(system, key, rows, record, place, lasting, at.children[keys.index(lasting)])
    if lock and lasting:
        return At(system, key, rows, record, NEW)
    raise NotFound


def _index(at: At) -> int | None:
    return child_keys(at.children).index(at.lasting) if at.lasting else None


def _read(session: Session, at: At, bag: FieldBag, problems: Problems) -> Part | None:
    """The child as typed; None while a needed answer is missing. A row that is there already cannot lose one."""
    found = read_answers(at.rows.asks, bag, problems)
    if at.child is not None:
        problems.update({ask.name: NEEDED for ask in at.rows.asks if ask.name in found.lacking})
    if problems or found.lacking:
        return None
    asks = touched(at.rows.asks, list(bag.pairs()), at.pairs) if at.child is not None else at.rows.asks
    told = put(at.child.model_dump() if at.child else {}, asks, found, without=set())
    if "key" in at.rows.model.model_fields and "key" not in told:
        told["key"] = free_slug(_title(at, told), {child.key for child in at.children})
    try:
        child = at.rows.model.model_validate(told)
    except ValidationError as error:
        note_faults(error, at.rows.asks, problems)
        return None
    _find_group(session, child, problems)
    return child


def _find_group(session: Session, child: Part, problems: Problems) -> None:
    """An affected group names places that the directory knows."""
    unknown = find_place(session, child) if isinstance(child, Affected) else None
    if isinstance(unknown, str):
        problems[unknown] = NOT_THERE


def _title(at: At, told: dict[str, Any]) -> Both:
    value = told.get(TITLES.get(at.rows.path, ""))
    return Both(**value) if isinstance(value, dict) else Both(en=str(value or ""))


def _with_child(at: At, child: Part, problems: Problems) -> Record | None:
    """The record with the row in its place; sent twice, it is there once."""
    children = list(at.children)
    index = _index(at)
    if index is not None:
        children[index] = child
    elif not any(_same(child, one) for one in children):
        children.append(child)
    try:
        return _with_list(at, [one.model_dump() for one in children])
    except ValidationError as error:
        note_faults(error, at.rows.asks, problems)
        return None


def _same(new: Part, old: Part) -> bool:
    return new.model_dump(exclude={"key"}) == old.model_dump(exclude={"key"})


def _with_list(at: At, children: list[dict[str, Any]]) -> Record:
    told = at.record.model_dump()
    *way, last = at.rows.path.split(".")
    owner = told
    for step in way:
        owner = owner[step]
    owner[last] = children
    if at.rows.path == "data_items":
        known = {child["key"] for child in children}
        for point in told["decision_points"]:
            point["inputs_used"] = [key for key in point["inputs_used"] if key in known]
        told["rights"]["access_preset"] = [key for key in told["rights"]["access_preset"] if key in known]
    return Record.model_validate(told)


def _in_template(session: Session, at: At) -> Part | None:
    """The same row in the template that the entry began with."""
    followed = templating.find_followed(session, at.system)
    if followed is None or not at.lasting:
        return None
    children = value_at(followed.record, at.rows.path)
    return next((child for key, child in zip(child_keys(children), children, strict=True) if key == at.lasting), None)


def _page(
    visit: Visit,
    session: Session,
    at: At,
    merged: Merged,
    *,
    status: int = 200,
    problems: Problems | None = None,
) -> Response:
    forms = Forms(session, at.system, at.record, visit.locale, partial(in_words, visit))
    pairs = merged.pairs
    if not pairs and at.rows.path == "affected":
        pairs = [("body", forms.default_body())]
    typed = FieldBag(pairs)
    title = next((one.title for one in forms.children(at.rows) if one.lasting == at.lasting), None)
    return render(
        visit,
        "register/editing/row.html",
        counting=True,
        status=status,
        problems=problems,
        name=at.record.name,
        label=at.rows.field.label,
        title=title if at.lasting else None,
        questions=forms.questions(at.rows.asks, typed, merged.clashes, _in_template(session, at)),
        typed=typed,
        was=marks(at.rows.asks, at.pairs),
        row=at.lasting,
        is_new=at.place == NEW,
        is_begun=at.kept is not None,
        clashes=bool(merged.clashes),
        here=at.href,
        back=f"{edit_of(at.system)}/{at.section}",
    )
