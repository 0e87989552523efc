"""Asking a person to look again: the same questions with an account (/my/review) and without (/review)."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.queries import get_case
from portal.cases.rules import CaseKind
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import NotFound
from portal.decision_review.asking import pages as asking
from portal.decision_review.asking.pages import CODE_BYTES
from portal.decision_review.holding.queries import find_open
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.questions import Next, Page, carried, first, follow
from portal.web.rendering import redirect, render

router = APIRouter()

ASK = [requires(Permission.MAKE_REQUEST)]


@router.get("/review/start", dependencies=[PUBLIC])
def start_without_account(visit: PlainVisit, session: Read) -> Response:
    """What the review is, and the first question."""
    return _begin(visit, session, None)


@router.post("/review/ask", dependencies=[PUBLIC])
def ask_without_account(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """The next question, the check page, or the case."""
    return _go_on(visit, session, fields, None)


@router.get("/my/review/start", dependencies=ASK)
def start(visit: SignedVisit, session: Read) -> Response:
    """The first question, for somebody signed in."""
    return _begin(visit, session, visit)


@router.post("/my/review/ask", dependencies=ASK)
def ask(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """The next question, the check page, or the case, for somebody signed in."""
    return _go_on(visit, session, fields, visit)


@router.get("/my/review/sent/{reference}", dependencies=ASK)
def sent(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The confirmation of one's own request."""
    case = get_case(session, visit.actor, reference)
    if case.requester_person_id != visit.actor.person_id or case.kind is not CaseKind.REVIEW:
        raise NotFound
    return _sent(visit, session, case, None)


def _begin(visit: Visit, session: Session, signed: SignedIn | None) -> Response:
    query = visit.request.query_params
    given = asking.preset(session, query.get("system", ""), query.get("point", ""))
    fields = FieldBag([*given, ("form_id", ids.new_id() if signed else ids.random_bytes(CODE_BYTES).hex())])
    found = asking.choices(session, visit, fields, signed.actor if signed else None)
    asked = first(found.questions)
    return _question(visit, fields, found, asked, signed)


def _go_on(visit: Visit, session: Session, fields: FieldBag, signed: SignedIn | None) -> Response:
    actor = signed.actor if signed else None
    found = asking.choices(session, visit, fields, actor)
    step = follow(fields, found.questions)
    if step.page is Page.QUESTION:
        return _question(visit, fields, found, step, signed)
    if step.page is Page.CHECK:
        return _check(visit, session, fields, found, signed)
    case, code = asking.send(session, visit, fields, found, actor)
    if signed is not None:
        return redirect(visit, f"/my/review/sent/{case.reference}")
    return _sent(visit, session, case, code)


def _question(visit: Visit, fields: FieldBag, found: Any, step: Next, signed: SignedIn | None) -> Response:
    hidden = dict(carried(fields, found.questions, besides=step.question))
    name = step.question.name if step.question else ""
    hidden |= _kept(fields) | {"step": [name]}
    if step.returns:
        hidden["returns"] = ["yes"]
    return render(
        visit,
        "decision_review/question.html",
        problems=step.problems,
        secret=signed is None,
        question=name,
        number=step.number,
        total=step.total,
        typed=fields,
        options=asking.options(visit, found),
        hidden=hidden,
        action="/my/review/ask" if signed else "/review/ask",
        is_first=step.number == 1,
    )


def _kept(fields: FieldBag) -> dict[str, list[str]]:
    """What every page carries besides the answers: the form's own bytes, and what the page before knew."""
    kept = {"form_id": [fields.one("form_id")]}
    names = {"employer": "body", "system": "system", "point": "point"}
    known = [name for name in names if name in fields.many("known")]
    return kept | ({"known": known} if known else {}) | {names[name]: [fields.one(names[name])] for name in known}


def _check(visit: Visit, session: Session, fields: FieldBag, found: Any, signed: SignedIn | None) -> Response:
    hidden = dict(carried(fields, found.questions, besides=None)) | _kept(fields)
    return render(
        visit,
        "decision_review/check.html",
        secret=signed is None,
        answers=asking.answers(visit, fields, found),
        goes=asking.goes(session, visit, fields, found, signed.actor if signed else None),
        hidden=hidden,
        action="/my/review/ask" if signed else "/review/ask",
    )


def _sent(visit: Visit, session: Session, case: Case, code: Any) -> Response:
    view = view_case(session, case, desk=desk_of(visit), for_requester=True)
    return render(
        visit,
        "decision_review/sent.html",
        secret=code is not None,
        case=view,
        effect_asked=find_open(session, case) is not None,
        for_other=code is not None and case.locator_hash is None,
        words=code.words(visit.locale.value) if code else None,
        other_words=" ".join(code.words(visit.locale.other.value)) if code else None,
    )
