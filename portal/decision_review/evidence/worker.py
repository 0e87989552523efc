"""The worker's page of the records: what they say, what is wrong in them, and the worker's own side."""

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.speaking import Shared, Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.decision_review.asking.opening import InHand, for_all, for_all_to_read, own
from portal.decision_review.asking.queries import list_papers, open_paper_name
from portal.decision_review.evidence import saying
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.forms import read_correction, read_days
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.queries import (
    find_side,
    get_item,
    last_day,
    list_corrections,
    list_items,
    list_shared,
    open_beside,
    open_side,
    view_item,
)
from portal.decision_review.evidence.rules import CORRECTIONS, KINDS
from portal.decision_review.rules import LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER, TEXT_LIMIT, State
from portal.decision_review.steps import UNFINISHED
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.dependencies import SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, day, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
WRITE_SIDE = pmsg("error", "Write your side")
ENTER_DAY = pmsg("error", "Enter the day until which you need")


@router.get("/my/review/{reference}/records", dependencies=OWN)
def records(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The records of the decision about oneself, and one's own side."""
    return _page(visit, session, own(session, visit.actor, reference))


@router.post("/my/review/{reference}/records", dependencies=OWN)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Correct, choose how long, say, be done."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            _act(visit, session, own(session, visit.actor, reference), fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/review/{reference}/records")
    with visit.database.reading() as session:
        return _page(visit, session, own(session, visit.actor, reference), problems, fields)


@router.get("/my/review/{reference}/records/{item_id}", dependencies=OWN)
def one_file(visit: SignedVisit, session: Read, reference: str, item_id: str) -> Response:
    """A file of them, to be saved."""
    held = own(session, visit.actor, reference)
    item = get_item(session, held.case, item_id, with_output=True, shared_only=True)
    return hand_out(visit, item, shared=True)


@router.post("/review/records", dependencies=[PUBLIC])
def records_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """The same page with the ten words in hand; ``act`` does something first."""
    problems, typed = Problems(), fields
    if fields.one("act"):
        try:
            with visit.database.writing() as session:
                _act(visit, session, for_all(session, visit, fields, Shared.RECORDS), fields, problems)
        except (Refused, Conflict) as refusal:
            problems["page"] = refusal.message
        typed = fields if problems else FieldBag([])
    with visit.database.reading() as session:
        return _page(visit, session, for_all_to_read(session, visit, fields, Shared.RECORDS), problems, typed)


@router.post("/review/record", dependencies=[PUBLIC])
def file_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """A file with the ten words in hand."""
    held = for_all_to_read(session, visit, fields, Shared.RECORDS)
    item = get_item(session, held.case, fields.one("item"), with_output=True, shared_only=True)
    return hand_out(visit, item, shared=True)


def _act(visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems) -> None:
    verbs = {"correct": _correct, "days": _days, "longer": _longer, "say": _say, "done": _done}
    verb = verbs.get(fields.one("act"))
    if verb is None or not (held.is_worker or (held.may_speak and verb is not _done)):
        raise NotFound
    verb(visit, session, held, fields, problems)


def _correct(visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems) -> None:
    items = {
        item.id for pack in list_shared(session, held.case) for item in list_items(session, pack, with_output=True)
    }
    papers = {one.id for one in list_papers(session, held.case)}
    own_id = form_id(fields) or ids.new_id()
    read = read_correction(fields, own_id, visit.locale, items, papers, problems)
    if read is not None:
        item, new = session.get_one(EvidenceItem, read.item_id), read.new
        held.do(
            session,
            visit,
            Work.CORRECTION,
            own_id,
            lambda: saying.correct(session, held.by, held.case, item, new, desk=desk_of(visit)),
        )


def _days(visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems) -> None:
    days = read_days(fields, problems)
    if not problems:
        _on_the_side(
            visit, session, held, lambda: saying.choose_days(session, held.by, held.case, days, desk=desk_of(visit))
        )


def _longer(visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems) -> None:
    until = day(fields, "until", problems, required=ENTER_DAY)
    if until is not None:
        _on_the_side(
            visit, session, held, lambda: saying.take_longer(session, held.by, held.case, until, desk=desk_of(visit))
        )


def _say(visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems) -> None:
    words = text(fields, "side", problems, most=TEXT_LIMIT, required=WRITE_SIDE)
    if not problems:
        say = saying.say if held.is_worker else saying.say_beside
        _on_the_side(
            visit,
            session,
            held,
            lambda: say(session, held.by, held.case, Words(words), visit.locale, desk=desk_of(visit)),
        )


def _on_the_side(visit: Visit, session: Session, held: InHand, verb: Callable[[], object]) -> None:
    held.do(session, visit, Work.SIDE, held.case.id, verb)


def _done(visit: Visit, session: Session, held: InHand, _fields: FieldBag, _problems: Problems) -> None:
    saying.be_done(session, held.by, held.case, desk=desk_of(visit))


def _page(
    visit: Visit, session: Session, held: InHand, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    case = held.case
    side = find_side(session, case)
    words, beside = (open_side(side, visit.vault), open_beside(side, visit.vault)) if side else (None, None)
    packs = [
        (
            pack,
            [
                view_item(session, item, visit.vault, whole=False)
                for item in list_items(session, pack, with_output=True)
            ],
        )
        for pack in list_shared(session, case)
    ]
    is_open = side is not None and side.closed_at is None and case.state == State.REPRESENTATIONS_OPEN
    is_open = is_open and held.may_speak
    least = saying.least_days(side, today=visit.today) if side is not None else LEAST_DAYS_TO_ANSWER
    return render(
        visit,
        "decision_review/records.html",
        problems=problems,
        secret=True,
        held=held,
        packs=packs,
        kinds=KINDS,
        corrections=list_corrections(session, case, visit.vault, with_output=True),
        said_of=CORRECTIONS,
        papers=[(one.id, open_paper_name(one, visit.vault).reveal()) for one in list_papers(session, case)],
        may_correct=held.may_speak and case.state in UNFINISHED and bool(packs),
        is_open=is_open and side is not None and last_day(side) >= visit.today,
        side=side,
        until=last_day(side) if side else None,
        words=words.reveal() if words else "",
        beside=beside.reveal() if beside else "",
        given=written_for(session, case, Work.CORRECTION),
        days=[str(one) for one in range(least, MOST_DAYS_TO_ANSWER + 1)],
        case=case,
        typed=(typed or FieldBag([])).one,
        form_id=ids.new_id(),
        most=TEXT_LIMIT,
    )
