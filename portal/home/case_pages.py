"""A requester's own cases: signed in, or with the ten words of a case code."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.authz.permissions import Permission, permits
from portal.cases import correspondence, service
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.queries import get_case, list_own
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.status import status_of
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.directory.queries import get_body
from portal.home import lifting, represented, representing
from portal.home.parts import do_own_act, own_acts, part_of, reply_step, withdraw_step
from portal.home.work import work_of
from portal.register.lifecycle.queries import list_to_confirm
from portal.subject_access.asking.queries import find_opened
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit, Write
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()
for pages in (representing, represented):
    router.routes += pages.router.routes

REPLY_LIMIT = 4000

KINDS = {
    CaseKind.ACCESS: msg("A copy of my data"),
    CaseKind.REVIEW: msg("A review of a decision"),
    CaseKind.COMPLAINT: msg("A data-protection complaint"),
}
SIGNED = [requires(Permission.SIGNED_IN)]

EMPTY_REPLY = pmsg("error", "Write your answer")
WRONG_WORDS = pmsg("error", "Nothing was found with these words. Check them against your copy")
EMPTY_WORDS = pmsg("error", "Enter the ten words of your case code")


@router.get("/my", dependencies=SIGNED)
def overview(visit: SignedVisit, session: Read) -> Response:
    """What is one's own: cases, and the desks of one's duties."""
    cut = list_own(session, visit.actor, cursor=visit.request.query_params.get("after"))
    return render(
        visit,
        "home/my.html",
        cases=cut.items,
        statuses={row.id: status_of(row.state, has_question=False) for row in cut.items},
        kinds=KINDS,
        next_cursor=cut.next_cursor,
        may_ask=permits(visit.actor, Permission.MAKE_REQUEST),
        work=work_of(visit.actor, session, today=visit.today),
        to_confirm=list_to_confirm(session, visit.actor, today=visit.today),
        confirmed=visit.request.query_params.get("confirmed") == "yes",
    )


@router.get("/my/cases/{reference}", dependencies=SIGNED)
def own_case(visit: SignedVisit, session: Read, reference: str) -> Response:
    """One's own case: status, dates, timeline, questions."""
    return _page(visit, session, _own(session, visit, reference))


