"""One section of a draft: its form in both languages, its lists, its comments."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.core.errors import NotFound
from portal.register.completeness import completeness
from portal.register.definitions import groups
from portal.register.editing import queries, service, templating
from portal.register.editing.merging import Merged, merge, over
from portal.register.editing.shape import STANDARD, Ask, Section, sections
from portal.register.editing.typed import (
    Pairs,
    marks,
    missing_parts,
    note_faults,
    pairs_of,
    put,
    read_answers,
    touched,
    typed_in,
)
from portal.register.editing.view import Forms
from portal.register.lifecycle.rules import Role
from portal.register.lifecycle.standing import get_as
from portal.register.models import System
from portal.register.record import Record
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_words, redirect, render

router = APIRouter()

EDITS = [requires(Permission.REGISTER_EDIT)]
AT = "/my/desk/register/{short_code}/edit"


def edit_of(system: System) -> str:
    """The address of a draft’s pages."""
    return f"/my/desk/register/{system.short_code}/edit"


def section_of(key: str) -> Section:
    """A section by its name in the address."""
    found = sections().get(key)
    if found is None:
        raise NotFound
    return found


@router.get(f"{AT}/{{key}}", dependencies=EDITS)
def ask_section(visit: SignedVisit, session: Read, short_code: str, key: str) -> Response:
    """A section’s form, with what was typed and is not whole yet."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    section = section_of(key)
    record = queries.record_of(queries.get_draft(session, system))
    return _page(visit, session, system, section, record, Merged(_current(session, system, section, record)))


@router.post(f"{AT}/{{key}}", dependencies=EDITS)
def save_section(visit: SignedVisit, session: Write, fields: Fields, short_code: str, key: str) -> Response:
    """Save at any time: only what cannot be is refused, and nothing that was typed is lost."""
    system = get_as(session, visit.actor, short_code, Role.EDITOR)
    section = section_of(key)
    record = queries.record_of(queries.get_draft(session, system, lock=True))
    current = _current(session, system, section, record)
    merged = merge(section.asks, list(fields.pairs()), current, fields.one("was"))
    if merged.clashes:
        return _page(visit, session, system, section, record, merged, fields=fields, status=409)
    problems = Problems()
    asks = touched(section.asks, merged.pairs, current)
    new, unfinished = _read(section, asks, record, FieldBag(merged.pairs), fields, problems)
    if problems or new is None:
        return _page(visit, session, system, section, record, merged, fields=fields, problems=problems)
    service.keep(session, visit.actor, system, new, section.key, now=visit.now)
    kept = [pair for ask in section.asks if ask.within in unfinished for pair in typed_in(ask, merged.pairs)]
    service.keep_unfinished(session, visit.actor, system, section.key, kept, now=visit.now)
    following = fields.one("go") == "next" and _next_key(section.key)
    return redirect(visit, f"{edit_of(system)}/{following}" if following else f"{edit_of(system)}/{key}?saved=yes")


def _read(
    section: Section, asks: Sequence[Ask], record: Record, bag: FieldBag, fields: FieldBag, problems: Problems
) -> tuple[Record | None, set[str]]:
    """The record with what was typed, and the parts that are not whole yet."""
    found = read_answers(section.asks, bag, problems)
    unfinished = missing_parts(section.asks, found)
    told = put(record.model_dump(), asks, found, without=unfinished)
    mine = {field.key for field in section.may_be_none}
    none = [key for key in record.declared_none if key not in mine]
    told["declared_none"] = tuple(none + [key for key in fields.many("none") if key in mine])
    try:
        return Record.model_validate(told), unfinished
    except ValidationError as error:
        note_faults(error, section.asks, problems)
        return None, unfinished


def _current(session: Session, system: System, section: Section, record: Record) -> Pairs:
    kept = [one for one in queries.list_unfinished(session, system, section.key) if not one.list_path]
    pairs = pairs_of(record, section.asks)
    return over(pairs, section.asks, [(name, value) for name, value in kept[0].typed]) if kept else pairs


def _next_key(key: str) -> str | None:
    keys = list(sections())
    place = keys.index(key) + 1
    return keys[place] if place < len(keys) else None


def _page(
    visit: Visit,
    session: Session,
    system: System,
    section: Section,
    record: Record,
    merged: Merged,
    *,
    fields: FieldBag | None = None,
    status: int = 200,
    problems: Problems | None = None,
) -> Response:
    typed = FieldBag(merged.pairs)
    forms = Forms(session, system, record, visit.locale, partial(in_words, visit))
    followed = templating.find_followed(session, system)
    none = fields.many("none") if fields is not None else list(record.declared_none)
    return render(
        visit,
        "register/editing/section.html",
        counting=True,
        status=status,
        problems=problems,
        name=record.name,
        key=section.key,
        label=groups(STANDARD)[section.key],
        said=dict(completeness(record)).get(section.key),
        questions=forms.questions(section.asks, typed, merged.clashes, followed.record if followed else None),
        typed=typed,
        was=marks(section.asks, _current(session, system, section, record)),
        clashes=bool(merged.clashes),
        lists=_lists(session, system, section, forms),
        declared=none,
        may_be_none=[(one.key, one.label.get(visit.locale)) for one in section.may_be_none],
        comments=queries.list_comments(session, system, visit.vault, section.key),
        saved=visit.request.query_params.get("saved") == "yes" and problems is None,
        next_key=_next_key(section.key),
        at=edit_of(system),
        unfinished=any(not one.list_path for one in queries.list_unfinished(session, system, section.key)),
    )


def _lists(session: Session, system: System, section: Section, forms: Forms) -> list[Mapping[str, Any]]:
    begun = queries.list_unfinished(session, system, section.key)
    return [
        {
            "path": rows.path,
            "label": rows.field.label.get(forms.locale),
            "children": forms.children(rows),
            "begun": [one for one in begun if one.list_path == rows.path],
        }
        for rows in section.lists
    ]
