"""The page of lists at the desk, or its lists alone. Lanes and filters stand in the address, told words in rows."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.encoding import to_b64u
from portal.concerns.casework import rules
from portal.concerns.casework.acts import ACTS
from portal.concerns.casework.labelling import labels_of
from portal.concerns.casework.labels import list_usable
from portal.concerns.casework.lanes import ME, NOBODY, Asked
from portal.concerns.casework.looking import asked_of_me
from portal.concerns.casework.queries import (
    COUNTED,
    MOST_COUNTED,
    count_lanes,
    list_desk,
    list_systems_of,
    name_people,
    name_systems,
)
from portal.concerns.casework.shell import DESK, shell
from portal.concerns.casework.timeline import LANGUAGES
from portal.concerns.desk.duty import bodies_read_by
from portal.concerns.desk.service import ended_key_ids, own_key_ids
from portal.core.text import Bilingual
from portal.mailbox.queries import list_cases
from portal.mailbox.rules import week_of
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render, wants_fragment

MOST_BODIES_TO_FILTER = 10
"""With more bodies than these their systems are too many to choose from; a link from a row still asks for one."""


def list_page(
    visit: Visit,
    session: Session,
    asked: Asked,
    *,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
    chosen: Iterable[str] = (),
) -> Response:
    """The page, or its lists alone; ``chosen`` are the threads that were selected when something was wrong."""
    around = shell(visit, session)
    cursor = visit.request.query_params.get("after")
    cut = list_desk(session, visit.actor, asked, today=visit.today, cursor=cursor)
    counts, shown = count_lanes(session, visit.actor, asked, today=visit.today)
    waiting = _waiting(visit, session, around["bodies"])
    return render(
        visit,
        "concerns/desk.html",
        fragment="queue",
        problems=problems,
        is_part=wants_fragment(visit.request),
        rows=cut.items,
        key_of=to_b64u,
        far=rules.FAR,
        asked=asked,
        query=asked.address(),
        counts=counts,
        counted=COUNTED,
        number=shown,
        most=MOST_COUNTED,
        more=f"{DESK}{asked.address(('after', cut.next_cursor))}" if cut.next_cursor else None,
        is_empty=not (
            cut.items or cursor or asked.chooses or asked.lane is not rules.Shown.ALL or any(counts.values())
        ),
        chosen=set(chosen),
        typed=typed or FieldBag([]),
        people=name_people(session, [row.assignee_id for row in cut.items]),
        systems=name_systems(session, [*(row.system_id for row in cut.items), asked.system]),
        labels=labels_of(session, visit.actor, [row.case_id for row in cut.items if row.is_told]),
        options=partial(_options, visit, session),
        acts=ACTS,
        words=rules,
        waiting=waiting,
        mentions=asked_of_me(visit, session),
        **around,
    )


def _options(visit: Visit, session: Session) -> dict[str, Any]:
    """What can be chosen; the page asks when it shows the choices."""
    bodies = bodies_read_by(session, visit.actor)
    systems = list_systems_of(session, bodies) if len(bodies) <= MOST_BODIES_TO_FILTER else {}
    return {
        "systems": systems,
        "labels": list_usable(session, visit.actor),
        "languages": LANGUAGES,
        "mine": (ME, NOBODY),
    }


def _waiting(visit: Visit, session: Session, names: dict[str, Bilingual]) -> list[tuple[str, Bilingual, date, str]]:
    """Threads that an earlier key of the reader opened: their body, week and state."""
    before = ended_key_ids(session, visit.actor)
    if not before:
        return []
    own, bodies = own_key_ids(session, visit.actor), bodies_read_by(session, visit.actor)
    found = list_cases(session, before, cursor=None, body_ids=bodies, but_for=own).items
    return [(to_b64u(line.case_id), names[line.body_id], week_of(line.opened_day), line.state) for line in found]
