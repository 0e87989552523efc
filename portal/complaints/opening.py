"""A complaint comes in: with its true day, acknowledged at once, given to somebody who stands apart, begun today."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.cases import holding
from portal.cases import service as cases
from portal.cases.authority import ask_for
from portal.cases.locking import hold_all
from portal.cases.models import Case
from portal.cases.officers import OFFICER_ROLES
from portal.cases.opener import check_opener
from portal.cases.queries import find_by_code
from portal.cases.representing import NewRepresentative
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.service import NewCase
from portal.cases.turn import Desk, take_turn
from portal.complaints.handling import NAMED, find_handler, give_to_somebody, keep_away
from portal.complaints.models import Complaint, ComplaintLink, Enquiry
from portal.complaints.queries import context_of, list_linked_cases
from portal.complaints.rules import ENQUIRY_WORKING_DAYS, Channel, State
from portal.complaints.steps import STEPS, acknowledge_step
from portal.core import ids
from portal.core.errors import NotFound
from portal.core.text import Bilingual, Locale, Words, msg, pmsg
from portal.directory.queries import list_role_holders
from portal.timelimits.events import EventKind

LATE_REASON_MISSING = pmsg("error", "Say why the complaint is written down after the day it came")
OWN_LOG = pmsg("error", "This is you. To complain yourself, use the page for workers")
OFFICE = Bilingual("Swyddog diogelu data", "Data protection officer")


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A complaint as read from its form. Without ``received_on`` it came today. Letters go out in ``answer_locale``."""

    case_id: str
    body_id: str
    what: Words
    locale: Locale
    answer_locale: Locale
    wanted: Words | None = None
    channel: Channel = Channel.PORTAL
    received_on: date | None = None
    late_reason: Words | None = None
    requester_person_id: str | None = None
    locator_hash: bytes | None = None
    name: Words | None = None
    reach: Words | None = None
    email: Words | None = None
    is_about_office: bool = False
    about: tuple[str, ...] = ()  # ids of cases
    about_unknown: tuple[str, ...] = ()  # references that somebody named and that are no request of theirs here
    system_ids: tuple[str, ...] = ()
    away_from: Words | None = None
    excluded: tuple[str, ...] = ()  # ids of persons
    asker: NewRepresentative | None = None  # somebody who complains for the person, who is not there


def submit(session: Session, by: By, new: NewComplaint, *, desk: Desk) -> Case:
    """Open a complaint: one's own, or one that an officer or manager writes down for somebody. Again gives the first.

    NotFound for a body that is not theirs; Refused for a day that has not come.
    """
    known = find_by_code(session, new.locator_hash) if new.locator_hash is not None else None
    if known is not None:
        return known
    _check_opener(session, by, new, desk)
    hold_all(session, [about for about in (session.get(Case, one) for one in set(new.about)) if about is not None])
    is_here = new.channel is Channel.PORTAL
    said = msg("The complaint came in") if is_here else msg("A complaint that came in was written down")
    case = cases.open_case(
        session,
        by,
        NewCase(
            case_id=new.case_id,
            kind=CaseKind.COMPLAINT,
            body_id=new.body_id,
            state=State.RECEIVED.value,
            received_on=new.received_on or desk.today,
            locale=new.answer_locale,
            said=said,
            requester_person_id=new.requester_person_id,
            locator_hash=new.locator_hash,
            contact_email=new.email,
            system_id=new.system_ids[0] if len(new.system_ids) == 1 else None,
            exclusions=new.excluded,
        ),
        desk=desk,
    )
    if session.get(Complaint, case.id) is None:
        _write(session, case, new, desk)
        if new.asker is not None:
            ask_for(session, case, new.asker, desk=desk)
        keep_away(session, case, desk=desk)
        for about in list_linked_cases(session, case):
            holding.keep_for(session, about.id, case, desk=desk)
        if can_be_told(case) or new.asker is not None:
            acknowledge(session, Relation.PORTAL, case, desk=desk)
        give_to_somebody(session, case, desk=desk)
        begin(session, case, desk=desk)
    return case


