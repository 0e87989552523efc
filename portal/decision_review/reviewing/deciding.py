"""Issues, what is decided on each and why, and what was considered. The end is in ``concluding``."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, pmsg
from portal.decision_review.reviewing.models import Disposition, ReviewIssue, ReviewSeat, SourceConsidered
from portal.decision_review.reviewing.queries import find_conclusion, list_issues, reasons_context, sees_output
from portal.decision_review.reviewing.rules import Quality, Seat
from portal.decision_review.reviewing.seating import sitting
from portal.decision_review.rules import Outcome
from portal.identity.actor import Actor

MOST_ISSUES = 20
NOT_SHOWN = pmsg("error", "Write your own view and look at the output first")
ENOUGH = pmsg("error", "There are enough issues")
CONCLUDED = pmsg("error", "You have concluded. What you wrote does not change any more")
FIRST_NAMES = pmsg("error", "The first reviewer named the issues. Decide on each of them")
NO_SOURCE = pmsg("error", "Tick what you considered before you conclude")
WRITE_REASONS = pmsg("error", "Write the reasons in the worker’s language")


@dataclass(frozen=True, slots=True)
class NewDisposition:
    """What is decided on one issue, as typed."""

    outcome: Outcome
    reasons: dict[Locale, Words]
    quality: tuple[Quality, ...] = ()
    data_error: Words | None = None


def add_issue(
    session: Session, actor: Actor, case: Case, own_id: str, words: Words, lang: Locale, *, desk: Desk
) -> ReviewIssue:
    """Name one thing that is at issue. The first reviewer names them; those after decide on the same."""
    seat = working(session, actor, case, desk)
    known = session.get(ReviewIssue, own_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if seat.seat is not Seat.FIRST:
        raise Refused(FIRST_NAMES)
    count = len(list_issues(session, case))
    if count >= MOST_ISSUES:
        raise Refused(ENOUGH)
    issue = ReviewIssue(
        id=own_id,
        case_id=case.id,
        number=count + 1,
        words=desk.vault.seal(words, context=f"review_issues.words:{own_id}"),
        lang=lang.value,
        added_by=actor.account_id,
        added_at=desk.now,
    )
    session.add(issue)
    session.flush()
    _turn(session, actor, case, desk).record("issue_added")
    return issue


def dispose(
    session: Session, actor: Actor, case: Case, issue: ReviewIssue, new: NewDisposition, *, desk: Desk
) -> Disposition:
    """Decide on one issue, with reasons. Until they conclude a reviewer can change it."""
    seat = working(session, actor, case, desk)
    if not new.reasons.get(Locale(case.locale)):
        raise Refused(WRITE_REASONS)
    row = session.get(Disposition, (issue.id, seat.id))
    if row is None:
        row = Disposition(issue_id=issue.id, seat_id=seat.id, disposition=new.outcome, written_at=desk.now)
    row.disposition, row.written_at = new.outcome, desk.now
    row.quality = [one.value for one in new.quality]
    sealed = {
        lang: desk.vault.seal(words, context=reasons_context(f"reasons_{lang.value}", row))
        for lang, words in new.reasons.items()
        if words
    }
    row.reasons_cy, row.reasons_en = sealed.get(Locale.CY), sealed.get(Locale.EN)
    error = new.data_error
    row.has_data_error = bool(error)
    row.data_error = desk.vault.seal(error, context=reasons_context("data_error", row)) if error else None
    session.add(row)
    session.flush()
    _turn(session, actor, case, desk).record("issue_decided")
    return row


def consider(session: Session, actor: Actor, case: Case, sources: Collection[str], *, desk: Desk) -> None:
    """Tick what was considered: items of the records by their id, and the words of ``rules.Source``."""
    seat = working(session, actor, case, desk)
    session.execute(delete(SourceConsidered).where(SourceConsidered.seat_id == seat.id))
    session.add_all(SourceConsidered(seat_id=seat.id, source=one) for one in sorted(set(sources)))
    session.flush()
    _turn(session, actor, case, desk).record("sources_ticked")


def working(session: Session, actor: Actor, case: Case, desk: Desk) -> ReviewSeat:
    """The seat of who has seen the output and has not concluded."""
    seat = sitting(session, actor, case, desk)
    if not sees_output(session, seat):
        raise Refused(NOT_SHOWN)
    if find_conclusion(session, seat) is not None:
        raise Refused(CONCLUDED)
    return seat


def _turn(session: Session, actor: Actor, case: Case, desk: Desk) -> Turn:
    return take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
