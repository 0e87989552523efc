"""The first verb of a review: asking. What comes after is in the sub-packages, in the order of ``__init__``."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.authz.permissions import Permission
from portal.cases import service as cases
from portal.cases.authority import ask_for
from portal.cases.models import Case
from portal.cases.opener import check_opener
from portal.cases.queries import find_by_code
from portal.cases.representing import NewRepresentative
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.service import NewCase
from portal.cases.turn import Desk
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.models import ReviewRequest
from portal.decision_review.queries import words_context
from portal.decision_review.rules import Channel, State, Wanted
from portal.decision_review.steps import STEPS

LATE_REASON_MISSING = pmsg("error", "Say why the request is written down after the day it came")
OWN_LOG = pmsg("error", "This is you. To ask for a review of your own, use the page for workers")


@dataclass(frozen=True, slots=True)
class NewReview:
    """A request as typed and checked. ``case_id`` is the form's id. Without ``received_on`` it came today.

    ``exclusions`` are persons who were recognised in who must not see it; ``keep_away`` the words themselves.
    """

    case_id: str
    body_id: str
    system_id: str | None
    decision_point_id: str | None
    decided_on: date
    what_happened: Words
    wanted: tuple[Wanted, ...]
    wanted_words: Words
    locale: Locale
    since_on: date | None = None
    effect: Words | None = None
    effect_on: date | None = None
    companion: Words | None = None
    meeting_locale: Locale | None = None
    keep_away: Words | None = None
    exclusions: tuple[str, ...] = ()
    target_working_days: int = 0
    channel: Channel = Channel.PORTAL
    received_on: date | None = None
    late_reason: Words | None = None
    requester_person_id: str | None = None
    locator_hash: bytes | None = None
    name: Words | None = None
    contact: Words | None = None
    email: Words | None = None
    asker: NewRepresentative | None = None  # somebody who asks for the worker, who is not there


def submit(session: Session, by: By, new: NewReview, *, desk: Desk) -> Case:
    """Open the review and acknowledge it at once. A second POST of the same form gives the first case.

    Nothing is refused here and nothing is judged: what kind of review it is, an officer says later.
    """
    known = find_by_code(session, new.locator_hash) if new.locator_hash is not None else None
    if known is not None:
        return known
    check_opener(
        session,
        by,
        new,
        is_here=new.channel is Channel.PORTAL,
        writes_down=Permission.REVIEW_ASSIGN,
        own=OWN_LOG,
        late=LATE_REASON_MISSING,
        today=desk.today,
    )
    came = new.channel is Channel.PORTAL
    case = cases.open_case(
        session,
        by,
        NewCase(
            case_id=new.case_id,
            kind=CaseKind.REVIEW,
            body_id=new.body_id,
            state=State.SUBMITTED.value,
            received_on=new.received_on or desk.today,
            locale=new.locale,
            said=msg("A review was asked for") if came else msg("A review that was asked for was written down"),
            requester_person_id=new.requester_person_id,
            locator_hash=new.locator_hash,
            contact_email=new.email,
            system_id=new.system_id,
            exclusions=new.exclusions,
            target_working_days=new.target_working_days,
        ),
        desk=desk,
    )
    if session.get(ReviewRequest, case.id) is None:
        session.add(_request(case.id, new, desk))
        session.flush()
        if new.asker is not None:
            ask_for(session, case, new.asker, desk=desk)
        cases.take_step(session, Relation.PORTAL, case, STEPS["acknowledge"], desk=desk)
        tell(session, case, desk, "case_received")
    return case


def _request(case_id: str, new: NewReview, desk: Desk) -> ReviewRequest:
    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=words_context(column, case_id)) if words else None

    def always(column: str, words: Words) -> bytes:
        return desk.vault.seal(words, context=words_context(column, case_id))

    who = {key: words.reveal() for key, words in (("name", new.name), ("contact", new.contact)) if words is not None}
    return ReviewRequest(
        case_id=case_id,
        decision_point_id=new.decision_point_id,
        decided_on=new.decided_on,
        since_on=new.since_on,
        what_happened=always("what_happened", new.what_happened),
        effect=sealed("effect", new.effect),
        effect_on=new.effect_on,
        wanted=[wanted.value for wanted in new.wanted],
        wanted_words=always("wanted_words", new.wanted_words),
        companion=sealed("companion", new.companion),
        meeting_locale=new.meeting_locale.value if new.meeting_locale else None,
        keep_away=sealed("keep_away", new.keep_away),
        channel=new.channel,
        late_reason=sealed("late_reason", new.late_reason),
        who=desk.vault.seal(json.dumps(who).encode(), context=words_context("who", case_id)) if who else None,
        lang=new.locale.value,
    )
