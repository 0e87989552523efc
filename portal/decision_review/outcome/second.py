"""The second stage, and going elsewhere: asked by the worker, decided by a joint panel or by another body.

The law knows one review; this is the portal's own promise, with its own twenty working days. Nobody who was given the
review before sits in it. A panel decides by two signatures under the same words; another body by those who work on
reviews there.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import By, CaseKind, Relation, officer_bodies
from portal.cases.sent import tell
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.asking.queries import list_steps
from portal.decision_review.outcome.composing import SECOND_STAGE, Telling
from portal.decision_review.outcome.models import Referral, StageTwo
from portal.decision_review.outcome.queries import list_letters, open_second, reviewed_before, second_context
from portal.decision_review.outcome.rules import Elsewhere, Way
from portal.decision_review.outcome.service import NOT_WRITTEN, may_own, tell_outcome
from portal.decision_review.rules import Outcome, State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import list_officers, write_to, write_to_officers
from portal.directory.models import Body, Person
from portal.directory.queries import list_branch_members, list_holdings_of, list_recognised_branches
from portal.directory.rules import RoleName
from portal.identity.actor import Actor

ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
ONCE = pmsg("error", "The second stage can be asked for once, and it was")
NOT_DECIDED = pmsg("error", "The second stage looks at a decision, and this request ended without one")
SAY_WHY = pmsg("error", "Write why you do not agree")
BEGUN = pmsg("error", "They have begun to write their decision. Who decides can no longer be changed")
NOT_EMPLOYER = pmsg(
    "error", "This person cannot be the employer’s chair: they reviewed it, were left out, or run the system"
)
NOT_UNION = pmsg("error", "This person does not represent a union that the employer recognises, or reviewed it before")
NOT_BODY = pmsg("error", "Choose another body")
REWRITTEN = pmsg("error", "The decision was written anew while you read it. Read it again before you sign")
WRITE_FIRST = pmsg("error", "There is nothing to sign yet. Write the outcome and its reasons")


def ask(session: Session, by: By, case: Case, why: Words, lang: Locale, *, desk: Desk) -> StageTwo:
    """The worker is not satisfied. Once in a review; a second POST gives the first."""
    if not why:
        raise Refused(SAY_WHY)
    take_turn(session, by, case, ASKING, desk=desk)
    known = session.get(StageTwo, case.id)
    if known is not None:
        if case.state == State.STAGE_TWO:
            return known
        raise Refused(ONCE)
    if not was_decided(session, case):
        raise Refused(NOT_DECIDED)
    cases.take_step(session, by, case, STEPS["stage_two"], desk=desk)
    row = StageTwo(
        case_id=case.id,
        why=desk.vault.seal(why, context=second_context("why", case.id)),
        lang=lang.value,
        asked_at=desk.now,
    )
    session.add(row)
    session.flush()
    write_to_officers(session, case, desk=desk)
    return row


def may_ask(session: Session, case: Case) -> bool:
    """Whether the worker can ask for it now."""
    is_open = case.state in STEPS["stage_two"].froms and session.get(StageTwo, case.id) is None
    return is_open and was_decided(session, case)


def was_decided(session: Session, case: Case) -> bool:
    """A reviewer's letter went out, or an explanation: not so what was taken back, refused or never proved."""
    return bool(list_letters(session, case)) or "explain" in list_steps(session, case)


def give_to_panel(session: Session, by: By, case: Case, employer: Person, union: Person, *, desk: Desk) -> StageTwo:
    """An officer names both chairs of the joint panel."""
    turn, row = _open(session, by, case, desk)
    if not may_chair(session, case, employer, desk=desk):
        raise Refused(NOT_EMPLOYER)
    if union.id == employer.id or union.id not in union_people(session, case, desk=desk):
        raise Refused(NOT_UNION)
    row.way, row.other_body_id = Way.JOINT_PANEL, None
    row.employer_chair_id, row.union_chair_id = employer.id, union.id
    session.flush()
    turn.tell("panel_named", msg("A joint panel of employer and unions decides the second stage"))
    for person in (employer, union):
        write_to(session, person, "review_task", desk=desk)
    tell(session, case, desk, "case_news")
    return row


