"""One system as a worker sees it: why it affects them, what it does to them, who answers, what changed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission, permits
from portal.core.text import Bilingual
from portal.directory.queries import get_body, list_recognised_branches
from portal.register import affecting, forms, past, queries, system_view
from portal.register.as_of import AsOf, address, answer_first
from portal.register.choosing import Choice, next_question, work_of
from portal.register.corrections.queries import Tally, find_last_answer, tally
from portal.register.corrections.rules import OUTCOMES
from portal.register.lifecycle.falling_due import confirm_due_on
from portal.register.lifecycle.incidents import list_incidents
from portal.register.lifecycle.queries import get_standing, list_measurements
from portal.register.matching import Match
from portal.register.models import System
from portal.register.openness import is_open
from portal.register.products.queries import list_products_of
from portal.register.queries import PublishedSystem
from portal.register.rules import IN_USE, is_overdue
from portal.register.system_view import Why
from portal.register.voices.queries import get_voices, list_rights
from portal.register.voices.shown import shown as both_sides
from portal.register.words import words
from portal.web.anonymous import PUBLIC, PlainVisit, Read, Visit
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.rendering import in_page, in_words, render

router = APIRouter()


@router.get("/s/{short_code}", dependencies=[PUBLIC])
def system(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """One system's page: today's, that of a day (?on=) or that of a version (?version=)."""
    choice = forms.read_choice(visit.request.query_params)
    shown, as_of, instead = _shown(visit, session, short_code, "/s", choice.pairs())
    if instead is not None:
        return instead
    why = _why_by_answers(visit, session, choice, shown, as_of)
    return _page(visit, session, shown, as_of, why, kept=choice.pairs())


@router.get("/my/systems/{short_code}", dependencies=[requires(Permission.SIGNED_IN)])
def own_system(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The same page for somebody signed in: why it affects them, for each of their engagements."""
    shown, as_of, instead = _shown(visit, session, short_code, "/my/systems", [])
    if instead is not None:
        return instead
    works = affecting.works_of(session, visit.actor.person_id, today=as_of.day)
    match = affecting.affecting_by(session, works, shown.id, visit.locale, is_past=as_of.is_past)
    why = system_view.why(match, partial(in_words, visit), visit.locale, is_known=bool(works))
    return _page(visit, session, shown, as_of, why, is_own=permits(visit.actor, Permission.MAKE_REQUEST))


def _shown(
    visit: Visit, session: Session, short_code: str, at: str, pairs: list[tuple[str, str]]
) -> tuple[PublishedSystem, AsOf, Response | None]:
    """The version that the address asks for, and the day it is shown of."""
    query = visit.request.query_params
    number = forms.read_number(query)
    found = queries.get_system(session, short_code, number=number)
    asked = {} if number else query
    as_of = past.as_of_system(asked, session, found.id, today=visit.today)
    instead = answer_first(visit, as_of, f"{at}/{found.short_code}", pairs, f"{at}/{found.short_code}")
    if instead is None and as_of.is_past:
        found = past.get_system_on(session, found.short_code, as_of.day)
    return found, as_of, instead


def _why_by_answers(visit: Visit, session: Session, choice: Choice, shown: PublishedSystem, as_of: AsOf) -> Why:
    """By the four answers in the address; a page without all of them asks."""
    facts = affecting.read_facts(session, choice)
    if next_question(choice, facts) is not None:
        return Why(is_known=False)
    works = [(work_of(choice, facts, on=as_of.day), facts.names)]
    match = affecting.affecting_by(session, works, shown.id, visit.locale, is_past=as_of.is_past)
    return system_view.why(match, partial(in_words, visit), visit.locale, is_known=True)


def _page(
    visit: Visit,
    session: Session,
    shown: PublishedSystem,
    as_of: AsOf,
    why: Why,
    *,
    kept: Sequence[tuple[str, str]] = (),
    is_own: bool = False,
    draft_at: str = "",
) -> Response:
    is_signed = isinstance(visit, SignedIn)
    body = get_body(session, shown.body_id)
    at = "/my/systems" if is_signed else "/s"
    return render(
        visit,
        "register/editing/preview.html" if draft_at else "register/system.html",
        draft_at=draft_at,
        system=shown,
        record=system_view.in_words(shown.record, partial(in_words, visit), visit.locale),
        held=system_view.withheld(shown.record, visit.locale),
        why=why,
        asks=f"/systems?employer={body.slug}{as_of.further}",
        mine="/my" if is_own else "",
        correction=f"{'/my/correction' if is_signed else '/systems/correction'}?system={shown.short_code}",
        contact=Bilingual(body.dpo_contact_cy, body.dpo_contact_en).get(visit.locale),
        unions=[branch for branch, _union in list_recognised_branches(session, body.id)],
        **_corrections(visit, session, shown, as_of),
        standing=None if as_of.is_past or not shown.is_current else get_standing(session, shown.id),
        incidents=list_incidents(session, shown.id, on=as_of.day),
        measurements=[one for one in list_measurements(session, shown.id) if one.measured_on <= as_of.day],
        employer_slug=body.slug,
        agreed=list_rights(session, body.id, today=as_of.day),
        **_sides(visit, session, shown, as_of),
        products=[] if as_of.is_past or not shown.is_current else list_products_of(session, shown.id),
        **_days(visit, shown, as_of, at, kept),
        words=words,
    )


def preview(
    visit: SignedIn, session: Session, draft: PublishedSystem, example: Match | None, *, draft_at: str
) -> Response:
    """The same page made of a draft, for those who write it; ``example`` is why it affects a worker."""
    as_of = AsOf(visit.today, visit.today)
    why = system_view.why(example, partial(in_words, visit), visit.locale, is_known=example is not None)
    return _page(visit, session, draft, as_of, why, draft_at=draft_at)


def _corrections(visit: Visit, session: Session, shown: PublishedSystem, as_of: AsOf) -> dict[str, Any]:
    """How many corrections were asked for, and the newest answer; a page of a day gone by says nothing of them."""
    counted = Tally() if as_of.is_past else tally(session, shown.id, today=visit.today)
    return {
        "tally": counted,
        "last_answer": find_last_answer(session, shown.id) if counted.answered else None,
        "outcomes": OUTCOMES,
    }


def _sides(visit: Visit, session: Session, shown: PublishedSystem, as_of: AsOf) -> dict[str, Any]:
    """What union and employer say, today or on the day asked for; an earlier version tells its own."""
    if not (shown.is_current or as_of.is_past):
        return {"voices": None}
    found = get_voices(session, session.get_one(System, shown.id), shown.record, on=as_of.day)
    return both_sides(found, shown.record, visit.locale, today=as_of.day)


def _days(
    visit: Visit, shown: PublishedSystem, as_of: AsOf, at: str, kept: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    review_on = (
        (shown.review_due_on or shown.record.next_review_on) if is_open(shown.record, "next_review_due") else None
    )
    confirmed_on = shown.confirmed_on or shown.record.last_confirmed_on
    here = f"{at}/{shown.short_code}"
    return {
        "as_of": as_of,
        "here": here,
        "kept": dict(kept),
        "today_href": in_page(visit.locale, address(here, list(kept))),
        "confirmed_on": confirmed_on,
        "is_unconfirmed": shown.state in IN_USE and confirm_due_on(confirmed_on, shown.state_since) < as_of.day,
        "review_on": review_on,
        "is_overdue": review_on is not None and is_overdue(review_on, today=as_of.day),
    }
