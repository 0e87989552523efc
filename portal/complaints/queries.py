"""Reads of complaints. Which cases somebody may read, ``cases.queries`` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, Exclusion
from portal.cases.officers import OFFICER_ROLES
from portal.cases.queries import facts_of, get_case
from portal.cases.rules import ON_A_COMPLAINT, CaseKind, Relation, relations, works_on_complaint
from portal.complaints.models import (
    Complaint,
    ComplaintDecision,
    ComplaintFile,
    ComplaintLink,
    ComplaintReading,
    ComplaintRemedy,
    Enquiry,
    RegulatorMatter,
    RegulatorRequest,
)
from portal.complaints.rules import LOOKED, Looked, Outcome
from portal.complaints.steps import takes
from portal.core.clock import london_day
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Message, Words, pmsg
from portal.core.vault import Vault
from portal.directory.models import Person, RoleHolding
from portal.identity.actor import Actor
from portal.identity.models import Account

TEAM = pmsg("who looked at a request", "Data protection team")
ASKED = pmsg("who looked at a request", "Somebody who was asked a question or given a task")
BY_NAME = pmsg("who looked at a request", "Somebody named to handle complaints about the data protection team")


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who looked: the day, who in plain words, a name only where the post is shown by name, and at what."""

    on_day: date
    role: Message
    post: Bilingual | None
    name: str
    parts: tuple[Message, ...]


def get_own(session: Session, actor: Actor, reference: str) -> Case:
    """The actor's own complaint."""
    case = get_case(session, actor, reference)
    if case.kind is not CaseKind.COMPLAINT or case.requester_person_id != actor.person_id:
        raise NotFound
    return case


def get_for_desk(session: Session, actor: Actor, reference: str) -> Case:
    """A complaint that the actor works on. One about the body's officers is for those it was given to by name."""
    case = get_case(session, actor, reference)
    facts = facts_of(session, case)
    if case.kind is not CaseKind.COMPLAINT or Relation.OFFICER not in relations(actor, facts):
        raise NotFound
    if get_complaint(session, case).is_about_office and not works_on_complaint(actor, facts):
        raise NotFound
    return case


def get_complaint(session: Session, case: Case) -> Complaint:
    """What the case complains of."""
    found = session.get(Complaint, case.id)
    if found is None:
        raise NotFound
    return found


def works_by_name(session: Session, actor: Actor) -> bool:
    """Whether somebody has been given a complaint by name, though they may be no officer."""
    given = select(Case.id).where(Case.kind == CaseKind.COMPLAINT, _by_name(actor))
    return session.scalars(given.limit(1)).first() is not None


def open_to(actor: Actor) -> ColumnElement[bool]:
    """What ``get_for_desk`` says, for lists and counts: an officer who came later knows of no complaint about the
    office, whether the portal has left them out by now or not."""
    return or_(Case.id.not_in(select(Complaint.case_id).where(Complaint.is_about_office)), _by_name(actor))


def list_closed_to(session: Session, actor: Actor) -> tuple[str, ...]:
    """The few complaints about an office that an officer of it must neither see nor count."""
    return tuple(session.scalars(select(Case.id).where(Case.kind == CaseKind.COMPLAINT, ~open_to(actor))))


def _by_name(actor: Actor) -> ColumnElement[bool]:
    return Case.id.in_(
        select(Assignment.case_id).where(
            Assignment.person_id == actor.person_id,
            Assignment.duty.in_(ON_A_COMPLAINT),
            Assignment.ended_at.is_(None),
        )
    )


def list_links(session: Session, case: Case) -> Sequence[ComplaintLink]:
    """What a complaint is about."""
    found = select(ComplaintLink).where(ComplaintLink.case_id == case.id)
    return session.scalars(found.order_by(ComplaintLink.about_reference, ComplaintLink.id)).all()


def list_linked_cases(session: Session, case: Case) -> Sequence[Case]:
    """The cases that a complaint is about, as far as they are still there."""
    found = select(Case).join(ComplaintLink, ComplaintLink.about_case_id == Case.id)
    return session.scalars(found.where(ComplaintLink.case_id == case.id).order_by(Case.reference)).all()


