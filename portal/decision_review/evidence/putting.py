"""Putting records together, whoever does it: their owner, or an officer who got them another way. One page for both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.decision_review.evidence import service
from portal.decision_review.evidence.files import hand_out
from portal.decision_review.evidence.forms import read_item
from portal.decision_review.evidence.models import EvidencePack
from portal.decision_review.evidence.queries import get_item, list_items, view_item
from portal.decision_review.evidence.rules import KINDS, NEEDED, TYPED
from portal.decision_review.queries import view_review
from portal.decision_review.rules import TEXT_LIMIT
from portal.directory.queries import get_person
from portal.register.queries import get_system_by_id
from portal.web.arriving import ACCEPT, NO_FILE
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class Bench:
    """Where somebody puts a version together. ``find`` is NotFound for everybody whose work it is not; ``back`` is
    where they came from, and go when it is frozen."""

    find: Callable[[SignedIn, Session], tuple[Case, EvidencePack]]
    at: str
    back: str
    is_officers: bool = False


def check(visit: SignedIn, bench: Bench) -> None:
    """Asked before a file is taken in."""
    with visit.database.reading() as session:
        bench.find(visit, session)


def add(visit: SignedIn, bench: Bench, upload: Upload, own_id: str) -> Response:
    """Keep an item, with its value or with a file that was sealed while it streamed in."""
    problems, kept = Problems(), False
    if upload.problem is not None and upload.problem != NO_FILE:
        problems["file"] = upload.problem
    item_id = own_id if upload.blob_id else form_id(upload.fields) or own_id
    new = read_item(upload, item_id, visit.locale, problems, today=visit.today)
    try:
        if new is not None:
            with visit.database.writing() as session:
                case, pack = bench.find(visit, session)
                service.add_item(session, visit.actor, case, pack, new, desk=desk_of(visit))
                kept = True
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if upload.blob_id is not None and not kept:
            visit.blobs.delete(upload.blob_id)
    if not problems:
        return redirect(visit, bench.at)
    with visit.database.reading() as session:
        return page(visit, session, bench, problems, upload.fields)


def act(visit: SignedIn, bench: Bench, fields: FieldBag) -> Response:
    """Take an item out, or freeze."""
    problems, gone = Problems(), None
    try:
        with visit.database.writing() as session:
            case, pack = bench.find(visit, session)
            if fields.one("act") == "freeze":
                service.freeze(session, visit.actor, case, pack, visit.blobs, desk=desk_of(visit))
            else:
                item = get_item(session, case, fields.one("item"), with_output=True, shared_only=False)
                gone = service.remove_item(session, visit.actor, case, item, desk=desk_of(visit))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if gone is not None:
        visit.blobs.delete(gone)
    if problems:
        with visit.database.reading() as session:
            return page(visit, session, bench, problems)
    return redirect(visit, bench.back if fields.one("act") == "freeze" else bench.at)


def one_file(visit: SignedIn, session: Session, bench: Bench, item_id: str) -> Response:
    """A file of the version, to be saved."""
    case, pack = bench.find(visit, session)
    item = get_item(session, case, item_id, with_output=True, shared_only=False)
    if item.pack_id != pack.id:
        raise NotFound
    return hand_out(visit, item, shared=False)


def page(
    visit: SignedIn, session: Session, bench: Bench, problems: Problems | None = None, typed: FieldBag | None = None
) -> Response:
    """What is there, what is missing, one item more, and freezing."""
    case, pack = bench.find(visit, session)
    review = view_review(session, case, visit.vault)
    items = list_items(session, pack, with_output=True)
    held = {item.kind for item in items}
    return render(
        visit,
        "decision_review/records_pack.html",
        problems=problems,
        pack=pack,
        bench=bench,
        reference=case.reference,
        system=system_of(session, case),
        point=review.decision_point,
        decided_on=review.decided_on,
        person=_person(session, case, review.who),
        items=[view_item(session, item, visit.vault, whole=True) for item in items],
        kinds=KINDS,
        offered=[(kind.value, KINDS[kind]) for kind in TYPED],
        missing=[KINDS[kind] for kind in NEEDED if kind not in held] if pack.number == 1 else [],
        typed=(typed or FieldBag([])).one,
        most=TEXT_LIMIT,
        accept=ACCEPT,
        form_id=ids.new_id(),
    )


def system_of(session: Session, case: Case) -> Any:
    """The name of the system that a review is about."""
    return get_system_by_id(session, case.system_id).name if case.system_id else None


def _person(session: Session, case: Case, who: dict[str, Any]) -> str:
    """Whose records they are: without the name nobody could find them."""
    if case.requester_person_id is not None:
        return get_person(session, case.requester_person_id).display_name
    return str(who["name"].reveal()) if "name" in who else ""
