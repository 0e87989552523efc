"""The joint room: what two unions agreed to say about a cause. There is nothing of it for an employer's reader."""

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.concerns.together.joint import LONGEST, agree, branches_of, end, list_texts, other_branches, propose
from portal.concerns.together.pages import Names, show
from portal.concerns.together.queries import get_collective
from portal.concerns.together.routes import HERE, one_page
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, pmsg
from portal.web.dependencies import Fields, Read, SignedVisit, Write, requires
from portal.web.forms import Problems, choice, form_id, text
from portal.web.rendering import redirect

ROOM = f"{HERE}/texts"
CHOOSE_BRANCH = pmsg("error", "Choose the branch that you propose it to")
WRITE_WELSH = pmsg("error", "Write the text in Welsh")
WRITE_ENGLISH = pmsg("error", "Write the text in English")

router = APIRouter(dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get(ROOM)
def room(visit: SignedVisit, session: Read) -> Response:
    """What the actor's branches proposed, and what they are asked to agree to."""
    if not branches_of(visit.actor):
        raise NotFound
    names = Names(session)
    found = [(text, names.cause(text.row)) for text in list_texts(session, visit.actor, visit.vault)]
    return show(visit, "texts", found=found)


@router.post(f"{HERE}/{{collective_id}}/texts")
def propose_text(visit: SignedVisit, session: Write, fields: Fields, collective_id: str) -> Response:
    """Propose words about the cause of a collective to another branch."""
    seen, problems = get_collective(session, visit.actor, collective_id), Problems()
    others = {branch_id for branch_id, *_names in other_branches(session, visit.actor, seen.collective.body_id)}
    branch = choice(fields, "branch", problems, allowed=others, required=CHOOSE_BRANCH)
    cy = text(fields, "text_cy", problems, most=LONGEST, required=WRITE_WELSH)
    en = text(fields, "text_en", problems, most=LONGEST, required=WRITE_ENGLISH)
    if not problems:
        try:
            text_id, said = form_id(fields) or ids.new_id(), Bilingual(cy, en)
            propose(session, visit.actor, seen.collective, branch, said, text_id=text_id, desk=desk_of(visit))
        except Refused as refusal:
            problems["text_cy"] = refusal.message
    return one_page(visit, session, collective_id, problems, fields) if problems else redirect(visit, ROOM)


@router.post(f"{ROOM}/{{text_id}}/agree")
def agree_to(visit: SignedVisit, session: Write, text_id: str) -> Response:
    """The branch that was asked agrees."""
    agree(session, visit.actor, text_id, desk=desk_of(visit))
    return redirect(visit, ROOM)


@router.post(f"{ROOM}/{{text_id}}/end")
def end_text(visit: SignedVisit, session: Write, text_id: str) -> Response:
    """Either branch takes it away."""
    end(session, visit.actor, text_id, desk=desk_of(visit))
    return redirect(visit, ROOM)
