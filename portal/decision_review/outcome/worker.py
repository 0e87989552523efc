"""The outcome for the worker: the letter, what is put right and whether it was, the second stage, the ways onward.

With an account and without, on one page.
"""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.speaking import Shared, Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, Words, pmsg
from portal.decision_review.asking.opening import InHand, for_all, for_all_to_read, own
from portal.decision_review.outcome import lastday, second, service
from portal.decision_review.outcome.models import RemedyTask, StageTwo
from portal.decision_review.outcome.queries import (
    find_second,
    get_remedy,
    list_chair_views,
    list_letters,
    list_referrals,
    list_remedies,
    open_chair_view,
    open_letter,
    open_remedy,
    open_second,
)
from portal.decision_review.outcome.rules import PLACES, REMEDIES, SAYS, WAYS, Elsewhere, WorkerSays
from portal.decision_review.rules import OUTCOMES, TEXT_LIMIT
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
CHOOSE_SAYS = pmsg("error", "Say whether it happened")
CHOOSE_PLACE = pmsg("error", "Choose where you take it")


@router.get("/my/review/{reference}/outcome", dependencies=OWN)
def outcome(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The outcome of one's own review, and what one can do about it."""
    return _page(visit, session, own(session, visit.actor, reference))


@router.post("/my/review/{reference}/outcome", dependencies=OWN)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Say whether something happened, ask for the second stage, or go elsewhere."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act(session, visit, own(session, visit.actor, reference), fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/review/{reference}/outcome")
    with visit.database.reading() as session:
        return _page(visit, session, own(session, visit.actor, reference), problems, fields)


@router.post("/review/outcome", dependencies=[PUBLIC])
def outcome_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """The same with the ten words in hand; with ``act`` something is done first."""
    problems = Problems()
    if fields.one("act"):
        try:
            with visit.database.writing() as session:
                _act(session, visit, for_all(session, visit, fields, Shared.OUTCOME), fields, problems)
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
    with visit.database.reading() as session:
        held = for_all_to_read(session, visit, fields, Shared.OUTCOME)
        return _page(visit, session, held, problems, fields if problems else None)


def part(session: Session, case: Case) -> dict[str, Any]:
    """What the requester's own page says of it, in short."""
    rows = list_remedies(session, case)
    return {
        "has_letter": bool(list_letters(session, case)),
        "has_onward": second.may_ask(session, case) or second.may_go(case),
        "to_say": sum(1 for one in rows if one.done_at is not None and one.worker_says is None),
        "open": sum(1 for one in rows if one.done_at is None),
        "has_second": find_second(session, case) is not None,
    }


def _act(session: Session, visit: Visit, held: InHand, fields: FieldBag, problems: Problems) -> None:
    acts = {"remedy": _say, "second": _second, "elsewhere": _elsewhere}
    act = acts.get(fields.one("act"))
    if act is not None:
        act(session, visit, held, fields, problems)


def _say(session: Session, visit: Visit, held: InHand, fields: FieldBag, problems: Problems) -> None:
    """Whether something happened. That everything did closes the review: the worker alone says so."""
    says = choice(fields, "says", problems, allowed=list(WorkerSays), required=CHOOSE_SAYS)
    if not held.is_worker and says == WorkerSays.HAPPENED:
        raise NotFound
    if not problems:
        row = get_remedy(session, held.case, fields.one("remedy"))
        held.do(
            session,
            visit,
            Work.REMEDY,
            row.id,
            lambda: service.say_of_remedy(session, held.by, held.case, row, WorkerSays(says), desk=desk_of(visit)),
        )


def _second(session: Session, visit: Visit, held: InHand, fields: FieldBag, problems: Problems) -> None:
    words = text(fields, "why", problems, most=TEXT_LIMIT, required=second.SAY_WHY)
    late = lastday.is_late(session, held.case, today=visit.today)
    because = text(fields, "late", problems, most=TEXT_LIMIT, required=second.SAY_WHY_LATE if late else None)
    if not problems:
        held.do(
            session,
            visit,
            Work.AGAIN,
            held.case.id,
            lambda: second.ask(
                session,
                held.by,
                held.case,
                Words(words),
                visit.locale,
                desk=desk_of(visit),
                late_because=Words(because) if because else None,
            ),
        )


def _elsewhere(session: Session, visit: Visit, held: InHand, fields: FieldBag, problems: Problems) -> None:
    """The worker takes it elsewhere, and nobody else does."""
    if not held.is_worker:
        raise NotFound
    place = choice(fields, "place", problems, allowed=list(Elsewhere), required=CHOOSE_PLACE)
    if not problems:
        own_id = form_id(fields) or ids.new_id()
        second.go_elsewhere(session, held.by, held.case, Elsewhere(place), own_id, desk=desk_of(visit))


def _page(
    visit: Visit, session: Session, held: InHand, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    row = find_second(session, held.case)
    why = open_second(row, "why", visit.vault) if row else None
    return render(
        visit,
        "decision_review/outcome.html",
        problems=problems or None,
        secret=True,
        held=held,
        letters=[(one, open_letter(one, visit.vault).reveal()) for one in list_letters(session, held.case)],
        remedies=[remedy_row(one, visit) for one in list_remedies(session, held.case)],
        second=row,
        why=why.reveal() if why else "",
        way=WAYS[row.way] if row and row.way else None,
        may_ask=held.may_speak and second.may_ask(session, held.case),
        last_day=lastday.find_last_day(session, held.case),
        is_late=lastday.is_late(session, held.case, today=visit.today),
        chair_views=_views(visit, session, held.case, row),
        may_go=held.is_worker and second.may_go(held.case),
        asked_beside=bool(written_for(session, held.case, Work.AGAIN)),
        places=[(one.value, said) for one, said in PLACES.items()],
        gone=[(one.said_at, PLACES[one.elsewhere]) for one in list_referrals(session, held.case)],
        typed=(fields or FieldBag([])).one,
        form_id=ids.new_id(),
    )


def _views(visit: Visit, session: Session, case: Case, row: StageTwo | None) -> list[tuple[Message, str, str]]:
    """What those who decided the second stage thought first: once it is decided."""
    if row is None or row.decided_at is None:
        return []
    views = list_chair_views(session, case)
    return [(OUTCOMES[one.leaning], open_chair_view(one, visit.vault).reveal(), one.lang) for one in views]


def remedy_row(row: RemedyTask, visit: Visit) -> dict[str, Any]:
    """One thing to put right, opened for a page."""
    words, done = (open_remedy(row, column, visit.vault) for column in ("words", "done_words"))
    return {
        "row": row,
        "kind": REMEDIES[row.kind],
        "words": words.reveal() if words else "",
        "done_words": done.reveal() if done else "",
        "says": SAYS[row.worker_says] if row.worker_says else None,
        "may_say": row.done_at is not None and row.worker_says is None,
    }
