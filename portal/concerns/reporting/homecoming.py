"""Coming back without script: what ten words open, in memory and for one answer; and what is added to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from anonymity.attachment import Attachment
from anonymity.errors import CannotOpen, LeftOut
from anonymity.fingerprint import Card
from anonymity.item import About as SealedAbout
from anonymity.item import Opening, SealedBy
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import RECEIPT_LANES, Code, Lane
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery, Said, Seat, reporter_seat
from anonymity.submission import Submission
from anonymity.thread import Delivered, Thread
from portal.concerns.cards import Card as LiveCard
from portal.concerns.cards import list_cards
from portal.concerns.changing import make_change
from portal.concerns.reporting.attaching import Taken, Target
from portal.concerns.reporting.service import case_of, file_all, find_lane, incoming
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale
from portal.mailbox import service as mailbox
from portal.mailbox.epochs import NOT_SO
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import has_item, list_grants, list_items
from portal.mailbox.rules import REPORTER_KEY
from portal.mailbox.service import HEAD_MOVED
from portal.web.anonymous import Visit

TRIES = 3
Put = Callable[[Session, SealedCase], None]
"""What has been sealed, to be put into its thread."""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """One lane, opened in memory for one answer."""

    lane: Lane
    seat: Seat
    thread: Thread
    case: SealedCase

    @property
    def is_writable(self) -> bool:
        """The epoch that the server names is the one that the thread's authors made, and it opens."""
        return self.thread.epoch == self.seat.epoch and self.seat.epoch in self.seat.identities

    @property
    def is_restartable(self) -> bool:
        """Somebody began an epoch that does not open here; the reporter can go on behind it."""
        return self.seat.may_pass_over(self.thread) and self.thread.opening is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reporter's reply as typed. ``item_id`` came with the page: sent twice, it is added once."""

    item_id: bytes
    text: Plaintext
    lang: Locale
    files: tuple[Taken, ...] = ()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(one.attachment for one in self.files)


@dataclass(frozen=True, slots=True)
class Change:
    """Who is to be let in, or to be dropped, by key."""

    item_id: bytes
    lang: Locale
    add: frozenset[bytes] = frozenset()
    drop: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """What everybody is to read that the union alone has read so far."""

    text: Plaintext
    people: tuple[LiveCard, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)


def open_threads(session: Session, code: Code) -> list[OpenThread]:
    """Open what a receipt opens, in memory. Both lanes are always looked for."""
    found = [(lane, find_lane(session, code, lane)) for lane in RECEIPT_LANES]
    return [_opened(session, code, lane, case) for lane, case in found if case is not None]


def open_thread(session: Session, code: Code, lane: Lane) -> OpenThread:
    """One lane of a receipt; NotFound without it."""
    return _opened(session, code, lane, _case(session, code, lane))


def is_there(session: Session, opened: OpenThread, item_id: bytes) -> bool:
    """Whether what this form adds was added already."""
    return has_item(session, opened.case.case_id, item_id)


def target_of(opened: OpenThread) -> Target:
    """Where the files of a reply go."""
    return Target(opened.case.case_id, opened.seat.recipient, tells_names=False)


def write_reply(visit: Visit, code: Code, lane: Lane, reply: Answer) -> None:
    """Seal and add the reporter's reply; signs again when somebody was quicker. NotFound without such a lane."""

    def prepare(session: Session, opened: OpenThread) -> Put | None:
        if has_item(session, opened.case.case_id, reply.item_id):
            return None
        item = opened.seat.write(
            opened.thread,
            reply.text,
            lang=reply.lang.value,
            day=visit.today,
            sealed_by=SealedBy.SERVER,
            item_id=reply.item_id,
            files=reply.attachments,
        )

        def put(session: Session, case: SealedCase) -> None:
            file_all(session, visit, case.case_id, reply.files)
            mailbox.append_item(session, case, incoming(item), today=visit.today)

        return put

    _place(visit, code, lane, prepare)


