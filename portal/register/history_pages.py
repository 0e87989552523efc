"""The full record of one system, its history, and two versions side by side."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import Bilingual, Message, msg
from portal.directory.models import Body
from portal.directory.queries import (
    find_body_by_slug,
    get_body,
    list_recognised_branches,
    list_staff_groups,
    list_workplaces,
)
from portal.i18n.formats import date_long
from portal.register import forms, history, past, queries
from portal.register.as_of import address, answer_first
from portal.register.atrs_export.filling import is_for_everybody
from portal.register.completeness import whole_completeness
from portal.register.corrections.queries import tally
from portal.register.definitions import definitions
from portal.register.difference_view import side_by_side
from portal.register.openness import is_open
from portal.register.origins import approved_on
from portal.register.pages import in_language
from portal.register.queries import PublishedSystem
from portal.register.record import Record
from portal.register.record_view import NONE_DECLARED, Telling, full_record
from portal.register.value_view import Line, Placed, Values
from portal.register.words import words
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.rendering import in_page, in_words, render

router = APIRouter()

MOST_DIGITS = 4
PUBLISHED = msg("Published in both languages")


@router.get("/s/{short_code}/record", dependencies=[PUBLIC])
def record(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """Every field that everybody may read, group by group; of today, of a day (?on=) or of a version (?version=)."""
    query = visit.request.query_params
    number = forms.read_number(query)
    found = queries.get_system(session, short_code, number=number)
    here = f"/s/{found.short_code}/record"
    asked = {} if number else query
    as_of = past.as_of_system(asked, session, found.id, today=visit.today)
    instead = answer_first(visit, as_of, here, [], f"/s/{found.short_code}")
    if instead is not None:
        return instead
    if as_of.is_past:
        found = past.get_system_on(session, found.short_code, as_of.day)
    say = partial(in_words, visit)
    values = Values(visit.locale, say, found.record, _places(session, [found.record]))
    groups = full_record(
        found.record, Telling(visit.locale, say, values, _known(visit, session, found, is_past=as_of.is_past))
    )
    on = as_of.query or (f"?version={number}" if number else "")
    return render(
        visit,
        "register/record.html",
        system=found,
        groups=groups,
        approved_on=approved_on(session, found.version_id),
        is_exported=is_for_everybody(found),
        as_of=as_of,
        on=on,
        here=here,
        kept={},
        today_href=in_page(visit.locale, here),
    )


@router.get("/s/{short_code}/history", dependencies=[PUBLIC])
def versions(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """Every version with what it changed in plain words: before, now, and what changes for you."""
    query = visit.request.query_params
    found = queries.get_system(session, short_code)
    here = f"/s/{found.short_code}/history"
    as_of = past.as_of_system(query, session, found.id, today=visit.today)
    instead = answer_first(visit, as_of, here, [], f"/s/{found.short_code}")
    if instead is not None:
        return instead
    if as_of.is_past:
        found = past.get_system_on(session, found.short_code, as_of.day)
    before = _number(query.get("before", ""))
    cut = history.list_versions(session, found.id, before=before, on=as_of.day)
    pairs = [("before", cut.next_cursor or ""), *as_of.pairs]
    return render(
        visit,
        "register/history.html",
        system=found,
        versions=[
            {
                "number": one.number,
                "published_on": one.published_on,
                "change": in_language(one.change, visit.locale),
            }
            for one in cut.items
        ],
        words=words,
        more=address(here, pairs) if cut.next_cursor else None,
        as_of=as_of,
        here=here,
        kept={},
        today_href=in_page(visit.locale, here),
    )


@router.get("/s/{short_code}/history/{older}/{newer}", dependencies=[PUBLIC])
def compared(visit: PlainVisit, session: Read, short_code: str, older: str, newer: str) -> Response:
    """Two versions side by side."""
    found = queries.get_system(session, short_code)
    here = f"/s/{found.short_code}/history"
    as_of = past.as_of_system(visit.request.query_params, session, found.id, today=visit.today)
    instead = answer_first(visit, as_of, here, [], here)
    if instead is not None:
        return instead
    first, last = _number(older), _number(newer)
    if first is None or last is None or first >= last:
        raise NotFound
    old, new = history.get_two(session, found.id, first, last)
    if new.published_on > as_of.day:
        raise NotFound
    say = partial(in_words, visit)
    changes = history.changes_between(session, found.id, first, last)
    return render(
        visit,
        "register/compared.html",
        system=found,
        old=old,
        new=new,
        changes=[in_language(one.change, visit.locale) for one in changes],
        lines=side_by_side(old.record, new.record, say, visit.locale, _places(session, [old.record, new.record])),
        words=words,
        as_of=as_of,
        today_href=in_page(visit.locale, f"{here}/{first}/{last}"),
    )


def _number(told: str) -> int | None:
    return int(told) if told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS else None


def _places(session: Session, records: list[Record]) -> Placed:
    """The names of the bodies, workplaces and staff groups that affected groups name."""
    names: dict[tuple[str, str, str], Bilingual] = {}
    for slug in {affected.body for record in records for affected in record.affected}:
        body = find_body_by_slug(session, slug)
        if body is not None:
            names[slug, "body", slug] = Bilingual(body.name_cy, body.name_en)
            names |= _places_of(session, body)
    return names


def _places_of(session: Session, body: Body) -> dict[tuple[str, str, str], Bilingual]:
    places = {
        (body.slug, "workplace", place.slug): Bilingual(place.name_cy, place.name_en)
        for place in list_workplaces(session, body.id)
    }
    groups = {
        (body.slug, "staff_group", group.code): Bilingual(group.name_cy, group.name_en)
        for group in list_staff_groups(session, body.id)
    }
    return {**places, **groups}


def _known(visit: Visit, session: Session, found: PublishedSystem, *, is_past: bool) -> dict[str, tuple[Line, ...]]:
    """What stands in other rows than the version's, or is worked out: by the field that it answers."""
    body = get_body(session, found.body_id)
    unions = [
        Bilingual(branch.name_cy, branch.name_en) for branch, _union in list_recognised_branches(session, body.id)
    ]
    counted = tally(session, found.id, today=visit.today)
    confirmed = found.confirmed_on or found.record.last_confirmed_on
    review = found.review_due_on or found.record.next_review_on
    state = found.state if found.is_current or is_past else found.record.state
    told: dict[str, Any] = {
        "short_code": found.short_code,
        "record_state": PUBLISHED,
        "organisation": found.body,
        "trade_unions_recognised": unions,
        "dpo_contact": Bilingual(body.dpo_contact_cy, body.dpo_contact_en),
        "lifecycle_state": words(state),
        "version_no": str(found.number),
        "last_confirmed_by_sro": date_long(confirmed, visit.locale) if confirmed else "",
        "next_review_due": date_long(review, visit.locale) if review else "",
        "completeness_score / freshness": whole_completeness(found.record),
        "feedback_count": _counted(counted.asked, counted.answered),
    }
    told["withheld_fields"] = _withheld(found.record)
    told |= _of_data(found.record)
    return {key: _lines(visit, value) for key, value in told.items()}