def find_linkable(session: Session, body_id: str, person_id: str | None, reference: str) -> Case | None:
    """The request of a person at a body by its reference: theirs, or of somebody without an account as they are."""
    case = session.scalars(select(Case).where(Case.reference == reference, Case.body_id == body_id)).one_or_none()
    if case is None or case.kind is CaseKind.COMPLAINT or case.requester_person_id not in {None, person_id}:
        return None
    return case


def list_files(session: Session, case: Case) -> Sequence[ComplaintFile]:
    """The files of a complaint, in the order in which they came."""
    found = select(ComplaintFile).where(ComplaintFile.case_id == case.id)
    return session.scalars(found.order_by(ComplaintFile.added_at, ComplaintFile.id)).all()


def list_enquiries(session: Session, case: Case) -> Sequence[Enquiry]:
    """Every question of a complaint, in the order in which it was asked."""
    found = select(Enquiry).where(Enquiry.case_id == case.id)
    return session.scalars(found.order_by(Enquiry.asked_at, Enquiry.id)).all()


def list_remedies(session: Session, case: Case) -> Sequence[ComplaintRemedy]:
    """What is put right, soonest first."""
    found = select(ComplaintRemedy).where(ComplaintRemedy.case_id == case.id)
    return session.scalars(found.order_by(ComplaintRemedy.due_on, ComplaintRemedy.id)).all()


def list_decisions(session: Session, case: Case) -> Sequence[ComplaintDecision]:
    """Every outcome that was written, newest first."""
    found = select(ComplaintDecision).where(ComplaintDecision.case_id == case.id)
    return session.scalars(found.order_by(ComplaintDecision.proposed_at.desc(), ComplaintDecision.id)).all()


def find_waiting(session: Session, case: Case) -> ComplaintDecision | None:
    """The outcome that waits for the second person."""
    return next((one for one in list_decisions(session, case) if one.decided_by is None), None)


def find_sent(session: Session, case: Case) -> ComplaintDecision | None:
    """The outcome that was sent last."""
    return next((one for one in list_decisions(session, case) if one.is_approved), None)


def list_sent(session: Session, case: Case) -> list[tuple[Outcome, date]]:
    """Every outcome that was sent, on its day, the one that stands first."""
    decided = [(one.outcome, one.decided_at) for one in list_decisions(session, case) if one.is_approved]
    return [(outcome, london_day(at)) for outcome, at in decided if at is not None]


def list_matters(session: Session, case: Case) -> Sequence[RegulatorMatter]:
    """When the complaint was with the Information Commission, newest first."""
    found = select(RegulatorMatter).where(RegulatorMatter.case_id == case.id)
    return session.scalars(found.order_by(RegulatorMatter.went_on.desc(), RegulatorMatter.id)).all()


def list_requests(session: Session, matter: RegulatorMatter) -> Sequence[RegulatorRequest]:
    """What the Information Commission asked for, soonest first."""
    found = select(RegulatorRequest).where(RegulatorRequest.matter_id == matter.id)
    return session.scalars(found.order_by(RegulatorRequest.due_on, RegulatorRequest.id)).all()


def list_own_work(session: Session, actor: Actor) -> list[tuple[Enquiry | ComplaintRemedy, Case]]:
    """The questions and tasks of somebody, those that wait first, soonest first. Nothing else of a complaint."""
    asked = session.execute(
        select(Enquiry, Case)
        .join(Case, Case.id == Enquiry.case_id)
        .where(Enquiry.person_id == actor.person_id, _is_still_asked())
    )
    given = session.execute(
        select(ComplaintRemedy, Case)
        .join(Case, Case.id == ComplaintRemedy.case_id)
        .where(ComplaintRemedy.person_id == actor.person_id, ComplaintRemedy.given_at.is_not(None))
    )
    rows: list[tuple[Enquiry | ComplaintRemedy, Case]] = [(one, case) for one, case in asked]
    rows.extend((one, case) for one, case in given)
    return sorted(rows, key=lambda row: (is_settled(*row), row[0].due_on, row[0].id))


