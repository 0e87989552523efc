"""Asking for a correction, with an account and without; the answers, for everybody."""

from fastapi import APIRouter, Response

from portal.authz.permissions import Permission
from portal.core import ids
from portal.core.errors import NotFound, TooMany
from portal.core.text import pmsg
from portal.identity.actor import Actor
from portal.register.corrections import desk, forms, queries, service
from portal.register.corrections.flow import flow_of
from portal.register.corrections.rules import ANSWER_WITHIN, KINDS, LONGEST_TEXT, OUTCOMES, SHORT_KINDS, CorrectionKind
from portal.register.queries import PublishedSystem, find_system, get_system
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()
router.routes += desk.router.routes

FORM = "/systems/correction"
OWN_FORM = "/my/correction"
OWN = [requires(Permission.SIGNED_IN)]
TOO_MANY = pmsg(
    "error", "Many corrections have come for this employer just now. What you wrote is still here: send it again later"
)


@router.get(FORM, dependencies=[PUBLIC])
def begin(visit: PlainVisit, session: Read) -> Response:
    """The form, without an account. It stands outside the pages that are kept: each one has its own id."""
    return _empty_form(visit, session, FORM)


@router.post(FORM, dependencies=[PUBLIC])
def ask(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Take a correction from anybody: the day, the language and the text, sealed."""
    return _ask(visit, session, None, fields, FORM)


@router.get(f"{FORM}/sent", dependencies=[PUBLIC])
def sent(visit: PlainVisit, session: Read) -> Response:
    """What happens now, and by when."""
    return _sent(visit, session, is_own=False)


@router.get(OWN_FORM, dependencies=OWN)
def begin_own(visit: SignedVisit, session: Read) -> Response:
    """The form, signed in: the answer also comes by letter."""
    return _empty_form(visit, session, OWN_FORM)


@router.post(OWN_FORM, dependencies=OWN)
def ask_own(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Take a correction from somebody who is signed in."""
    return _ask(visit, session, visit.actor, fields, OWN_FORM)


@router.get(f"{OWN_FORM}/sent", dependencies=OWN)
def sent_own(visit: SignedVisit, session: Read) -> Response:
    """What happens now, signed in."""
    return _sent(visit, session, is_own=True)


@router.get("/s/{short_code}/corrections", dependencies=[PUBLIC])
def answers(visit: PlainVisit, session: Read, short_code: str) -> Response:
    """What was asked and answered about one system: the answers, never what was written."""
    system = get_system(session, short_code)
    cut = queries.list_answers(session, system.id, cursor=visit.request.query_params.get("after"))
    more = f"/s/{system.short_code}/corrections?after={cut.next_cursor}" if cut.next_cursor else None
    return render(
        visit,
        "register/corrections/answers.html",
        system=system,
        tally=queries.tally(session, system.id, today=visit.today),
        answers=cut.items,
        kinds=SHORT_KINDS,
        outcomes=OUTCOMES,
        form=FORM,
        more=more,
    )


def _empty_form(visit: Visit, session: Read, form: str) -> Response:
    system = _named(session, visit.request.query_params.get("system", ""))
    kind = forms.read_kind(visit.request.query_params)
    return _form(visit, system, FieldBag([("kind", kind), ("form_id", ids.new_id())]), form)


def _ask(visit: Visit, session: Read, actor: Actor | None, fields: FieldBag, form: str) -> Response:
    system = _named(session, fields.one("system"))
    problems = Problems()
    new = forms.read_correction(fields, problems, visit.locale)
    if new is None:
        return _form(visit, system, fields, form, problems)
    try:
        if actor is None:
            flow_of(visit.request.app.state, "corrections").take(system.body_id, now=visit.now)
        service.ask(
            session, actor, system, new, vault=visit.vault, calendar=visit.calendar, today=visit.today, now=visit.now
        )
    except TooMany as wait:
        refused = _form(visit, system, fields, form, Problems(page=TOO_MANY), status=429)
        refused.headers["retry-after"] = str(wait.retry_after)
        return refused
    return redirect(visit, f"{form}/sent?system={system.short_code}")


def _form(
    visit: Visit,
    system: PublishedSystem,
    fields: FieldBag,
    form: str,
    problems: Problems | None = None,
    status: int = 200,
) -> Response:
    return render(
        visit,
        "register/corrections/ask.html",
        status=status,
        problems=problems,
        system=system,
        fields=fields,
        action=form,
        is_own=form == OWN_FORM,
        own_form=OWN_FORM if status == 429 and form == FORM else "",
        kinds=[(kind.value, KINDS[kind]) for kind in CorrectionKind],
        longest=LONGEST_TEXT,
        days=ANSWER_WITHIN,
    )


def _sent(visit: Visit, session: Read, *, is_own: bool) -> Response:
    system = _named(session, visit.request.query_params.get("system", ""))
    due_on = visit.calendar.later(visit.today, ANSWER_WITHIN)
    return render(visit, "register/corrections/sent.html", system=system, due_on=due_on, is_own=is_own)


def _named(session: Read, short_code: str) -> PublishedSystem:
    found = find_system(session, short_code)
    if found is None:
        raise NotFound
    return found
