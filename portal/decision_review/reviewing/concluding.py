"""The end of a reviewer's work, and of a review: at once, after a second look, or by a panel of two.

What a reviewer wants to be put right is kept with their conclusion. Where two decide and the other wanted something
too, one of them says with both lists before their eyes what is put right; only then the review is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, take_turn
from portal.core.errors import Conflict, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.models import ReviewDecision, ReviewRequest
from portal.decision_review.outcome.composing import NewRemedy, Telling
from portal.decision_review.outcome.proposed import keep_proposed, list_proposed
from portal.decision_review.outcome.service import check_remedies, tell_outcome
from portal.decision_review.reviewing.deciding import NO_SOURCE, working
from portal.decision_review.reviewing.drawing import draw
from portal.decision_review.reviewing.models import Conclusion, Disposition, ReviewSeat
from portal.decision_review.reviewing.queries import (
    find_conclusion,
    find_seat,
    find_view,
    list_deciding,
    list_disposed,
    list_overturned,
    list_seats,
    list_sources,
)
from portal.decision_review.reviewing.rules import Seat, weightiest
from portal.decision_review.reviewing.seating import NOT_WANTED, check_independence, sitting
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to, write_to_officers
from portal.directory.queries import get_person
from portal.identity.actor import Actor
from portal.register.lifecycle.incidents import lessons
from portal.register.lifecycle.telling import Post
from portal.register.models import DecisionPoint, System

NO_ISSUE = pmsg("error", "Name at least one issue")
UNDECIDED = pmsg("error", "Decide on every issue before you conclude")


@dataclass(frozen=True, slots=True)
class Ending:
    """What comes with the end: what is put right, which approved paragraphs the letter has, where the portal is."""

    public_url: str
    remedies: tuple[NewRemedy, ...] = ()
    paragraphs: tuple[str, ...] = ()


def conclude(session: Session, actor: Actor, case: Case, ending: Ending, *, desk: Desk) -> Conclusion:
    """End one's own work. The review is decided with it, or somebody else looks: the rules say which.

    A second conclusion is the first. Refused to who has come too close to the decision since they began.
    """
    known = _find_own(session, actor, case, desk)
    if known is not None:
        return known
    seat = working(session, actor, case, desk)
    check_independence(session, actor, case, desk)
    outcome = _reached(session, case, seat, desk)
    check_remedies(session, case, ending.remedies, today=desk.today)
    made = Conclusion(
        seat_id=seat.id,
        case_id=case.id,
        outcome=outcome,
        concluded_at=desk.now,
        paragraphs=list(ending.paragraphs),
    )
    session.add(made)
    session.flush()
    keep_proposed(session, case, ending.remedies, desk=desk, seat_id=seat.id)
    after = {Seat.FIRST: _after_first, Seat.SECOND: _after_second, Seat.PANEL: _after_panel}
    after[seat.seat](session, actor, case, seat, made, ending, desk)
    return made


def settle(session: Session, actor: Actor, case: Case, ending: Ending, *, desk: Desk) -> ReviewDecision:
    """One of the two who decide says what is put right, and the review is decided. A second time changes nothing."""
    take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    known = session.get(ReviewDecision, case.id)
    seat = find_seat(session, case, actor.person_id)
    if known is not None and seat is not None:
        return known
    seat = sitting(session, actor, case, desk)
    deciding = list_deciding(session, case)
    if seat.id not in {one.id for one in deciding}:
        raise Conflict(NOT_WANTED)
    check_independence(session, actor, case, desk)
    return _finish(session, actor, case, "settle", deciding, ending, desk)


def _find_own(session: Session, actor: Actor, case: Case, desk: Desk) -> Conclusion | None:
    take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    seat = find_seat(session, case, actor.person_id)
    return find_conclusion(session, seat) if seat is not None else None


def _reached(session: Session, case: Case, seat: ReviewSeat, desk: Desk) -> Outcome:
    """The outcome of the whole. Refused while an issue is undecided, or nothing was considered."""
    disposed = list_disposed(session, case, seat, desk.vault)
    if not disposed:
        raise Refused(NO_ISSUE)
    rows = [one.row for one in disposed if one.row is not None]
    if len(rows) < len(disposed):
        raise Refused(UNDECIDED)
    if not list_sources(session, seat):
        raise Refused(NO_SOURCE)
    return weightiest(row.disposition for row in rows)


def _after_first(
    session: Session, actor: Actor, case: Case, seat: ReviewSeat, made: Conclusion, ending: Ending, desk: Desk
) -> None:
    if not draw(session, case, made.outcome, desk).is_looked_at:
        _finish(session, actor, case, "decide", [seat], ending, desk)
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
        _finish_or_wait(session, actor, case, seat, ending, desk)
        return
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("reviewers_differ", msg("The two reviewers do not agree, so a panel of two others decides"))
    write_to_officers(session, case, desk=desk)


def _after_panel(
    session: Session, actor: Actor, case: Case, seat: ReviewSeat, made: Conclusion, ending: Ending, desk: Desk
) -> None:
    """When both of the panel have concluded; where they differ as well, what is better for the worker stands."""
    made.saw_first_at = desk.now
    session.flush()
    panel = [one for one in list_seats(session, case) if one.seat is Seat.PANEL]
    ends = [end for one in panel if (end := find_conclusion(session, one)) is not None]
    if len(ends) < 2:
        take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk).record("panel_half")
        return
    for end in ends:
        end.agrees = len({one.outcome for one in ends}) == 1
    session.flush()
    _finish_or_wait(session, actor, case, seat, ending, desk)


def _finish_or_wait(session: Session, actor: Actor, case: Case, seat: ReviewSeat, ending: Ending, desk: Desk) -> None:
    """Decided at once, unless somebody else who looked wanted something put right: then the one who concluded last, or
    the other of the two, reads all of it and says what is."""
    deciding = list_deciding(session, case)
    others = [one for one in list_seats(session, case) if one.id != seat.id]
    if not any(list_proposed(session, case, seat_id=one.id) for one in others):
        chosen = list_chosen(session, deciding)
        _finish(session, actor, case, "settle", deciding, replace(ending, paragraphs=chosen), desk)
        return
    turn = take_turn(session, actor, case, {Relation.REVIEWER}, desk=desk)
    turn.tell("remedies_weighed", msg("What is put right is weighed before the review is decided"), visible=False)
    for one in deciding:
        if one.id != seat.id:
            write_to(session, get_person(session, one.person_id), "review_task", desk=desk)


def _finish(
    session: Session, actor: Actor, case: Case, step: str, seats: Sequence[ReviewSeat], ending: Ending, desk: Desk
) -> ReviewDecision:
    """The decision stands: it is told with its letter, and what is wrong is put right. The first of the seats is whose
    reasons are told; a second one decided with it."""
    cases.take_step(session, actor, case, STEPS[step], desk=desk)
    seat, others = seats[0], seats[1:]
    outcome, reasons = _outcome_of(session, seat), _reasons(session, case, seat, desk)
    decision = ReviewDecision(
        case_id=case.id,
        outcome=outcome,
        decided_by=seat.person_id,
        second_by=others[0].person_id if others else None,
        decided_at=desk.now,
        **{
            f"reasons_{lang.value}": desk.vault.seal(words, context=f"review_decisions.reasons_{lang.value}:{case.id}")
            for lang, words in reasons.items()
        },
    )
    session.add(decision)
    session.flush()
    view = find_view(session, seat)
    telling = Telling(outcome, reasons, ending.remedies, ending.paragraphs, before=view.leaning if view else None)
    tell_outcome(session, actor, case, telling, desk=desk)
    if outcome is Outcome.OVERTURNED:
        _learn(session, case, desk, ending.public_url)
    return decision


def list_chosen(session: Session, seats: Sequence[ReviewSeat]) -> tuple[str, ...]:
    """Every approved paragraph that one of them chose for the letter, once."""
    ends = [find_conclusion(session, one) for one in seats]
    return tuple(dict.fromkeys(one for end in ends if end is not None for one in end.paragraphs or ()))


def _outcome_of(session: Session, seat: ReviewSeat) -> Outcome:
    end = find_conclusion(session, seat)
    if end is None:
        raise Conflict(NOT_WANTED)
    return end.outcome


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