def _of_data(record: Record) -> dict[str, list[Bilingual] | Message]:
    """Where the data at work comes from, and what of it is guarded most: worked out from the data items."""
    guarded = [item for item in record.data_items if item.special_category or item.special_categories]
    open_items = is_open(record, "data_items", "data_items.label", "data_items.source")
    return {
        "op_data.data_sources": [item.source.bilingual for item in record.data_items] if open_items else [],
        "op_data.sensitive_attributes": [item.label.bilingual for item in guarded] or NONE_DECLARED,
    }


def _withheld(record: Record) -> list[Bilingual] | Message:
    """The names of the fields that are withheld; each says why in its own place."""
    told = definitions(record.standard)
    kept_back = [told[one.field].label for one in record.withheld if not is_open(record, one.field)]
    return kept_back or NONE_DECLARED


def _counted(asked: int, answered: int) -> Message:
    return msg("Corrections asked for: {asked}. Answered: {answered}.", asked=asked, answered=answered)


def _lines(visit: Visit, value: Any) -> tuple[Line, ...]:
    if isinstance(value, list):
        return tuple(dict.fromkeys(line for inner in value for line in _lines(visit, inner)))
    if isinstance(value, Message):
        return (Line(in_words(visit, value)),)
    text = value.get(visit.locale) if isinstance(value, Bilingual) else value
    return (Line(text),) if text else ()
