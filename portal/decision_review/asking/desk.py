"""What an officer says and proposes: the kind of review, more time, a refusal, an explanation, who it is, who is kept
away; and the papers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.authz.permissions import Permission
from portal.cases.models import Case
from portal.cases.rules import Relation, allowed
from portal.cases.sent import Sent
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.visits import desk_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, pmsg
from portal.decision_review.asking import classifying, identity, proposing, queries, service
from portal.decision_review.asking.classifying import Classed
from portal.decision_review.asking.models import ReviewProposal
from portal.decision_review.asking.proposing import Proposal
from portal.decision_review.asking.rules import PROPOSED, Proposed
from portal.decision_review.queries import find_class, get_for_desk, get_for_words, get_request, open_words
from portal.decision_review.rules import (
    CLASSES,
    EXTENSIONS,
    IDENTITY,
    REFUSALS,
    ExtensionGround,
    IdentityCheck,
    RefusalGround,
    ReviewClass,
)
from portal.decision_review.steps import STEPS
from portal.web.dependencies import Fields, Read, SignedIn, SignedVisit, requires
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, email, form_id, text
from portal.web.handing import handed
from portal.web.rendering import redirect, render

router = APIRouter()

ASSIGN = [requires(Permission.REVIEW_ASSIGN)]
DESK = [requires(Permission.REVIEW_DESK)]
LETTER_LIMIT = 8000

CHOOSE_CLASS = pmsg("error", "Choose what kind of review it is")
WRITE_REASONS = pmsg("error", "Write the reasons. The worker reads them")
CHOOSE_GROUND = pmsg("error", "Choose a ground")
CHOOSE_CHECK = pmsg("error", "Choose how identity was checked")
ENTER_DAY = pmsg("error", "Enter the day")
WRITE_COMMENT = pmsg("error", "Write what has to be different")
ENTER_ADDRESS = pmsg("error", "Enter the work email address")

Act = Callable[[Session, Case, FieldBag, Problems], None]


@router.get("/my/desk/reviews/{reference}/class", dependencies=ASSIGN)
def class_page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """What kind of review it is, and what the worker says against it."""
    return _class_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/class", dependencies=ASSIGN)
def say_class(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Say it, or settle what is contested."""

    def act(session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
        classed = _read_class(fields, problems, visit.locale)
        if classed is None:
            return
        verb = classifying.classify if find_class(session, case) is None else classifying.settle
        verb(session, visit.actor, case, classed, _sent(fields), desk=desk_of(visit))

    return _do(visit, fields, reference, act, _class_page)


@router.get("/my/desk/reviews/{reference}/who", dependencies=ASSIGN)
def who_page(visit: SignedVisit, session: Read, reference: str) -> Response:
    """Who asks, and who must not see it."""
    return _who_page(visit, session, get_for_desk(session, visit.actor, reference))


@router.post("/my/desk/reviews/{reference}/who", dependencies=ASSIGN)
def say_who(visit: SignedVisit, fields: Fields, reference: str) -> Response:
    """Ask for proof of identity, write it down, do without; or leave somebody out."""

    def act(session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
        verbs = {"doubt": _doubt, "identity": _identity, "no_doubt": _no_doubt, "keep_away": _keep_away}
        verb = verbs.get(fields.one("act"))
        if verb is None:
            raise NotFound
        verb(visit, session, case, fields, problems)

    return _do(visit, fields, reference, act, _who_page)


@router.get("/my/desk/reviews/{reference}/propose/{kind}", dependencies=ASSIGN)
def proposal_page(visit: SignedVisit, session: Read, reference: str, kind: str) -> Response:
    """The form of what needs two people, or what waits for the second."""
    case = get_for_desk(session, visit.actor, reference)
    return _proposal_page(_kind(kind))(visit, session, case)


@router.post("/my/desk/reviews/{reference}/propose/{kind}", dependencies=ASSIGN)
def propose(visit: SignedVisit, fields: Fields, reference: str, kind: str) -> Response:
    """Hand it to a second person, approve it, or send it back."""
    wanted = _kind(kind)

    def act(session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
        waiting = queries.find_waiting(session, case, wanted)
        chosen = fields.one("act")
        if chosen in {"approve", "send_back"}:
            row = waiting or queries.get_proposal(session, case, fields.one("proposal"))
            _decide(visit, session, case, row, chosen, fields, problems)
        else:
            _propose(visit, session, case, wanted, fields, problems)

    return _do(visit, fields, reference, act, _proposal_page(wanted))


@router.get("/my/desk/reviews/{reference}/papers/{paper_id}", dependencies=DESK)
def one_paper(visit: SignedVisit, session: Read, reference: str, paper_id: str) -> Response:
    """A paper itself, to be saved: for who works on the review."""
    found = queries.get_paper(session, get_for_words(session, visit.actor, reference), paper_id)
    pieces = visit.blobs.read(found.blob_id, context=queries.paper_context("blob_id", found.id))
    return handed(pieces, queries.open_paper_name(found, visit.vault).reveal(), found.media_type, found.size)


Page = Callable[..., Response]


def _do(visit: SignedIn, fields: FieldBag, reference: str, act: Act, page: Page) -> Response:
    """One act in a transaction of its own; with a problem the page comes back with everything typed."""
    problems = Problems()
    try:
        with visit.database.writing() as session:
            act(session, get_for_desk(session, visit.actor, reference), fields, problems)
    except (Refused, Conflict) as refusal:
        problems["page"] = refusal.message
    if not problems:
        return redirect(visit, f"/my/desk/reviews/{reference}")
    with visit.database.reading() as session:
        return page(visit, session, get_for_desk(session, visit.actor, reference), problems, fields)


def _sent(fields: FieldBag) -> Sent:
    own, seen = form_id(fields), fields.one("version")
    if not own or not (seen.isascii() and seen.isdigit() and len(seen) < 8):
        raise NotFound
    return Sent(own, int(seen))


def _kind(name: str) -> Proposed:
    if name not in set(Proposed):
        raise NotFound
    return Proposed(name)


def _read_class(fields: FieldBag, problems: Problems, lang: Locale) -> Classed | None:
    found = choice(fields, "class", problems, allowed=list(ReviewClass), required=CHOOSE_CLASS)
    words = text(fields, "reasons", problems, most=LETTER_LIMIT, required=WRITE_REASONS)
    if problems:
        return None
    right = fields.one("right") if found == ReviewClass.AGREED else None
    return Classed(ReviewClass(found), Words(words), _lang(fields, lang), right or None)


def _lang(fields: FieldBag, otherwise: Locale) -> Locale:
    chosen = fields.one("lang")
    return Locale(chosen) if chosen in set(Locale) else otherwise


def _doubt(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    words = text(fields, "words", problems, most=LETTER_LIMIT, required=WRITE_REASONS)
    if not problems:
        lang = Locale(case.locale)
        identity.doubt(session, visit.actor, case, Words(words), _sent(fields), lang=lang, desk=desk_of(visit))


def _identity(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    check = choice(fields, "check", problems, allowed=list(IdentityCheck), required=CHOOSE_CHECK)
    on = day(fields, "on", problems, required=ENTER_DAY, not_after=visit.today, not_before=case.received_on)
    if not problems:
        on_day: date = on or visit.today
        identity.record(session, visit.actor, case, IdentityCheck(check), _sent(fields), on=on_day, desk=desk_of(visit))


def _no_doubt(visit: SignedIn, session: Session, case: Case, fields: FieldBag, _problems: Problems) -> None:
    identity.drop(session, visit.actor, case, _sent(fields), desk=desk_of(visit))


def _keep_away(visit: SignedIn, session: Session, case: Case, fields: FieldBag, problems: Problems) -> None:
    address = email(fields, "person", problems, required=ENTER_ADDRESS)
    if not problems:
        service.keep_away(session, visit.actor, case, address, desk=desk_of(visit))


def _propose(
    visit: SignedIn, session: Session, case: Case, kind: Proposed, fields: FieldBag, problems: Problems
) -> None:
    grounds = _grounds(kind)
    ground = choice(fields, "ground", problems, allowed=list(grounds), required=CHOOSE_GROUND) if grounds else ""
    words = text(fields, "words", problems, most=LETTER_LIMIT, required=WRITE_REASONS)
    if problems:
        return
    proposal = Proposal(
        kind,
        Words(words),
        Locale(case.locale),
        RefusalGround(ground) if kind is Proposed.REFUSAL else None,
        ExtensionGround(ground) if kind is Proposed.EXTENSION else None,
    )
    proposing.propose(session, visit.actor, case, proposal, _sent(fields), desk=desk_of(visit))


def _decide(
    visit: SignedIn,
    session: Session,
    case: Case,
    row: ReviewProposal,
    chosen: str,
    fields: FieldBag,
    problems: Problems,
) -> None:
    if chosen == "approve":
        proposing.approve(session, visit.actor, case, row, _sent(fields), desk=desk_of(visit))
        return
    words = text(fields, "comment", problems, most=LETTER_LIMIT, required=WRITE_COMMENT)
    if not problems:
        proposing.send_back(session, visit.actor, case, row, Words(words), _sent(fields), desk=desk_of(visit))


def _grounds(kind: Proposed) -> dict[str, Any]:
    if kind is Proposed.EXTENSION:
        return {one.value: said for one, said in EXTENSIONS.items()}
    return {one.value: said for one, said in REFUSALS.items()} if kind is Proposed.REFUSAL else {}


def _class_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    standing = find_class(session, case)
    opened = {name: queries.open_class(standing, name, visit.vault) if standing else None for name in _CLASS_WORDS}
    rights = queries.list_agreed(session, case, today=visit.today)
    is_own = standing is not None and standing.decided_by == visit.actor.account_id
    contested = standing is not None and standing.contested_at is not None and standing.settled_at is None
    may_say = standing is None and "classify" in _open_steps(case)
    return render(
        visit,
        "decision_review/class.html",
        problems=problems,
        case=case,
        classes=list(CLASSES.items()),
        standing=standing,
        said=CLASSES[standing.review_class] if standing else None,
        words={name: words.reveal() if words else "" for name, words in opened.items()},
        rights=[(one.id, Bilingual(one.agreement_cy, one.agreement_en), one.review_working_days) for one in rights],
        is_contested=contested,
        contested_beside=standing is not None and standing.id in written_for(session, case, Work.CLASS),
        is_own=is_own,
        may_write=may_say or (contested and not is_own),
        **_typed(fields),
    )


_CLASS_WORDS = ("reasons", "contest", "settlement")


def _who_page(
    visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
) -> Response:
    request = get_request(session, case)
    words = open_words(request, "keep_away", visit.vault)
    return render(
        visit,
        "decision_review/who.html",
        problems=problems,
        case=case,
        steps=_open_steps(case),
        may_doubt=identity.may_doubt(session, case),
        checks=list(IDENTITY.items()),
        check=IDENTITY[request.identity_check] if request.identity_check else None,
        checked_on=request.identity_checked_on,
        keep_away=words.reveal() if words else "",
        lang=request.lang,
        **_typed(fields),
    )


def _proposal_page(kind: Proposed) -> Page:
    def page(
        visit: SignedIn, session: Session, case: Case, problems: Problems | None = None, fields: FieldBag | None = None
    ) -> Response:
        row = queries.find_waiting(session, case, kind)
        against = None if row is not None else proposing.what_stands_against(session, case, kind, desk=desk_of(visit))
        words = queries.open_proposal(row, "words", visit.vault) if row is not None else None
        ground = (row.refusal_ground or row.extension_ground) if row is not None else None
        return render(
            visit,
            "decision_review/proposal.html",
            problems=problems,
            case=case,
            kind=kind,
            title=PROPOSED[kind],
            row=row,
            words=words.reveal() if words else "",
            ground=_grounds(kind)[ground.value] if ground is not None else None,
            grounds=list(_grounds(kind).items()),
            against=against,
            is_own=row is not None and row.proposed_by == visit.actor.account_id,
            returned=_returned(session, case, kind, visit),
            **_typed(fields),
        )

    return page


def _returned(session: Session, case: Case, kind: Proposed, visit: SignedIn) -> str:
    """What the second person wanted different of the last proposal of this kind."""
    rows = [one for one in queries.list_proposals(session, case) if one.kind is kind]
    comment = queries.open_proposal(rows[0], "comment", visit.vault) if rows else None
    return comment.reveal() if comment else ""


def _open_steps(case: Case) -> set[str]:
    return {step.name for step in allowed(STEPS, case.state, {Relation.OFFICER})}


def _typed(fields: FieldBag | None) -> dict[str, Any]:
    """What was typed, and a new id for the form: a form with a problem has not been sent."""
    return {"typed": (fields or FieldBag([])).one, "form_id": ids.new_id()}
