"""Telling of a tool that is not in the register, without an account; what was asked and answered, for everybody."""

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission
from portal.core import ids
from portal.core.errors import NotFound, TooMany
from portal.core.text import pmsg
from portal.directory.models import Body
from portal.directory.queries import find_body_by_slug, list_bodies
from portal.register import pages
from portal.register.corrections.flow import flow_of
from portal.register.unlisted import desk, forms, queries, service
from portal.register.unlisted.rules import (
    ANSWER_WITHIN,
    FINDINGS,
    LONGEST_HOW,
    NOT_WORDED,
    OPEN,
    SILENCES,
    due_day,
)
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import in_page, redirect, render

router = APIRouter()
router.routes += desk.router.routes

DOORS = "/systems/unlisted"
FORM = f"{DOORS}/report"
OWN_FORM = "/my/tool-question"
OWN = [requires(Permission.SIGNED_IN)]
LIST = "/systems/questions"
NO_BODY = pmsg("error", "Select your employer")
TOO_MANY = pmsg(
    "error", "Many questions have come for this employer just now. What you wrote is still here: send it again later"
)
"""Without an account. Whoever is signed in has a door of their own, which no flood closes."""


@router.get(DOORS, dependencies=[PUBLIC])
def doors(visit: PlainVisit, session: Read) -> Response:
    """The two ways to tell of a tool, and what each of them means."""
    body = find_body_by_slug(session, visit.request.query_params.get("employer", ""))
    return render(visit, "register/unlisted/doors.html", body=body, form=FORM, list=LIST, days=ANSWER_WITHIN)


@router.get(FORM, dependencies=[PUBLIC])
def begin(visit: PlainVisit, session: Read) -> Response:
    """The form of the open way. Each one has its own id, so it is no page that is kept."""
    employer = visit.request.query_params.get("employer", "")
    return _form(visit, session, FieldBag([("employer", employer), ("form_id", ids.new_id())]))


@router.post(FORM, dependencies=[PUBLIC])
def ask(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Take what somebody tells: the day, the language and the words, sealed."""
    return _ask(visit, session, fields)


@router.get(OWN_FORM, dependencies=OWN)
def begin_own(visit: SignedVisit, session: Read) -> Response:
    """The same, signed in: nothing of who asked is kept, and it has room where too many came without an account."""
    employer = visit.request.query_params.get("employer", "")
    return _form(visit, session, FieldBag([("employer", employer), ("form_id", ids.new_id())]), action=OWN_FORM)


@router.post(OWN_FORM, dependencies=OWN)
def ask_own(visit: SignedVisit, fields: Fields, session: Write) -> Response:
    """The same, signed in."""
    return _ask(visit, session, fields, action=OWN_FORM, by=visit.actor.account_id)


def _ask(visit: Visit, session: Read, fields: FieldBag, *, action: str = FORM, by: str = "") -> Response:
    problems = Problems()
    body = find_body_by_slug(session, fields.one("employer"))
    if body is None:
        problems["employer"] = NO_BODY
    new = forms.read_account(fields, problems, visit.locale)
    if body is None or new is None:
        return _form(visit, session, fields, problems, action=action)
    try:
        if action == OWN_FORM:
            flow_of(visit.request.app.state, "own questions").take(by, now=visit.now)
            service.ask_signed_in(session, body.id, new, vault=visit.vault, calendar=visit.calendar, today=visit.today)
        else:
            flow_of(visit.request.app.state, "questions").take(body.id, now=visit.now)
            service.ask(session, body.id, new, vault=visit.vault, calendar=visit.calendar, today=visit.today)
    except TooMany as wait:
        refused = _form(visit, session, fields, Problems(page=TOO_MANY), status=429, action=action)
        refused.headers["retry-after"] = str(wait.retry_after)
        return refused
    return redirect(visit, f"{DOORS}/sent?employer={body.slug}")


@router.get(f"{DOORS}/sent", dependencies=[PUBLIC])
def sent(visit: PlainVisit, session: Read) -> Response:
    """What happens now, and by when."""
    body = _named(session, visit)
    if body is None:
        raise NotFound
    due_on = due_day(visit.calendar, visit.today)
    return render(visit, "register/unlisted/sent.html", body=body, due_on=due_on, list=LIST)


@router.get(LIST, dependencies=[PUBLIC])
def asked(visit: PlainVisit, session: Read) -> Response:
    """Tools that people asked about, of one employer (?employer=) or of all: what is open, or (?show=answered) done."""
    query = visit.request.query_params
    body = _named(session, visit)
    shows_answered = query.get("show") == "answered"
    body_id = body.id if body else None
    if shows_answered:
        cut = queries.list_answered(session, body_id, cursor=query.get("after"))
    else:
        cut = queries.list_open(session, body_id, today=visit.today, cursor=query.get("after"))
    kept = {"employer": body.slug if body else "", "show": "answered" if shows_answered else ""}
    return render(
        visit,
        "register/unlisted/asked.html",
        body=body,
        bodies=pages.body_options(list_bodies(session), visit.locale),
        lines=cut.items,
        tally=queries.tally(session, body_id, today=visit.today),
        shows_answered=shows_answered,
        findings=FINDINGS,
        silences=SILENCES,
        open_words=OPEN,
        not_worded=NOT_WORDED,
        doors=DOORS,
        list=LIST,
        next_href=in_page(visit.locale, pages.following(LIST, cut.next_cursor, **kept)) if cut.next_cursor else None,
    )


def _named(session: Read, visit: Visit) -> Body | None:
    """The employer in the address, if one is named; NotFound for one that there is not."""
    slug = visit.request.query_params.get("employer", "")
    body = find_body_by_slug(session, slug) if slug else None
    if slug and body is None:
        raise NotFound
    return body


def _form(
    visit: Visit,
    session: Read,
    fields: FieldBag,
    problems: Problems | None = None,
    status: int = 200,
    action: str = FORM,
) -> Response:
    options = pages.body_options(list_bodies(session), visit.locale)
    return render(
        visit,
        "register/unlisted/report.html",
        status=status,
        problems=problems,
        fields=fields,
        bodies=options,
        doors=DOORS,
        action=action,
        own_form=OWN_FORM if status == 429 and action == FORM else "",
        longest=LONGEST_HOW,
        days=ANSWER_WITHIN,
    )
