"""«Tell my employer that X represents me», for the person of a review or a complaint: with an account and without."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.receipt import Code, Mistyped, case_locator, draw_code, locator_hash, read_code
from portal.authz.permissions import Permission
from portal.cases import representing
from portal.cases.models import Case
from portal.cases.naming import read_named
from portal.cases.queries import find_by_code, get_case
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.speaking import SCOPES, SHARED, STANDINGS, USES, Standing
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.home.parts import shares_of
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]


@dataclass(frozen=True, slots=True)
class Held:
    """One's own case in hand. ``action`` is where its forms go, ``hidden`` what they carry."""

    case: Case
    by: By
    action: str
    hidden: dict[str, str]

    @property
    def back(self) -> str:
        return "/case" if self.hidden else f"/my/cases/{self.case.reference}"


@router.get("/my/cases/{reference}/representative", dependencies=OWN)
def own_page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Who represents me, and the form to name somebody. An access request has a page of its own for it."""
    held = _own(session, visit, reference)
    if held.case.kind is CaseKind.ACCESS:
        return redirect(visit, f"/my/access/{held.case.reference}/speaker")
    return _page(visit, session, held, _fresh())


@router.post("/my/cases/{reference}/representative", dependencies=OWN)
def name_own(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Name somebody: their ten words are shown in this answer alone. Or take it back, at once."""
    with visit.database.writing() as session:
        answer = _act(visit, session, _own(session, visit, reference), fields)
    if answer is not None:
        return answer
    return redirect(visit, f"/my/cases/{reference}/representative")


@router.post("/case/representative", dependencies=[PUBLIC])
def by_words(visit: PlainVisit, fields: Fields) -> Response:
    """The same with the ten words in hand: one's own, never those of a representative."""
    answer = None
    if fields.one("go"):
        with visit.database.writing() as session:
            answer = _act(visit, session, _held(session, fields), fields)
    if answer is not None:
        return answer
    with visit.database.reading() as session:
        return _page(visit, session, _held(session, fields), _fresh())


def represented_values(visit: Visit, session: Session, case: Case) -> dict[str, Any] | None:
    """For the page of one's own case: who represents me now, and when they looked."""
    if case.kind is CaseKind.ACCESS:
        return None
    desk = desk_of(visit)
    return {
        "living": [(one.name, one.until_on) for one in representing.view_living(session, case, desk)],
        "uses": [
            (use.on_day, representing.open_said(row, "name", desk.vault).reveal(), USES[use.use])
            for use, row in representing.list_uses(session, case)
        ],
    }


def _own(session: Session, visit: Any, reference: str) -> Held:
    case = get_case(session, visit.actor, reference)
    if case.requester_person_id != visit.actor.person_id:
        raise NotFound
    return Held(case, visit.actor, f"/my/cases/{case.reference}/representative", {})


def _held(session: Session, fields: FieldBag) -> Held:
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        raise NotFound from None
    case = find_by_code(session, locator_hash(case_locator(code)))
    if case is None or case.kind is CaseKind.ACCESS:
        raise NotFound
    return Held(case, Relation.REQUESTER, "/case/representative", {"words": fields.one("words")})


def _act(visit: Visit, session: Session, held: Held, fields: FieldBag) -> Response | None:
    """Do what the form asks for; None where the page shows it."""
    desk = desk_of(visit)
    if fields.one("go") == "end":
        row = representing.get_of(session, held.case, fields.one("representative"))
        representing.take_back(session, held.by, held.case, row, desk=desk)
        return None
    problems = Problems()
    own, code = form_id(fields), _code(fields)
    if not own or code is None:
        return None
    hashed = locator_hash(case_locator(code))
    new = read_named(fields, problems, own, hashed, today=visit.today, shares=shares_of(held.case))
    try:
        if new is not None:
            with session.begin_nested():
                representing.name_one(session, held.by, held.case, new, desk=desk)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems or new is None:
        return _page(visit, session, held, fields, problems)
    return render(
        visit,
        "home/representative_words.html",
        secret=True,
        held=held,
        words=code.words(visit.locale.value),
        other_words=" ".join(code.words(visit.locale.other.value)),
        from_on=new.from_on,
        until=new.until_on,
    )


def _fresh() -> FieldBag:
    return FieldBag([("form_id", ids.new_id()), ("code", draw_code().token)])


def _code(fields: FieldBag) -> Code | None:
    try:
        return Code(urlsafe_b64decode(fields.one("code").encode() + b"=="))
    except ValueError:
        return None


def _page(visit: Visit, session: Session, held: Held, fields: FieldBag, problems: Problems | None = None) -> Response:
    desk = desk_of(visit)
    named = [representing.view_of(session, one, desk) for one in representing.list_of(session, held.case)]
    return render(
        visit,
        "home/representative.html",
        problems=problems,
        secret=True,
        held=held,
        is_complaint=held.case.kind is CaseKind.COMPLAINT,
        own_hidden=held.hidden | {"go": "name", "form_id": form_id(fields), "code": fields.one("code")},
        typed=fields,
        scopes=list(SCOPES.items()),
        shared=[(one, SHARED[one]) for one in shares_of(held.case)],
        rows=[
            {
                "named": one,
                "scope": SCOPES[one.scope],
                "parts": [SHARED[part] for part in one.parts],
                "standing": STANDINGS[one.standing],
                "can_end": one.standing in {Standing.TO_COME, Standing.LIVING},
            }
            for one in named
        ],
        uses=(represented_values(visit, session, held.case) or {})["uses"],
    )
