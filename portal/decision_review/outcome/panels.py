"""The pages of who decides the second stage: both chairs of a joint panel, or those who work on reviews elsewhere.

Before they wrote down a view of their own, what the system gave out, the first letter and the other chair's draft are
not in the answer of the server.
"""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, pmsg
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.queries import (
    find_side,
    get_item,
    list_corrections,
    list_items,
    list_shared,
    open_beside,
    open_side,
    view_item,
)
from portal.decision_review.evidence.rules import CORRECTIONS, KINDS
from portal.decision_review.outcome import chairs, drafting
from portal.decision_review.outcome.forms import read_remedies, remedy_numbers, remedy_values
from portal.decision_review.outcome.models import ChairView, StageTwo
from portal.decision_review.outcome.proposed import view_proposed
from portal.decision_review.outcome.queries import (
    find_chair_view,
    list_drafts,
    list_letters,
    open_chair_view,
    open_draft,
    open_letter,
    open_second,
)
from portal.decision_review.outcome.rules import REMEDIES, Way
from portal.decision_review.outcome.service import NOT_WRITTEN, preview
from portal.decision_review.queries import view_review
from portal.decision_review.rules import OUTCOMES, TEXT_LIMIT, WANTED, Outcome
from portal.register.queries import get_system_by_id
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, text
from portal.web.rendering import redirect, render

router = APIRouter()

PANELS = "/my/panels"
SIGNED = [requires(Permission.SIGNED_IN)]
CHOOSE_OUTCOME = pmsg("error", "Choose an outcome")
CHOOSE_LEANING = pmsg("error", "Choose what you think now")
WRITE_VIEW = pmsg("error", "Write why you think so")


@router.get(PANELS, dependencies=SIGNED)
def own_panels(visit: SignedVisit, session: Read) -> Response:
    """The second stages that wait for the actor."""
    found = chairs.list_panels(session, visit.actor, today=visit.today)
    rows = [(case, row, _system(session, case.system_id)) for case, row in found]
    return render(visit, "decision_review/panels.html", rows=rows)


@router.get(PANELS + "/{case_id}", dependencies=SIGNED)
def one_panel(visit: SignedVisit, session: Read, case_id: str) -> Response:
    """One of them: what the worker says, the records, and the decision that is being written."""
    return _page(visit, session, case_id)


@router.get(PANELS + "/{case_id}/{item_id}", dependencies=SIGNED)
def one_file(visit: SignedVisit, session: Read, case_id: str, item_id: str) -> Response:
    """A file of the records, within what they may see."""
    case, _row = chairs.get_panel(session, visit.actor, case_id, today=visit.today)
    sees = find_chair_view(session, case, visit.actor.person_id) is not None
    return hand_out(visit, get_item(session, case, item_id, with_output=sees, shared_only=True), shared=True)