def give_to_body(session: Session, by: By, case: Case, other: Body, *, desk: Desk) -> StageTwo:
    """An officer hands the second stage to another body."""
    turn, row = _open(session, by, case, desk)
    if other.id == case.body_id:
        raise Refused(NOT_BODY)
    row.way, row.other_body_id = Way.OTHER_BODY, other.id
    row.employer_chair_id = row.union_chair_id = None
    session.flush()
    turn.tell("other_body_named", msg("Another body decides the second stage"))
    kept_away = reviewed_before(session, case)
    for person in list_officers(session, case, today=desk.today, body_id=other.id):
        if person.id not in kept_away:
            write_to(session, person, "review_task", desk=desk)
    tell(session, case, desk, "case_news")
    return row


def may_chair(session: Session, case: Case, person: Person, *, desk: Desk) -> bool:
    """Somebody of the employer who never had the review, is not kept away, and does not run the system."""
    held = list_holdings_of(session, person.id, today=desk.today)
    managed = [one for one in held if one.role is RoleName.RESPONSIBLE_MANAGER]
    runs = any(one.system_slug is None or one.system_id == case.system_id for one in managed)
    return may_own(session, case, person) and person.id not in reviewed_before(session, case) and not runs


def union_people(session: Session, case: Case, *, desk: Desk) -> frozenset[str]:
    """Who can be the unions' chair: a representative of a branch that the employer recognises."""
    facts = facts_of(session, case)
    kept_away = facts.excluded | reviewed_before(session, case) | {facts.requester_person_id}
    people = {
        person.id
        for branch, _union in list_recognised_branches(session, case.body_id)
        for _holding, person in list_branch_members(session, branch.id, today=desk.today)
    }
    return frozenset(people - kept_away)


def list_panels(session: Session, actor: Actor) -> Sequence[tuple[Case, StageTwo]]:
    """The second stages that the actor decides and that are open, oldest first."""
    others = sorted(officer_bodies(actor, CaseKind.REVIEW))
    found = session.execute(
        select(Case, StageTwo)
        .join(StageTwo, StageTwo.case_id == Case.id)
        .where(
            Case.state == State.STAGE_TWO.value,
            or_(
                StageTwo.employer_chair_id == actor.person_id,
                StageTwo.union_chair_id == actor.person_id,
                StageTwo.other_body_id.in_(others),
            ),
        )
        .order_by(Case.due_on, Case.id)
    )
    return [(case, row) for case, row in found if _decides(session, actor, case, row)]


def get_panel(session: Session, actor: Actor, case_id: str) -> tuple[Case, StageTwo]:
    """A second stage that the actor decides; NotFound for everybody else."""
    row = session.get(StageTwo, case_id)
    case = session.get(Case, case_id)
    if row is None or case is None or case.state != State.STAGE_TWO or not _decides(session, actor, case, row):
        raise NotFound
    return case, row


def write(
    session: Session,
    actor: Actor,
    case_id: str,
    outcome: Outcome,
    reasons: Mapping[Locale, Words],
    *,
    desk: Desk,
) -> StageTwo:
    """Write the outcome and its reasons, and sign them. The other chair's signature falls away: the words are new.

    A panel's decision is made by the second signature. Another body reads its letter once more and then sends it.
    """
    case, row = _held(session, actor, case_id)
    if not reasons.get(Locale(case.locale)):
        raise Refused(NOT_WRITTEN)
    row.outcome = outcome
    for lang in Locale:
        words = reasons.get(lang)
        name = f"reasons_{lang.value}"
        setattr(row, name, desk.vault.seal(words, context=second_context(name, case.id)) if words else None)
    row.employer_signed_at = row.union_signed_at = None
    return _signed(session, actor, case, row, desk, may_send=row.way is Way.JOINT_PANEL)


