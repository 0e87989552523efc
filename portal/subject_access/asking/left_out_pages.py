"""Who must not search, decide or see a request: what its requester said, what came of it, and more of it later."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words
from portal.subject_access.asking.following import opened_as
from portal.subject_access.asking.forms import SAY_LEFT_OUT, check_left_out
from portal.subject_access.asking.leaving import Said, add_wish, get_wish, list_wishes, open_wish, take_back_wish
from portal.subject_access.asking.letting_in import let_in_again, list_for
from portal.subject_access.asking.models import Wish
from portal.subject_access.queries import get_own
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.SIGNED_IN)]
Find = Callable[[Session], tuple[Case, By, str | None]]
"""The request in a session, as whom somebody stands to it, and by whose authority if they speak for the person."""


@router.get("/my/access/{reference}/left-out", dependencies=OWN)
def left_out(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What I said, what came of it, and the form to say more."""
    return _page(visit, session, get_own(session, visit.actor, reference), FieldBag([]))


@router.post("/my/access/{reference}/left-out", dependencies=OWN)
def say_left_out(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Say who is left out, or take something back."""
    problems = _act(visit, fields, lambda session: (get_own(session, visit.actor, reference), visit.actor, None))
    if not problems:
        return redirect(visit, f"/my/access/{reference}/left-out")
    with visit.database.reading() as session:
        return _page(visit, session, get_own(session, visit.actor, reference), fields, problems)


@router.post("/access/left-out", dependencies=[PUBLIC])
def left_out_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same with ten words in hand."""
    case, _by, authority_id = _opened(visit, fields)(session)
    return _page(visit, session, case, fields, words=fields.one("words"), authority_id=authority_id)


@router.post("/access/left-out/send", dependencies=[PUBLIC])
def say_left_out_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """Say who is left out, or take something back, with ten words in hand."""
    find = _opened(visit, fields)
    problems = _act(visit, fields, find)
    shown = fields if problems else FieldBag([])
    with visit.database.reading() as session:
        case, _by, authority_id = find(session)
        return _page(visit, session, case, shown, problems, words=fields.one("words"), authority_id=authority_id)


def _opened(visit: Visit, fields: FieldBag) -> Find:
    """The person's own ten words, or those of somebody who speaks for them and sees what they wrote themselves."""

    def find(session: Session) -> tuple[Case, By, str | None]:
        opened = opened_as(session, visit, fields)
        return opened.case, opened.by, opened.authority.id if opened.authority is not None else None

    return find


def _act(visit: Visit, fields: FieldBag, find: Find) -> Problems:
    problems, own, taken = Problems(), form_id(fields), fields.one("wish") or fields.one("let_in")
    if not taken:
        check_left_out(fields, problems, SAY_LEFT_OUT)
    if problems or not (own or taken):
        return problems
    try:
        with visit.database.writing() as session:
            case, by, authority_id = find(session)
            if taken:
                end = let_in_again if fields.one("let_in") else take_back_wish
                end(session, by, case, _own(session, case, taken, authority_id), desk=desk_of(visit))
            else:
                said = Said(own, Words(fields.one("left_out")), visit.locale, authority_id)
                add_wish(session, by, case, said, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _own(session: Session, case: Case, wish_id: str, authority_id: str | None) -> Wish:
    """The person sees and ends every wish; who speaks for them those that they wrote, and no other."""
    wish = get_wish(session, case, wish_id)
    if authority_id is not None and wish.authority_id != authority_id:
        raise NotFound
    return wish


def _page(
    visit: Visit,
    session: Session,
    case: Case,
    fields: FieldBag,
    problems: Problems | None = None,
    *,
    words: str = "",
    authority_id: str | None = None,
) -> Response:
    """``words``: the ten words that the page before opened the case with; without them, somebody is signed in."""
    shown = [one for one in list_wishes(session, case) if authority_id is None or one.authority_id == authority_id]
    hidden = {"words": " ".join(read_code(words).words(visit.locale.value))} if words else {}
    return render(
        visit,
        "subject_access/left_out.html",
        problems=problems,
        secret=bool(hidden),
        reference=case.reference,
        is_open=case.is_open,
        action="/access/left-out/send" if hidden else f"/my/access/{case.reference}/left-out",
        hidden=hidden,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        wishes=[_row(visit, one) | {"can_let_in": bool(list_for(session, one))} for one in shown],
    )


def _row(visit: Visit, wish: Wish) -> dict[str, Any]:
    words, answer = open_wish(wish, "words", visit.vault), open_wish(wish, "answer", visit.vault)
    return {
        "id": wish.id,
        "words": words.reveal() if words else "",
        "lang": wish.lang,
        "answer": answer.reveal() if answer else "",
        "outcome": wish.outcome,
        "is_taken_back": wish.taken_back_at is not None,
        "is_let_in": wish.let_in_at is not None,
    }
