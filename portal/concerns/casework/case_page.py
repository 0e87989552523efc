"""The page of one thread, or what was told about it alone, for the device to put beside what it has opened."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.encoding import to_b64u
from portal.cases.turn import Desk
from portal.concerns.casework import rules
from portal.concerns.casework.claims import claim_of
from portal.concerns.casework.giving import LIGHTEST, list_candidates
from portal.concerns.casework.labelling import labels_of
from portal.concerns.casework.labels import list_usable
from portal.concerns.casework.looking import looking_values
from portal.concerns.casework.queries import list_systems_of, name_people
from portal.concerns.casework.rows import seen_of
from portal.concerns.casework.shell import shell
from portal.concerns.casework.steps import allowed, may_reopen
from portal.concerns.casework.timeline import LANGUAGES, list_lines, told_facts
from portal.concerns.casework.told import Told, get_told, list_holders, sides_of_holders
from portal.concerns.timing.service import find_after, list_owed
from portal.core.text import Message, msg
from portal.i18n.formats import time_hm
from portal.mailbox.rules import week_of
from portal.timelimits.promises import Promise
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import render, wants_fragment

PROMISED = {
    Promise.ACKNOWLEDGE: msg("Promised: to say that it came"),
    Promise.TRIAGE: msg("Promised: to say who deals with it"),
    Promise.REPLY: msg("Promised: an answer about what was raised"),
    Promise.UPDATE: msg("Promised: news of how it goes on"),
    Promise.OUTCOME: msg("Promised: the outcome"),
}


def case_page(
    visit: Visit,
    session: Session,
    case_id: bytes,
    *,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
    status: int = 200,
    said: Message | None = None,
) -> Response:
    """What was told, what can be pressed, and what happened; NotFound for whoever does not hold the thread."""
    told = get_told(session, visit.actor, case_id)
    around = shell(visit, session)
    return render(
        visit,
        "concerns/casework/case.html",
        fragment="told",
        status=status,
        problems=problems,
        is_part=wants_fragment(visit.request),
        case_id=to_b64u(case_id),
        told=told,
        week=week_of(told.opened_day),
        seen=seen_of(told),
        typed=typed,
        said=said,
        words=rules,
        languages=LANGUAGES,
        time_hm=time_hm,
        **_told_values(visit, session, told),
        **looking_values(visit, session, told),
        **around,
    )


def _told_values(visit: Visit, session: Session, told: Told) -> dict[str, Any]:
    desk = Desk(visit.calendar, visit.vault, visit.now)
    holders = list_holders(session, told.case_id, told.body_id, today=visit.today)
    within = sides_of_holders(holders)
    systems = list_systems_of(session, [told.body_id])
    steps = allowed(told.state, told.side_name, within) if told.is_told else ()
    if told.thread is not None and not may_reopen(told.state, told.thread.state_since, visit.today):
        steps = tuple(step for step in steps if step.name != "reopen")
    candidates = list_candidates(session, told, desk=desk, holders=holders)
    worker = told.side.assignee_id if told.side is not None else None
    return {
        "systems": systems,
        "facts": told_facts(told, systems.get(told.thread.system_id or "") if told.thread is not None else None),
        "steps": [step for step in steps if step.name != "take"],
        "may_take": told.state in (rules.ToldState.NEW, rules.ToldState.REOPENED),
        "within": within,
        "proposes_together": told.thread is not None and told.thread.theme in rules.JOINT_BY_DEFAULT,
        "claim": claim_of(session, visit.actor, told.side, now=visit.now),
        "candidates": candidates,
        "lightest": LIGHTEST,
        "worker": name_people(session, [worker]).get(worker or "", ""),
        "labels": labels_of(session, visit.actor, [told.case_id]).get(told.case_id, []),
        "usable": list_usable(session, visit.actor),
        "lines": list_lines(session, visit.actor, told),
        "owed": list_owed(session, [told.case_id], calendar=visit.calendar).get(told.case_id),
        "promises": PROMISED,
        "after": find_after(session, told.case_id),
    }