def change_readers(visit: Visit, code: Code, lane: Lane, change: Change) -> None:
    """Let somebody in, or go on without somebody. Refused when nobody would be left, or somebody is left out."""
    today = visit.today

    def prepare(session: Session, opened: OpenThread) -> Put | None:
        if has_item(session, opened.case.case_id, change.item_id):
            return None
        cards = {card.key_id: _person(card) for card in list_cards(session, opened.case.body_id, today=today)}
        said = Said(change.lang.value, today, SealedBy.SERVER)
        try:
            if change.drop:
                stay = [cards[one.key_id] for one in opened.thread.granted if one.key_id in cards.keys() - change.drop]
                made = start_epoch(opened.seat, opened.thread, _at_least_one(stay), said, item_id=change.item_id)
            else:
                newcomers = _at_least_one([cards[key] for key in change.add if key in cards])
                made = add_readers(opened.seat, opened.thread, newcomers, said, item_id=change.item_id)
        except (CannotOpen, LeftOut, ValueError):
            raise Refused(NOT_SO) from None
        return lambda session, case: make_change(session, case, made, maker=None, today=today)

    _place(visit, code, lane, prepare)


def seal_for_everybody(session: Session, code: Code, share: Share, *, lang: Locale, today: date) -> Submission:
    """Begin the thread with everybody, from the receipt of one that the union alone has read so far."""
    union = open_thread(session, code, Lane.UNION)
    opening = opening_of(union)
    concern = Concern(
        about=SealedAbout(opening.about.body, opening.about.kind, opening.about.subject),
        text=share.text,
        name=None,
        lang=lang.value,
        day=today,
        readers=tuple(_person(card).card for card in share.people),
        left_out=share.left_out,
    )
    case = case_of(code, Lane.JOINT)
    return raise_concern(concern, code, lane=Lane.JOINT, sealed_by=SealedBy.SERVER, case=case)


def opening_of(opened: OpenThread) -> Opening:
    """What the thread began with; NotFound when that is not to be had."""
    if opened.thread.opening is None:
        raise NotFound
    return opened.thread.opening


def _place(visit: Visit, code: Code, lane: Lane, prepare: Callable[[Session, OpenThread], Put | None]) -> None:
    """Open and seal while others may write, then put it there; and once more when somebody was quicker.

    Opening a long thread takes a second or two, and on SQLite there is one writer at a time.
    """
    for tried in range(1, TRIES + 1):
        with visit.database.reading() as session:
            put = prepare(session, open_thread(session, code, lane))
        if put is None:
            return
        try:
            with visit.database.writing() as session:
                put(session, _case(session, code, lane))
            return
        except Conflict as conflict:
            if conflict.message is not HEAD_MOVED or tried == TRIES:
                raise


def _case(session: Session, code: Code, lane: Lane) -> SealedCase:
    case = find_lane(session, code, lane)
    if case is None:
        raise NotFound
    return case


def _at_least_one(people: Sequence[PersonCard]) -> Sequence[PersonCard]:
    if not people:
        raise ValueError("nobody")
    return people


def _person(card: LiveCard) -> PersonCard:
    return PersonCard(card.person_id, Card(Recipient.from_text(card.recipient), card.sign))


def _opened(session: Session, code: Code, lane: Lane, case: SealedCase) -> OpenThread:
    items = tuple(Delivered(item.epoch, item.file) for item in list_items(session, case.case_id))
    own = list_grants(session, case.case_id, [REPORTER_KEY])
    grants = tuple(DeliveredGrant(grant.epoch, grant.file) for grant in own)
    delivery = Delivery(case.case_id, case.epoch, Recipient.from_text(case.recipient), grants, items)
    try:
        seat = reporter_seat(code, lane, delivery)
    except CannotOpen:
        raise NotFound from None
    return OpenThread(lane, seat, seat.read(items), case)
