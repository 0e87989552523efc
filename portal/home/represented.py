"""A case as a representative sees it, with ten words of their own: where it stands, and what its person shares."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, locator_hash, read_code
from portal.cases import representing
from portal.cases.correspondence import Writing
from portal.cases.representing import Represented, find_held
from portal.cases.rules import CaseKind
from portal.cases.speaking import SCOPES, SHARED, Shared, Use
from portal.cases.view import CaseView, TimelineEntry, view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.directory.queries import get_body
from portal.home.parts import reply_step, shared_of
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import render

router = APIRouter()

REPLY_LIMIT = 4000
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
                    representing.speak(session, held, writing, desk=desk_of(visit), step=reply_step(held.case))
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
        return _page(visit, session, held, code, problems, fields.one("reply") if problems else "")


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
    view = view_case(session, held.case, desk=desk_of(visit), for_requester=True)
    return render(
        visit,
        "home/represented.html",
        problems=problems,
        secret=True,
        reference=view.reference,
        body=get_body(session, held.case.body_id),
        is_complaint=view.kind is CaseKind.COMPLAINT,
        standing=view.status,
        received_on=view.received_on,
        due_on=view.due_on if view.is_open and view.kind is not CaseKind.COMPLAINT else None,
        scope=SCOPES[held.row.scope],
        until_on=held.row.until_on,
        parts=[SHARED[part] for part in Shared if part in held.parts],
        part=shared_of(session, visit, held.case, held.parts),
        entries=_timeline(view, held),
        questions=[_question(one) for one in view.open_questions] if held.may_speak else [],
        may_write=held.may_speak and view.is_open,
        hidden={"words": " ".join(code.words(visit.locale.value))},
        form_id=ids.new_id(),
        typed=typed,
    )


def _timeline(view: CaseView, held: Represented) -> list[dict[str, Any]]:
    """The lines, the words in them, or both: whatever is shared of it."""
    lines, words = Shared.HISTORY in held.parts, Shared.LETTERS in held.parts
    return [_entry(one, words=words) for one in view.timeline if lines or (words and one.words)]


def _entry(entry: TimelineEntry, *, words: bool) -> dict[str, Any]:
    shown = entry.words if words else None
    return {
        "at": entry.at,
        "role": entry.role,
        "said": entry.said,
        "words": shown.reveal() if shown else "",
        "lang": entry.lang.value if entry.lang else None,
    }


def _question(question: Any) -> dict[str, Any]:
    return {"at": question.asked_at, "words": question.words.reveal(), "lang": question.lang.value}
