"""After asking, for the worker: the receipt, contesting the kind of review, and papers. With an account and without."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.speaking import Shared, Work
from portal.cases.standing_in import written_for
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import BadRequest, Conflict, Refused
from portal.core.text import Bilingual, Message, Words, pmsg
from portal.decision_review.asking import service
from portal.decision_review.asking.opening import InHand, by_words, for_all, for_all_to_read, has_words, own
from portal.decision_review.asking.queries import list_papers, open_class, open_paper_name, paper_context
from portal.decision_review.asking.service import Paper
from portal.decision_review.queries import find_class, view_review
from portal.decision_review.rules import CLASSES, TEXT_LIMIT, WANTED
from portal.directory.queries import get_body
from portal.web.anonymous import PUBLIC, Fields, PlainVisit, Read, Visit
from portal.web.arriving import ACCEPT
from portal.web.dependencies import SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, text
from portal.web.rendering import redirect, render
from portal.web.uploads import Upload, read_upload, read_upload_without_account

router = APIRouter()

OWN = [requires(Permission.MAKE_REQUEST)]
UPLOAD = [requires(Permission.MAKE_REQUEST, takes_file=True)]
SAY_WHY = pmsg("error", "Write why it is another kind of review")


@router.get("/my/review/{reference}/receipt", dependencies=OWN)
def receipt(visit: SignedVisit, session: Read, reference: str) -> Response:
    """A page to print: what was asked, when, by when the answer is due, and why then."""
    return _receipt(visit, session, own(session, visit.actor, reference))


@router.post("/review/receipt", dependencies=[PUBLIC])
def receipt_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The same with the ten words in hand."""
    return _receipt(visit, session, by_words(session, fields))


