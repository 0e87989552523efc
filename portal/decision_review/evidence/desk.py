"""The officer's page of the records: ask, chase, take third parties out, share, and answer what the worker corrects."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.sent import Sent
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, pmsg
from portal.decision_review.asking.queries import list_papers, open_paper_name
from portal.decision_review.evidence import cutting, saying, service
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.forms import read_answer
from portal.decision_review.evidence.models import EvidenceItem, EvidencePack
from portal.decision_review.evidence.queries import (
    find_owner,
    find_side,
    find_unfrozen,
    get_correction,
    get_item,
    get_pack,
    item_context,
    keep_from_reviewer,
    last_day,
    list_corrections,
    list_items,
    list_packs,
    open_beside,
    open_side,
    view_item,
)
from portal.decision_review.evidence.rules import CORRECTIONS, KINDS
from portal.decision_review.queries import get_for_desk
from portal.decision_review.rules import TEXT_LIMIT, State
from portal.decision_review.steps import UNFINISHED
from portal.directory.queries import find_person_by_email, get_person
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text
from portal.web.rendering import redirect, render

router = APIRouter()

ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
AT = "/my/desk/reviews/{reference}/records"
NOT_KNOWN = pmsg("error", "Nobody at this employer has this work address in the directory")
WRITE_SHARED = pmsg("error", "Write what the worker reads instead")
WRITE_BECAUSE = pmsg("error", "Write why it cannot be shared. The worker reads it")
WRITE_GONE = pmsg("error", "Write the words that go out, one to a line")

Act = Callable[[SignedIn, Session, Case, FieldBag, Problems], str | None]
"""What an act leaves behind: the id of a file that nothing names any more, deleted once the act stands."""


@router.get(AT, dependencies=ASSIGN)
def records(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Every version of the records, and what the worker says of them."""
    return records_page(visit, session, get_records_case(session, visit, reference))


@router.post(AT, dependencies=ASSIGN)
def act(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Ask, go on without, share, take out, withhold, answer."""
    verb = _VERBS.get(fields.one("act"))
    if verb is None:
        raise NotFound
    problems, gone = Problems(), None
    try:
        with visit.database.writing() as session:
            gone = verb(visit, session, get_records_case(session, visit, reference), fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if gone is not None:
        visit.blobs.delete(gone)
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/records")
    with visit.database.reading() as session:
        return records_page(visit, session, get_records_case(session, visit, reference), problems, fields)


@router.post(AT + "/cut", dependencies=ASSIGN)
def cut(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Take words out of a file: the work of seconds is done while no row is held."""
    problems = Problems()
    lines = text(fields, f"gone-{fields.one('item')}", problems, most=TEXT_LIMIT, required=WRITE_GONE)
    words = [line.strip() for line in lines.splitlines() if line.strip()]
    try:
        if not problems:
            _cut(visit, reference, fields.one("item"), words)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}/records")
    with visit.database.reading() as session:
        return records_page(visit, session, get_records_case(session, visit, reference), problems, fields)


@router.get(AT + "/{item_id}", dependencies=ASSIGN)
def one_file(visit: SignedVisit, session: Read, reference: str, item_id: str) -> Response:
    """A file of the records: as it came, or with ``?copy=shared`` as the worker gets it."""
    case = get_records_case(session, visit, reference)
    item = get_item(session, case, item_id, with_output=True, shared_only=False)
    return hand_out(visit, item, shared=visit.request.query_params.get("copy") == "shared")


def get_records_case(session: Session, visit: SignedIn, reference: str) -> Case:
    """A review whose records the actor works on; NotFound for who reviews it."""
    case = get_for_desk(session, visit.actor, reference)
    keep_from_reviewer(session, visit.actor, case)
    return case


def _sent(fields: FieldBag) -> Sent:
    return Sent(form_id(fields) or ids.new_id())


