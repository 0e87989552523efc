"""Issues, what is decided on each and why, and the end: at once, after a second look, or by a panel of two."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.models import ReviewRequest
from portal.decision_review.outcome.composing import NewRemedy, Telling
from portal.decision_review.outcome.service import tell_outcome
from portal.decision_review.reviewing.drawing import draw
from portal.decision_review.reviewing.models import (
    Conclusion,
    Disposition,
    ReviewDecision,
    ReviewIssue,
    ReviewSeat,
    SourceConsidered,
)
from portal.decision_review.reviewing.queries import (
    find_conclusion,
    find_view,
    list_disposed,
    list_issues,
    list_overturned,
    list_seats,
    list_sources,
    reasons_context,
    sees_output,
)
from portal.decision_review.reviewing.rules import Quality, Seat, weightiest
from portal.decision_review.reviewing.seating import check_independence, sitting
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to_officers
from portal.identity.actor import Actor
from portal.register.lifecycle.incidents import lessons
from portal.register.lifecycle.telling import Post
from portal.register.models import DecisionPoint, System

MOST_ISSUES = 20
NOT_SHOWN = pmsg("error", "Write your own view and look at the output first")
ENOUGH = pmsg("error", "There are enough issues")
CONCLUDED = pmsg("error", "You have concluded. What you wrote does not change any more")
FIRST_NAMES = pmsg("error", "The first reviewer named the issues. Decide on each of them")
NO_ISSUE = pmsg("error", "Name at least one issue")
UNDECIDED = pmsg("error", "Decide on every issue before you conclude")
NO_SOURCE = pmsg("error", "Tick what you considered before you conclude")
WRITE_REASONS = pmsg("error", "Write the reasons in the worker’s language")


@dataclass(frozen=True, slots=True)
class NewDisposition:
    """What is decided on one issue, as typed."""

    outcome: Outcome
    reasons: dict[Locale, Words]
    quality: tuple[Quality, ...] = ()
    data_error: Words | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What comes with the end: what is put right, which approved paragraphs the letter has, where the portal is."""

    public_url: str
    remedies: tuple[NewRemedy, ...] = ()
    paragraphs: tuple[str, ...] = ()


def add_issue(
    session: Session, actor: Actor, case: Case, own_id: str, words: Words, lang: Locale, *, desk: Desk
) -> ReviewIssue:
    """Name one thing that is at issue. The first reviewer names them; those after decide on the same."""
    seat = _working(session, actor, case, desk)
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
    seat = _working(session, actor, case, desk)
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
    seat = _working(session, actor, case, desk)
    session.execute(delete(SourceConsidered).where(SourceConsidered.seat_id == seat.id))
    session.add_all(SourceConsidered(seat_id=seat.id, source=one) for one in sorted(set(sources)))
    session.flush()
    _turn(session, actor, case, desk).record("sources_ticked")


def conclude(session: Session, actor: Actor, case: Case, ending: Ending, *, desk: Desk) -> Conclusion:
    """End one's own work. The review is decided with it, or somebody else looks: the rules say which.

    A second conclusion is the first. Refused to who has come too close to the decision since they began.
    """
    seat = _any_seat(session, actor, case, desk)
    known = find_conclusion(session, seat)
    if known is not None:
        return known
    _working(session, actor, case, desk)
    check_independence(session, actor, case, desk)
    disposed = list_disposed(session, case, seat, desk.vault)
    if not disposed:
        raise Refused(NO_ISSUE)
    rows = [one.row for one in disposed if one.row is not None]
    if len(rows) < len(disposed):
        raise Refused(UNDECIDED)
    if not list_sources(session, seat):
        raise Refused(NO_SOURCE)
    outcome = weightiest(row.disposition for row in rows)
    made = Conclusion(seat_id=seat.id, case_id=case.id, outcome=outcome, concluded_at=desk.now)
    session.add(made)
    session.flush()
    after = {Seat.FIRST: _after_first, Seat.SECOND: _after_second, Seat.PANEL: _after_panel}
    after[seat.seat](session, actor, case, seat, made, ending, desk)
    return made


def _after_first(
    session: Session, actor: Actor, case: Case, seat: ReviewSeat, made: Conclusion, ending: Ending, desk: Desk
) -> None:
    if not draw(session, case, made.outcome, desk).is_looked_at:
        _finish(session, actor, case, "decide", seat, None, ending, desk)
        return
    cases.take_step(session, actor, case, STEPS["look_again"], desk=desk)
    write_to_officers(session, case, desk=desk)