@router.get("/my/review/{reference}/contest", dependencies=OWN)
def ask_contest(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What kind of review it is said to be, why, and the form to say otherwise."""
    return _contest_page(visit, session, own(session, visit.actor, reference), FieldBag([]))


@router.post("/my/review/{reference}/contest", dependencies=OWN)
def contest(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Say that it is another kind of review."""
    with visit.database.writing() as session:
        problems = _contest(session, visit, own(session, visit.actor, reference), fields)
    if not problems:
        return redirect(visit, f"/my/cases/{reference}")
    with visit.database.reading() as session:
        return _contest_page(visit, session, own(session, visit.actor, reference), fields, problems)


@router.post("/review/contest", dependencies=[PUBLIC])
def contest_by_words(visit: PlainVisit, fields: Fields) -> Response:
    """The form with the ten words in hand; sent, it is done."""
    problems = Problems()
    if fields.one("go") == "contest":
        with visit.database.writing() as session:
            problems = _contest(session, visit, for_all(session, visit, fields, None), fields)
    with visit.database.reading() as session:
        return _contest_page(visit, session, for_all_to_read(session, visit, fields, None), fields, problems)


@router.get("/my/review/{reference}/papers", dependencies=OWN)
def papers(visit: SignedVisit, session: Read, reference: str) -> Response:
    """The papers of one's review, and the form to add one."""
    return _papers_page(visit, session, own(session, visit.actor, reference))


@router.post("/my/review/{reference}/papers", dependencies=UPLOAD)
async def add_paper(request: Request, visit: SignedVisit, reference: str) -> Response:
    """Add a paper. It is sealed while it streams in."""
    await run_in_threadpool(_check_own, visit, reference)
    own_id = ids.new_id()
    upload = await read_upload(request, visit, context=paper_context("blob_id", own_id))
    return await run_in_threadpool(_add_own, visit, reference, upload, own_id)


@router.post("/review/papers", dependencies=[PUBLIC])
def papers_by_words(visit: PlainVisit, session: Read, fields: Fields) -> Response:
    """The papers with the ten words in hand."""
    return _papers_page(visit, session, for_all_to_read(session, visit, fields, None))


@router.post("/review/paper", dependencies=[PUBLIC])
async def add_paper_by_words(request: Request, visit: PlainVisit) -> Response:
    """Add a paper with the ten words in hand; it is kept only if the words are a review's."""
    own_id = ids.new_id()
    upload = await read_upload_without_account(
        request, visit, context=paper_context("blob_id", own_id), check=has_words
    )
    return await run_in_threadpool(_add_by_words, visit, upload, own_id)


def _receipt(visit: Visit, session: Session, held: InHand) -> Response:
    body = get_body(session, held.case.body_id)
    review = view_review(session, held.case, visit.vault)
    return render(
        visit,
        "decision_review/receipt.html",
        secret=True,
        back=held.back,
        case=view_case(session, held.case, desk=desk_of(visit), for_requester=True),
        body=Bilingual(body.name_cy, body.name_en),
        review=review,
        wanted=[WANTED[one] for one in review.wanted],
    )


def _contest(session: Session, visit: Visit, held: InHand, fields: FieldBag) -> Problems:
    problems = Problems()
    words = text(fields, "why", problems, most=TEXT_LIMIT, required=SAY_WHY)
    try:
        if not problems:
            with session.begin_nested():
                _say_otherwise(session, visit, held, Words(words))
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    return problems


def _say_otherwise(session: Session, visit: Visit, held: InHand, words: Words) -> None:
    standing = find_class(session, held.case)
    subject = standing.id if standing else held.case.id
    held.do(
        session,
        visit,
        Work.CLASS,
        subject,
        lambda: service.contest(session, held.by, held.case, words, desk=desk_of(visit)),
    )


def _contest_page(
    visit: Visit, session: Session, held: InHand, fields: FieldBag, problems: Problems | None = None
) -> Response:
    standing = find_class(session, held.case)
    may_read = standing is not None and held.sees(Shared.RECORDS)
    reasons = open_class(standing, "reasons", visit.vault) if standing and may_read else None
    return render(
        visit,
        "decision_review/contest.html",
        problems=problems,
        secret=True,
        held=held,
        said=CLASSES[standing.review_class] if standing else None,
        reasons=reasons.reveal() if reasons else "",
        reasons_lang=standing.lang if standing else "",
        was_contested=standing is not None and standing.contested_at is not None,
        may_contest=held.is_worker or held.is_open(session),
        typed=fields.one,
    )


def _check_own(visit: SignedIn, reference: str) -> None:
    with visit.database.reading() as session:
        own(session, visit.actor, reference)


def _add_own(visit: SignedIn, reference: str, upload: Upload, own_id: str) -> Response:
    problem = upload.problem
    kept = False
    try:
        if problem is None:
            with visit.database.writing() as session:
                held = own(session, visit.actor, reference)
                service.add_paper(session, held.by, held.case, _paper(upload, own_id), desk=desk_of(visit))
                kept = True
    except (Refused, Conflict) as refusal:
        problem = refusal.message
    finally:
        _drop_unless(visit, upload, kept)
    if problem is None:
        return redirect(visit, f"/my/review/{reference}/papers")
    with visit.database.reading() as session:
        return _papers_page(visit, session, own(session, visit.actor, reference), problem)


def _add_by_words(visit: Visit, upload: Upload, own_id: str) -> Response:
    problem = upload.problem
    kept = False
    try:
        with visit.database.writing() as session:
            held = for_all(session, visit, upload.fields, None)
            if problem is None:
                paper = _paper(upload, own_id)
                held.do(
                    session,
                    visit,
                    Work.FILE,
                    own_id,
                    lambda: service.add_paper(session, held.by, held.case, paper, desk=desk_of(visit)),
                )
                kept = True
    except (Refused, Conflict) as refusal:
        problem = refusal.message
    finally:
        _drop_unless(visit, upload, kept)
    with visit.database.reading() as session:
        return _papers_page(visit, session, for_all_to_read(session, visit, upload.fields, None), problem)


def _papers_page(visit: Visit, session: Session, held: InHand, problem: Message | None = None) -> Response:
    return render(
        visit,
        "decision_review/papers.html",
        problems=Problems(file=problem) if problem is not None else None,
        secret=True,
        held=held,
        is_open=held.is_open(session),
        shows=held.sees(Shared.RECORDS),
        papers=_papers(visit, session, held) if held.sees(Shared.RECORDS) else [],
        most=service.MOST_PAPERS,
        accept=ACCEPT,
    )


def _papers(visit: Visit, session: Session, held: InHand) -> list[tuple[str, bool]]:
    """Their names, and whether a representative gave them."""
    given = written_for(session, held.case, Work.FILE)
    return [(open_paper_name(one, visit.vault).reveal(), one.id in given) for one in list_papers(session, held.case)]


def _paper(upload: Upload, own_id: str) -> Paper:
    if upload.blob_id is None or upload.file_name is None:
        raise BadRequest
    return Paper(own_id, upload.blob_id, upload.file_name, upload.media_type, upload.size)


def _drop_unless(visit: Visit, upload: Upload, kept: bool) -> None:
    if upload.blob_id is not None and not kept:
        visit.blobs.delete(upload.blob_id)