def _is_still_asked() -> ColumnElement[bool]:
    """What the portal asks the handler goes from whoever was left out of the complaint since."""
    left_out = exists().where(Exclusion.case_id == Enquiry.case_id, Exclusion.person_id == Enquiry.person_id)
    return or_(Enquiry.asked_by.is_not(None), ~left_out)


def is_done(work: Enquiry | ComplaintRemedy) -> bool:
    """Whether a question is answered, or a task done."""
    return (work.answer if isinstance(work, Enquiry) else work.done_on) is not None


def is_settled(work: Enquiry | ComplaintRemedy, case: Case) -> bool:
    """Whether nothing waits for its answer: it came, or nobody works on the complaint any more."""
    verb = "answer" if isinstance(work, Enquiry) else "finish"
    return is_done(work) or not takes(verb, case.state, is_open=case.is_open)


def count_own_work(session: Session, actor: Actor) -> int | None:
    """How many wait; None for somebody who was never asked."""
    rows = list_own_work(session, actor)
    return sum(not is_settled(*row) for row in rows) if rows else None


def get_own_enquiry(session: Session, actor: Actor, enquiry_id: str) -> Enquiry:
    """A question that was put to the actor."""
    own = select(Enquiry).where(Enquiry.id == enquiry_id, Enquiry.person_id == actor.person_id, _is_still_asked())
    found = session.scalars(own).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_own_remedy(session: Session, actor: Actor, remedy_id: str) -> ComplaintRemedy:
    """A task that was given to the actor."""
    found = session.get(ComplaintRemedy, remedy_id)
    if found is None or found.person_id != actor.person_id or found.given_at is None:
        raise NotFound
    return found


def open_words(row: object, column: str, vault: Vault) -> Words:
    """One sealed column of any row of this room; empty where nothing was written."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=context_of(row, column)) if sealed is not None else Words("")


def context_of(row: object, column: str) -> str:
    """What a sealed column is bound to: its table, its name and its row."""
    key = row.case_id if isinstance(row, Complaint) else row.id  # type: ignore[attr-defined]
    return f"{row.__tablename__}.{column}:{key}"  # type: ignore[attr-defined]


def list_looks(session: Session, case: Case) -> list[Look]:
    """Who opened the complaint, latest day first, in roles and posts."""
    rows = session.execute(
        select(ComplaintReading, Person)
        .join(Account, Account.id == ComplaintReading.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(ComplaintReading.case_id == case.id)
        .order_by(ComplaintReading.on_day.desc(), Person.id, ComplaintReading.part)
    ).all()
    lines: dict[tuple[date, str, bool], list[Looked]] = {}
    people = {person.id: person for _reading, person in rows}
    for reading, person in rows:
        lines.setdefault((reading.on_day, person.id, reading.part is Looked.TASK), []).append(reading.part)
    posts = _posts(session, case, list(people))
    return [
        _look(on_day, people[person_id], posts.get(person_id), parts)
        for (on_day, person_id, _is_task), parts in lines.items()
    ]


def _look(on_day: date, person: Person, holding: RoleHolding | None, parts: Sequence[Looked]) -> Look:
    said = tuple(LOOKED[part] for part in Looked if part in parts)
    if Looked.TASK in parts:
        return Look(on_day, ASKED, None, "", said)
    post = Bilingual(holding.post_cy, holding.post_en) if holding is not None and holding.post_cy else None
    name = person.display_name if holding is not None and holding.shown_by_name else ""
    return Look(on_day, TEAM if holding is not None else BY_NAME, post, name, said)


def _posts(session: Session, case: Case, person_ids: Sequence[str]) -> dict[str, RoleHolding]:
    found = session.scalars(
        select(RoleHolding)
        .where(
            RoleHolding.person_id.in_(person_ids),
            RoleHolding.body_id == case.body_id,
            RoleHolding.role.in_(OFFICER_ROLES),
        )
        .order_by(RoleHolding.started_on, RoleHolding.id)
    )
    return {holding.person_id: holding for holding in found}
