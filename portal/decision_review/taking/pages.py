"""The worker takes their whole review with them: with an account, or with the ten words."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.decision_review.asking.opening import InHand, by_words, own
from portal.decision_review.taking.contents import gather
from portal.decision_review.taking.packing import pieces
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.handing import SANDBOX, disposition
from portal.web.rendering import environment

router = APIRouter()

PAGE = {"cy": "adolygiad.html", "en": "review.html"}


@router.get("/my/review/{reference}/take", dependencies=[requires(Permission.MAKE_REQUEST)])
def take(visit: SignedVisit, session: Read, reference: str) -> Response:
    """One's own review as a ZIP, to keep or to hand to whoever stands beside one."""
    return _zip(visit, session, own(session, visit.actor, reference))


@router.post("/review/take", dependencies=[PUBLIC])
def take_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same with the ten words in hand."""
    return _zip(visit, session, by_words(session, fields))


def _zip(visit: Visit, session: Session, held: InHand) -> Response:
    taken = gather(session, held.case, visit.locale, desk=desk_of(visit))
    template = environment(visit.locale).get_template("decision_review/taken.html")
    page = template.render(lang=visit.locale.value, **taken.values)
    body = pieces(page, PAGE[visit.locale.value], taken.files, visit.blobs, visit.now)
    headers = {
        "content-disposition": disposition(f"{held.case.reference}.zip"),
        "content-security-policy": SANDBOX,
        "cache-control": "no-store",
    }
    return StreamingResponse(body, media_type="application/zip", headers=headers)
