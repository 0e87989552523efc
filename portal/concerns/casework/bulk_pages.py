"""Pages for several threads at once: what is to be done, what would happen, what came of it, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from anonymity.encoding import from_b64u, to_b64u
from anonymity.errors import CannotOpen
from portal.authz.permissions import Permission
from portal.cases.visits import desk_of
from portal.concerns.casework import bulk
from portal.concerns.casework.acts import ACTS, BULK_STEPS, NOTHING, Act, Wanted, list_all_candidates
from portal.concerns.casework.bulk import Item
from portal.concerns.casework.desk_list import list_page
from portal.concerns.casework.forms import read_day
from portal.concerns.casework.giving import LIGHTEST
from portal.concerns.casework.labels import list_usable
from portal.concerns.casework.lanes import read_asked, read_query
from portal.concerns.casework.rules import NEXT_STEPS, SEVERITIES, STATES, THEMES, NextStep
from portal.concerns.casework.steps import STEPS
from portal.concerns.casework.told import Told, list_told
from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.text import Bilingual, Message, msg, pmsg
from portal.mailbox.rules import week_of
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id
from portal.web.rendering import in_words, redirect, render

DESK = "/my/concerns"
HERE = f"{DESK}/several"
CASE_BYTES = 16
NO_WORDS = ("", None)
router = APIRouter(prefix=HERE, dependencies=[requires(Permission.CONCERNS_DESK)])
CHOOSE_CONCERNS = pmsg("error", "Select at least one concern")
CHOOSE_ACT = pmsg("error", "Choose what to do with them")
CHOOSE_VALUE: Mapping[Act, Message] = {
    Act.ASSIGN: pmsg("error", "Choose who works on them from now on"),
    Act.LABEL: pmsg("error", "Choose the label to put on"),
    Act.UNLABEL: pmsg("error", "Choose the label to take off"),
    Act.NEXT: pmsg("error", "Enter the day on which something comes next"),
    Act.THEME: pmsg("error", "Choose the theme"),
    Act.SEVERITY: pmsg("error", "Choose how much hangs on it"),
    Act.STEP: pmsg("error", "Choose the step"),
}
NOT_TOLD = msg("Take back what was told")
NOBODY = msg("Nobody")
WHOEVER = msg("Whoever reads their language and has least to do")
WORDS: Mapping[Act, Mapping[str, Message]] = {
    Act.THEME: {**{theme.value: said for theme, said in THEMES.items()}, NOTHING: NOT_TOLD},
    Act.SEVERITY: {**{severity.value: said for severity, said in SEVERITIES.items()}, NOTHING: NOT_TOLD},
    Act.NEXT: {step.value: said for step, said in NEXT_STEPS.items()},
    Act.STEP: {name: STEPS[name].said for name in BULK_STEPS},
}
Options = Mapping[str, tuple[str, str | None]]
"""What can be chosen, by its value: its words, and a hint."""


@router.get("")
def nothing_chosen(visit: SignedVisit) -> Response:
    """Whoever comes back to this address has selected nothing any more: the desk itself."""
    return redirect(visit, DESK)


@router.post("")
def several(visit: SignedVisit, session: Read, fields: Fields) -> Response:
    """What is to be done with them, then what would happen. Nothing has happened yet."""
    case_ids, problems = _case_ids(fields), Problems()
    if not case_ids:
        problems["page"] = CHOOSE_CONCERNS
        return list_page(visit, session, read_query(fields.one("query")), problems=problems, typed=fields)
    act = choice(fields, "act", problems, allowed=list(Act))
    tolds = list_told(session, visit.actor, case_ids)
    if not act:
        if fields.one("asked"):
            problems["act"] = CHOOSE_ACT
        return _ask(visit, fields, tolds, None, {}, problems)
    options = _options(visit, session, Act(act), tolds)
    wanted = _wanted(Act(act), options, fields, problems)
    if wanted is None:
        return _ask(visit, fields, tolds, Act(act), options, problems if fields.one("asked") == act else Problems())
    return _preview(visit, session, fields, case_ids, wanted)


@router.post("/done")
def do(visit: SignedVisit, fields: Fields) -> Response:
    """Do it to each. The same form again shows what it did."""
    act_id, problems = form_id(fields), Problems()
    act = choice(fields, "act", problems, allowed=list(Act))
    case_ids = _case_ids(fields)
    if not act_id or not act or not case_ids:
        raise NotFound
    with visit.database.reading() as session:
        options = _options(visit, session, Act(act), list_told(session, visit.actor, case_ids))
    wanted = _wanted(Act(act), options, fields, problems)
    if wanted is None:
        raise NotFound
    bulk.do(visit.database, visit.actor, case_ids, wanted, act_id=act_id, desk=desk_of(visit))
    return redirect(visit, f"{HERE}/{act_id}{read_query(fields.one('query')).address()}")


@router.get("/{act_id}")
def done(visit: SignedVisit, session: Read, act_id: str) -> Response:
    """What came of it, for each."""
    return _done(visit, session, act_id, Problems())


@router.post("/{act_id}/undo")
def undo(visit: SignedVisit, session: Read, act_id: str, fields: Fields) -> Response:
    """Put back what nobody changed since."""
    try:
        bulk.undo(visit.database, visit.actor, act_id, desk=desk_of(visit))
    except Refused as refusal:
        return _done(visit, session, act_id, Problems(page=refusal.message))
    return redirect(visit, f"{HERE}/{act_id}{read_query(fields.one('query')).address()}")


def _case_ids(fields: FieldBag) -> list[bytes]:
    """The threads that were chosen, each once."""
    found = []
    for value in dict.fromkeys(fields.many("case")):
        try:
            found.append(from_b64u(value, CASE_BYTES))
        except CannotOpen:
            raise NotFound from None
    return found


def _options(visit: SignedIn, session: Session, act: Act, tolds: Sequence[Told]) -> Options:
    """What can be chosen for an act, in the language of the visit."""
    if act is Act.ASSIGN:
        return _people(visit, session, tolds)
    if act in (Act.LABEL, Act.UNLABEL):
        usable = list_usable(session, visit.actor)
        return {label.id: (Bilingual(label.name_cy, label.name_en).get(visit.locale), None) for label in usable}
    said: dict[str, Message] = dict(WORDS.get(act, {}))
    return {value: (in_words(visit, message), None) for value, message in said.items()}


def _people(visit: SignedIn, session: Session, tolds: Sequence[Told]) -> Options:
    found: dict[str, tuple[str, str | None]] = {LIGHTEST: (in_words(visit, WHOEVER), None)}
    for one in list_all_candidates(session, tolds, desk=desk_of(visit)):
        is_me = one.person_id == visit.actor.person_id
        name = in_words(visit, msg("Me: {name}", name=one.name)) if is_me else one.name
        has = msg("Away today. Open concerns: {n}", n=one.open_threads) if one.is_away else None
        hint = in_words(visit, has or msg("Open concerns: {n}", n=one.open_threads))
        found[one.person_id] = (name, hint)
    return found | {NOTHING: (in_words(visit, NOBODY), None)}


def _wanted(act: Act, options: Options, fields: FieldBag, problems: Problems) -> Wanted | None:
    """The act with its value; None where it still has to be asked for."""
    if act is Act.TAKE:
        return Wanted(act)
    if act is Act.NEXT:
        on = read_day(fields, "on", problems, required=CHOOSE_VALUE[act])
        step = choice(fields, "value", problems, allowed=list(NextStep))
        return Wanted(act, step, on) if on is not None else None
    value = choice(fields, "value", problems, allowed=options, required=CHOOSE_VALUE[act])
    return Wanted(act, value) if value else None


def _ask(
    visit: SignedIn,
    fields: FieldBag,
    tolds: Sequence[Told],
    act: Act | None,
    options: Options,
    problems: Problems,
) -> Response:
    return render(
        visit,
        "concerns/casework/several.html",
        problems=problems,
        lines=[_line(told) for told in tolds],
        not_yours=len(_case_ids(fields)) - len(tolds),
        act=act,
        acts=ACTS,
        options=[(value, *said) for value, said in options.items()],
        typed=fields,
        hidden=_hidden(fields) | ({"act": act.value} if act else {}) | {"asked": act.value if act else "act"},
        back=f"{DESK}{read_query(fields.one('query')).address()}",
        **_words(),
    )


def _preview(
    visit: SignedIn, session: Session, fields: FieldBag, case_ids: Sequence[bytes], wanted: Wanted
) -> Response:
    outcome = bulk.look_ahead(visit.database, visit.actor, case_ids, wanted, desk=desk_of(visit))
    tolds = {told.case_id: told for told in list_told(session, visit.actor, case_ids)}
    on = {f"on-{part}": fields.one(f"on-{part}") for part in ("day", "month", "year")} if wanted.on else {}
    return render(
        visit,
        "concerns/casework/several_preview.html",
        outcome=outcome,
        lines=_lines(outcome.items, tolds),
        wanted=wanted,
        value=_options(visit, session, wanted.act, list(tolds.values())).get(wanted.value, NO_WORDS)[0],
        acts=ACTS,
        hidden=_hidden(fields) | on | {"act": wanted.act.value, "value": wanted.value, "form_id": ids.new_id()},
        back=f"{DESK}{read_query(fields.one('query')).address()}",
        **_words(),
    )


def _done(visit: SignedIn, session: Session, act_id: str, problems: Problems) -> Response:
    found = bulk.get_done(session, visit.actor, act_id, now=visit.now)
    tolds = {told.case_id: told for told in list_told(session, visit.actor, [one.case_id for one in found.items])}
    query = read_asked(visit.request.query_params.multi_items()).address()
    return render(
        visit,
        "concerns/casework/several_done.html",
        problems=problems,
        outcome=found,
        lines=_lines(found.items, tolds),
        wanted=found.wanted,
        value=_options(visit, session, found.wanted.act, list(tolds.values())).get(found.wanted.value, NO_WORDS)[0],
        acts=ACTS,
        may_undo=any(one.is_done and one.is_undone is None for one in found.items) and not found.is_over,
        query=query,
        back=f"{DESK}{query}",
        **_words(),
    )


def _hidden(fields: FieldBag) -> dict[str, Any]:
    return {"case": fields.many("case"), "query": read_query(fields.one("query")).address()}


def _lines(items: Sequence[Item], tolds: Mapping[bytes, Told]) -> list[tuple[dict[str, Any], Item]]:
    return [(_line(tolds[item.case_id]), item) for item in items if item.case_id in tolds]


def _line(told: Told) -> dict[str, Any]:
    thread = told.thread
    return {
        "case": to_b64u(told.case_id),
        "week": week_of(told.opened_day),
        "state": told.state,
        "theme": thread.theme if thread is not None else None,
    }


def _words() -> dict[str, Any]:
    return {"themes": THEMES, "states": STATES}
