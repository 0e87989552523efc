"""Leaving somebody out: by an officer, by their own word, or for a wish. What they held goes on at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.affairs import affair_of, world_about
from portal.cases.board import list_addresses
from portal.cases.locking import hold
from portal.cases.models import Case, Exclusion
from portal.cases.officers import addressee_of, list_officers, write_to
from portal.cases.queries import facts_of, find_assigned
from portal.cases.reasons import reason_of
from portal.cases.routing.destinations import choose, rungs
from portal.cases.routing.exclusions import bans
from portal.cases.routing.given import Given, Rung
from portal.cases.rules import Duty, ExclusionSource, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.directory.models import Person
from portal.directory.queries import get_person, list_role_holders
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.subject_access.after.reopening import may_handle
from portal.subject_access.asking.leaving import ANSWERED, keep_away, keep_away_for, may_read, wish_context
from portal.subject_access.asking.models import LeftOut, Wish
from portal.subject_access.asking.rules import Ground, Outcome
from portal.subject_access.material.models import Material, MaterialCopy, ScanFinding
from portal.subject_access.material.service import void_clearance
from portal.subject_access.officer.models import NobodyLeft
from portal.subject_access.searching.passing import pass_on
from portal.subject_access.searching.planning import barred_from
from portal.subject_access.searching.queries import get_own_task
from portal.subject_access.service import tell

OFFICER = {Relation.OFFICER}
NOT_STAFF = pmsg("error", "Nobody at this employer has this email address in the directory")
WRITE_TO_THE_PERSON = pmsg("error", "Write to the person why nobody is left out")
OWN_PAGE = pmsg("error", "To step back yourself, use the page for that")


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of it: who works on the request now, how many searches nobody has, whether no officer is left."""

    handler: Person | None
    orphans: int
    is_nobody_left: bool


def leave_out(
    session: Session, actor: Actor, case: Case, person: Person, ground: Ground, because: Words, *, desk: Desk
) -> Passed:
    """An officer leaves somebody of the body out, with a reason. A second time changes nothing."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    if person.id == actor.person_id:
        raise Refused(OWN_PAGE)
    if person.body_id != case.body_id:
        raise Refused(NOT_STAFF)
    return settle(turn, keep_away(turn, person.id, ground, source=ExclusionSource.SYSTEM, because=because))


def step_back(session: Session, actor: Actor, case: Case, ground: Ground, because: Words, *, desk: Desk) -> Passed:
    """An officer says that they must not work on a request, and never sees it again."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    return settle(turn, keep_away(turn, actor.person_id, ground, source=ExclusionSource.SELF, because=because))


def step_back_from_search(
    session: Session, actor: Actor, task_id: str, ground: Ground, because: Words, *, desk: Desk
) -> Passed:
    """Somebody who searches or confirms says that they must not. Another's task is NotFound."""
    task = get_own_task(session, actor, task_id)
    case = session.get_one(Case, task.case_id)
    hold(session, case)
    get_own_task(session, actor, task_id)
    turn = Turn(session, actor, case, Relation.SEARCHER, desk)
    return settle(turn, keep_away(turn, actor.person_id, ground, source=ExclusionSource.SELF, because=because))


def answer_wish(
    session: Session, actor: Actor, case: Case, wish: Wish, person: Person | None, answer: Words, *, desk: Desk
) -> Wish:
    """Say who is meant, who is left out with it, or why nobody is. NotFound for whom the words may mean themselves."""
    turn = take_turn(session, actor, case, OFFICER, desk=desk)
    session.refresh(wish)
    if wish.case_id != case.id or not may_read(wish, get_person(session, actor.person_id), desk.vault):
        raise NotFound
    if wish.outcome is not None or wish.taken_back_at is not None:
        raise Conflict(ANSWERED)
    if person is None and not answer:
        raise Refused(WRITE_TO_THE_PERSON)
    if person is not None:
        if person.id == actor.person_id:
            raise Refused(OWN_PAGE)
        if person.body_id != case.body_id:
            raise Refused(NOT_STAFF)
        settle(turn, keep_away_for(turn, person.id, wish))
    wish.outcome = Outcome.NOBODY if person is None else Outcome.LEFT_OUT
    wish.answered_at, wish.answered_by = desk.now, turn.account_id
    wish.answer = desk.vault.seal(answer, context=wish_context("answer", wish.id)) if answer else None
    session.flush()
    turn.record("left_out_answered")
    tell(session, case, desk, "case_news")
    return wish


def settle(turn: Turn, left_out: LeftOut) -> Passed:
    """Whatever somebody held goes to somebody else; where nobody may, those who can appoint somebody are told."""
    session, case, desk = turn.session, turn.case, turn.desk
    officers = list_left(session, case, desk=desk)
    if left_out.passed_on_at is None:
        left_out.passed_on_at = desk.now
        session.flush()
        near = _left_out_with_them(session, case)
        orphans = 0
        for person_id in (left_out.person_id, *near):
            orphans += len(pass_on(session, case, person_id, desk=desk)) if case.is_open else 0
            _void_clearances(session, case, person_id)
        if case.is_open and (left_out.had_case or near):
            pass_case(session, case, officers, desk)
        if orphans:
            handler = find_assigned(session, case, Duty.HANDLER)
            for one in [handler] if handler is not None else officers:
                write_to(session, one, "access_search_nobody", desk)
        if case.is_open and not officers and tell_nobody_left(session, case, desk=desk):
            session.merge(NobodyLeft(case_id=case.id, told_at=desk.now))
    else:
        orphans = 0
    return Passed(find_assigned(session, case, Duty.HANDLER), orphans, not officers)