def _ask(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    address = text(fields, "owner", problems, most=254)
    owner = find_person_by_email(session, address) if address else None
    if address and owner is None:
        problems["owner"] = NOT_KNOWN
    waiting = find_unfrozen(session, case)
    if problems:
        return
    if waiting is not None and owner is not None:
        service.give_to(session, visit.actor, case, waiting, owner, desk=desk_of(visit))
    else:
        service.request(session, visit.actor, case, owner, _sent(fields), desk=desk_of(visit))


def _go_on(visit: SignedIn, session: Session, case: Case, fields: FieldBag, _problems: Problems) -> None:
    service.go_on(session, visit.actor, case, _sent(fields), desk=desk_of(visit))


def _share(visit: SignedIn, session: Session, case: Case, fields: FieldBag, _problems: Problems) -> None:
    pack = get_pack(session, case, fields.one("pack"))
    service.share(session, visit.actor, case, pack, _sent(fields), desk=desk_of(visit))


def _item(session: Session, case: Case, fields: FieldBag) -> EvidenceItem:
    return get_item(session, case, fields.one("item"), with_output=True, shared_only=False)


def _rewrite(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    words = text(fields, f"shared-{fields.one('item')}", problems, most=TEXT_LIMIT, required=WRITE_SHARED)
    if not problems:
        item = _item(session, case, fields)
        if item.value is None:
            raise NotFound
        cutting.rewrite(session, visit.actor, case, item, Words(words), desk=desk_of(visit))


def _withhold(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    words = text(fields, f"because-{fields.one('item')}", problems, most=TEXT_LIMIT, required=WRITE_BECAUSE)
    if not problems:
        cutting.withhold(session, visit.actor, case, _item(session, case, fields), Words(words), desk=desk_of(visit))


def _show(visit: SignedIn, session: Session, case: Case, fields: FieldBag, _problems: Problems) -> str | None:
    return cutting.show(session, visit.actor, case, _item(session, case, fields), desk=desk_of(visit))


def _answer(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    row = get_correction(session, case, fields.one("correction"))
    read = read_answer(fields, row.id, problems)
    if read is not None:
        saying.answer(session, visit.actor, case, row, read[0], read[1], desk=desk_of(visit))


_VERBS: dict[str, Act] = {
    "ask": _ask,
    "go_on": _go_on,
    "share": _share,
    "rewrite": _rewrite,
    "withhold": _withhold,
    "show": _show,
    "answer": _answer,
}


def _cut(visit: SignedIn, reference: str, item_id: str, words: list[str]) -> None:
    with visit.database.reading() as session:
        case = get_records_case(session, visit, reference)
        item = get_item(session, case, item_id, with_output=True, shared_only=False)
        if item.blob_id is None:
            raise NotFound
        name, data = cutting.data_of(item, visit.blobs, desk_of(visit))
    made = cutting.cut_file(name, data, words)
    blob_id = visit.blobs.put([made.data], context=item_context("shared_blob_id", item_id))
    before, kept = None, False
    try:
        with visit.database.writing() as session:
            case = get_records_case(session, visit, reference)
            item = get_item(session, case, item_id, with_output=True, shared_only=False)
            before = cutting.keep_cut(session, visit.actor, case, item, blob_id, desk=desk_of(visit))
        kept = True
    finally:
        gone = before if kept else blob_id
        if gone is not None:
            visit.blobs.delete(gone)


def records_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    """Every version of the records, and what the worker says of them."""
    side = find_side(session, case)
    waiting = find_unfrozen(session, case)
    owner = None if waiting else find_owner(session, case, today=visit.today)
    said = open_side(side, visit.vault) if side else None
    beside = open_beside(side, visit.vault) if side else None
    return render(
        visit,
        "decision_review/desk_records.html",
        problems=problems,
        reference=case.reference,
        packs=[_pack(session, visit, pack) for pack in list_packs(session, case)],
        waiting=waiting,
        is_late=waiting is not None and waiting.due_on < visit.today and case.state == State.EVIDENCE_WAIT,
        may_ask=waiting is None and case.state in UNFINISHED,
        owner=owner.display_name if owner else "",
        side=side,
        side_until=last_day(side) if side else None,
        said=said.reveal() if said else "",
        beside=beside.reveal() if beside else "",
        given=written_for(session, case, Work.CORRECTION),
        corrections=list_corrections(session, case, visit.vault, with_output=True),
        answers=[(one.value, words) for one, words in CORRECTIONS.items()],
        said_of=CORRECTIONS,
        papers={one.id: open_paper_name(one, visit.vault).reveal() for one in list_papers(session, case)},
        kinds=KINDS,
        typed=(typed or FieldBag([])).one,
        form_id=ids.new_id(),
        most=TEXT_LIMIT,
    )


def _pack(session: Session, visit: SignedIn, pack: EvidencePack) -> dict[str, Any]:
    items = [view_item(session, item, visit.vault, whole=True) for item in list_items(session, pack, with_output=True)]
    shared = [
        view_item(session, item, visit.vault, whole=False) for item in list_items(session, pack, with_output=True)
    ]
    owner = get_person(session, pack.owner_id).display_name if pack.owner_id else ""
    proof = pack.fingerprint.hex() if pack.fingerprint else ""
    return {
        "row": pack,
        "items": list(zip(items, shared, strict=True)),
        "owner": owner,
        "proof": " ".join(proof[at : at + 4] for at in range(0, len(proof), 4)),
    }
