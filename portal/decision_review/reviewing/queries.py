"""Reads of the reviewer's work. What a reviewer may see, the reveal of their own seat decides, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.text import Locale, Words
from portal.core.vault import Vault
from portal.decision_review.models import ReviewDecision, ReviewRequest
from portal.decision_review.queries import get_for_work
from portal.decision_review.reviewing.leaving import find_gone
from portal.decision_review.reviewing.models import (
    Conclusion,
    Disposition,
    ProvisionalView,
    Reveal,
    ReviewerQuestion,
    ReviewIssue,
    ReviewSeat,
    SecondLookDraw,
    SourceConsidered,
)
from portal.decision_review.reviewing.rules import WEIGHT, Seat
from portal.decision_review.rules import Outcome, State
from portal.identity.actor import Actor
from portal.register.models import DecisionPoint


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision, opened for its reader: the language that was written, theirs first."""

    outcome: Outcome
    reasons: Words
    reasons_lang: Locale
    remedy: Words | None
    decided_on: date


@dataclass(frozen=True, slots=True)
class SeatView:
    """What one reviewer thought before they saw the output, and what they concluded. It names nobody."""

    seat: Seat
    leaning: Outcome
    words: Words
    lang: Locale
    concluded: Outcome | None


@dataclass(frozen=True, slots=True)
class DisposedIssue:
    """One issue with what a seat decided on it, opened."""

    issue: ReviewIssue
    words: Words
    row: Disposition | None
    reasons: dict[Locale, Words]
    data_error: Words | None


def get_seat(session: Session, actor: Actor, reference: str, *, today: date) -> tuple[Case, ReviewSeat]:
    """The review that the actor reviews, and their seat; NotFound for everybody else, and for who can no longer."""
    case = get_for_work(session, actor, reference)
    seat = find_seat(session, case, actor.person_id)
    if seat is None or find_gone(session, seat, today=today) is not None:
        raise NotFound
    return case, seat


def find_seat(session: Session, case: Case, person_id: str) -> ReviewSeat | None:
    """The seat that somebody holds now."""
    return session.scalars(
        select(ReviewSeat).where(
            ReviewSeat.case_id == case.id, ReviewSeat.person_id == person_id, ReviewSeat.ended_at.is_(None)
        )
    ).one_or_none()


def list_seats(session: Session, case: Case) -> Sequence[ReviewSeat]:
    """Who sits now, in the order in which they were given it."""
    found = select(ReviewSeat).where(ReviewSeat.case_id == case.id, ReviewSeat.ended_at.is_(None))
    return session.scalars(found.order_by(ReviewSeat.given_at, ReviewSeat.id)).all()


def list_ended_seats(session: Session, case: Case) -> Sequence[ReviewSeat]:
    """Who sat before, in the order in which their time ended."""
    found = select(ReviewSeat).where(ReviewSeat.case_id == case.id, ReviewSeat.ended_at.is_not(None))
    return session.scalars(found.order_by(ReviewSeat.ended_at, ReviewSeat.id)).all()


def find_view(session: Session, seat: ReviewSeat) -> ProvisionalView | None:
    """What somebody wrote before they saw the output."""
    return session.get(ProvisionalView, seat.id)


def sees_output(session: Session, seat: ReviewSeat) -> bool:
    """Whether the output was shown to this seat. Without a view of their own there can be no such row."""
    return session.get(Reveal, seat.id) is not None


def open_view(view: ProvisionalView, vault: Vault) -> Words:
    """The words of a view."""
    return vault.open_words(view.words, context=seat_context("words", view.seat_id))


def seat_context(column: str, seat_id: str) -> str:
    """What a view's words are bound to."""
    return f"review_provisional_views.{column}:{seat_id}"


