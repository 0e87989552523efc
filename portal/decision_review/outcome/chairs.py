"""Who decides the second stage: the two chairs of a joint panel, or another body; named by an officer.

Nobody who was given the review before sits in it. Who can decide no longer (left out, gone from the employer, without
the union's mandate) reads and signs nothing from that moment, and another is named; while a decision is being written,
nobody else is replaced.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.officers import OFFICER_ROLES
from portal.cases.queries import facts_of
from portal.cases.rules import By, CaseKind, Relation, officer_bodies
from portal.cases.sent import tell
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Message, msg, pmsg
from portal.decision_review.outcome.keeping import keep_draft
from portal.decision_review.outcome.models import StageTwo
from portal.decision_review.outcome.queries import reviewed_before, works_for
from portal.decision_review.outcome.rules import Chair, Way
from portal.decision_review.rules import State
from portal.decision_review.telling import list_officers, write_to, write_to_officers
from portal.directory.models import Body, Person
from portal.directory.queries import (
    get_person,
    list_away,
    list_branch_members,
    list_holdings_of,
    list_recognised_branches,
)
from portal.directory.rules import RoleName
from portal.identity.actor import Actor

BEGUN = pmsg("error", "They have begun to write their decision. Who decides can no longer be changed")
STAYS = pmsg("error", "One chair can still decide, and stays. Name another only in the place of who cannot")
NOT_EMPLOYER = pmsg(
    "error",
    "This person cannot be the employer’s chair: they had it before, were left out, run the system, or are an officer",
)
NOT_UNION = pmsg("error", "This person does not represent a union that the employer recognises, or reviewed it before")
NOT_BODY = pmsg("error", "Choose another body")
KEPT_AWAY = msg("They were left out of this review, or had it before")
NOT_HERE = msg("They no longer work for this employer")
RUNS_SYSTEM = msg("They are responsible for the system")
READS_ALL = msg("They work on reviews as an officer, and can read the records before a chair may")
NO_MANDATE = msg("They do not represent a union that the employer recognises")
NOBODY_THERE = msg("Nobody works on reviews in the other body who could decide it")


def give_to_panel(session: Session, by: By, case: Case, employer: Person, union: Person, *, desk: Desk) -> StageTwo:
    """An officer names both chairs of the joint panel, or another in the place of one who can decide no longer."""
    turn, row = _open(session, by, case, desk)
    _check_standing(session, case, row, {Chair.EMPLOYER: employer.id, Chair.UNION: union.id}, desk)
    if why_not_employer(session, case, employer, today=desk.today) is not None:
        raise Refused(NOT_EMPLOYER)
    if union.id == employer.id or why_not_union(session, case, union, today=desk.today) is not None:
        raise Refused(NOT_UNION)
    new = [one for one in (employer, union) if one.id not in {row.employer_chair_id, row.union_chair_id}]
    keep_draft(session, case, row, desk=desk)
    if row.employer_chair_id != employer.id:
        row.employer_signed_at = None
    if row.union_chair_id != union.id:
        row.union_signed_at = None
    row.way, row.other_body_id, row.gone_at = Way.JOINT_PANEL, None, None
    row.employer_chair_id, row.union_chair_id = employer.id, union.id
    session.flush()
    turn.tell("panel_named", msg("A joint panel of employer and unions decides the second stage"))
    for person in new:
        write_to(session, person, "review_task", desk=desk)
    tell(session, case, desk, "case_news")
    return row


def give_to_body(session: Session, by: By, case: Case, other: Body, *, desk: Desk) -> StageTwo:
    """An officer hands the second stage to another body."""
    turn, row = _open(session, by, case, desk)
    if other.id == case.body_id:
        raise Refused(NOT_BODY)
    _check_standing(session, case, row, {}, desk)
    keep_draft(session, case, row, desk=desk)
    row.way, row.other_body_id, row.gone_at = Way.OTHER_BODY, other.id, None
    row.employer_chair_id = row.union_chair_id = row.employer_signed_at = row.union_signed_at = None
    session.flush()
    turn.tell("other_body_named", msg("Another body decides the second stage"))
    for person in _there(session, case, other.id, today=desk.today):
        write_to(session, person, "review_task", desk=desk)
    tell(session, case, desk, "case_news")
    return row


def why_not_employer(session: Session, case: Case, person: Person, *, today: date) -> Message | None:
    """Why somebody cannot be the employer's chair: they must be of the employer, never have had the review, not be kept
    away, not run the system, and not read what comes later on the officers' desk before their own view."""
    if person.id in _kept_away(session, case):
        return KEPT_AWAY
    if not works_for(session, case.body_id, person, today=today):
        return NOT_HERE
    held = list_holdings_of(session, person.id, today=today)
    if any(one.role in OFFICER_ROLES and one.body_id == case.body_id for one in held):
        return READS_ALL
    managed = [one for one in held if one.role is RoleName.RESPONSIBLE_MANAGER]
    runs = any(one.system_slug is None or one.system_id == case.system_id for one in managed)
    return RUNS_SYSTEM if runs else None


def why_not_union(session: Session, case: Case, person: Person, *, today: date) -> Message | None:
    """Why somebody cannot be the unions' chair: they must represent a branch that the employer recognises."""
    if person.id in _kept_away(session, case):
        return KEPT_AWAY
    return None if person.id in union_people(session, case, today=today) else NO_MANDATE


def union_people(session: Session, case: Case, *, today: date) -> frozenset[str]:
    """Who can be the unions' chair."""
    people = {
        person.id
        for branch, _union in list_recognised_branches(session, case.body_id)
        for _holding, person in list_branch_members(session, branch.id, today=today)
    }
    return frozenset(people - _kept_away(session, case))


