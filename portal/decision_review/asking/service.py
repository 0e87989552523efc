"""The verbs of who asks: ask, add papers, contest the class, take back and undo; and leaving somebody out."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, ExclusionSource, Relation
from portal.cases.turn import MOVED_ON, Desk, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.decision_review import service
from portal.decision_review.asking.models import ReviewPaper
from portal.decision_review.asking.queries import list_papers, list_steps, paper_context, promise_of, recognise
from portal.decision_review.asking.rules import Side
from portal.decision_review.holding.service import consider
from portal.decision_review.queries import class_context, find_class, get_request
from portal.decision_review.rules import UNDO_WITHDRAWAL, State
from portal.decision_review.service import NewReview
from portal.decision_review.steps import ASKING, STEPS, UNFINISHED, back_to, stood_before
from portal.decision_review.telling import tell_if_nobody, write_to_officers
from portal.directory.queries import find_person_by_email

MOST_PAPERS = 10
MOST_KEPT_AWAY = 10
TOO_MANY = pmsg("error", "There are enough papers with this request. Send anything more in another way")
TOO_LATE_TO_UNDO = pmsg("error", "The seven days to undo it are over. You can ask again at any time")
NO_CLASS_YET = pmsg("error", "Nobody has said yet what kind of review this is")
CONTESTED_ALREADY = pmsg("error", "You said this already. Another officer looks at it")
OVER = pmsg("error", "The review is over")
NOT_KNOWN = pmsg("error", "Nobody at this employer has this work address in the directory")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was sealed as it came in. ``paper_id`` is what it is bound to."""

    paper_id: str
    blob_id: str
    file_name: Words
    media_type: str
    size: int


def ask(session: Session, by: By, new: NewReview, *, desk: Desk) -> Case:
    """Open the review, leave out who must not see it, and ask at once whether the effect waits if it comes soon.

    Names and work addresses that mean exactly one person of the body are left out from the first moment; the other
    lines stay as words for the officer.
    """
    if new.target_working_days == 0:
        new = replace(new, target_working_days=promise_of(session, new.system_id))
    if new.keep_away:
        found = people_kept_away(session, new.body_id, new.keep_away, new.requester_person_id)
        new = replace(new, exclusions=tuple(sorted({*new.exclusions, *found} - {new.requester_person_id})))
    known = session.get(Case, new.case_id)
    case = service.submit(session, by, new, desk=desk)
    if known is None:
        consider(session, case, desk=desk)
        tell_if_nobody(session, case, desk=desk)
    return case


def people_kept_away(session: Session, body_id: str, typed: Words, me: str | None) -> frozenset[str]:
    """Whom the worker's lines mean for certain; never the worker."""
    lines = [line.strip() for line in typed.reveal().splitlines() if line.strip()]
    found, _unknown = recognise(session, body_id, lines[:MOST_KEPT_AWAY])
    return frozenset(found) - {me}


def keep_away(session: Session, by: By, case: Case, email: str, *, desk: Desk) -> None:
    """The officer leaves out somebody whom the worker meant. It is not undone."""
    take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    person = find_person_by_email(session, email)
    if person is None or person.body_id != case.body_id:
        raise Refused(NOT_KNOWN)
    cases.exclude(session, by, case, person.id, source=ExclusionSource.REQUESTER, desk=desk)


def add_paper(
    session: Session, by: By, case: Case, paper: Paper, *, desk: Desk, side: Side | None = None
) -> ReviewPaper:
    """Keep a paper with the review. A second POST finds the first; Refused when there are enough. What an officer adds
    is the body's, unless ``side`` says that it came from the worker."""
    turn = take_turn(session, by, case, ASKING | {Relation.OFFICER}, desk=desk)
    known = session.get(ReviewPaper, paper.paper_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if not case.is_open:
        raise Refused(OVER)
    if len(list_papers(session, case)) >= MOST_PAPERS:
        raise Refused(TOO_MANY)
    kept = ReviewPaper(
        id=paper.paper_id,
        case_id=case.id,
        side=side or (Side.BODY if turn.role is Relation.OFFICER else Side.WORKER),
        blob_id=paper.blob_id,
        file_name=desk.vault.seal(paper.file_name, context=paper_context("file_name", paper.paper_id)),
        media_type=paper.media_type,
        size=paper.size,
        added_at=desk.now,
    )
    session.add(kept)
    session.flush()
    turn.tell("paper_added", msg("A paper was added to the request"))
    return kept


def contest(session: Session, by: By, case: Case, words: Words, *, desk: Desk) -> None:
    """Say that it is another kind of review. The time runs on as before; another officer looks at it."""
    turn = take_turn(session, by, case, ASKING, desk=desk)
    standing = find_class(session, case)
    if standing is None:
        raise Refused(NO_CLASS_YET)
    if case.state not in UNFINISHED:
        raise Refused(OVER)
    if standing.contested_at is not None:
        raise Refused(CONTESTED_ALREADY)
    standing.contest = desk.vault.seal(words, context=class_context("contest", standing.id))
    standing.contested_at = desk.now
    session.flush()
    turn.tell("class_contested", msg("The worker says that this is another kind of review"))
    write_to_officers(session, case, desk=desk)


def may_undo(case: Case, today: date) -> bool:
    """Whether a withdrawal can still be undone."""
    return (
        case.state == State.WITHDRAWN and case.finished_on is not None and today <= case.finished_on + UNDO_WITHDRAWAL
    )


def undo_withdrawal(session: Session, by: By, case: Case, *, desk: Desk) -> Case:
    """Go on where the review stood. The clock counts as if it had never been taken back."""
    if case.state != State.WITHDRAWN:
        raise Conflict(MOVED_ON)
    if not may_undo(case, desk.today):
        raise Refused(TOO_LATE_TO_UNDO)
    step = back_to("undo_withdrawal", stood_before(list_steps(session, case), "withdraw"))
    return cases.take_step(session, by, case, step, desk=desk)


def revive(session: Session, by: By, case: Case, *, desk: Desk) -> Case:
    """Take up a review that ended because no proof came. It waits for the proof again, with new reminders."""
    cases.take_step(session, by, case, STEPS["revive"], desk=desk)
    request = get_request(session, case)
    request.proof_reminders, request.proof_reminded_on = 0, desk.today
    return case
