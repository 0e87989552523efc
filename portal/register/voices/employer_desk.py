"""Both sides of one system on one page; and everything that only the employer's side can write."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import msg, pmsg
from portal.directory.models import UnionBranch
from portal.directory.queries import list_recognised_branches
from portal.register.asking import Sheet, fresh
from portal.register.lifecycle.desk import DESK, SEES, post_of
from portal.register.lifecycle.facts import current_version, record_of
from portal.register.lifecycle.standing import get_own
from portal.register.models import System
from portal.register.voices import forms, offers, queries, service
from portal.register.voices.models import UnionCondition
from portal.register.voices.naming import name_of_system
from portal.register.voices.sheets import ask_about, both_sides_of
from portal.register.voices.shown import shown
from portal.register.voices.standing import get_for_employer, may_answer, own_branches
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

VOICES = "/my/desk/register/{short_code}/voices"
ANSWERS = [requires(Permission.EMPLOYER_VOICE)]
TALK = Sheet(
    msg("Open a consultation"),
    pmsg("button", "Invite every recognised branch"),
    msg("The representatives of every recognised branch get a letter that holds nothing of the matter."),
)


@router.get(VOICES, dependencies=SEES)
def voices(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """What both sides said and did about one system; each sees the same, and writes only its own."""
    return _page(visit, session, get_own(session, visit.actor, short_code))


@router.get(VOICES + "/talk", dependencies=ANSWERS)
def ask_talk(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The form of a new consultation."""
    return _talk_page(visit, session, get_for_employer(session, visit.actor, short_code), fresh())


