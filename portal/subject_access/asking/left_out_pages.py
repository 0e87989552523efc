"""Who must not search, decide or see a request: what its requester said, what came of it, and more of it later."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import read_code
from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words
from portal.subject_access.asking.following import opened_as
from portal.subject_access.asking.forms import SAY_LEFT_OUT, check_left_out
from portal.subject_access.asking.leaving import Said, add_wish, get_wish, list_wishes, open_wish, take_back_wish
from portal.subject_access.asking.models import Wish
from portal.subject_access.queries import get_own
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.SIGNED_IN)]
Find = Callable[[Session], tuple[Case, By]]
"""The request in a session, and as whom somebody stands to it."""


@router.get("/my/access/{reference}/left-out", dependencies=OWN)
def left_out(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What I said, what came of it, and the form to say more."""
    return _page(visit, session, get_own(session, visit.actor, reference), FieldBag([]))


@router.post("/my/access/{reference}/left-out", dependencies=OWN)
def say_left_out(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Say who is left out, or take something back."""
    problems = _act(visit, fields, lambda session: (get_own(session, visit.actor, reference), visit.actor))
    if not problems:
        return redirect(visit, f"/my/access/{reference}/left-out")
    with visit.database.reading() as session:
        return _page(visit, session, get_own(session, visit.actor, reference), fields, problems)


@router.post("/access/left-out", dependencies=[PUBLIC])
def left_out_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same with ten words in hand."""
    return _page(visit, session, _opened(visit, fields)(session)[0], fields)


@router.post("/access/left-out/send", dependencies=[PUBLIC])
def say_left_out_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """Say who is left out, or take something back, with ten words in hand."""
    find = _opened(visit, fields)
    problems = _act(visit, fields, find)
    shown = fields if problems else FieldBag([("words", fields.one("words"))])
    with visit.database.reading() as session:
        return _page(visit, session, find(session)[0], shown, problems)


def _opened(visit: Visit, fields: FieldBag) -> Find:
    """The person's own words: whoever only follows for them says nothing about it."""

    def find(session: Session) -> tuple[Case, By]:
        opened = opened_as(session, visit, fields)
        if opened.by is not Relation.REQUESTER:
            raise NotFound
        return opened.case, opened.by

    return find


def _act(visit: Visit, fields: FieldBag, find: Find) -> Problems:
    problems, own, taken = Problems(), form_id(fields), fields.one("wish")
    if not taken:
        check_left_out(fields, problems, SAY_LEFT_OUT)
    if problems or not (own or taken):
        return problems
    try:
        with visit.database.writing() as session:
            case, by = find(session)
            if taken:
                take_back_wish(session, by, case, get_wish(session, case, taken), desk=desk_of(visit))
            else:
                said = Said(own, Words(fields.one("left_out")), visit.locale)
                add_wish(session, by, case, said, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _page(visit: Visit, session: Session, case: Case, fields: FieldBag, problems: Problems | None = None) -> Response:
    hidden = {}
    if fields.one("words"):
        hidden["words"] = " ".join(read_code(fields.one("words")).words(visit.locale.value))
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
        wishes=[_row(visit, one) for one in list_wishes(session, case)],
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
    }
