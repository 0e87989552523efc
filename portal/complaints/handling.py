"""Who handles a complaint: the portal looks at who had a hand in the matter, and gives it to somebody who had none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases import affairs
from portal.cases import service as cases
from portal.cases.affairs import SOURCES, world_about
from portal.cases.excluding import list_lifted
from portal.cases.handled import who_handled
from portal.cases.models import Case, Exclusion
from portal.cases.officers import OFFICER_ROLES, list_officers, write_to
from portal.cases.queries import facts_of, find_assigned
from portal.cases.reasons import Reason, reason_of
from portal.cases.routing.destinations import candidates, choose, rungs
from portal.cases.routing.exclusions import Affair, Conflict, bans
from portal.cases.routing.given import Given
from portal.cases.routing.people import OFFICERS, Office, Seat, World
from portal.cases.rules import By, CaseKind, Duty, ExclusionSource, Relation
from portal.cases.turn import Desk
from portal.complaints.models import ComplaintAlternate, ComplaintDecision, ComplaintLink, Enquiry
from portal.complaints.queries import get_complaint, list_linked_cases, list_links
from portal.complaints.rules import ENQUIRY_WORKING_DAYS
from portal.core.errors import Refused
from portal.core.text import Bilingual, Message, msg, pmsg
from portal.directory.models import Person, RoleHolding
from portal.directory.queries import get_person
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.models import Account

GIVEN: Mapping[Duty, Message] = {
    Duty.HANDLER: msg("The complaint was given to somebody who stands apart from the matter"),
    Duty.REVIEWER: msg("A second person was named for the outcome"),
}
NAMED = Bilingual(
    "Y person a enwyd gan y corff ar gyfer cwynion am y tîm diogelu data",
    "The person whom the body named for complaints about the data protection team",
)
NOT_APART = pmsg("error", "This person had a hand in the matter, or is left out of it. Choose somebody else")
YOU_ARE_NOT_APART = pmsg("error", "You had a hand in the matter that this complaint is about. Somebody else decides it")


def affair_of(session: Session, case: Case) -> Affair:
    """The complaint for the rule book. Too close is also who decided it before it was taken up again, and who is left
    out of what it is about."""
    is_about_office = get_complaint(session, case).is_about_office
    systems = [one.system_id for one in list_links(session, case) if one.system_id is not None]
    near = who_is_near(session, case.body_id, list_linked_cases(session, case), systems, office=is_about_office)
    known = affairs.affair_of(session, case)
    inherited = [Conflict(one, SOURCES[said]) for one, said in left_out_of_matter(session, case).items()]
    return replace(
        known,
        conflicts=(*known.conflicts, *inherited),
        handled=near | _deciders(session, case),
        about=frozenset(OFFICERS if is_about_office else ()),
    )


def who_is_near(
    session: Session, body_id: str, about: Sequence[Case], systems: Sequence[str], *, office: bool
) -> frozenset[str]:
    """Who handled what a complaint is about, or answers for its systems; about the office everybody who ever led it,
    whatever list they stand on."""
    known = {*systems, *(one.system_id for one in about if one.system_id is not None)}
    handled = set(_answer_for(session, body_id, known))
    for one in about:
        handled |= who_handled(session, one)
    return frozenset(handled | list_leaders(session, body_id) if office else handled)


def _answer_for(session: Session, body_id: str, systems: Collection[str]) -> frozenset[str]:
    """Who answers, or answered, for a system that the complaint or its matter is about: routing.md D1.2."""
    if not systems:
        return frozenset()
    answer = select(RoleHolding.person_id).where(
        RoleHolding.body_id == body_id,
        RoleHolding.role == RoleName.RESPONSIBLE_MANAGER,
        or_(RoleHolding.system_id.in_(sorted(systems)), RoleHolding.system_slug.is_(None)),
    )
    return frozenset(session.scalars(answer))


def left_out_of_matter(session: Session, case: Case) -> dict[str, ExclusionSource]:
    """Who is left out of what the complaint is about, and who said so: they are left out of the complaint as well."""
    linked = select(ComplaintLink.about_case_id).where(ComplaintLink.case_id == case.id)
    found: dict[str, ExclusionSource] = {}
    for one in session.scalars(select(Exclusion).where(Exclusion.case_id.in_(linked))):
        if found.get(one.person_id) is not ExclusionSource.REQUESTER:
            found[one.person_id] = one.source
    return found


def list_leaders(session: Session, body_id: str) -> frozenset[str]:
    """Who is or was a data protection officer or request handler of a body, deputies apart: nobody of them decides
    about that office, not even as the named officer of another body whom two bodies share."""
    led = select(RoleHolding.person_id).where(
        RoleHolding.body_id == body_id, RoleHolding.role.in_(OFFICER_ROLES), ~RoleHolding.is_deputy
    )
    return frozenset(session.scalars(led))


def list_alternates(session: Session, body_id: str) -> Sequence[Person]:
    """Who is named for complaints about the officers themselves, in their order."""
    named = select(Person).join(ComplaintAlternate, ComplaintAlternate.person_id == Person.id)
    return session.scalars(
        named.where(ComplaintAlternate.body_id == body_id).order_by(ComplaintAlternate.place, Person.id)
    ).all()


def list_candidates(session: Session, case: Case, desk: Desk) -> list[Person]:
    """Who may handle the complaint, as the rule book says."""
    affair = affair_of(session, case)
    found = candidates(_world(session, case, affair, desk), affair)
    return [get_person(session, one.person_id) for one in found]


def give_to_somebody(session: Session, case: Case, *, desk: Desk) -> Person | None:
    """Give the complaint to whom the rule book says; None if there is nobody, and the sweep tries again."""
    chosen = choose_handler(session, case, desk)
    if chosen is None:
        return None
    person = get_person(session, chosen.person_id)
    _give(session, Relation.PORTAL, case, person, Duty.HANDLER, desk=desk, why=reason_of(chosen))
    return person


def choose_handler(session: Session, case: Case, desk: Desk) -> Given | None:
    """Whom the rule book says."""
    affair = affair_of(session, case)
    world = _world(session, case, affair, desk)
    return choose(world, affair, rungs(world, affair), bans(world, affair))


def give_on(session: Session, by: By, case: Case, person: Person, desk: Desk, why: Reason) -> None:
    """To somebody whom the rule book says, from somebody who is not here; they hear of it by who asked for it."""
    _give(session, by, case, person, Duty.HANDLER, desk=desk, tells=False, why=why)


def named_seats(session: Session, body_id: str) -> list[Seat]:
    """Whom the body named for complaints about the officers themselves, for the rule book."""
    return [
        Seat(one.id, Office.NAMED_HANDLER, body_id, NAMED, place=place)
        for place, one in enumerate(list_alternates(session, body_id))
    ]


def _world(session: Session, case: Case, affair: Affair, desk: Desk) -> World:
    seats = named_seats(session, case.body_id)
    return world_about(session, affair, today=desk.today, seats=seats, counting=CaseKind.COMPLAINT)


def give(
    session: Session, by: By, case: Case, person: Person, *, desk: Desk, duty: Duty = Duty.HANDLER, tells: bool = True
) -> None:
    """Give the complaint to somebody who stands apart from it, and tell them. Refused for anybody else."""
    if person.id not in {one.id for one in list_candidates(session, case, desk)}:
        raise Refused(NOT_APART)
    _give(session, by, case, person, duty, desk=desk, tells=tells)


def _give(
    session: Session,
    by: By,
    case: Case,
    person: Person,
    duty: Duty,
    *,
    desk: Desk,
    tells: bool = True,
    why: Reason | None = None,
) -> None:
    cases.assign(session, by, case, person, duty, desk=desk, said=GIVEN[duty], why=why)
    if duty is Duty.HANDLER:
        _hand_first_question(session, case, person, desk)
    if tells:
        write_to(session, person, "complaint_given", desk)


def _hand_first_question(session: Session, case: Case, person: Person, desk: Desk) -> None:
    """What the portal asked the handler first is asked of whoever handles it now, with a day that they can meet."""
    waits = select(Enquiry).where(Enquiry.case_id == case.id, Enquiry.asked_by.is_(None), Enquiry.answered_at.is_(None))
    for enquiry in session.scalars(waits):
        if enquiry.person_id != person.id:
            enquiry.person_id = person.id
            enquiry.asked_at, enquiry.due_on = desk.now, desk.calendar.later(desk.today, ENQUIRY_WORKING_DAYS)
    session.flush()


def find_handler(session: Session, case: Case) -> Person | None:
    """Who handles it now."""
    return find_assigned(session, case, Duty.HANDLER)


def check_apart(session: Session, actor: Actor, case: Case, *, today: date) -> None:
    """Raises Refused where the actor had a hand in the matter, whenever that was, or is too close to it otherwise."""
    affair = affair_of(session, case)
    if actor.person_id in bans(world_about(session, affair, today=today, near={actor.person_id}), affair):
        raise Refused(YOU_ARE_NOT_APART)


def whom_to_keep_away(session: Session, case: Case, *, desk: Desk) -> frozenset[str]:
    """Who handled the matter, and of a complaint about the office all its officers, as far as they are not kept away
    yet. Whom the body named for such complaints, and who decided this one, is not among them."""
    away = set(affair_of(session, case).handled)
    if get_complaint(session, case).is_about_office:
        named = {one.id for one in list_alternates(session, case.body_id)}
        away |= {one.id for one in list_officers(session, {case.body_id}, today=desk.today)} - named
    away = (away - _deciders(session, case)) | (left_out_of_matter(session, case).keys() - list_lifted(session, case))
    return frozenset(away - facts_of(session, case).excluded - {case.requester_person_id or ""})


def keep_away(session: Session, case: Case, *, desk: Desk) -> int:
    """They see nothing of it from now on: no row, no count, no news. Gives how many are new."""
    away, left_out = whom_to_keep_away(session, case, desk=desk), left_out_of_matter(session, case)
    for person_id in sorted(away):
        source = left_out.get(person_id, ExclusionSource.SYSTEM)
        cases.exclude(session, Relation.PORTAL, case, person_id, source=source, desk=desk)
    return len(away)


def _deciders(session: Session, case: Case) -> frozenset[str]:
    """Who wrote or signed an outcome of this complaint that was sent."""
    people: set[str] = set()
    for account in (ComplaintDecision.proposed_by, ComplaintDecision.decided_by):
        signed = select(Account.person_id).join(ComplaintDecision, Account.id == account)
        people.update(
            session.scalars(signed.where(ComplaintDecision.case_id == case.id, ComplaintDecision.is_approved.is_(True)))
        )
    return frozenset(people)
