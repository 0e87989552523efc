"""Sealing on the server for visitors without script, and putting away what devices sealed. Nothing here logs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from anonymity.errors import CannotOpen
from anonymity.fingerprint import Card
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, lane_locator, locator_hash
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import Delivery, Seat, reporter_seat
from anonymity.submission import Reply, SealedItem, Submission
from anonymity.thread import Delivered, Thread
from portal.concerns.queries import About
from portal.concerns.reporting.forms import ConcernForm
from portal.concerns.rules import Reader
from portal.core.errors import Conflict, NotFound
from portal.core.text import Locale
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import find_by_locator, has_item, list_items
from portal.mailbox.service import IncomingCase, IncomingItem

TRIES = 3


@dataclass(frozen=True, slots=True)
class OpenThread:
    """One lane, opened in memory for one answer."""

    lane: Lane
    seat: Seat
    thread: Thread
    case: SealedCase


def seal_here(form: ConcernForm, about: About, *, today: date) -> Submission:
    """Seal a typed concern in memory, for its readers and its receipt."""
    concern = Concern(
        about=SealedAbout(about.body.id, SealedMatter(about.kind), about.subject),
        text=form.text,
        name=form.name,
        lang=form.lang.value,
        day=today,
        readers=tuple(card_of(reader) for reader in form.readers),
        left_out=form.left_out,
    )
    lane = Lane.UNION if form.only_union else Lane.JOINT
    return raise_concern(concern, form.code, lane=lane, sealed_by=SealedBy.SERVER)


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


def is_stored(session: Session, code: Code) -> bool:
    """Whether a form with this receipt was sent before."""
    return any(_found(session, code, lane) is not None for lane in (Lane.JOINT, Lane.UNION))


def add_reply(session: Session, reply: Reply, *, today: date) -> None:
    """Put the reporter's item behind the head of their thread; NotFound, or Conflict when the head has moved."""
    case = find_by_locator(session, locator_hash(reply.locator or b""))
    if case is None or case.epoch != reply.epoch:
        raise NotFound
    mailbox.append_item(session, case, incoming(reply.item), today=today)


def open_threads(session: Session, code: Code) -> list[OpenThread]:
    """Open what a receipt opens, in memory. Both lanes are always looked for."""
    found = [(lane, _found(session, code, lane)) for lane in (Lane.JOINT, Lane.UNION)]
    return [_opened(session, code, lane, case) for lane, case in found if case is not None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reporter's reply as typed. ``item_id`` came with the page: sent twice, it is added once."""

    item_id: bytes
    text: Plaintext
    lang: Locale


def write_reply(session: Session, code: Code, lane: Lane, reply: Answer, *, today: date) -> None:
    """Seal and add the reporter's reply; signs again when somebody was quicker. NotFound without such a lane."""
    for tried in range(1, TRIES + 1):
        case = _found(session, code, lane)
        if case is None:
            raise NotFound
        if has_item(session, case.case_id, reply.item_id):
            return
        opened = _opened(session, code, lane, case)
        item = opened.seat.write(
            opened.thread,
            reply.text,
            lang=reply.lang.value,
            day=today,
            sealed_by=SealedBy.SERVER,
            item_id=reply.item_id,
        )
        try:
            mailbox.append_item(session, case, incoming(item), today=today)
            return
        except Conflict:
            if tried == TRIES:
                raise


def card_of(reader: Reader) -> Card:
    """The public key card of a reader."""
    return Card(Recipient.from_text(reader.recipient), reader.sign)


def incoming(item: SealedItem) -> IncomingItem:
    return IncomingItem(item.id, item.prev, item.file)


def _found(session: Session, code: Code, lane: Lane) -> SealedCase | None:
    return find_by_locator(session, locator_hash(lane_locator(code, lane)))


def _opened(session: Session, code: Code, lane: Lane, case: SealedCase) -> OpenThread:
    items = tuple(Delivered(item.epoch, item.file) for item in list_items(session, case.case_id))
    delivery = Delivery(case.case_id, case.epoch, Recipient.from_text(case.recipient), (), items)
    try:
        seat = reporter_seat(code, lane, delivery)
    except CannotOpen:
        raise NotFound from None
    return OpenThread(lane, seat, seat.read(items), case)
