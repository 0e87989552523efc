"""The recipients' page. What its script asks of threads stands in ``box``, their keys in ``key_pages``."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from anonymity.encoding import to_b64u
from portal.authz.permissions import Permission
from portal.concerns.desk.duty import bodies_read_by
from portal.concerns.desk.key_pages import handles
from portal.concerns.desk.keyrings import list_passkeys
from portal.concerns.desk.service import ended_key_ids
from portal.concerns.queries import find_live_key
from portal.concerns.reporting.filewords import ACCEPT
from portal.core.text import Bilingual
from portal.directory.queries import list_bodies
from portal.mailbox.queries import CaseLine, list_cases
from portal.mailbox.rules import week_of
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter(prefix="/my", dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("/concerns")
def concerns(visit: SignedVisit, session: Read) -> Response:
    """The threads that the actor holds a grant in: a week and a state, nothing more is known here."""
    key = find_live_key(session, visit.actor.person_id)
    own = [key.key_id] if key else []
    bodies = bodies_read_by(session, visit.actor)
    cut = list_cases(session, own, cursor=visit.request.query_params.get("after"), body_ids=bodies)
    before = ended_key_ids(session, visit.actor)
    waiting = list_cases(session, before, cursor=None, body_ids=bodies, but_for=own).items if before else []
    names = {body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)}
    line = partial(_line, names)
    passkeys = list_passkeys(session, key) if key else []
    return render(
        visit,
        "concerns/desk.html",
        fragment="queue",
        scripts=bool(own),
        files=bool(own),
        has_keys=bool(own),
        lines=list(map(line, cut.items)),
        waiting=list(map(line, waiting)),
        next_cursor=cut.next_cursor,
        passkeys=passkeys,
        handles=handles(passkeys),
        file_accept=ACCEPT,
    )


def _line(names: Mapping[str, Bilingual], line: CaseLine) -> tuple[str, Bilingual, date, str]:
    return to_b64u(line.case_id), names[line.body_id], week_of(line.opened_day), line.state
