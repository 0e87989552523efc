"""The officer's pages of material: the list, the way in, and the decision on each item."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, Refused
from portal.subject_access.material import forms, listing, queries, redacting, reporters, service, showing
from portal.subject_access.material.models import Material
from portal.subject_access.material.receiving import MOST_FILES, MOST_TOGETHER, Received, receive
from portal.subject_access.material.redaction import ITEM, MATERIAL, QUEUE, SHEET, make_copy, on_item, version_of
from portal.subject_access.material.room import require_room, room_of
from portal.subject_access.material.rules import (
    DECISIONS,
    EXEMPTIONS,
    HEALTH,
    REPORTER,
    SHOWS,
    TESTS,
    Decision,
    ReporterAnswer,
    Show,
)
from portal.subject_access.queries import get_for_desk
from portal.subject_access.steps import PREPARING
from portal.web.arriving import MEGABYTE, Room
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

UPLOAD = [requires(Permission.ACCESS_QUEUE, takes_file=True)]


@router.get(MATERIAL, dependencies=QUEUE)
def items(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What was found, and what still stands against the answer."""
    return _list_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post(MATERIAL, dependencies=UPLOAD)
async def add(request: Request, visit: SignedVisit, reference: str) -> Response:
    """Add many files at once: the good ones are kept, and each of the others says what is wrong with it."""
    room = await run_in_threadpool(_check_may_add, visit, reference)
    received = await receive(request, visit, room)
    return await run_in_threadpool(_add, visit, reference, received)


def _check_may_add(visit: Visit, reference: str) -> Room:
    """Before a byte of a file is read: whether it is theirs to add to, and what there is room for."""
    with visit.database.reading() as session:
        return room_of(session, get_for_desk(session, visit.actor, reference), None, visit.settings)


def _add(visit: Visit, reference: str, received: Received) -> Response:
    problems, is_kept = Problems(), False
    task_id = received.fields.one("task") or None
    about = forms.read_about(received.fields, problems, task_id=task_id)
    try:
        if not problems and received.files:
            with visit.database.writing() as session:
                case = get_for_desk(session, visit.actor, reference)
                require_room(session, case, task_id, received.files, visit.settings)
                service.add(session, visit.actor, case, received.files, about, desk=desk_of(visit))
            is_kept = True
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if not is_kept:
            received.throw_away(visit.blobs)
    if not problems and not received.wrong:
        return redirect(visit, f"/my/desk/access/{reference}/material")
    if received.wrong:
        problems["files"] = received.wrong[0][1]
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        return _list_page(visit, session, case, received.fields, problems, received.wrong, is_kept=is_kept)


@router.get(ITEM, dependencies=QUEUE)
def item(visit: SignedVisit, session: Read, reference: str, number: int) -> Response:
    """One item: what it is, what was decided, what goes out."""
    case = get_for_desk(session, visit.actor, reference)
    return item_page(visit, session, case, queries.get_item(session, case, number))


