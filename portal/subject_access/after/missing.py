"""The requester says that something is missing: with an account, or with ten words."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.subject_access.after.forms import read_missing
from portal.subject_access.after.reopening import reopen
from portal.subject_access.after.rules import may_reopen, reopen_until
from portal.subject_access.asking.queries import Opened, find_opened
from portal.subject_access.letters import ROUTES
from portal.subject_access.queries import get_own
from portal.timelimits.rules import DEFAULT_TARGETS
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]


@router.get("/my/access/{reference}/missing", dependencies=OWN)
def missing(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What to write, who looks, and until when."""
    case = get_own(session, visit.actor, reference)
    return _page(visit, case, FieldBag([]), action=f"/my/access/{reference}/missing")


@router.post("/my/access/{reference}/missing", dependencies=OWN)
def say_missing(visit: SignedVisit, session: Read, fields: Fields, reference: str) -> Response:
    """Reopen one's own request."""
    case, problems = get_own(session, visit.actor, reference), Problems()
    words = read_missing(fields, problems)
    try:
        if not problems:
            with visit.database.writing() as writing:
                held = get_own(writing, visit.actor, reference)
                reopen(writing, visit.actor, held, words, _form(fields), lang=visit.locale, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, case, fields, action=f"/my/access/{reference}/missing", problems=problems)
    return redirect(visit, f"/my/cases/{reference}")


@router.post("/access/missing", dependencies=[PUBLIC])
def missing_by_code(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same for somebody with ten words: the person themselves, or who speaks for them."""
    opened, code = _by_words(visit, session, fields)
    return _page(visit, opened.case, FieldBag([]), action="/access/missing/send", code=code)


@router.post("/access/missing/send", dependencies=[PUBLIC])
def say_missing_by_code(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """Reopen the request of these ten words."""
    opened, code = _by_words(visit, session, fields)
    problems = Problems()
    words = read_missing(fields, problems)
    try:
        if not problems:
            with visit.database.writing() as writing:
                held, _code = _by_words(visit, writing, fields)
                case = reopen(writing, held.by, held.case, words, _form(fields), lang=visit.locale, desk=desk_of(visit))
                reference, due_on = case.reference, case.due_on
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, opened.case, fields, action="/access/missing/send", code=code, problems=problems)
    return render(
        visit,
        "subject_access/reopen_sent.html",
        secret=True,
        reference=reference,
        due_on=due_on,
        words=_typed(visit, code),
    )


def _form(fields: FieldBag) -> str:
    found = form_id(fields)
    if not found:
        raise NotFound
    return found


def _by_words(visit: Visit, session: Session, fields: FieldBag) -> tuple[Opened, Code]:
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        raise NotFound from None
    opened = find_opened(session, locator_hash(case_locator(code)), today=visit.today)
    if opened is None:
        raise NotFound
    return opened, code


def _typed(visit: Visit, code: Code) -> str:
    return " ".join(code.words(visit.locale.value))


def _page(
    visit: Visit,
    case: Case,
    fields: FieldBag,
    *,
    action: str,
    code: Code | None = None,
    problems: Problems | None = None,
) -> Response:
    """NotFound while there is no answer, and when it is too old."""
    if case.finished_on is None or not (problems or may_reopen(case.state, case.finished_on, visit.today)):
        raise NotFound
    return render(
        visit,
        "subject_access/reopen.html",
        problems=problems,
        secret=code is not None,
        reference=case.reference,
        action=action,
        hidden={"form_id": form_id(fields) or ids.new_id(), **({"words": _typed(visit, code)} if code else {})},
        typed=fields.one,
        until=reopen_until(case.finished_on),
        answer_by=visit.calendar.later(visit.today, DEFAULT_TARGETS.second_look_working_days),
        routes=ROUTES,
    )