@router.post(VOICES + "/talk", dependencies=ANSWERS)
def open_talk(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Open it: every recognised branch is invited."""
    system = get_for_employer(session, visit.actor, short_code)
    problems = Problems()
    new = forms.read_talk(fields, problems, today=visit.today)
    if new is None:
        return _talk_page(visit, session, system, fields, problems)
    try:
        service.open_talk(session, visit.actor, system, new, post=post_of(visit))
    except Refused as refused:
        return _talk_page(visit, session, system, fields, Problems(page=refused.message))
    return redirect(visit, both_sides_of(system))


@router.post(VOICES + "/talk/{talk_id}/close", dependencies=ANSWERS)
def close_talk(visit: SignedVisit, session: Write, short_code: str, talk_id: str) -> Response:
    """Close a consultation whose days are over or whose branches have all answered."""
    system = get_for_employer(session, visit.actor, short_code)
    talk = queries.get_talk(session, system, talk_id)
    try:
        service.close_talk(session, visit.actor, system, talk, post=post_of(visit))
    except Refused as refused:
        return _page(visit, session, system, Problems(page=refused.message))
    return redirect(visit, both_sides_of(system))


@router.get(VOICES + "/talk/{talk_id}", dependencies=ANSWERS)
def ask_entry(visit: SignedVisit, session: Read, short_code: str, talk_id: str) -> Response:
    """The form of a paper, meeting or note."""
    system = get_for_employer(session, visit.actor, short_code)
    queries.get_talk(session, system, talk_id)
    return _entry_page(visit, session, system, fresh())


@router.post(VOICES + "/talk/{talk_id}", dependencies=ANSWERS)
def add_entry(visit: SignedVisit, session: Write, fields: Fields, short_code: str, talk_id: str) -> Response:
    """Put it into the log, for the employer."""
    system = get_for_employer(session, visit.actor, short_code)
    talk = queries.get_talk(session, system, talk_id)
    problems = Problems()
    new = forms.read_entry(fields, problems, is_union=False, today=visit.today)
    if new is None:
        return _entry_page(visit, session, system, fields, problems)
    service.add_entry(session, visit.actor, system, talk, new, branch_id=None, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.get(VOICES + "/response/{branch}", dependencies=ANSWERS)
def ask_response(visit: SignedVisit, session: Read, short_code: str, branch: str) -> Response:
    """The form of the employer's answer to one branch."""
    system = get_for_employer(session, visit.actor, short_code)
    return _response_page(visit, session, system, _branch(session, system, branch), fresh())


@router.post(VOICES + "/response/{branch}", dependencies=ANSWERS)
def respond(visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str) -> Response:
    """Publish it beside the branch's statement."""
    system = get_for_employer(session, visit.actor, short_code)
    found = _branch(session, system, branch)
    problems = Problems()
    text, made = forms.read_response(fields, problems)
    if problems:
        return _response_page(visit, session, system, found, fields, problems)
    service.respond(session, visit.actor, system, found.id, text, response_id=made, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.get(VOICES + "/condition/{condition_id}", dependencies=ANSWERS)
def ask_act(visit: SignedVisit, session: Read, short_code: str, condition_id: str) -> Response:
    """The form of what is done about a condition."""
    system = get_for_employer(session, visit.actor, short_code)
    found = queries.get_condition(session, system, condition_id)
    names = ("owner_cy", "owner_en", "done_cy", "done_en")
    return _act_page(visit, session, system, found, FieldBag([(name, getattr(found, name)) for name in names]))


@router.post(VOICES + "/condition/{condition_id}", dependencies=ANSWERS)
def act(visit: SignedVisit, session: Write, fields: Fields, short_code: str, condition_id: str) -> Response:
    """Say who sees to a condition, or that it is done. The branch is told and judges."""
    system = get_for_employer(session, visit.actor, short_code)
    found = queries.get_condition(session, system, condition_id)
    problems = Problems()
    owner, done = forms.read_act(fields, problems)
    if problems:
        return _act_page(visit, session, system, found, fields, problems)
    try:
        service.act_on(session, visit.actor, system, found, owner, done, post=post_of(visit))
    except Conflict as conflict:
        return _act_page(visit, session, system, found, fields, Problems(page=conflict.message))
    return redirect(visit, both_sides_of(system))


@router.get(VOICES + "/offer", dependencies=ANSWERS)
def ask_offer(visit: SignedVisit, session: Read, short_code: str) -> Response:
    """The form of an offer of training or expert help."""
    return _offer_page(visit, session, get_for_employer(session, visit.actor, short_code), fresh())


@router.post(VOICES + "/offer", dependencies=ANSWERS)
def offer(visit: SignedVisit, session: Write, fields: Fields, short_code: str) -> Response:
    """Record the offer; each branch says itself whether it took it up."""
    system = get_for_employer(session, visit.actor, short_code)
    problems = Problems()
    branches = [(branch.slug, branch.id) for branch, _union in list_recognised_branches(session, system.body_id)]
    new = forms.read_offer(fields, problems, branches, today=visit.today)
    if new is None:
        return _offer_page(visit, session, system, fields, problems)
    offers.offer(session, visit.actor, system, new, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


def _branch(session: Session, system: System, slug: str) -> UnionBranch:
    for branch, _union in list_recognised_branches(session, system.body_id):
        if branch.slug == slug:
            return branch
    raise NotFound


def _page(visit: SignedIn, session: Session, system: System, problems: Problems | None = None) -> Response:
    record = record_of(session, system, current_version(session, system))
    found = queries.get_voices(session, system, record, on=visit.today)
    return render(
        visit,
        "register/voices/system.html",
        problems=problems,
        name=name_of_system(session, system),
        code=system.short_code,
        is_published=system.current_number is not None,
        may_answer=may_answer(visit.actor, system),
        mine={branch.slug: branch for branch in own_branches(session, visit.actor, system.body_id)},
        own_ids={branch.id for branch in own_branches(session, visit.actor, system.body_id)},
        at=both_sides_of(system),
        union_at=f"/my/union/systems/{system.short_code}",
        words=words,
        desk=f"{DESK}/{system.short_code}",
        **shown(found, record, visit.locale, today=visit.today),
    )


def _talk_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return ask_about(visit, session, system, TALK, forms.talk_asks(), fields, problems)


def _entry_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    title, button = msg("A paper, meeting or note for the log"), pmsg("button", "Add to the log")
    return ask_about(visit, session, system, Sheet(title, button), forms.entry_asks(), fields, problems)


def _response_page(
    visit: SignedIn,
    session: Session,
    system: System,
    branch: UnionBranch,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    title = msg("The employer’s answer to this branch: {branch}", branch=queries.name_of(branch))
    lead = msg("It stands beside the branch’s statement, which you cannot change.")
    button = pmsg("button", "Publish the answer")
    sheet = Sheet(title, button, lead)
    return ask_about(visit, session, system, sheet, forms.response_asks(), fields, problems)


def _act_page(
    visit: SignedIn,
    session: Session,
    system: System,
    condition: UnionCondition,
    fields: FieldBag,
    problems: Problems | None = None,
) -> Response:
    text, _lang = queries.text_of(condition, "text", visit.locale)
    title, lead = msg("What is done about this condition"), msg("The condition: {text}", text=text)
    sheet = Sheet(title, pmsg("button", "Save"), lead)
    return ask_about(visit, session, system, sheet, forms.act_asks(), fields, problems)


def _offer_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    recognised = list_recognised_branches(session, system.body_id)
    branches = [(branch.slug, msg("Branch: {name}", name=queries.name_of(branch))) for branch, _union in recognised]
    title, button = msg("Training or expert help for the unions"), pmsg("button", "Record the offer")
    return ask_about(visit, session, system, Sheet(title, button), forms.offer_asks(branches), fields, problems)
