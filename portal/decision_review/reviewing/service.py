"""The verbs of the reviewer's work: give to somebody independent, declare, hand back, ask, decide."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import By, Duty, ExclusionSource
from portal.cases.sent import tell
from portal.cases.turn import Desk
from portal.core.errors import Refused
from portal.core.text import Locale, Words, pmsg
from portal.core.vault import Vault
from portal.decision_review.models import ReviewRequest
from portal.decision_review.reviewing.models import Declaration, ReviewDecision
from portal.decision_review.reviewing.queries import find_independence, list_overturned
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.register.lifecycle.incidents import lessons
from portal.register.lifecycle.telling import Post
from portal.register.models import DecisionPoint, System

NOT_INDEPENDENT = pmsg("error", "This reviewer is not independent of the decision. Choose another")

DECLARE_FIRST = pmsg("error", "Tick the box to declare that you are independent, or hand the review back")


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A reviewer's decision: reasons and remedy in the worker's language, and in the other where it was written."""

    outcome: Outcome
    reasons: dict[Locale, Words]
    remedy: dict[Locale, Words]


def give(session: Session, by: By, case: Case, person: Person, *, desk: Desk) -> None:
    """Give the review to a reviewer who is independent of the decision; Refused for anybody else."""
    if find_independence(session, case, person.id, today=desk.today) is not None:
        raise Refused(NOT_INDEPENDENT)
    cases.assign(session, by, case, person, Duty.REVIEWER, desk=desk, step=STEPS["assign"])


def begin(session: Session, actor: Actor, case: Case, *, desk: Desk, seen_version: int | None = None) -> None:
    """The reviewer declares independence and begins. The portal asks the same questions again, on this day."""
    _check_independence(session, actor, case, desk)
    cases.take_step(session, actor, case, STEPS["open"], desk=desk, seen_version=seen_version)
    if session.get(Declaration, (case.id, actor.person_id)) is None:
        session.add(Declaration(case_id=case.id, person_id=actor.person_id, declared_at=desk.now))
        session.flush()


def hand_back(session: Session, actor: Actor, case: Case, *, desk: Desk) -> None:
    """The reviewer hands the review back. Why is theirs to keep; they are not offered it again."""
    cases.take_step(session, actor, case, STEPS["decline"], desk=desk)
    cases.exclude(session, actor, case, actor.person_id, source=ExclusionSource.SELF, desk=desk)


def ask_worker(session: Session, actor: Actor, case: Case, writing: Writing, *, desk: Desk) -> None:
    """The reviewer puts a question to the worker, and a letter says that there is news."""
    correspondence.ask(session, actor, case, writing, desk=desk)
    tell(session, case, desk, "case_news")


def decide(
    session: Session,
    actor: Actor,
    case: Case,
    new: NewDecision,
    *,
    desk: Desk,
    public_url: str,
    seen_version: int | None = None,
) -> ReviewDecision:
    """Decide with reasons and tell the worker. A second POST gives the first decision. A decision that is overturned
    is counted at its system: three of one kind bring a review of it.

    Refused with the reason for a reviewer who has come too close to the decision since they began.
    """
    known = session.get(ReviewDecision, case.id)
    if known is not None and known.decided_by == actor.person_id:
        return known
    _check_independence(session, actor, case, desk)
    cases.take_step(session, actor, case, STEPS["decide"], desk=desk, seen_version=seen_version)
    decision = ReviewDecision(
        case_id=case.id,
        outcome=new.outcome,
        decided_by=actor.person_id,
        decided_at=desk.now,
        **_sealed("reasons", case.id, new.reasons, desk.vault),
        **_sealed("remedy", case.id, new.remedy, desk.vault),
    )
    session.add(decision)
    session.flush()
    tell(session, case, desk, "case_news")
    if new.outcome is Outcome.OVERTURNED:
        _learn(session, case, desk, public_url)
    return decision


def _learn(session: Session, case: Case, desk: Desk, public_url: str) -> None:
    """Let the register know of the days on which decisions of this kind were overturned, and of nothing else."""
    request = session.get_one(ReviewRequest, case.id)
    point = session.get(DecisionPoint, request.decision_point_id) if request.decision_point_id else None
    if point is None or case.system_id is None:
        return
    days = list_overturned(session, case.system_id, point.key)
    system = session.get_one(System, case.system_id)
    lessons(session, system, point.key, days, post=Post(desk.vault, public_url, desk.now))


def _check_independence(session: Session, actor: Actor, case: Case, desk: Desk) -> None:
    reason = find_independence(session, case, actor.person_id, today=desk.today)
    if reason is not None:
        raise Refused(reason)


def _sealed(name: str, case_id: str, texts: dict[Locale, Words], vault: Vault) -> dict[str, bytes]:
    return {
        f"{name}_{locale.value}": vault.seal(words, context=f"review_decisions.{name}_{locale.value}:{case_id}")
        for locale, words in texts.items()
        if words
    }