def _left_out_with_them(session: Session, case: Case) -> Sequence[str]:
    """Who is left out because they are near to somebody who is."""
    derived = select(Exclusion.person_id).where(Exclusion.case_id == case.id, Exclusion.is_derived)
    return session.scalars(derived.order_by(Exclusion.person_id)).all()


def list_left(session: Session, case: Case, *, desk: Desk) -> list[Person]:
    """The officers of the body who may still work on a case."""
    barred = barred_from(session, case)
    return [one for one in list_officers(session, {case.body_id}, today=desk.today) if one.id not in barred]


def is_everybody_left_out(session: Session, case: Case, *, desk: Desk) -> bool:
    """Whether nobody may work on a case because officers were left out of it, and not because there are none."""
    officers = {one.id for one in list_officers(session, {case.body_id}, today=desk.today)}
    return officers <= barred_from(session, case) and bool(officers & facts_of(session, case).excluded)


def is_only_theirs(session: Session, case: Case, *, desk: Desk) -> bool:
    """Whether the person who asks is the only officer there is: nobody works on their own request."""
    officers = {one.id for one in list_officers(session, {case.body_id}, today=desk.today)}
    return officers == {case.requester_person_id}


def tell_nobody_left(session: Session, case: Case, *, desk: Desk) -> int:
    """The board's list and the administrators hear that somebody has to be appointed; never who is left out.

    Where there are none of these, the independent officers and the responsible managers. Gives how many were told.
    """
    kept_away = barred_from(session, case)
    secret = {get_person(session, person_id).email.casefold() for person_id in kept_away}
    told = _holders_of(session, case, [RoleName.ADMINISTRATOR], kept_away, desk)
    for address in list_addresses(session, case.body_id):
        if address.email.casefold() not in secret:
            told.setdefault(address.email, Addressee(address.email, None))
    if not told:
        told = _holders_of(session, case, [RoleName.INDEPENDENT_OFFICER, RoleName.RESPONSIBLE_MANAGER], kept_away, desk)
    for to in told.values():
        queue(session, vault=desk.vault, to=to, template="access_nobody_left", values={}, now=desk.now)
    return len(told)


def tell_readers(session: Session, case: Case, wish: Wish, *, desk: Desk) -> None:
    """Those who may read a wish hear that it waits: who handles the request, or each officer; else who appoints one."""
    readers = [one for one in list_left(session, case, desk=desk) if may_read(wish, one, desk.vault)]
    handler = find_assigned(session, case, Duty.HANDLER)
    mine = [one for one in readers if handler is not None and one.id == handler.id]
    for one in mine or readers:
        write_to(session, one, "access_wish", desk)
    if not readers:
        tell_nobody_left(session, case, desk=desk)
    wish.told_at = desk.now


def pass_case(session: Session, case: Case, officers: Sequence[Person], desk: Desk) -> None:
    """To the officer whom the rule book says, of these; to one who is away rather than to nobody."""
    if find_assigned(session, case, Duty.HANDLER) is not None:
        return
    chosen = choose_among(session, case, {one.id for one in officers}, desk)
    if chosen is not None:
        person, why = get_person(session, chosen.person_id), reason_of(chosen)
        cases.assign(session, Relation.PORTAL, case, person, Duty.HANDLER, desk=desk, why=why)
        write_to(session, person, "access_handed_over", desk)
    else:
        hand_back = Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk)
        hand_back.tell("hand_back", msg("Nobody works on the request now"), visible=False)


def choose_handler(session: Session, case: Case, desk: Desk) -> Given | None:
    """The officer whom the rule book says."""
    return choose_among(session, case, {one.id for one in list_left(session, case, desk=desk)}, desk)


def choose_among(session: Session, case: Case, people: Collection[str], desk: Desk) -> Given | None:
    """Of these people; nobody who decided what is looked at a second time."""
    may = {one for one in people if may_handle(session, case, one)}
    affair = affair_of(session, case)
    world = world_about(session, affair, today=desk.today, counting=case.kind)
    steps = [Rung(one.why, tuple(seat for seat in one.seats if seat.person_id in may)) for one in rungs(world, affair)]
    return choose(world, affair, [one for one in steps if one.seats], bans(world, affair))


def _holders_of(
    session: Session, case: Case, roles: Sequence[RoleName], kept_away: frozenset[str], desk: Desk
) -> dict[str, Addressee]:
    return {
        person.email: addressee_of(person)
        for role in roles
        for _holding, person in list_role_holders(session, role=role, body_id=case.body_id, today=desk.today)
        if person.id not in kept_away
    }


def _void_clearances(session: Session, case: Case, person_id: str) -> None:
    """What somebody who is left out cleared or confirmed as the second person, somebody else does."""
    accounts = set(session.scalars(select(Account.id).where(Account.person_id == person_id)))
    seen = select(ScanFinding).join(MaterialCopy, MaterialCopy.id == ScanFinding.copy_id)
    mine = seen.join(Material).where(Material.case_id == case.id, ScanFinding.second_by.in_(accounts))
    for finding in session.scalars(mine):
        finding.second_by = finding.second_at = None
    cleared = select(Material).where(Material.case_id == case.id, Material.cleared_by.in_(accounts))
    for item in session.scalars(cleared):
        void_clearance(item)
        item.version += 1
