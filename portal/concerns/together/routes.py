"""The pages on which concerns with one cause stand together."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.periods import quarter_of
from portal.cases.visits import desk_of
from portal.concerns.casework.rules import THEMES, Theme
from portal.concerns.casework.told import Told, list_told
from portal.concerns.delivery import answer
from portal.concerns.together import joint
from portal.concerns.together.pages import (
    FEWER,
    Names,
    for_device,
    in_band,
    linked_line,
    read_cases,
    report_of,
    show,
    system_choices,
    told_line,
)
from portal.concerns.together.queries import (
    Seen,
    count_for_report,
    get_collective,
    list_collectives,
    list_linked,
    list_of_thread,
)
from portal.concerns.together.service import Cause, Outcome, link, open_collective, tell_band, unlink
from portal.core import ids
from portal.core.db import Session
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id
from portal.web.rendering import in_words, redirect

HERE = "/my/concerns/together"
NEW = "new"
NONE_CHOSEN = pmsg("error", "Choose at least one concern on your desk")
CHOOSE_CAUSE = pmsg("error", "Choose where to put them, or that it is a new cause")
CHOOSE_THEME = pmsg("error", "Choose what it is about")

router = APIRouter(prefix=HERE, dependencies=[requires(Permission.CONCERNS_DESK)])


@router.get("")
def collectives(visit: SignedVisit, session: Read) -> Response:
    """Every cause under which the actor's side put concerns that the actor can open."""
    names = Names(session)
    found = [(seen, names.cause(seen.collective)) for seen in list_collectives(session, visit.actor)]
    return show(visit, "list", found=found, is_union=bool(joint.branches_of(visit.actor)))


@router.get("/report")
def sheet(visit: SignedVisit, session: Read) -> Response:
    """The sheet for the joint forum: bands by theme and system, up to the last quarter's end, and no word at all."""
    names, first = Names(session), quarter_of(visit.today).first
    counted = count_for_report(session, visit.actor, before=first)
    sheets = [
        report_of(names, body_id, counted[body_id]) for body_id in sorted(counted, key=lambda one: names.body(one).cy)
    ]
    return show(visit, "report", sheets=sheets, before=first, fewer=FEWER)


@router.get("/choose")
def choose_one(visit: SignedVisit, session: Read) -> Response:
    """Where to put a concern: asked from its own page."""
    return _choose(visit, session, FieldBag([("case", one) for one in visit.request.query_params.getlist("case")]))


