"""The desk on paper: the list as it is shown, and what was told about one thread. No word of a thread is on it."""

from fastapi import APIRouter
from starlette.responses import Response

from anonymity.encoding import to_b64u
from portal.authz.permissions import Permission
from portal.cases.printing import MOST_PRINTED
from portal.concerns.casework import rules
from portal.concerns.casework.labelling import labels_of
from portal.concerns.casework.lanes import read_asked
from portal.concerns.casework.queries import MOST_COUNTED, count_lanes, list_desk, name_people, name_systems
from portal.concerns.casework.shell import DESK, keep_desk
from portal.concerns.casework.timeline import list_lines, told_facts
from portal.concerns.casework.told import get_told
from portal.concerns.desk.box import case_bytes
from portal.core.text import Bilingual
from portal.directory.queries import list_bodies
from portal.mailbox.rules import week_of
from portal.web.dependencies import Read, SignedVisit, requires
from portal.web.rendering import render

router = APIRouter(prefix=DESK, dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("/print")
def print_list(visit: SignedVisit) -> Response:
    """The list as the address asks for it: so many on a page, and the way to the next page."""
    keep_desk(visit)
    asked = read_asked(visit.request.query_params.multi_items())
    after = visit.request.query_params.get("after")
    with visit.database.reading() as session:
        cut = list_desk(session, visit.actor, asked, today=visit.today, cursor=after, most=MOST_PRINTED)
        _counts, number = count_lanes(session, visit.actor, asked, today=visit.today)
        return render(
            visit,
            "concerns/casework/print.html",
            rows=cut.items,
            asked=asked,
            number=number,
            most=MOST_COUNTED,
            is_first=after is None,
            more=f"{DESK}/print{asked.address(('after', cut.next_cursor))}" if cut.next_cursor else None,
            back=f"{DESK}{asked.address()}",
            words=rules,
            people=name_people(session, [row.assignee_id for row in cut.items]),
            systems=name_systems(session, [row.system_id for row in cut.items]),
            labels=labels_of(session, visit.actor, [row.case_id for row in cut.items if row.is_told]),
            bodies={body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)},
        )


@router.get("/{case}/print")
def print_one(visit: SignedVisit, session: Read, case: str) -> Response:
    """What was told about one thread, and what happened to it."""
    told = get_told(session, visit.actor, case_bytes(case))
    system_id = told.thread.system_id if told.thread is not None else None
    worker = told.side.assignee_id if told.side is not None else None
    return render(
        visit,
        "concerns/casework/print_one.html",
        case=to_b64u(told.case_id),
        told=told,
        week=week_of(told.opened_day),
        facts=told_facts(told, name_systems(session, [system_id]).get(system_id or "")),
        worker=name_people(session, [worker]).get(worker or "", ""),
        labels=labels_of(session, visit.actor, [told.case_id]).get(told.case_id, []),
        lines=list_lines(session, visit.actor, told),
        body={body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)}[told.body_id],
        words=rules,
        back=f"{DESK}/{to_b64u(told.case_id)}",
    )