def sign(session: Session, actor: Actor, case_id: str, *, seen: str, desk: Desk) -> StageTwo:
    """Sign what the other chair wrote; in another body, send what was written there. ``seen`` is the mark of the words
    that were read: nobody signs others."""
    case, row = _held(session, actor, case_id)
    if row.outcome is None:
        raise Refused(WRITE_FIRST)
    if seen != mark_of(row):
        raise Conflict(REWRITTEN)
    return _signed(session, actor, case, row, desk, may_send=True)


def mark_of(row: StageTwo) -> str:
    """Another one whenever the decision is written anew: words are never sealed twice alike."""
    return sha256(b"".join(sealed for sealed in (row.reasons_cy, row.reasons_en) if sealed)).hexdigest()


def telling_of(row: StageTwo, desk: Desk) -> Telling | None:
    """The letter that would go out, or None while nothing is written."""
    if row.outcome is None:
        return None
    found = {lang: open_second(row, f"reasons_{lang.value}", desk.vault) for lang in Locale}
    return Telling(row.outcome, {lang: words for lang, words in found.items() if words}, stage=SECOND_STAGE)


def go_elsewhere(session: Session, by: By, case: Case, elsewhere: Elsewhere, form_id: str, *, desk: Desk) -> Referral:
    """The worker says that they take it elsewhere, and loses nothing by it. A second POST gives the first."""
    known = session.get(Referral, form_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    name = "refer_at_once" if case.state == State.STAGE_TWO else "refer"
    if case.state == State.REFERRED:
        take_turn(session, by, case, ASKING, desk=desk)
    else:
        cases.take_step(session, by, case, STEPS[name], desk=desk)
    row = Referral(id=form_id, case_id=case.id, elsewhere=elsewhere, said_at=desk.now)
    session.add(row)
    session.flush()
    return row


def may_go(case: Case) -> bool:
    """Whether the worker can say so now."""
    return case.state in STEPS["refer"].froms | STEPS["refer_at_once"].froms


def _open(session: Session, by: By, case: Case, desk: Desk) -> tuple[Turn, StageTwo]:
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    row = session.get(StageTwo, case.id)
    if row is None or case.state != State.STAGE_TWO:
        raise Conflict(MOVED_ON)
    if row.outcome is not None:
        raise Refused(BEGUN)
    return turn, row


def _decides(session: Session, actor: Actor, case: Case, row: StageTwo) -> bool:
    facts = facts_of(session, case)
    if actor.person_id in facts.excluded or actor.person_id == facts.requester_person_id:
        return False
    if row.way is Way.OTHER_BODY:
        apart = actor.person_id not in reviewed_before(session, case)
        return apart and row.other_body_id in officer_bodies(actor, CaseKind.REVIEW)
    return actor.person_id in {row.employer_chair_id, row.union_chair_id}


def _held(session: Session, actor: Actor, case_id: str) -> tuple[Case, StageTwo]:
    """Both rows held; asked again once they are."""
    case, row = get_panel(session, actor, case_id)
    hold(session, case)
    session.refresh(row, with_for_update=True)
    return get_panel(session, actor, case_id)


def _signed(session: Session, actor: Actor, case: Case, row: StageTwo, desk: Desk, *, may_send: bool) -> StageTwo:
    if actor.person_id == row.employer_chair_id:
        row.employer_signed_at = desk.now
    if actor.person_id == row.union_chair_id:
        row.union_signed_at = desk.now
    session.flush()
    Turn(session, actor, case, Relation.REVIEWER, desk).record("second_stage_signed")
    is_whole = row.way is Way.OTHER_BODY or (row.employer_signed_at and row.union_signed_at)
    telling = telling_of(row, desk)
    if may_send and is_whole and telling is not None:
        row.decided_at = desk.now
        cases.take_step(session, Relation.PORTAL, case, STEPS["decide_again"], desk=desk)
        tell_outcome(session, Relation.PORTAL, case, telling, desk=desk)
    return row