@router.post("/choose")
def choose(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """Where to put several: asked from the desk."""
    return _choose(visit, session, fields)


@router.post("/link")
def put_together(visit: SignedVisit, session: Write, fields: Fields) -> Response:
    """Put them there; those that cannot be are shown with the reason."""
    problems, chosen = Problems(), _chosen(visit, session, fields)
    where = choice(fields, "where", problems, allowed={NEW, *_open_to(visit, session, chosen)}, required=CHOOSE_CAUSE)
    theme = choice(fields, "theme", problems, allowed=set(Theme), required=CHOOSE_THEME if where == NEW else None)
    if problems or not chosen:
        return _choose(visit, session, fields, problems)
    case_ids = [told.case_id for told in chosen]
    if where == NEW:
        systems = {system_id for system_id, _name in system_choices(session, chosen[0].body_id)}
        cause = Cause(Theme(theme), choice(fields, "system", problems, allowed=systems) or None)
        where = form_id(fields) or ids.new_id()
        made = open_collective(session, visit.actor, cause, case_ids, collective_id=where, desk=desk_of(visit))
    else:
        made = link(session, visit.actor, where, case_ids, desk=desk_of(visit))
    return redirect(visit, f"{HERE}/{where}") if not _refused(made) else _result(visit, where, chosen, made)


@router.get("/{collective_id}")
def collective(visit: SignedVisit, session: Read, collective_id: str) -> Response:
    """One cause: its concerns that the actor can open, and what reporters may be told."""
    return one_page(visit, session, collective_id)


@router.get("/{collective_id}/threads")
def threads(visit: SignedVisit, session: Read, collective_id: str) -> Response:
    """The same for the device, which answers them one by one."""
    seen = get_collective(session, visit.actor, collective_id)
    agreed = joint.list_agreed(session, visit.actor, visit.vault, seen.collective)
    linked = list_linked(session, visit.actor, seen.id)
    return answer(200, for_device(seen, linked, agreed[0].text if agreed else None))


@router.post("/{collective_id}/unlink")
def take_out(visit: SignedVisit, session: Write, fields: Fields, collective_id: str) -> Response:
    """Take a concern out again."""
    case_ids = read_cases(fields.many("case"))[:1]
    if not case_ids:
        raise NotFound
    try:
        unlink(session, visit.actor, collective_id, case_ids[0], desk=desk_of(visit))
    except Refused as refusal:
        return one_page(visit, session, collective_id, Problems(page=refusal.message))
    return redirect(visit, f"{HERE}/{collective_id}")


@router.post("/{collective_id}/back")
def put_back(visit: SignedVisit, session: Write, fields: Fields, collective_id: str) -> Response:
    """Put a concern back that was taken out."""
    made = link(session, visit.actor, collective_id, read_cases(fields.many("case"))[:1], desk=desk_of(visit))
    if not made:
        raise NotFound
    if made[0].refused is not None:
        return one_page(visit, session, collective_id, Problems(page=made[0].refused))
    return redirect(visit, f"{HERE}/{collective_id}")


@router.post("/{collective_id}/told")
def tell(visit: SignedVisit, session: Write, collective_id: str) -> Response:
    """Keep that reporters were told, by answers that were sealed, that they are not alone."""
    try:
        tell_band(session, visit.actor, collective_id, desk=desk_of(visit))
    except Refused as refusal:
        return one_page(visit, session, collective_id, Problems(page=refusal.message))
    return redirect(visit, f"{HERE}/{collective_id}")


def one_page(
    visit: SignedIn,
    session: Session,
    collective_id: str,
    problems: Problems | None = None,
    typed: FieldBag | None = None,
) -> Response:
    """The page of a collective."""
    seen = get_collective(session, visit.actor, collective_id)
    linked = list_linked(session, visit.actor, seen.id)
    is_ours = seen.collective.home_id in joint.branches_of(visit.actor)
    return show(
        visit,
        "one",
        problems=problems,
        seen=seen,
        cause=Names(session).cause(seen.collective),
        linked=[linked_line(one) for one in linked if one.is_linked],
        taken_out=[linked_line(one) for one in linked if not one.is_linked],
        told=[(in_band(band), on) for band, on in sorted(seen.told.items())],
        to_tell=in_band(seen.to_tell) if seen.to_tell else None,
        is_told=seen.to_tell in seen.told,
        agreed=joint.list_agreed(session, visit.actor, visit.vault, seen.collective),
        others=joint.other_branches(session, visit.actor, seen.collective.body_id) if is_ours else [],
        typed=typed or FieldBag([]),
        form_id=form_id(typed or FieldBag([])) or ids.new_id(),
        longest=joint.LONGEST,
    )


def _choose(visit: SignedIn, session: Session, fields: FieldBag, problems: Problems | None = None) -> Response:
    chosen = _chosen(visit, session, fields)
    if not chosen:
        problems = Problems(page=NONE_CHOSEN)
    names = Names(session)
    there = list_of_thread(session, visit.actor, chosen[0].case_id) if len(chosen) == 1 else []
    return show(
        visit,
        "choose",
        problems=problems,
        chosen=[told_line(told) for told in chosen],
        there=[(seen, names.cause(seen.collective)) for seen in there],
        found=[(seen, names.cause(seen.collective)) for seen in _open_to(visit, session, chosen).values()],
        themes=[(theme.value, in_words(visit, name)) for theme, name in THEMES.items()],
        systems=system_choices(session, chosen[0].body_id) if chosen else [],
        usual=_usual_theme(chosen),
        typed=fields,
        form_id=form_id(fields) or ids.new_id(),
        new=NEW,
    )


def _result(visit: SignedIn, collective_id: str, chosen: Sequence[Told], made: Sequence[Outcome]) -> Response:
    refused = {one.case_id: one.refused for one in made}
    lines = [(told_line(told), refused.get(told.case_id)) for told in chosen]
    is_there = len(_refused(made)) < len(made)
    return show(visit, "result", lines=lines, address=f"{HERE}/{collective_id}" if is_there else None)


def _refused(made: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in made if one.refused is not None]


def _chosen(visit: SignedIn, session: Session, fields: FieldBag) -> list[Told]:
    return list_told(session, visit.actor, read_cases(fields.many("case")))


def _open_to(visit: SignedIn, session: Session, chosen: Sequence[Told]) -> dict[str, Seen]:
    """The collectives of the body that the first of the chosen threads is about."""
    found = list_collectives(session, visit.actor) if chosen else []
    return {seen.id: seen for seen in found if seen.collective.body_id == chosen[0].body_id}


def _usual_theme(chosen: Sequence[Told]) -> str:
    told = {one.thread.theme for one in chosen if one.thread is not None and one.thread.theme is not None}
    return next(iter(told)).value if len(told) == 1 else ""
