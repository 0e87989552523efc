"""What complaints add to their person's page; ``home`` joins them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By, OwnAct, Step
from portal.cases.sent import Sent
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.complaints import ending
from portal.complaints.letters import ROUTES
from portal.complaints.queries import (
    find_sent,
    get_complaint,
    list_files,
    list_links,
    list_looks,
    list_remedies,
    list_sent,
    open_words,
)
from portal.complaints.rules import OUTCOMES, STATES, State, may_reopen, may_undo, reopen_until
from portal.complaints.showing import days_of, find_matter, role_line
from portal.complaints.steps import STEPS, takes
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import msg, pmsg
from portal.identity.actor import Actor
from portal.register.queries import get_system_by_id
from portal.web.anonymous import Visit
from portal.web.arriving import ACCEPT

UNDO = OwnAct(
    "undo_withdrawal",
    msg("You took this complaint back. Until seven days have gone you can undo that, and nothing is lost."),
    pmsg("button", "Undo"),
)
ICO = OwnAct(
    "to_regulator",
    msg("You can go to the Information Commission (ICO) at any time. If you did, say so here: the work goes on."),
    pmsg("button", "I went to the ICO"),
)
NOT_IN_WORK = pmsg(
    "error",
    "Nothing can be added to this complaint now. Ask that somebody else looks again, if its page offers that, or begin "
    "a new complaint",
)


def requester_part(
    session: Session, visit: Visit, case: Case, by: By, _may_receive: bool
) -> tuple[str, dict[str, Any]] | None:
    """The outcome, what is put right, both days, what was complained of, who looked."""
    complaint = get_complaint(session, case)
    decision, links = find_sent(session, case), list_links(session, case)
    what, wanted = (open_words(complaint, column, visit.vault).reveal() for column in ("what", "wanted"))
    values: dict[str, Any] = {
        "state": STATES[case.state],
        "is_open": case.is_open,
        "days": days_of(case, complaint, desk_of(visit)),
        "role": role_line(session, case, desk_of(visit)),
        "outcome": OUTCOMES[decision.outcome] if decision is not None else None,
        "earlier": [(OUTCOMES[said], on) for said, on in list_sent(session, case)[1:]],
        "reasons": open_words(decision, "reasons", visit.vault).reveal() if decision is not None else "",
        "letter_lang": case.locale,
        "remedies": [
            (
                open_words(one, "what", visit.vault).reveal(),
                one.due_on,
                one.done_on,
                open_words(one, "done", visit.vault).reveal(),
            )
            for one in list_remedies(session, case)
            if one.given_at is not None
        ],
        "may_reopen": may_reopen(case.state, case.finished_on, visit.today),
        "reopen_until": reopen_until(case.finished_on) if case.finished_on else None,
        "routes": ROUTES if decision is not None else (),
        "what": what,
        "wanted": wanted,
        "lang": complaint.lang,
        "about": [one.about_reference for one in links if one.about_reference],
        "systems": [get_system_by_id(session, one.system_id).name for one in links if one.system_id],
        "files": [open_words(one, "file_name", visit.vault).reveal() for one in list_files(session, case)],
        "looks": list_looks(session, case),
        "at_the_ico": find_matter(session, case) is not None,
        "has_account_here": isinstance(by, Actor),
        "reference": case.reference,
        "may_add": takes("file", case.state, is_open=case.is_open),
        "accept": ACCEPT,
    }
    return "complaints/requester_part.html", values


def reply_step(case: Case) -> Step | None:
    """What the person adds moves nothing: no clock waits for it. Refused where nothing can be added any more."""
    if not takes("reply", case.state, is_open=case.is_open):
        raise Refused(NOT_IN_WORK)
    return None


def withdraw_step(case: Case) -> Step | None:
    """A complaint can be taken back until its outcome."""
    step = STEPS["withdraw"]
    return step if case.state in step.froms else None


def own_acts(case: Case, today: date) -> tuple[OwnAct, ...]:
    """One press undoes a withdrawal of the last days, or says that the person went to the ICO."""
    if may_undo(case.state, case.finished_on, today):
        return (UNDO,)
    return (ICO,) if case.state in STEPS["to_regulator"].froms - {State.WITHDRAWN.value} else ()


def do_own_act(session: Session, by: By, case: Case, name: str, desk: Desk) -> None:
    """Do what ``own_acts`` offers."""
    if name not in {act.name for act in own_acts(case, desk.today)}:
        raise NotFound
    if name == UNDO.name:
        ending.undo_withdrawal(session, by, case, desk=desk)
    else:
        ending.to_regulator(session, by, case, Sent(ids.new_id()), on=desk.today, reference="", desk=desk)