def find_gone(session: Session, case: Case, row: StageTwo, *, today: date) -> dict[Chair, Message]:
    """Who of those named can decide no longer, and why."""
    if row.way is Way.OTHER_BODY:
        there = _there(session, case, row.other_body_id or "", today=today)
        return {} if there else {Chair.OTHER_BODY: NOBODY_THERE}
    if row.employer_chair_id is None or row.union_chair_id is None:
        return {}
    whys = {
        Chair.EMPLOYER: why_not_employer(session, case, get_person(session, row.employer_chair_id), today=today),
        Chair.UNION: why_not_union(session, case, get_person(session, row.union_chair_id), today=today),
    }
    return {chair: why for chair, why in whys.items() if why is not None}


def may_name(session: Session, case: Case, row: StageTwo, *, today: date) -> bool:
    """Whether an officer can say who decides: until they begin to write, and after that in the place of who cannot."""
    return case.state == State.STAGE_TWO and (
        row.outcome is None or len(_standing(session, case, row, today)) < _seats(row)
    )


def tell_gone(session: Session, case: Case, *, desk: Desk) -> bool:
    """Tell the officers, once, that somebody who was named can decide no longer; why, they read in the review."""
    row = session.get(StageTwo, case.id)
    if row is None or case.state != State.STAGE_TWO or row.gone_at is not None:
        return False
    gone = find_gone(session, case, row, today=desk.today)
    if not gone:
        return False
    row.gone_at = desk.now
    session.flush()
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    turn.tell("chair_gone", msg("Who was to decide the second stage can do so no longer; another will be named"))
    for why in gone.values():
        turn.tell("chair_gone_why", why, visible=False)
    write_to_officers(session, case, desk=desk)
    return True


def list_with_gone(session: Session, *, today: date) -> list[str]:
    """Ids of the reviews at the second stage of which the officers have to be told so."""
    found = session.execute(
        select(Case, StageTwo)
        .join(StageTwo, StageTwo.case_id == Case.id)
        .where(Case.state == State.STAGE_TWO.value, StageTwo.gone_at.is_(None), StageTwo.way.is_not(None))
        .order_by(Case.id)
    )
    return [case.id for case, row in found if find_gone(session, case, row, today=today)]


def list_panels(session: Session, actor: Actor, *, today: date) -> Sequence[tuple[Case, StageTwo]]:
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
    return [(case, row) for case, row in found if _decides(session, actor, case, row, today)]


def get_panel(session: Session, actor: Actor, case_id: str, *, today: date) -> tuple[Case, StageTwo]:
    """A second stage that the actor decides; NotFound for everybody else."""
    row = session.get(StageTwo, case_id)
    case = session.get(Case, case_id)
    if row is None or case is None or case.state != State.STAGE_TWO or not _decides(session, actor, case, row, today):
        raise NotFound
    return case, row


def hold_panel(session: Session, actor: Actor, case_id: str, *, today: date) -> tuple[Case, StageTwo]:
    """Both rows held; asked again once they are."""
    case, row = get_panel(session, actor, case_id, today=today)
    hold(session, case)
    session.refresh(row, with_for_update=True)
    return get_panel(session, actor, case_id, today=today)


def _open(session: Session, by: By, case: Case, desk: Desk) -> tuple[Turn, StageTwo]:
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    row = session.get(StageTwo, case.id, with_for_update=True, populate_existing=True)
    if row is None or case.state != State.STAGE_TWO:
        raise Conflict(MOVED_ON)
    return turn, row


def _check_standing(session: Session, case: Case, row: StageTwo, new: Mapping[Chair, str], desk: Desk) -> None:
    """Once a decision is being written, only who cannot go on with it is replaced."""
    if row.outcome is None:
        return
    standing = _standing(session, case, row, desk.today)
    if len(standing) == _seats(row):
        raise Refused(BEGUN)
    if any(new.get(chair) != person for chair, person in standing.items()):
        raise Refused(STAYS)


def _standing(session: Session, case: Case, row: StageTwo, today: date) -> dict[Chair, str]:
    """Those named who can decide, and are not away."""
    named = {
        Chair.EMPLOYER: row.employer_chair_id,
        Chair.UNION: row.union_chair_id,
        Chair.OTHER_BODY: row.other_body_id,
    }
    gone = find_gone(session, case, row, today=today)
    here = {chair: person for chair, person in named.items() if person is not None and chair not in gone}
    away = list_away(session, set(here.values()), today=today)
    return {chair: person for chair, person in here.items() if person not in away}


def _seats(row: StageTwo) -> int:
    return {Way.JOINT_PANEL: 2, Way.OTHER_BODY: 1}.get(row.way, 0) if row.way is not None else 0


def _there(session: Session, case: Case, body_id: str, *, today: date) -> list[Person]:
    """Who works on reviews in another body and can decide this one."""
    kept_away = reviewed_before(session, case)
    return [one for one in list_officers(session, case, today=today, body_id=body_id) if one.id not in kept_away]


def _kept_away(session: Session, case: Case) -> frozenset[str]:
    facts = facts_of(session, case)
    asked = frozenset({facts.requester_person_id} if facts.requester_person_id else ())
    return facts.excluded | asked | reviewed_before(session, case)


def _decides(session: Session, actor: Actor, case: Case, row: StageTwo, today: date) -> bool:
    if actor.person_id in _kept_away(session, case):
        return False
    if row.way is Way.OTHER_BODY:
        return row.other_body_id in officer_bodies(actor, CaseKind.REVIEW)
    person = get_person(session, actor.person_id)
    if actor.person_id == row.employer_chair_id:
        return why_not_employer(session, case, person, today=today) is None
    return actor.person_id == row.union_chair_id and why_not_union(session, case, person, today=today) is None
