"""The pages on which an exclusion is lifted: the officers' own, and what the person whose case it is reads."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases import lifting
from portal.cases.models import Case
from portal.cases.queries import facts_of, get_case
from portal.cases.rules import CaseKind, Relation, relations
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Words, pmsg
from portal.directory.queries import get_person
from portal.web.anonymous import Visit
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()
SIGNED_IN = [requires(Permission.SIGNED_IN)]
LONGEST = 2000
SAY_WHY = pmsg("error", "Write to the person why you ask")
DESKS = {CaseKind.REVIEW: "/my/desk/reviews", CaseKind.COMPLAINT: "/my/desk/complaints"}


@router.get("/my/left-out/{reference}", dependencies=SIGNED_IN)
def show(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Whom a person left out of a case, for the officers who work on it."""
    return _page(visit, session, _case(visit, session, reference), Problems(), FieldBag([]))


@router.post("/my/left-out/{reference}", dependencies=SIGNED_IN)
def act(visit: SignedVisit, session: Write, reference: str, fields: Fields) -> Response:
    """Propose, approve, or take a proposal back."""
    case, problems = _case(visit, session, reference), Problems()
    try:
        with session.begin_nested():
            _do(visit, session, case, fields, problems)
    except Refused as refusal:
        problems["page"] = refusal.message
    if problems:
        return _page(visit, session, case, problems, fields)
    return redirect(visit, f"/my/left-out/{case.reference}")


def answer(session: Session, visit: Visit, by: Any, case: Case, fields: FieldBag) -> None:
    """The person's own answer."""
    agrees = fields.one("agrees") == "yes"
    lifting.answer(session, by, case, fields.one("lift"), agrees=agrees, desk=desk_of(visit))


def asked_of(session: Session, visit: Visit, case: Case) -> list[dict[str, Any]]:
    """What the person is asked: about whom, in the officer's words. Nothing once they agreed."""
    return [
        {
            "id": one.id,
            "name": get_person(session, one.person_id).display_name,
            "because": lifting.open_because(one, visit.vault).reveal(),
            "lang": one.lang,
        }
        for one in lifting.list_open(session, case)
        if one.consent_at is None
    ]


def _do(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    desk, lift_id = desk_of(visit), fields.one("lift")
    if fields.one("act") == "approve":
        lifting.approve(session, visit.actor, case, lift_id, desk=desk)
    elif fields.one("act") == "end":
        lifting.end(session, visit.actor, case, lift_id, desk=desk)
    else:
        because, own = text(fields, "because", problems, most=LONGEST, required=SAY_WHY), form_id(fields)
        if own is None or problems:
            return
        whom = fields.one("person")
        lifting.propose(session, visit.actor, case, whom, Words(because), own, lang=visit.locale, desk=desk)


def _case(visit: SignedIn, session: Session, reference: str) -> Case:
    case = get_case(session, visit.actor, reference)
    if case.kind not in lifting.KINDS or Relation.OFFICER not in relations(visit.actor, facts_of(session, case)):
        raise NotFound
    return case


def _page(visit: SignedIn, session: Session, case: Case, problems: Problems, typed: FieldBag) -> Response:
    return render(
        visit,
        "home/left_out_of_case.html",
        problems=problems,
        reference=case.reference,
        back=f"{DESKS[case.kind]}/{case.reference}",
        rows=lifting.list_left_out(session, case),
        opened=lambda lift: lifting.open_because(lift, visit.vault).reveal(),
        me=visit.actor.account_id,
        form_id=ids.new_id(),
        typed=typed.one,
    )
