"""The page of a side's labels."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.concerns.casework.homes import home_names
from portal.concerns.casework.labels import (
    LONGEST,
    approve_label,
    end_label,
    get_label,
    list_labels,
    propose_label,
)
from portal.core import ids
from portal.core.errors import Refused
from portal.core.text import Bilingual, pmsg
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id, text
from portal.web.rendering import redirect, render

HERE = "/my/concerns/labels"
router = APIRouter(prefix=HERE, dependencies=[requires(Permission.CONCERNS_DESK)])
WRITE_WELSH = pmsg("error", "Write the name of the label in Welsh")
WRITE_ENGLISH = pmsg("error", "Write the name of the label in English")
CHOOSE_HOME = pmsg("error", "Choose for whom this is")
SAY_HARMLESS = pmsg("error", "Tick that the label says nothing of the kind listed, or take it off the list")


@router.get("")
def labels(visit: SignedVisit, session: Read) -> Response:
    """The labels in use, those that wait for a second person, and a form for another."""
    return _page(visit, session, FieldBag([]), Problems())


@router.post("")
def propose(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Propose a label."""
    homes, problems = home_names(session, visit.actor), Problems()
    home = choice(fields, "home", problems, allowed=homes) or (next(iter(homes)) if len(homes) == 1 else "")
    if not home:
        problems["home"] = CHOOSE_HOME
    cy = text(fields, "name_cy", problems, most=LONGEST, required=WRITE_WELSH)
    en = text(fields, "name_en", problems, most=LONGEST, required=WRITE_ENGLISH)
    if not problems:
        try:
            label_id = form_id(fields) or ids.new_id()
            propose_label(
                session,
                visit.actor,
                Bilingual(cy, en),
                home_id=home,
                label_id=label_id,
                desk=desk_of(visit),
            )
        except Refused as refusal:
            problems["name_cy"] = refusal.message
    return _page(visit, session, fields, problems) if problems else redirect(visit, HERE)


@router.post("/{label_id}/approve")
def approve(visit: SignedVisit, session: Write, fields: Fields, label_id: str) -> Response:
    """The second person approves a label."""
    label, problems = get_label(session, visit.actor, label_id), Problems()
    if fields.one("harmless") != "yes":
        problems[f"harmless-{label.id}"] = SAY_HARMLESS
        return _page(visit, session, FieldBag([]), problems)
    try:
        approve_label(session, visit.actor, label, desk=desk_of(visit))
    except Refused as refusal:
        return _page(visit, session, FieldBag([]), Problems(page=refusal.message))
    return redirect(visit, HERE)


@router.post("/{label_id}/end")
def end(visit: SignedVisit, session: Write, label_id: str) -> Response:
    """End a label, or take a proposal off the list."""
    end_label(session, visit.actor, get_label(session, visit.actor, label_id), desk=desk_of(visit))
    return redirect(visit, HERE)


def _page(visit: SignedIn, session: Session, typed: FieldBag, problems: Problems) -> Response:
    found = list_labels(session, visit.actor)
    return render(
        visit,
        "concerns/casework/labels.html",
        problems=problems,
        usable=[label for label in found if label.approved_by is not None],
        proposed=[label for label in found if label.approved_by is None],
        homes=home_names(session, visit.actor),
        me=visit.actor.person_id,
        form_id=form_id(typed) or ids.new_id(),
        typed=typed,
    )