def acknowledge(
    session: Session, by: By, case: Case, *, desk: Desk, on: date | None = None, form_id: str | None = None
) -> None:
    """Acknowledge the complaint, with the role of who answers for it. A second time does nothing."""
    complaint = session.get_one(Complaint, case.id)
    step = acknowledge_step(case.state)
    turn = take_turn(session, by, case, step.who, desk=desk)
    if complaint.acknowledged_on is not None:
        return
    complaint.acknowledged_on = on or desk.today
    role = role_of(session, case, complaint, desk)
    said = msg("We acknowledge your complaint. Who answers for it here: {role}", role=role)
    turn.move(replace(step, clock=None), said=said, event_id=form_id)
    turn.clock(EventKind.ACKNOWLEDGED, on=complaint.acknowledged_on)
    tell(session, case, desk, "complaint_acknowledged")


def begin(session: Session, case: Case, *, desk: Desk) -> bool:
    """Begin the enquiries, the same day, if somebody handles it: the first question is to the handler."""
    handler = find_handler(session, case)
    if handler is None or case.state not in STEPS["enquire"].froms:
        return False
    cases.take_step(session, Relation.PORTAL, case, STEPS["enquire"], desk=desk)
    enquiry = Enquiry(
        id=ids.new_id(),
        case_id=case.id,
        person_id=handler.id,
        asked_at=desk.now,
        due_on=desk.calendar.later(desk.today, ENQUIRY_WORKING_DAYS),
    )
    session.add(enquiry)
    session.flush()
    return True


def can_be_told(case: Case) -> bool:
    """Whether the portal itself reaches the person: by account, by the ten words in their hand, or by email."""
    return bool(case.requester_person_id or case.locator_hash or case.contact_email)


def _check_opener(session: Session, by: By, new: NewComplaint, desk: Desk) -> None:
    """Workers complain to bodies they work or worked for; officers and managers write down what came to theirs."""
    check_opener(
        session,
        by,
        new,
        is_here=new.channel is Channel.PORTAL,
        writes_down=Permission.LOG_FOR_OTHERS,
        own=OWN_LOG,
        late=LATE_REASON_MISSING,
        today=desk.today,
    )


def _write(session: Session, case: Case, new: NewComplaint, desk: Desk) -> None:
    row = Complaint(
        case_id=case.id,
        channel=new.channel,
        lang=new.locale.value,
        is_about_office=new.is_about_office,
        told_on=case.received_on,
    )
    for column in ("what", "wanted", "name", "reach", "away_from", "late_reason"):
        words: Words | None = getattr(new, column)
        if words:
            setattr(row, column, desk.vault.seal(words, context=context_of(row, column)))
    session.add(row)
    session.flush()
    for case_id in dict.fromkeys(new.about):
        about = _linkable(session, case, case_id)
        session.add(
            ComplaintLink(id=ids.new_id(), case_id=case.id, about_case_id=about.id, about_reference=about.reference)
        )
    for reference in dict.fromkeys(new.about_unknown):
        session.add(ComplaintLink(id=ids.new_id(), case_id=case.id, about_reference=reference))
    for system_id in dict.fromkeys(new.system_ids):
        session.add(ComplaintLink(id=ids.new_id(), case_id=case.id, system_id=system_id))
    session.flush()


def _linkable(session: Session, case: Case, case_id: str) -> Case:
    """A case of the same body, and of nobody else; never another complaint."""
    about = session.get(Case, case_id)
    if about is None or about.body_id != case.body_id or about.kind is CaseKind.COMPLAINT:
        raise NotFound
    if about.requester_person_id is not None and about.requester_person_id != case.requester_person_id:
        raise NotFound
    return about


def role_of(session: Session, case: Case, complaint: Complaint, desk: Desk) -> Bilingual:
    """The post of who answers for complaints: the body's own words for it where it wrote any."""
    if complaint.is_about_office:
        return NAMED
    for role in OFFICER_ROLES:
        for holding_, _person in list_role_holders(session, role=role, body_id=case.body_id, today=desk.today):
            if holding_.post_cy and holding_.post_en:
                return Bilingual(holding_.post_cy, holding_.post_en)
    return OFFICE
