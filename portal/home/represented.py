"""A case as a representative sees it, with ten words of their own: where it stands, and what its person shares."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.cases import representing
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.representing import Represented, find_held
from portal.cases.rules import CaseKind, OwnAct, Relation
from portal.cases.shared_view import view_shared
from portal.cases.speaking import SCOPES, SHARED, Shared, Use, Work
from portal.cases.standing_in import mark
from portal.cases.standing_in import speak as speak_in
from portal.cases.turn import MOVED_ON
from portal.cases.view import OpenQuestion
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.directory.queries import get_body
from portal.home.parts import do_own_act, lines_of, own_acts, reply_step, shared_of, withdraw_step
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import render

router = APIRouter()

REPLY_LIMIT = 4000
TAKEN_BACK = "withdrawn"
EMPTY_REPLY = pmsg("error", "Write your answer")


@router.post("/case/speak", dependencies=[PUBLIC])
def speak(visit: PlainVisit, fields: Fields) -> Response:
    """Answer or write for the person, where they let somebody speak for them."""
    code = _code(fields)
    problems = Problems()
    if code is None:
        raise NotFound
    with visit.database.writing() as session:
        held = _living(session, visit, code)
        if not held.may_speak:
            raise NotFound
        words = text(fields, "reply", problems, most=REPLY_LIMIT, required=EMPTY_REPLY)
        writing = Writing(form_id(fields) or ids.new_id(), Words(words), visit.locale)
        try:
            if not problems:
                with session.begin_nested():
                    speak_in(
                        session,
                        held,
                        writing,
                        lines=lines_of(held.case),
                        desk=desk_of(visit),
                        step=reply_step(held.case),
                    )
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
        return _page(visit, session, held, code, problems, fields.one("reply") if problems else "")


@router.post("/case/speak/withdraw", dependencies=[PUBLIC])
def withdraw(visit: PlainVisit, fields: Fields) -> Response:
    """Take back what one asked for somebody; nobody else who represents a person can."""

    def take_back(session: Session, held: Represented) -> None:
        step = withdraw_step(held.case)
        if step is None:
            raise Conflict(MOVED_ON)
        cases.take_step(session, Relation.REPRESENTATIVE, held.case, step, desk=desk_of(visit))

    return _as_asker(visit, fields, take_back)


@router.post("/case/speak/again", dependencies=[PUBLIC])
def undo(visit: PlainVisit, fields: Fields) -> Response:
    """Undo that."""

    def go_on(session: Session, held: Represented) -> None:
        if not is_theirs_to_undo(held):
            raise NotFound
        do_own_act(session, Relation.REPRESENTATIVE, held.case, fields.one("act"), desk_of(visit))

    return _as_asker(visit, fields, go_on)


def _as_asker(visit: Visit, fields: FieldBag, act: Callable[[Session, Represented], None]) -> Response:
    code, problems = _code(fields), Problems()
    if code is None:
        raise NotFound
    with visit.database.writing() as session:
        held = _living(session, visit, code)
        if not held.row.is_asker:
            raise NotFound
        try:
            with session.begin_nested():
                act(session, held)
                mark(session, held, (Work.ASKED, held.case.id), desk_of(visit))
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
        return _page(visit, session, held, code, problems)


def open_for(visit: Visit, fields: FieldBag) -> Response | None:
    """The page, if these are the words of a representative; that they looked is written down before they see it."""
    code = _code(fields)
    if code is None:
        return None
    with visit.database.reading() as session:
        held = find_held(session, locator_hash(case_locator(code)), today=visit.today)
        if held is None:
            return None
        if representing.was_noted(session, held, Use.OPENED, visit.today):
            return _page(visit, session, held, code)
    with visit.database.writing() as session:
        held = _living(session, visit, code)
        representing.note_use(session, held, Use.OPENED, desk=desk_of(visit))
        return _page(visit, session, held, code)


def _code(fields: FieldBag) -> Code | None:
    try:
        return read_code(fields.one("words"))
    except Mistyped:
        return None


def _living(session: Session, visit: Visit, code: Code) -> Represented:
    held = find_held(session, locator_hash(case_locator(code)), today=visit.today)
    if held is None:
        raise NotFound
    return held


def _page(
    visit: Visit,
    session: Session,
    held: Represented,
    code: Code,
    problems: Problems | None = None,
    typed: str = "",
) -> Response:
    """Only what is shared is handed to the template."""
    case, desk = held.case, desk_of(visit)
    view = view_shared(session, held, lines_of(case), desk=desk)
    named = representing.view_of(session, held.row, desk)
    return render(
        visit,
        "home/represented.html",
        problems=problems,
        secret=True,
        view=view,
        body=get_body(session, case.body_id),
        is_complaint=case.kind is CaseKind.COMPLAINT,
        named=named,
        scope=SCOPES[held.row.scope],
        parts=[SHARED[part] for part in Shared if part in held.parts],
        part=shared_of(session, visit, case, held.parts),
        questions=[_question(one) for one in view.questions],
        may_speak=held.may_speak,
        may_write=held.may_speak and view.is_open,
        may_withdraw=named.is_asker and case.is_open and withdraw_step(case) is not None,
        own_acts=_own_acts(held, visit),
        hidden={"words": " ".join(code.words(visit.locale.value))},
        form_id=ids.new_id(),
        typed=typed,
    )


def _own_acts(held: Represented, visit: Visit) -> tuple[OwnAct, ...]:
    """Who asked for the person can undo that they took it back, and no more."""
    return own_acts(held.case, visit.today) if is_theirs_to_undo(held) else ()


def is_theirs_to_undo(held: Represented) -> bool:
    return held.row.is_asker and held.case.state == TAKEN_BACK


def _question(question: OpenQuestion) -> dict[str, Any]:
    return {"at": question.asked_at, "words": question.words.reveal(), "lang": question.lang.value}
