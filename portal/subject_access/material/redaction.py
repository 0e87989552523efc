"""The officer's pages of cutting: what is inside a file, what goes from it, the copy, and what the scan found."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words
from portal.documents.apart import QUICK
from portal.documents.cuts import CannotCut
from portal.documents.reading import Part
from portal.subject_access.material import accepting, forms, queries, redacting, showing
from portal.subject_access.material.models import Material
from portal.subject_access.material.redacting import Order
from portal.subject_access.material.rules import EXEMPTIONS, TESTS, Decision
from portal.subject_access.material.wording import why_not
from portal.subject_access.material.working import watched
from portal.subject_access.queries import get_for_desk
from portal.subject_access.steps import PREPARING
from portal.web.dependencies import Fields, Read, SignedVisit, requires
from portal.web.dependencies import SignedIn as Visit
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id
from portal.web.rendering import redirect, render

router = APIRouter()

QUEUE = [requires(Permission.ACCESS_QUEUE)]
MATERIAL = "/my/desk/access/{reference}/material"
ITEM = MATERIAL + "/{number}"
SHEET = "redaction.css"

DrawUp = Callable[..., Order]


@router.get(ITEM + "/look", dependencies=QUEUE)
def look(visit: SignedVisit, session: Read, reference: str, number: int) -> Response:
    """What is inside a file, or inside its newest copy: words and pictures, never the file itself."""
    case = get_for_desk(session, visit.actor, reference)
    item = queries.get_item(session, case, number)
    copy = queries.find_copy(session, item) if visit.request.query_params.get("copy") == "1" else None
    kind = copy.kind if copy is not None else item.kind
    data = redacting.data_of_copy(copy, visit.blobs) if copy is not None else redacting.data_of(item, visit.blobs)
    problems = Problems()
    parts: Sequence[Part] = ()
    try:
        parts = QUICK.outline(kind, data)
    except CannotCut as refusal:
        problems["page"] = why_not(refusal.reason)
    return render(
        visit,
        "subject_access/material_look.html",
        problems=problems,
        sheet=SHEET,
        reference=case.reference,
        facts=showing.facts_of(session, case, item, visit.vault),
        copy=copy.number if copy is not None else 0,
        view=_view(visit, parts),
    )


@router.get(ITEM + "/cut", dependencies=QUEUE)
def cut_page(visit: SignedVisit, session: Read, reference: str, number: int) -> Response:
    """What is inside, what was cut so far, and the form for one more cut."""
    case = get_for_desk(session, visit.actor, reference)
    asked = visit.request.query_params
    typed = FieldBag([("sort", asked.get("sort", "")), ("form_id", ids.new_id())])
    return _cut_page(visit, session, case, queries.get_item(session, case, number), typed)


@router.post(ITEM + "/cut", dependencies=QUEUE)
def cut(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """One more cut, or only a count of how often the words stand there."""
    problems = Problems()
    parts, _ = _parts_of(visit, reference, number, problems)
    own = form_id(fields)
    if not own:
        raise NotFound
    what = forms.read_cut(fields, problems, [part.name for part in parts])
    is_count = fields.one("go") == "count"
    exemption, reason = (None, None) if is_count else forms.read_why(fields, problems)
    if what is not None and exemption is not None and reason is not None and not problems:
        on_item(visit, reference, number, problems, lambda session, case, item: redacting.cut(
            session, visit.actor, case, item, what, exemption, reason, desk=desk_of(visit), form_id=own
        ))  # fmt: skip
        if not problems:
            part, sort = fields.one("part"), fields.one("sort")
            at = f"?sort={sort}" if sort in forms.SORTS else "?"
            return redirect(visit, f"/my/desk/access/{reference}/material/{number}/cut{at}{_at(part)}")
    count = None
    if is_count and what is not None and not problems:
        count = showing.count_words(parts, fields.one("words"), whole=fields.one("parts") != "1")
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        item = queries.get_item(session, case, number)
        return _cut_page(visit, session, case, item, fields, problems, count=count, parts=parts)


def _at(part: str) -> str:
    return f"&part={part}" if part.isascii() and part.isdigit() and len(part) < 6 else ""


@router.post(ITEM + "/uncut", dependencies=QUEUE)
def uncut(visit: SignedVisit, fields: Fields, reference: str, number: int) -> Response:
    """Undo one cut: the ledger gets a line that says so."""
    problems = Problems()
    on_item(visit, reference, number, problems, lambda session, case, item: redacting.undo(
        session, visit.actor, case, item, fields.one("line"), desk=desk_of(visit)
    ))  # fmt: skip
    return _back_to_cutting(visit, reference, number, problems)


@router.post(ITEM + "/copy", dependencies=QUEUE)
def copy(visit: SignedVisit, reference: str, number: int) -> Response:
    """Make the copy that goes out, and scan it."""
    return _made(visit, reference, number, redacting.draw_up)


@router.post(ITEM + "/fix", dependencies=QUEUE)
def fix(visit: SignedVisit, reference: str, number: int) -> Response:
    """A new copy without what the last one hides."""
    return _made(visit, reference, number, redacting.draw_up_fix)


@router.get(ITEM + "/accept/{finding_id}", dependencies=QUEUE)
def accept_page(visit: SignedVisit, session: Read, reference: str, number: int, finding_id: str) -> Response:
    """The form for letting one finding stand."""
    case = get_for_desk(session, visit.actor, reference)
    return _accept_page(visit, session, case, queries.get_item(session, case, number), finding_id)


@router.post(ITEM + "/accept/{finding_id}", dependencies=QUEUE)
def accept(visit: SignedVisit, fields: Fields, reference: str, number: int, finding_id: str) -> Response:
    """Let one finding stand, by name and with a reason; or answer a colleague who did."""
    problems, answer = Problems(), fields.one("answer")
    because, looked = forms.read_acceptance(fields, problems) if answer not in ("yes", "no") else (Words(""), None)

    def act(session: Session, case: Case, item: Material) -> None:
        newest = queries.find_copy(session, item)
        if newest is None:
            raise NotFound
        finding = queries.get_finding(session, newest, finding_id)
        if answer in ("yes", "no"):
            is_yes = answer == "yes"
            accepting.confirm(session, visit.actor, case, item, finding, is_yes=is_yes, desk=desk_of(visit))
            return
        accepting.accept(session, visit.actor, case, item, finding, because, looked=looked, desk=desk_of(visit))

    if not problems:
        on_item(visit, reference, number, problems, act)
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/material/{number}")
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        item = queries.get_item(session, case, number)
        return _accept_page(visit, session, case, item, finding_id, fields, problems)


def on_item(
    visit: Visit, reference: str, number: int, problems: Problems, act: Callable[[Session, Case, Material], object]
) -> None:
    """One act on an item in a transaction of its own; what stands against it is noted."""
    try:
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            act(session, case, queries.get_item(session, case, number))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message


def make_copy(visit: Visit, reference: str, number: int, problems: Problems, draw_up: DrawUp) -> None:
    """Read, work with nothing held, write down. A copy that comes too late is thrown away."""
    copy_id, blob_id, is_kept = ids.new_id(), None, False
    try:
        with visit.database.reading() as session:
            case = get_for_desk(session, visit.actor, reference)
            item = queries.get_item(session, case, number)
            order = draw_up(session, item, vault=visit.vault, blobs=visit.blobs)
        with watched(visit.database, order.item_id, now=visit.now) as heard:
            made = redacting.carry_out(order, heard)
        blob_id = visit.blobs.put([made.data], context=queries.copy_context(copy_id))
        with visit.database.writing() as session:
            case = get_for_desk(session, visit.actor, reference)
            item = queries.get_item(session, case, number)
            redacting.keep(session, visit.actor, case, item, made, copy_id, blob_id, desk=desk_of(visit))
        is_kept = True
    except CannotCut as refusal:
        problems["page"] = why_not(refusal.reason)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    finally:
        if blob_id is not None and not is_kept:
            visit.blobs.delete(blob_id)


def version_of(fields: FieldBag) -> int:
    """The version of the item that the page showed. A form without one is not ours."""
    version = fields.one("version")
    if not (version.isascii() and version.isdigit() and len(version) < 8):
        raise NotFound
    return int(version)


def _made(visit: Visit, reference: str, number: int, draw_up: DrawUp) -> Response:
    problems = Problems()
    make_copy(visit, reference, number, problems, draw_up)
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/material/{number}")
    return _back_to_cutting(visit, reference, number, problems)


def _back_to_cutting(visit: Visit, reference: str, number: int, problems: Problems) -> Response:
    if not problems:
        return redirect(visit, f"/my/desk/access/{reference}/material/{number}/cut")
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        typed = FieldBag([("form_id", ids.new_id())])
        return _cut_page(visit, session, case, queries.get_item(session, case, number), typed, problems)


def _parts_of(visit: Visit, reference: str, number: int, problems: Problems) -> tuple[Sequence[Part], Material]:
    with visit.database.reading() as session:
        case = get_for_desk(session, visit.actor, reference)
        item = queries.get_item(session, case, number)
        session.expunge(item)
    try:
        return QUICK.outline(item.kind, redacting.data_of(item, visit.blobs)), item
    except CannotCut as refusal:
        problems["page"] = why_not(refusal.reason)
        return (), item


def _cut_page(
    visit: Visit,
    session: Session,
    case: Case,
    item: Material,
    fields: FieldBag,
    problems: Problems | None = None,
    *,
    count: int | None = None,
    parts: Sequence[Part] | None = None,
) -> Response:
    problems = problems if problems is not None else Problems()
    if parts is None:
        parts, _ = _parts_of(visit, case.reference, item.number, problems)
    sorts = showing.SORTS[item.kind]
    sort = fields.one("sort") if fields.one("sort") in sorts else next(iter(sorts), "")
    view = _view(visit, parts, fields.one("part"))
    facts = showing.facts_of(session, case, item, visit.vault)
    return render(
        visit,
        "subject_access/material_cut.html",
        problems=problems,
        counting=sort == "area",
        sheet=SHEET,
        reference=case.reference,
        facts=facts,
        item=item,
        sorts=sorts,
        sort=sort,
        view=view,
        sheets=[(str(at), part.name) for at, part in enumerate(parts)],
        boxes=showing.boxes_on(session, item, view.picture, visit.vault) if view and view.picture else [],
        ledger=showing.ledger_rows(session, item, visit.vault),
        count=count,
        form_id=form_id(fields) or ids.new_id(),
        typed=fields.one,
        exemptions=[(one, words, TESTS[one]) for one, words in EXEMPTIONS.items()],
        may_change=case.state in PREPARING,
        is_part=item.decision is Decision.PART,
    )


def _view(visit: Visit, parts: Sequence[Part], part: str = "") -> Any:
    """The screenful that the address, or the form, asks for."""
    found = showing.views(parts)
    if not found:
        return None
    asked = part or visit.request.query_params.get("part", "")
    at = min(int(asked), len(found) - 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return showing.placed(found[at], at, len(found))


def _accept_page(
    visit: Visit,
    session: Session,
    case: Case,
    item: Material,
    finding_id: str,
    fields: FieldBag | None = None,
    problems: Problems | None = None,
) -> Response:
    newest = queries.find_copy(session, item)
    if newest is None:
        raise NotFound
    finding = queries.get_finding(session, newest, finding_id)
    return render(
        visit,
        "subject_access/material_accept.html",
        problems=problems,
        reference=case.reference,
        number=item.number,
        name=queries.file_name(item, visit.vault),
        finding=showing.finding_facts(session, finding, visit.vault),
        is_mine=finding.accepted_by == visit.actor.account_id,
        typed=(fields or FieldBag([])).one,
    )