@router.post(ITEM + "/decide", dependencies=QUEUE)
def decide(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """Decide; what goes out whole is copied and scanned at once."""
    problems = Problems()
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        held = queries.get_item(session, case, number)
        is_health = service.is_health_place(session, held)
    decided = forms.read_decided(fields, problems, is_health_place=is_health, today=visit.today)
    if not problems:
        on_item(visit, reference, number, problems, lambda session, case, item: service.decide(
            session, visit.actor, case, item, decided, desk=desk_of(visit), version=version_of(fields)
        ))  # fmt: skip
    if problems:
        return _again(visit, reference, number, fields, problems)
    if decided.decision is Decision.RELEASE:
        make_copy(visit, reference, number, problems, redacting.draw_up)
    return _again(visit, reference, number, None, problems) if problems else _after(visit, reference, number, fields)


def _after(visit: Visit, reference: str, number: int, fields: FieldBag) -> Response:
    """To the next item without a decision if that was asked for; else to the item."""
    if fields.one("go") == "next":
        with visit.database.reading() as session:
            case = get_for_desk(session, visit.actor, reference)
            following = listing.find_next_undecided(session, queries.get_item(session, case, number))
        end = f"/{following}" if following is not None else ""
        return redirect(visit, f"/my/desk/access/{reference}/material{end}")
    return redirect(visit, f"/my/desk/access/{reference}/material/{number}")


@router.post(ITEM + "/about", dependencies=QUEUE)
def about(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """Say what an item is."""
    problems = Problems()
    told = forms.read_about(fields, problems)
    if not problems:
        on_item(visit, reference, number, problems, lambda session, case, item: service.describe(
            session, visit.actor, case, item, told, desk=desk_of(visit), version=version_of(fields)
        ))  # fmt: skip
    if problems:
        return _again(visit, reference, number, fields, problems)
    return redirect(visit, f"/my/desk/access/{reference}/material/{number}")


@router.post(ITEM + "/clear", dependencies=QUEUE)
def clear(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """The second person: what goes out does not identify who raised a concern."""
    problems = Problems()
    on_item(visit, reference, number, problems, lambda session, case, item: service.clear(
        session, visit.actor, case, item, desk=desk_of(visit), version=version_of(fields)
    ))  # fmt: skip
    if problems:
        return _again(visit, reference, number, None, problems)
    return redirect(visit, f"/my/desk/access/{reference}/material/{number}")


@router.post(ITEM + "/agree", dependencies=QUEUE)
def agree(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """The second person: the yes about a reporter was wrong."""
    problems = Problems()
    on_item(visit, reference, number, problems, lambda session, case, item: service.agree_no(
        session, visit.actor, case, item, desk=desk_of(visit), version=version_of(fields)
    ))  # fmt: skip
    if problems:
        return _again(visit, reference, number, None, problems)
    return redirect(visit, f"/my/desk/access/{reference}/material/{number}")


def _again(visit: Visit, reference: str, number: int, fields: FieldBag | None, problems: Problems) -> Response:
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        return item_page(visit, session, case, queries.get_item(session, case, number), fields, problems)


def _list_page(
    visit: Visit,
    session: Session,
    case: Case,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
    wrong: Any = (),
    *,
    is_kept: bool = False,
) -> Response:
    asked = visit.request.query_params
    show = Show(asked["show"]) if asked.get("show") in set(Show) else Show.ALL
    after = int(asked["after"]) if asked.get("after", "").isdecimal() and len(asked["after"]) < 8 else 0
    found = listing.list_shown(session, case, show, after=after)
    shown = found[: listing.PAGE_LENGTH]
    return render(
        visit,
        "subject_access/material.html",
        problems=problems,
        sheet=SHEET,
        reference=case.reference,
        rows=showing.rows_of(session, case, shown, visit.vault),
        more=shown[-1].number if len(found) > len(shown) else None,
        show=show,
        shows=[(one, SHOWS[one], listing.count_shown(session, case, one)) for one in Show],
        stands=service.problems(session, case),
        may_change=case.state in PREPARING,
        places=list(showing.places_of(session, case).items()),
        wrong=wrong,
        is_kept=is_kept,
        typed=(fields or FieldBag([])).one,
        most_files=MOST_FILES,
        most_together=MOST_TOGETHER // MEGABYTE,
    )


def item_page(
    visit: Visit,
    session: Session,
    case: Case,
    item: Material,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    facts = showing.facts_of(session, case, item, visit.vault)
    said_no = reporters.stand_of(session, item).no_by
    return render(
        visit,
        "subject_access/material_item.html",
        problems=problems,
        sheet=SHEET,
        reference=case.reference,
        facts=facts,
        item=item,
        typed=_typed(facts, item, fields, said_no == visit.actor.account_id),
        is_health_place=service.is_health_place(session, item),
        may_change=case.state in PREPARING,
        may_clear="uncleared" in service.wants(item, queries.standing_of(session, item))
        and service.may_clear(session, item, visit.actor.account_id),
        said_no=said_no,
        said_no_here=said_no == visit.actor.account_id,
        said_no_by=showing.who(session, said_no),
        reporters=list(REPORTER.items()),
        decisions=list(DECISIONS.items()),
        exemptions=[(one, words, TESTS[one]) for one, words in EXEMPTIONS.items()],
        health=list(HEALTH.items()),
    )


def _typed(facts: dict[str, Any], item: Material, fields: FieldBag | None, says_no: bool) -> Any:
    """What stands, and over it what was typed: the form that was not sent keeps what stands."""
    day = facts["balancing"].opinion_on
    kept = {
        "said": facts["said"],
        "reporter": ReporterAnswer.NO if says_no else item.reporter or "",
        "decision": item.decision or "",
        "exemption": item.exemption or "",
        "reason": facts["reason"],
        "without_naming": facts["balancing"].without_naming,
        "consent": facts["balancing"].consent,
        "reasonable": facts["balancing"].reasonable,
        "health": facts["balancing"].health or "",
    }
    for name, value in (("from", item.period_from), ("to", item.period_to), ("opinion", day)):
        if value is not None:
            parts = (("day", value.day), ("month", value.month), ("year", value.year))
            kept |= {f"{name}-{part}": str(figure) for part, figure in parts}
    return FieldBag([*kept.items(), *(fields.pairs() if fields is not None else ())]).one
