"""The pages of who decides the second stage: both chairs of a joint panel, or those who work on reviews elsewhere."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core.errors import Conflict, Refused
from portal.core.text import Locale, Words, pmsg
from portal.decision_review.outcome import second
from portal.decision_review.outcome.queries import list_letters, open_letter, open_second
from portal.decision_review.outcome.rules import Way
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


@router.get(PANELS, dependencies=SIGNED)
def own_panels(visit: SignedVisit, session: Read) -> Response:
    """The second stages that wait for the actor."""
    rows = [(case, row, _system(session, case.system_id)) for case, row in second.list_panels(session, visit.actor)]
    return render(visit, "decision_review/panels.html", rows=rows)


@router.get(PANELS + "/{case_id}", dependencies=SIGNED)
def one_panel(visit: SignedVisit, session: Read, case_id: str) -> Response:
    """One of them: what the worker says, the first letter, and the decision that is being written."""
    return _page(visit, session, case_id)


@router.post(PANELS + "/{case_id}", dependencies=SIGNED)
def act(visit: SignedVisit, fields: Fields, case_id: str) -> Response:
    """Write the decision, or sign what the other chair wrote."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act(session, visit, case_id, fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if problems:
        with visit.database.reading() as session:
            return _page(visit, session, case_id, problems, fields)
    with visit.database.reading() as session:
        waits = case_id in {case.id for case, _row in second.list_panels(session, visit.actor)}
    return redirect(visit, f"{PANELS}/{case_id}" if waits else PANELS)


def _act(session: Session, visit: SignedIn, case_id: str, fields: FieldBag, problems: Problems) -> None:
    if fields.one("act") == "sign":
        second.sign(session, visit.actor, case_id, seen=fields.one("draft"), desk=desk_of(visit))
        return
    case, _row = second.get_panel(session, visit.actor, case_id)
    found = choice(fields, "outcome", problems, allowed=list(Outcome), required=CHOOSE_OUTCOME)
    reasons = {}
    for lang in Locale:
        required = NOT_WRITTEN if lang.value == case.locale else None
        words = text(fields, f"reasons-{lang.value}", problems, most=TEXT_LIMIT, required=required)
        reasons[lang] = Words(words)
    if not problems:
        second.write(session, visit.actor, case_id, Outcome(found), reasons, desk=desk_of(visit))


def _page(
    visit: SignedIn,
    session: Session,
    case_id: str,
    problems: Problems | None = None,
    fields: FieldBag | None = None,
) -> Response:
    case, row = second.get_panel(session, visit.actor, case_id)
    review = view_review(session, case, visit.vault)
    why = open_second(row, "why", visit.vault)
    telling = second.telling_of(row, desk_of(visit))
    draft = preview(session, case, telling) if telling else {}
    is_employer = row.employer_chair_id == visit.actor.person_id
    has_signed = row.employer_signed_at if is_employer else row.union_signed_at
    stored = telling.reasons if telling else {}
    own = Locale(case.locale)
    return render(
        visit,
        "decision_review/panel.html",
        problems=problems,
        case=case,
        row=row,
        review=review,
        wanted=[WANTED[one] for one in review.wanted],
        system=_system(session, case.system_id),
        why=why.reveal() if why else "",
        asked_beside=bool(written_for(session, case, Work.AGAIN)),
        letters=[(one, open_letter(one, visit.vault).reveal()) for one in list_letters(session, case)],
        draft=[(lang.value, words.reveal()) for lang, words in draft.items()],
        mark=second.mark_of(row),
        is_panel=row.way is Way.JOINT_PANEL,
        may_sign=bool(draft) and has_signed is None,
        has_signed=has_signed is not None,
        outcomes=[(one.value, said) for one, said in OUTCOMES.items()],
        languages=[own, own.other],
        chosen=row.outcome.value if row.outcome else "",
        stored={lang.value: stored[lang].reveal() if lang in stored else "" for lang in Locale},
        typed=(fields or FieldBag([])).one,
    )


def _system(session: Session, system_id: str | None) -> object:
    return get_system_by_id(session, system_id).name if system_id else None
