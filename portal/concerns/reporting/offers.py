"""What a concern can be about, for a page that does not come from here: the public register, and nothing about anybody.

The portal's own pages have it in their questions; the page that ``porth client`` writes asks the box.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.encoding import from_json, opaque_id, whole
from anonymity.errors import CannotOpen
from portal.concerns.delivery import answer, attempt
from portal.concerns.queries import About
from portal.concerns.reporting.questions import asks_whom
from portal.concerns.rules import MATTER_NAMES, Matter
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale
from portal.directory.models import Body
from portal.directory.queries import get_body, list_bodies
from portal.i18n.catalogue import Catalogue
from portal.register.queries import list_published
from portal.web.anonymous import ANONYMOUS, PlainVisit, Read, Visit
from portal.web.fields import read_raw

LONGEST_QUESTION = 256

router = APIRouter(prefix="/concern/box", dependencies=[ANONYMOUS])

QuestionBytes = Annotated[bytes, Depends(read_raw(LONGEST_QUESTION))]


@router.post("/offered")
def box_offered(visit: PlainVisit, octets: QuestionBytes, session: Read) -> Response:
    """Which employers there are; with one of them named, what a concern with it can be about."""

    def look_up() -> dict[str, Any]:
        body_id = _read_body(octets)
        return _subjects(session, get_body(session, body_id)) if body_id else _bodies(visit, session)

    return attempt(look_up, found=lambda content: answer(200, content))


def _read_body(octets: bytes) -> str:
    try:
        found = from_json(octets, keys=frozenset({"body", "v"}))
        whole(found["v"], 1, 1)
        return opaque_id(found["body"]) if found["body"] is not None else ""
    except CannotOpen:
        raise NotFound from None


def _bodies(visit: Visit, session: Session) -> dict[str, Any]:
    """The day is what the portal's own pages carry as well: a device's clock may be wrong."""
    listed = [{"id": one.id, "slug": one.slug, "cy": one.name_cy, "en": one.name_en} for one in list_bodies(session)]
    return {"v": 1, "day": visit.today.isoformat(), "own_network": visit.is_on_own_network, "bodies": listed}


def _subjects(session: Session, body: Body) -> dict[str, Any]:
    """Published systems, then the other matters, as the portal's own question lists them."""
    systems = [About(body, "system", one.short_code, one.name, one.id) for one in list_published(session, body.id)]
    matters = [About(body, "matter", matter.value, _named(matter)) for matter in MATTER_NAMES]
    return {
        "v": 1,
        "subjects": [
            {"kind": one.kind, "subject": one.subject, "asks_whom": asks_whom(one), **_both(one.name)}
            for one in [*systems, *matters]
        ],
    }


def _named(matter: Matter) -> Bilingual:
    return Bilingual(*(Catalogue.for_locale(locale).say(MATTER_NAMES[matter]) for locale in (Locale.CY, Locale.EN)))


def _both(name: Bilingual | None) -> dict[str, str]:
    return {"cy": name.cy, "en": name.en} if name else {}