@router.post(PANELS + "/{case_id}", dependencies=SIGNED)
def act(visit: SignedVisit, fields: Fields, case_id: str) -> Response:
    """Write down one's own view, write the decision, or sign what the other chair wrote."""
    verb = {"view": _view, "write": _write, "sign": _sign}.get(fields.one("act"))
    if verb is None:
        raise NotFound
    problems = Problems()
    try:
        with visit.database.writing() as session:
            verb(session, visit, case_id, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        with visit.database.reading() as session:
            return _page(visit, session, case_id, problems, fields)
    with visit.database.reading() as session:
        waits = case_id in {case.id for case, _row in chairs.list_panels(session, visit.actor, today=visit.today)}
    return redirect(visit, f"{PANELS}/{case_id}" if waits else PANELS)


def _view(session: Session, visit: SignedIn, case_id: str, fields: FieldBag, problems: Problems) -> None:
    leaning = choice(fields, "leaning", problems, allowed=set(Outcome), required=CHOOSE_LEANING)
    words = text(fields, "view", problems, most=TEXT_LIMIT, required=WRITE_VIEW)
    if not problems:
        drafting.write_view(
            session, visit.actor, case_id, Outcome(leaning), Words(words), visit.locale, desk=desk_of(visit)
        )


def _sign(session: Session, visit: SignedIn, case_id: str, fields: FieldBag, _problems: Problems) -> None:
    drafting.sign(session, visit.actor, case_id, seen=fields.one("draft"), desk=desk_of(visit))


def _write(session: Session, visit: SignedIn, case_id: str, fields: FieldBag, problems: Problems) -> None:
    case, _row = chairs.get_panel(session, visit.actor, case_id, today=visit.today)
    found = choice(fields, "outcome", problems, allowed=list(Outcome), required=CHOOSE_OUTCOME)
    reasons = {}
    for lang in Locale:
        required = NOT_WRITTEN if lang.value == case.locale else None
        words = text(fields, f"reasons-{lang.value}", problems, most=TEXT_LIMIT, required=required)
        reasons[lang] = Words(words)
    remedies = read_remedies(session, fields, Locale(case.locale), problems, today=visit.today)
    if not problems:
        drafting.write(session, visit.actor, case_id, Outcome(found), reasons, desk=desk_of(visit), remedies=remedies)


def _page(
    visit: SignedIn,
    session: Session,
    case_id: str,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    case, row = chairs.get_panel(session, visit.actor, case_id, today=visit.today)
    typed = fields or FieldBag([])
    view = find_chair_view(session, case, visit.actor.person_id)
    values = _facts(visit, session, case, row) | _records(visit, session, case, with_output=view is not None)
    if view is not None:
        values |= _seen(visit, session, case, view) | _draft(visit, session, case, row, typed)
    return render(
        visit,
        "decision_review/panel.html",
        problems=problems,
        case=case,
        row=row,
        has_view=view is not None,
        outcomes=[(one.value, said) for one, said in OUTCOMES.items()],
        typed=typed.one,
        most=TEXT_LIMIT,
        **values,
    )


def _facts(visit: SignedIn, session: Session, case: Case, row: StageTwo) -> dict[str, Any]:
    """The worker's side, from the first word to why they do not agree."""
    review, side = view_review(session, case, visit.vault), find_side(session, case)
    why = open_second(row, "why", visit.vault)
    said = open_side(side, visit.vault) if side else None
    beside = open_beside(side, visit.vault) if side else None
    return {
        "review": review,
        "wanted": [WANTED[one] for one in review.wanted],
        "system": _system(session, case.system_id),
        "why": why.reveal() if why else "",
        "asked_beside": bool(written_for(session, case, Work.AGAIN)),
        "side": said.reveal() if said else "",
        "side_lang": side.lang if side else None,
        "beside": beside.reveal() if beside else "",
        "beside_lang": side.beside_lang if side else None,
    }


def _records(visit: SignedIn, session: Session, case: Case, *, with_output: bool) -> dict[str, Any]:
    """The frozen records as they were shared, and what the worker says is wrong in them."""
    return {
        "items": [
            view_item(session, item, visit.vault, whole=False)
            for pack in list_shared(session, case)
            for item in list_items(session, pack, with_output=with_output)
        ],
        "kinds": KINDS,
        "corrections": list_corrections(session, case, visit.vault, with_output=with_output),
        "said_of": CORRECTIONS,
    }


def _seen(visit: SignedIn, session: Session, case: Case, view: ChairView) -> dict[str, Any]:
    """Their own view, the letter of the first stage, and drafts of who sat there before."""
    return {
        "view": view,
        "view_words": open_chair_view(view, visit.vault).reveal(),
        "leaning": OUTCOMES[view.leaning],
        "letters": [(one, open_letter(one, visit.vault).reveal()) for one in list_letters(session, case)],
        "earlier": [
            (
                one.kept_at,
                OUTCOMES[one.outcome],
                [
                    (lang.value, words.reveal())
                    for lang in Locale
                    if (words := open_draft(one, lang, visit.vault)) is not None
                ],
                view_proposed(session, case, visit.vault, draft_id=one.id),
            )
            for one in list_drafts(session, case)
        ],
    }


def _draft(visit: SignedIn, session: Session, case: Case, row: StageTwo, typed: FieldBag) -> dict[str, Any]:
    """The decision as it stands, its letter, and the form to write it anew."""
    telling = drafting.telling_of(session, case, row, desk_of(visit))
    draft = preview(session, case, telling) if telling else {}
    is_employer = row.employer_chair_id == visit.actor.person_id
    has_signed = row.employer_signed_at if is_employer else row.union_signed_at
    stored = telling.reasons if telling else {}
    remedies = telling.remedies if telling else ()
    is_typed = typed.one("act") == "write"
    own = Locale(case.locale)
    return {
        "draft": [(lang.value, words.reveal()) for lang, words in draft.items()],
        "draft_remedies": view_proposed(session, case, visit.vault),
        "mark": drafting.mark_of(session, case, row),
        "is_panel": row.way is Way.JOINT_PANEL,
        "may_sign": bool(draft) and has_signed is None,
        "has_signed": has_signed is not None,
        "languages": [own, own.other],
        "chosen": row.outcome.value if row.outcome else "",
        "stored": {lang.value: stored[lang].reveal() if lang in stored else "" for lang in Locale},
        "remedy_kinds": [(one.value, said) for one, said in REMEDIES.items()],
        "remedy_numbers": remedy_numbers(len(remedies)),
        "remedy_value": typed.one if is_typed else FieldBag(remedy_values(session, remedies)).one,
        "is_typed": is_typed,
    }


def _system(session: Session, system_id: str | None) -> object:
    return get_system_by_id(session, system_id).name if system_id else None
