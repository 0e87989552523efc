"""What access requests add to their requester's page; ``home`` joins them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By, OwnAct, Relation, Step
from portal.cases.turn import Desk
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import msg, pmsg
from portal.i18n.formats import file_size
from portal.identity.actor import Actor
from portal.subject_access.after.keeping import keeping_of
from portal.subject_access.after.rules import may_reopen, reopen_until
from portal.subject_access.answering.releasing import can_be_made_again
from portal.subject_access.answering.views import download_lines
from portal.subject_access.asking.queries import list_enclosures, list_linked, list_looks, open_paper_name
from portal.subject_access.asking.service import may_undo, revive, undo_withdrawal
from portal.subject_access.letters import ROUTES
from portal.subject_access.models import Disclosure
from portal.subject_access.officer.leaving import is_everybody_left_out, is_only_theirs
from portal.subject_access.queries import find_disclosure, get_request, open_file_name, open_words
from portal.subject_access.rules import FORMATS, GIVEN, Given, State
from portal.subject_access.steps import STEPS
from portal.web.anonymous import Visit
from portal.web.arriving import ACCEPT

UNDO = OwnAct(
    "undo_withdrawal",
    msg("You took this request back. Until seven days have gone you can undo that, and nothing is lost."),
    pmsg("button", "Undo the withdrawal"),
)
REVIVE = OwnAct(
    "revive",
    msg("This request ended because no proof came. You can take it up again at any time, and show the proof then."),
    pmsg("button", "Take the request up again"),
)
ENDED = frozenset({"ready_to_collect", "disclosed", "nothing_held", "refused"})


def requester_part(
    session: Session, visit: Visit, case: Case, by: By, may_receive: bool
) -> tuple[str, dict[str, Any]] | None:
    """The outcome, the file, notice of more time, and what was asked for."""
    request = get_request(session, case)
    wanted = open_words(request, "wanted", visit.vault)
    values: dict[str, Any] = {
        "state": case.state,
        "extended": case.extended and case.notice_by is not None,
        "may_reopen": may_reopen(case.state, case.finished_on, visit.today),
        "reopen_until": reopen_until(case.finished_on) if case.finished_on else None,
        "keeping": None if case.is_open else keeping_of(session, case.body_id),
        "due_on": case.due_on,
        "is_open": case.is_open,
        "wanted": wanted.reveal() if wanted else "",
        "is_everything": request.is_everything,
        "lang": request.lang,
        "answer_format": FORMATS[request.answer_format],
        "routes": ROUTES if case.state in ENDED else (),
        "file": _file(session, case, find_disclosure(session, case), visit),
        "has_account": case.requester_person_id is not None,
        "reference": case.reference,
        "may_receive": may_receive,
        "is_representative": by is Relation.REPRESENTATIVE,
        "has_account_here": isinstance(by, Actor),
        "nobody_left": case.is_open and is_everybody_left_out(session, case, desk=desk_of(visit)),
        "only_theirs": case.is_open and is_only_theirs(session, case, desk=desk_of(visit)),
        "linked": len(list_linked(session, case)) if isinstance(by, Actor) else 0,
        "looks": list_looks(session, case),
        "papers": [open_paper_name(one, visit.vault).reveal() for one in list_enclosures(session, case)],
        "waits_for_proof": case.state == State.IDENTITY_WAIT,
        "waiting_on": case.waiting_on,
        "accept": ACCEPT,
        "paper_id": ids.new_id(),
    }
    return "subject_access/requester_part.html", values


def reply_step(case: Case) -> Step | None:
    """An answer to the question what information is wanted starts the clock again."""
    step = STEPS["answer"]
    return step if case.state in step.froms else None


def withdraw_step(case: Case) -> Step | None:
    """A request can be taken back until it is answered."""
    step = STEPS["withdraw"]
    return step if case.state in step.froms else None


def own_acts(case: Case, today: date) -> tuple[OwnAct, ...]:
    """One press undoes a withdrawal of the last days, or takes up again what ended for want of proof."""
    if may_undo(case, today):
        return (UNDO,)
    return (REVIVE,) if case.state == State.NOT_VERIFIED else ()


def do_own_act(session: Session, by: By, case: Case, name: str, desk: Desk) -> None:
    """Do what ``own_acts`` offers."""
    verbs = {UNDO.name: undo_withdrawal, REVIVE.name: revive}
    if name not in {act.name for act in own_acts(case, desk.today)}:
        raise NotFound
    verbs[name](session, by, case, desk=desk)


def _file(session: Session, case: Case, disclosure: Disclosure | None, visit: Visit) -> dict[str, Any] | None:
    """The answer: whether it can be collected, until when, how it went out, and who took it when."""
    if disclosure is None:
        return None
    downloads = download_lines(session, case)
    if disclosure.given is not Given.PORTAL:
        given = GIVEN[disclosure.given]
        return {"given": given, "is_here": False, "removed": False, "downloads": downloads, "handed_on": None}
    removed = disclosure.blob_id is None
    return {
        "given": GIVEN[Given(disclosure.handed)] if disclosure.handed else None,
        "handed_on": disclosure.handed_on,
        "downloads": downloads,
        "is_here": disclosure.blob_id is not None,
        "removed": removed,
        "can_be_made_again": removed and can_be_made_again(session, case, disclosure),
        "name": open_file_name(disclosure, visit.vault).reveal(),
        "size": file_size(disclosure.size),
        "until": disclosure.remove_on,
        "needs_code": disclosure.code_hash is not None,
    }
