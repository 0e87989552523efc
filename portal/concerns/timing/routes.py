"""What a body promises about concerns, as its administrator sets it: its own policy, and never the law."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.concerns.timing.climbing import Rung, list_rungs
from portal.concerns.timing.service import find_promises, set_promises
from portal.core.errors import NotFound
from portal.core.text import Bilingual, msg, pmsg
from portal.directory.queries import list_bodies
from portal.directory.rules import RoleName
from portal.timelimits.promises import DEFAULT_PROMISES, Promises
from portal.web.anonymous import Fields, Read, Write
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

PAGE = "/my/admin/promises"
ADMINISTER = [requires(Permission.ADMINISTER)]
NAMES = tuple(one.name for one in fields(Promises))
LABELS = {
    "acknowledge": msg("Working days until somebody says that it came"),
    "triage": msg("Working days until somebody has read it and said who deals with it"),
    "reply": msg("Working days until the first answer about what was raised"),
    "update": msg("Working days between one piece of news and the next"),
    "outcome_months": msg("Months until the outcome"),
}
MOST = {"acknowledge": 20, "triage": 40, "reply": 60, "update": 60, "outcome_months": 12}


@dataclass(frozen=True, slots=True)
class OfBody:
    """What the page shows of one body."""

    id: str
    name: Bilingual
    typed: Mapping[str, str]
    rungs: tuple[Rung, ...]
    problems: Problems


@router.get(PAGE, dependencies=ADMINISTER)
def promises(visit: SignedVisit, session: Read) -> Response:
    return _page(visit, session, saved=visit.request.query_params.get("saved") == "yes")


@router.post(PAGE, dependencies=ADMINISTER)
def change(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Promise this from now on."""
    body_id, problems = fields.one("body"), Problems()
    if body_id not in visit.actor.bodies_where(RoleName.ADMINISTRATOR):
        raise NotFound
    asked = read_promises(fields, problems)
    if asked is None:
        return _page(visit, session, body_id=body_id, given=fields, problems=problems)
    set_promises(session, visit.actor, body_id, asked, calendar=visit.calendar, now=visit.now)
    return redirect(visit, f"{PAGE}?saved=yes")


def read_promises(given: FieldBag, problems: Problems) -> Promises | None:
    """What was typed; the fields of a second body on the page carry its place."""
    end, found = given.one("end")[:4], {}
    for name in NAMES:
        typed = given.one(f"{name}{end}")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 0
        found[name] = number
        if not 1 <= number <= MOST[name]:
            problems[f"{name}{end}"] = pmsg("error", "Enter a whole number from 1 to {most}", most=MOST[name])
    if not problems and not found["acknowledge"] <= found["triage"] <= found["reply"]:
        problems[f"triage{end}"] = pmsg(
            "error",
            "First it is acknowledged, then somebody says who deals with it, then answers: no step may have fewer days"
            " than the one before it",
        )
    return None if problems else Promises(**found)


def _page(
    visit: SignedIn,
    session: Read,
    *,
    body_id: str = "",
    given: FieldBag | None = None,
    problems: Problems | None = None,
    saved: bool = False,
) -> Response:
    mine = visit.actor.bodies_where(RoleName.ADMINISTRATOR)
    bodies = []
    for place, body in enumerate(one for one in list_bodies(session) if one.id in mine):
        end = f"-{place + 1}" if place else ""
        is_asked = given is not None and body.id == body_id
        kept = find_promises(session, body.id)
        typed = {
            f"{name}{end}": given.one(f"{name}{end}") if given and is_asked else str(getattr(kept, name))
            for name in NAMES
        }
        rungs = list_rungs(session, body.id, today=visit.today)
        own = problems if problems is not None and is_asked else Problems()
        bodies.append((end, OfBody(body.id, Bilingual(body.name_cy, body.name_en), typed, rungs, own)))
    suggested = {name: getattr(DEFAULT_PROMISES, name) for name in NAMES}
    return render(
        visit,
        "concerns/promises.html",
        problems=problems,
        bodies=bodies,
        labels=LABELS,
        suggested=suggested,
        saved=saved,
    )