def list_views(session: Session, case: Case, vault: Vault) -> list[SeatView]:
    """What each reviewer thought first and concluded at the end: for the worker, once it is decided."""
    views = []
    for seat in list_seats(session, case):
        view, end = find_view(session, seat), find_conclusion(session, seat)
        if view is not None and end is not None:
            views.append(SeatView(seat.seat, view.leaning, open_view(view, vault), Locale(view.lang), end.outcome))
    return views


def list_issues(session: Session, case: Case) -> Sequence[ReviewIssue]:
    """The issues of a review, in their order."""
    return session.scalars(select(ReviewIssue).where(ReviewIssue.case_id == case.id).order_by(ReviewIssue.number)).all()


def get_issue(session: Session, case: Case, issue_id: str) -> ReviewIssue:
    """One of a review."""
    found = session.get(ReviewIssue, issue_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_disposed(session: Session, case: Case, seat: ReviewSeat, vault: Vault) -> list[DisposedIssue]:
    """Every issue with what this seat decided on it so far; what another seat decided is not in it."""
    return [_disposed(session, issue, seat, vault) for issue in list_issues(session, case)]


def _disposed(session: Session, issue: ReviewIssue, seat: ReviewSeat, vault: Vault) -> DisposedIssue:
    row = session.get(Disposition, (issue.id, seat.id))
    reasons, error = {}, None
    if row is not None:
        sealed = {Locale.CY: row.reasons_cy, Locale.EN: row.reasons_en}
        for lang, octets in sealed.items():
            if octets is not None:
                reasons[lang] = vault.open_words(octets, context=reasons_context(f"reasons_{lang.value}", row))
        if row.data_error is not None:
            error = vault.open_words(row.data_error, context=reasons_context("data_error", row))
    words = vault.open_words(issue.words, context=f"review_issues.words:{issue.id}")
    return DisposedIssue(issue, words, row, reasons, error)


def reasons_context(column: str, row: Disposition) -> str:
    """What a sealed column of a disposition is bound to."""
    return f"review_dispositions.{column}:{row.issue_id}/{row.seat_id}"


def list_sources(session: Session, seat: ReviewSeat) -> frozenset[str]:
    """What this seat ticked."""
    return frozenset(session.scalars(select(SourceConsidered.source).where(SourceConsidered.seat_id == seat.id)))


def find_conclusion(session: Session, seat: ReviewSeat) -> Conclusion | None:
    """What this seat concluded."""
    return session.get(Conclusion, seat.id)


def find_draw(session: Session, case: Case) -> SecondLookDraw | None:
    """Whether a second reviewer looks, once that is known."""
    return session.get(SecondLookDraw, case.id)


def seat_wanted(session: Session, case: Case, *, today: date) -> Seat | None:
    """Which seat has to be given now, if any: a second one after the draw, the panel's two where they differ."""
    seats = [seat for seat in list_seats(session, case) if not is_left(session, seat, today=today)]
    held = [seat.seat for seat in seats]
    draw = find_draw(session, case)
    if draw is None or not draw.is_looked_at:
        return None if Seat.FIRST in held else Seat.FIRST
    if Seat.SECOND not in held:
        return Seat.SECOND
    second = next(seat for seat in seats if seat.seat is Seat.SECOND)
    end = find_conclusion(session, second)
    if end is not None and end.agrees is False and held.count(Seat.PANEL) < 2:
        return Seat.PANEL
    return None


def is_left(session: Session, seat: ReviewSeat, *, today: date) -> bool:
    """Nobody works in this seat any more and nothing was concluded in it."""
    return find_conclusion(session, seat) is None and find_gone(session, seat, today=today) is not None


def list_deciding(session: Session, case: Case) -> list[ReviewSeat]:
    """The two whose conclusions decide a review, while one of them is to say what is put right: whose reasons are told
    comes first. Empty before that, and once it is decided."""
    if case.state != State.SECOND_LOOK:
        return []
    ends = {seat.id: (seat, find_conclusion(session, seat)) for seat in list_seats(session, case)}
    panel = [(end, seat) for seat, end in ends.values() if seat.seat is Seat.PANEL and end is not None]
    if len(panel) == 2:
        return [seat for end, seat in sorted(panel, key=lambda one: WEIGHT.index(one[0].outcome))]
    agreed = any(end is not None and end.agrees for seat, end in ends.values() if seat.seat is Seat.SECOND)
    both = [seat for seat, end in ends.values() if end is not None and seat.seat in {Seat.FIRST, Seat.SECOND}]
    return sorted(both, key=lambda seat: seat.seat is Seat.SECOND) if agreed and not panel else []


def list_questions(session: Session, case: Case) -> Sequence[ReviewerQuestion]:
    """What reviewers asked others, oldest first."""
    found = select(ReviewerQuestion).where(ReviewerQuestion.case_id == case.id)
    return session.scalars(found.order_by(ReviewerQuestion.asked_at, ReviewerQuestion.id)).all()


def list_own_questions(session: Session, actor: Actor) -> list[tuple[Case, ReviewerQuestion]]:
    """What a reviewer wants to know from the actor; nothing of a review that they were left out of."""
    rows = session.execute(
        select(Case, ReviewerQuestion)
        .join(ReviewerQuestion, ReviewerQuestion.case_id == Case.id)
        .where(
            ReviewerQuestion.person_id == actor.person_id,
            ReviewerQuestion.answer.is_(None),
            ReviewerQuestion.ended_at.is_(None),
            Case.is_open,
        )
        .order_by(ReviewerQuestion.asked_at, ReviewerQuestion.id)
    )
    return [(case, row) for case, row in rows if actor.person_id not in facts_of(session, case).excluded]


def get_own_question(session: Session, actor: Actor, question_id: str) -> tuple[Case, ReviewerQuestion]:
    """A question to the actor; NotFound for everybody else."""
    for case, row in list_own_questions(session, actor):
        if row.id == question_id:
            return case, row
    raise NotFound


def open_question(row: ReviewerQuestion, column: str, vault: Vault) -> Words | None:
    """``words`` or ``answer``."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=question_context(column, row.id)) if sealed is not None else None


def question_context(column: str, own_id: str) -> str:
    """What a sealed column of a question is bound to."""
    return f"review_questions.{column}:{own_id}"


def find_decision(session: Session, case: Case, vault: Vault, locale: Locale) -> DecisionView | None:
    """The decision of reviewers, with reasons in the reader's language where they were written in it. An explanation
    of two officers is a letter, and stands among the letters of the case."""
    decision = session.get(ReviewDecision, case.id)
    if decision is None or decision.proposal_id is not None:
        return None
    lang = next(one for one in (locale, locale.other) if getattr(decision, f"reasons_{one.value}") is not None)
    remedy = getattr(decision, f"remedy_{lang.value}")
    return DecisionView(
        outcome=decision.outcome,
        reasons=vault.open_words(
            getattr(decision, f"reasons_{lang.value}"), context=f"review_decisions.reasons_{lang.value}:{case.id}"
        ),
        reasons_lang=lang,
        remedy=vault.open_words(remedy, context=f"review_decisions.remedy_{lang.value}:{case.id}") if remedy else None,
        decided_on=london_day(decision.decided_at),
    )


def list_overturned(session: Session, system_id: str, decision_point: str) -> list[date]:
    """The days on which decisions of one kind of a system were overturned, whichever version they were made under."""
    asked = (
        select(ReviewDecision.decided_at)
        .join(ReviewRequest, ReviewRequest.case_id == ReviewDecision.case_id)
        .join(DecisionPoint, DecisionPoint.id == ReviewRequest.decision_point_id)
        .join(Case, Case.id == ReviewDecision.case_id)
        .where(
            ReviewDecision.outcome == Outcome.OVERTURNED,
            DecisionPoint.key == decision_point,
            Case.system_id == system_id,
        )
    )
    return [london_day(decided_at) for decided_at in session.scalars(asked)]