@router.post("/my/cases/{reference}/reply", dependencies=SIGNED)
def own_reply(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Answer a question, or add something."""
    case = _own(session, visit, reference)
    problems = _reply(session, visit, visit.actor, case, fields)
    if problems:
        return _page(visit, session, case, problems=problems, typed=fields.one("reply"))
    return redirect(visit, f"/my/cases/{case.reference}")


@router.post("/my/cases/{reference}/withdraw", dependencies=SIGNED)
def own_withdraw(visit: SignedVisit, session: Write, reference: str) -> Response:
    """Take one's own request back."""
    case = _own(session, visit, reference)
    _withdraw(session, visit, visit.actor, case)
    return redirect(visit, f"/my/cases/{case.reference}")


@router.post("/my/cases/{reference}/again", dependencies=SIGNED)
def own_again(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Undo a withdrawal, or take up again what ended."""
    case = _own(session, visit, reference)
    problems = _again(session, visit, visit.actor, case, fields)
    if problems:
        return _page(visit, session, case, problems=problems)
    return redirect(visit, f"/my/cases/{case.reference}")


@router.get("/case", dependencies=[PUBLIC])
def enter(visit: PlainVisit) -> Response:
    """Where somebody without an account types their case code."""
    return render(visit, "home/enter_case.html", typed_words="", secret=True)


@router.post("/case", dependencies=[PUBLIC])
def open_by_code(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The case that the ten words open: for its person, or for somebody who represents them."""
    shown = represented.open_for(visit, fields)
    if shown is not None:
        return shown
    found = _by_code(session, visit, fields)
    if isinstance(found, Problems):
        return render(visit, "home/enter_case.html", problems=found, typed_words=fields.one("words"), secret=True)
    return _code_page(visit, session, found)


@router.post("/case/reply", dependencies=[PUBLIC])
def reply_by_code(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Answer a question with the ten words in hand."""
    found = _held(session, visit, fields)
    problems = _reply(session, visit, found.by, found.case, fields)
    return _code_page(visit, session, found, problems=problems, typed=fields.one("reply") if problems else "")


@router.post("/case/withdraw", dependencies=[PUBLIC])
def withdraw_by_code(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Take a request back with the ten words in hand."""
    found = _held(session, visit, fields)
    if _may_withdraw(found):
        _withdraw(session, visit, found.by, found.case)
    return _code_page(visit, session, found)


@router.post("/case/again", dependencies=[PUBLIC])
def again_by_code(visit: PlainVisit, fields: Fields, session: Write) -> Response:
    """Undo a withdrawal, or take up again what ended, with the ten words in hand."""
    found = _held(session, visit, fields)
    if not _may_withdraw(found):
        raise NotFound
    problems = _again(session, visit, found.by, found.case, fields)
    return _code_page(visit, session, found, problems=problems)


@dataclass(frozen=True, slots=True)
class Held:
    """The case that ten words open, and as whom. ``is_asker``: they made the request, for themselves or another."""

    case: Case
    code: Code
    by: Relation
    is_asker: bool
    may_receive: bool


def _own(session: Session, visit: Any, reference: str) -> Case:
    case = get_case(session, visit.actor, reference)
    if case.requester_person_id != visit.actor.person_id:
        raise NotFound
    return case


def _by_code(session: Session, visit: Visit, fields: FieldBag) -> Held | Problems:
    """The person's own words, or those of somebody who may speak for them."""
    if not fields.one("words"):
        return Problems(words=EMPTY_WORDS)
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        return Problems(words=WRONG_WORDS)
    found = find_opened(session, locator_hash(case_locator(code)), today=visit.today)
    if found is None:
        return Problems(words=WRONG_WORDS)
    is_asker = found.authority is None or found.authority.is_asker
    return Held(found.case, code, found.by, is_asker, found.may_receive)


def _held(session: Session, visit: Visit, fields: FieldBag) -> Held:
    found = _by_code(session, visit, fields)
    if isinstance(found, Problems):
        raise NotFound
    return found


def _may_withdraw(held: Held) -> bool:
    """Who asked may take it back; a representative whom the person named later may not."""
    return held.is_asker


def _again(session: Session, visit: Visit, by: By, case: Case, fields: FieldBag) -> Problems:
    problems = Problems()
    try:
        with session.begin_nested():
            if fields.one("lift"):
                lifting.answer(session, visit, by, case, fields)
            else:
                do_own_act(session, by, case, fields.one("act"), desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _reply(session: Session, visit: Visit, by: By, case: Case, fields: FieldBag) -> Problems:
    problems = Problems()
    words = text(fields, "reply", problems, most=REPLY_LIMIT, required=EMPTY_REPLY)
    if problems:
        return problems
    writing = Writing(form_id(fields) or ids.new_id(), Words(words), visit.locale)
    try:
        with session.begin_nested():
            correspondence.reply(session, by, case, writing, desk=desk_of(visit), step=reply_step(case))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _withdraw(session: Session, visit: Visit, by: By, case: Case) -> None:
    step = withdraw_step(case)
    if step is not None:
        service.take_step(session, by, case, step, desk=desk_of(visit))


def _code_page(
    visit: Visit, session: Session, held: Held, *, problems: Problems | None = None, typed: str = ""
) -> Response:
    return _page(visit, session, held.case, held=held, problems=problems, typed=typed)


def _page(
    visit: Visit,
    session: Session,
    case: Case,
    *,
    held: Held | None = None,
    problems: Problems | None = None,
    typed: str = "",
) -> Response:
    by: By = held.by if held is not None else visit.actor  # type: ignore[attr-defined]
    is_asker = held is None or held.is_asker
    view = view_case(session, case, desk=desk_of(visit), for_requester=True)
    if held is not None and held.by is not Relation.REQUESTER:
        view = replace(view, given=())  # whom the person left out is theirs alone to know
    return render(
        visit,
        "home/case.html",
        problems=problems,
        secret=held is not None,
        case=view,
        body=get_body(session, case.body_id),
        part=part_of(session, visit, case, by, held is None or held.may_receive),
        may_withdraw=is_asker and case.is_open and withdraw_step(case) is not None,
        own_acts=own_acts(case, visit.today) if is_asker else (),
        lifts=lifting.asked_of(session, visit, case) if held is None or held.by is Relation.REQUESTER else [],
        is_access=case.kind is CaseKind.ACCESS,
        is_complaint=case.kind is CaseKind.COMPLAINT,
        may_complain=case.kind is not CaseKind.COMPLAINT and (held is None or held.by is Relation.REQUESTER),
        represented=representing.represented_values(visit, session, case) if is_asker else None,
        hidden={"words": " ".join(held.code.words(visit.locale.value))} if held else {},
        base="/case" if held else f"/my/cases/{case.reference}",
        form_id=ids.new_id(),
        typed=typed,
        lang=Locale(case.locale).value,
    )
