"""The union's desk: which systems a representative may speak about, and everything that only their branch can write."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.core.errors import BadRequest, NotFound
from portal.core.text import msg, pmsg
from portal.register.asking import Sheet, fresh
from portal.register.lifecycle.desk import post_of
from portal.register.lifecycle.facts import current_version, record_of
from portal.register.models import System
from portal.register.positions import list_standing
from portal.register.record import DecisionPoint
from portal.register.voices import forms, offers, queries, service
from portal.register.voices.sheets import ask_about, both_sides_of
from portal.register.voices.standing import get_for_branch
from portal.register.voices.waiting import list_union_lines
from portal.register.words import words
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, Write, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems
from portal.web.rendering import redirect, render

router = APIRouter()

UNION = "/my/union/systems"
ONE = "/my/union/systems/{short_code}/{branch}"
SPEAKS = [requires(Permission.UNION_VOICE)]
STATEMENT = Sheet(
    msg("Your branch’s statement"),
    pmsg("button", "Sign the statement"),
    msg(
        "Only your branch can write this. It stands on the system’s page at once. A later statement does not remove an "
        "earlier one."
    ),
)
CONDITION = Sheet(
    msg("A condition of your branch"),
    pmsg("button", "Set the condition"),
    msg("One language is enough. Only your branch can say that the condition is met."),
)
ENTRY = Sheet(
    msg("A paper, meeting or note for the log"),
    pmsg("button", "Add to the log"),
    msg("One language is enough."),
)


@router.get(UNION, dependencies=SPEAKS)
def list_systems(visit: SignedVisit, session: Read) -> Response:
    """The systems of every body that recognises one's branch, with what waits for the branch and by when."""
    cut = list_union_lines(session, visit.actor, cursor=visit.request.query_params.get("after"))
    return render(
        visit,
        "register/voices/union.html",
        lines=cut.items,
        words=words,
        more=f"{UNION}?after={cut.next_cursor}" if cut.next_cursor else None,
    )


@router.get(ONE + "/statement", dependencies=SPEAKS)
def ask_statement(visit: SignedVisit, session: Read, short_code: str, branch: str) -> Response:
    """The form of a statement, with what the branch signed last."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    kept = [*fresh().pairs()]
    last = list_standing(session, system.id).get(own.id)
    if last is not None:
        kept += [("position", last.position.value), ("text_cy", last.text_cy), ("text_en", last.text_en)]
        kept += [(f"effect-{key}_{lang}", told[lang]) for key, told in last.effects.items() for lang in ("cy", "en")]
    return _statement_page(visit, session, system, FieldBag(kept))


@router.post(ONE + "/statement", dependencies=SPEAKS)
def sign(visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str) -> Response:
    """Sign the statement."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    problems = Problems()
    new = forms.read_statement(fields, problems, _points(session, system))
    if new is None:
        return _statement_page(visit, session, system, fields, problems)
    service.sign(session, visit.actor, system, own.id, new, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.get(ONE + "/condition", dependencies=SPEAKS)
def ask_condition(visit: SignedVisit, session: Read, short_code: str, branch: str) -> Response:
    """The form of a condition."""
    system, _own = get_for_branch(session, visit.actor, short_code, branch)
    return _condition_page(visit, session, system, fresh())


@router.post(ONE + "/condition", dependencies=SPEAKS)
def set_condition(visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str) -> Response:
    """Set a condition."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    problems = Problems()
    text, due_on, made = forms.read_condition(fields, problems, today=visit.today)
    if problems or due_on is None:
        return _condition_page(visit, session, system, fields, problems)
    service.set_condition(session, visit.actor, system, own.id, text, due_on, condition_id=made, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.post(ONE + "/condition/{condition_id}", dependencies=SPEAKS)
def judge(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str, condition_id: str
) -> Response:
    """Say that a condition of one's own branch is met, or is not."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    condition = queries.get_condition(session, system, condition_id)
    if condition.branch_id != own.id:
        raise NotFound
    is_met = _yes(fields, "met")
    service.judge(session, visit.actor, system, condition, is_met=is_met, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.get(ONE + "/talk/{talk_id}", dependencies=SPEAKS)
def ask_entry(visit: SignedVisit, session: Read, short_code: str, branch: str, talk_id: str) -> Response:
    """The form of a paper, meeting or note."""
    system, _own = get_for_branch(session, visit.actor, short_code, branch)
    queries.get_talk(session, system, talk_id)
    return _entry_page(visit, session, system, fresh())


@router.post(ONE + "/talk/{talk_id}", dependencies=SPEAKS)
def add_entry(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str, talk_id: str
) -> Response:
    """Put it into the log, for one's branch."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    talk = queries.get_talk(session, system, talk_id)
    problems = Problems()
    new = forms.read_entry(fields, problems, is_union=True, today=visit.today)
    if new is None:
        return _entry_page(visit, session, system, fields, problems)
    service.add_entry(session, visit.actor, system, talk, new, branch_id=own.id, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


@router.post(ONE + "/offer/{offer_id}", dependencies=SPEAKS)
def answer_offer(
    visit: SignedVisit, session: Write, fields: Fields, short_code: str, branch: str, offer_id: str
) -> Response:
    """Say whether one's branch took an offer up."""
    system, own = get_for_branch(session, visit.actor, short_code, branch)
    offered = queries.get_offer(session, system, offer_id)
    if offered.branch_id != own.id:
        raise NotFound
    is_taken = _yes(fields, "taken")
    offers.answer_offer(session, visit.actor, system, offered, is_taken=is_taken, post=post_of(visit))
    return redirect(visit, both_sides_of(system))


def _yes(fields: FieldBag, name: str) -> bool:
    """What one of two buttons says; a form with neither is not ours."""
    if fields.one(name) not in ("yes", "no"):
        raise BadRequest
    return fields.one(name) == "yes"


def _points(session: Session, system: System) -> tuple[DecisionPoint, ...]:
    record = record_of(session, system, current_version(session, system))
    return record.decision_points if record else ()


def _statement_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    asks = forms.statement_asks(_points(session, system))
    return ask_about(visit, session, system, STATEMENT, asks, fields, problems)


def _condition_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return ask_about(visit, session, system, CONDITION, forms.condition_asks(), fields, problems)


def _entry_page(
    visit: SignedIn, session: Session, system: System, fields: FieldBag, problems: Problems | None = None
) -> Response:
    return ask_about(visit, session, system, ENTRY, forms.entry_asks(), fields, problems)