def _after_second(
    session: Session, actor: Actor, case: Case, seat: ReviewSeat, made: Conclusion, ending: Ending, desk: Desk
) -> None:
    """Only now is what the first decided laid beside it."""
    first = next(one for one in list_seats(session, case) if one.seat is Seat.FIRST)
    made.saw_first_at = desk.now
    made.agrees = _dispositions(session, first) == _dispositions(session, seat)
    session.flush()
    if made.agrees:
        _finish(session, actor, case, "settle", first, seat, ending, desk)
        return
    _turn(session, actor, case, desk).tell(
        "reviewers_differ", msg("The two reviewers do not agree, so a panel of two others decides")
    )
    write_to_officers(session, case, desk=desk)


def _after_panel(
    session: Session, actor: Actor, case: Case, _seat: ReviewSeat, made: Conclusion, ending: Ending, desk: Desk
) -> None:
    """When both of the panel have concluded; where they differ as well, what is better for the worker stands."""
    panel = [one for one in list_seats(session, case) if one.seat is Seat.PANEL]
    ends = {one.id: find_conclusion(session, one) for one in panel}
    made.saw_first_at = desk.now
    session.flush()
    reached = {key: end.outcome for key, end in ends.items() if end is not None}
    if len(reached) < 2:
        _turn(session, actor, case, desk).record("panel_half")
        return
    best = weightiest(reached.values())
    chosen = next(one for one in panel if reached[one.id] is best)
    other = next(one for one in panel if one.id != chosen.id)
    for end in filter(None, ends.values()):
        end.agrees = len(set(reached.values())) == 1
    session.flush()
    _finish(session, actor, case, "settle", chosen, other, ending, desk)


def _finish(
    session: Session,
    actor: Actor,
    case: Case,
    step: str,
    seat: ReviewSeat,
    other: ReviewSeat | None,
    ending: Ending,
    desk: Desk,
) -> None:
    """The decision stands: it is told with its letter, and what is wrong is put right."""
    cases.take_step(session, actor, case, STEPS[step], desk=desk)
    end = find_conclusion(session, seat)
    outcome = end.outcome if end is not None else Outcome.UPHELD
    reasons = _reasons(session, case, seat, desk)
    session.add(
        ReviewDecision(
            case_id=case.id,
            outcome=outcome,
            decided_by=seat.person_id,
            second_by=other.person_id if other else None,
            decided_at=desk.now,
            **{
                f"reasons_{lang.value}": desk.vault.seal(
                    words, context=f"review_decisions.reasons_{lang.value}:{case.id}"
                )
                for lang, words in reasons.items()
            },
        )
    )
    session.flush()
    view = find_view(session, seat)
    telling = Telling(outcome, reasons, ending.remedies, ending.paragraphs, before=view.leaning if view else None)
    tell_outcome(session, actor, case, telling, desk=desk)
    if outcome is Outcome.OVERTURNED:
        _learn(session, case, desk, ending.public_url)


def _reasons(session: Session, case: Case, seat: ReviewSeat, desk: Desk) -> dict[Locale, Words]:
    """Issue by issue, in each language in which every issue has its reasons; the worker's always."""
    disposed = list_disposed(session, case, seat, desk.vault)
    own = Locale(case.locale)
    found = {}
    for lang in (own, own.other):
        if all(lang in one.reasons for one in disposed):
            parts = [f"{one.issue.number}. {one.reasons[lang].reveal()}" for one in disposed]
            found[lang] = Words("\n\n".join(parts) if len(parts) > 1 else disposed[0].reasons[lang].reveal())
    return found


def _dispositions(session: Session, seat: ReviewSeat) -> Sequence[tuple[str, Outcome]]:
    rows = session.execute(
        select(Disposition.issue_id, Disposition.disposition)
        .where(Disposition.seat_id == seat.id)
        .order_by(Disposition.issue_id)
    )
    return [(issue, outcome) for issue, outcome in rows]


def _learn(session: Session, case: Case, desk: Desk, public_url: str) -> None:
    """Let the register know of the days on which decisions of this kind were overturned, and of nothing else."""
    request = session.get_one(ReviewRequest, case.id)
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    if point is None or case.system_id is None:
        return
    days = list_overturned(session, case.system_id, point.key)
    system = session.get_one(System, case.system_id)
    lessons(session, system, point.key, days, post=Post(desk.vault, public_url, desk.now))


def _any_seat(session: Session, actor: Actor, case: Case, desk: Desk) -> ReviewSeat:
    take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    found = next((one for one in list_seats(session, case) if one.person_id == actor.person_id), None)
    return found if found is not None else sitting(session, actor, case, desk)


def _working(session: Session, actor: Actor, case: Case, desk: Desk) -> ReviewSeat:
    """The seat of who has seen the output and has not concluded."""
    seat = sitting(session, actor, case, desk)
    if not sees_output(session, seat):
        raise Refused(NOT_SHOWN)
    if find_conclusion(session, seat) is not None:
        raise Refused(CONCLUDED)
    return seat


def _turn(session: Session, actor: Actor, case: Case, desk: Desk) -> Turn:
    return take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
