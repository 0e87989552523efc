"""Sealing on the server for visitors without script, and putting away what devices sealed. Nothing here logs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from anonymity.attachment import Attachment
from anonymity.fingerprint import Card
from anonymity.grant import CASE_BYTES
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.receipt import Code, Lane, lane_keys, lane_locator, locator_hash
from anonymity.reporting import Concern, raise_concern
from anonymity.submission import Reply, SealedItem, Submission
from portal.concerns.queries import About
from portal.concerns.reporting.attaching import Taken, Target
from portal.concerns.reporting.forms import ConcernForm
from portal.concerns.rules import Reader
from portal.core.errors import Conflict, NotFound
from portal.mailbox import filing
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import find_by_locator
from portal.mailbox.service import HEAD_MOVED, IncomingCase, IncomingItem
from portal.web.anonymous import Visit

_CASE_LABEL = b"porth:form:case\0"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is sealed, about what, and on which day."""

    form: ConcernForm
    about: SealedAbout
    today: date


def case_of(code: Code, lane: Lane) -> bytes:
    """The case id of a thread that the page without script begins: random to everybody without the receipt.

    A form that is sent twice, the second time after half of it was stored, makes the same threads again.
    """
    seed = code.derive(f"{lane.value}:locator")
    return hashlib.sha256(_CASE_LABEL + lane.value.encode() + seed).digest()[:CASE_BYTES]


def sealed_about(about: About) -> SealedAbout:
    """What a concern is about, as its opening names it."""
    return SealedAbout(about.body.id, SealedMatter(about.kind), about.subject)


def target_of(form: ConcernForm) -> Target:
    """Where the files of a concern go: to its first thread."""
    lane = form.parts[0].lane
    return Target(case_of(form.code, lane), lane_keys(form.code, lane).identity.recipient, form.tells_names)


def seal_here(subject: Subject, files: Sequence[Attachment] = ()) -> tuple[Submission, ...]:
    """Seal a typed concern in memory, for its readers and its receipt. The concern itself comes first."""
    form = subject.form
    main, *beside = form.parts
    sealed = []
    for part in form.parts:
        concern = Concern(
            about=subject.about,
            text=part.text,
            name=part.name,
            lang=form.lang.value,
            day=subject.today,
            readers=tuple(card_of(reader) for reader in part.readers),
            left_out=form.left_out,
            files=tuple(files) if part is main else (),
        )
        sealed.append(
            raise_concern(
                concern,
                form.code,
                lane=part.lane,
                sealed_by=SealedBy.SERVER,
                case=case_of(form.code, part.lane),
                beside=case_of(form.code, main.lane) if part in beside else None,
            )
        )
    return tuple(sealed)


def put_away(visit: Visit, submissions: Sequence[Submission], files: Sequence[Taken]) -> None:
    """Store what was sealed here, each thread in a transaction of its own: nothing shows that two belong together.

    The concern itself is stored last: once it is there, everything is.
    """
    main, *beside = submissions
    for submission in beside:
        with visit.database.writing() as session:
            store(session, submission, today=visit.today)
    with visit.database.writing() as session:
        file_all(session, visit, main.case, files)
        store(session, main, today=visit.today)


def file_all(session: Session, visit: Visit, case: bytes, files: Sequence[Taken]) -> None:
    """Note the files that lie on the shelf for a thread."""
    for one in files:
        incoming = filing.IncomingFile(one.attachment.blob, case, one.sealed_bytes)
        filing.file_away(session, incoming, one.place, most_waiting=visit.settings.most_waiting, today=visit.today)


def store(session: Session, submission: Submission, *, today: date) -> bool:
    """Put a submission away. False when its locator is there already."""
    return mailbox.store_case(
        session,
        IncomingCase(
            case_id=submission.case,
            body_id=submission.body,
            locator_hash=submission.locator_hash,
            recipient=submission.recipient.text,
            grants={grant.key_id: grant.file for grant in submission.grants},
            item=incoming(submission.item),
        ),
        today=today,
    )


def is_stored(session: Session, code: Code, *, for_union: bool) -> bool:
    """Whether a form with this receipt was sent before: its concern itself is there, for everybody or the union."""
    return find_lane(session, code, Lane.UNION if for_union else Lane.JOINT) is not None


def add_reply(session: Session, reply: Reply, *, today: date) -> None:
    """Put the reporter's item behind the head of their thread; NotFound, or Conflict when the head has moved."""
    case = find_by_locator(session, locator_hash(reply.locator or b""))
    if case is None:
        raise NotFound
    if case.epoch != reply.epoch:
        raise Conflict(HEAD_MOVED)
    mailbox.append_item(session, case, incoming(reply.item), today=today)


def find_lane(session: Session, code: Code, lane: Lane) -> SealedCase | None:
    """The thread of a receipt's lane."""
    return find_by_locator(session, locator_hash(lane_locator(code, lane)))


def card_of(reader: Reader) -> Card:
    """The public key card of a reader."""
    return Card(Recipient.from_text(reader.recipient), reader.sign)


def incoming(item: SealedItem) -> IncomingItem:
    return IncomingItem(item.id, item.prev, item.file, item.files)
