"""The verbs of the records: ask an owner, put them together, freeze them, take third parties out, share them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import By, Relation
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.blobs import BlobStore
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.evidence.models import EvidenceItem, EvidencePack, Representation
from portal.decision_review.evidence.queries import (
    find_owner,
    find_side,
    find_unfrozen,
    item_context,
    list_items,
    list_reviewing,
    open_item,
)
from portal.decision_review.evidence.rules import KINDS, NEEDED, ItemKind, fingerprint_of
from portal.decision_review.evidence.versions import OVER, new_pack
from portal.decision_review.holding.queries import list_managers
from portal.decision_review.rules import MOST_DAYS_TO_ANSWER, State
from portal.decision_review.steps import STEPS, UNFINISHED
from portal.decision_review.telling import write_to, write_to_board, write_to_officers
from portal.directory.models import Person
from portal.directory.queries import get_person
from portal.identity.actor import Actor

OFFICERS = frozenset({Relation.OFFICER})
MOST_ITEMS = 60
NOBODY = pmsg("error", "Nobody is named for the records of this system. Write the work email address of who has them")
NOT_THEM = pmsg("error", "This person cannot be asked for the records of this request")
REVIEWS_IT = pmsg(
    "error",
    "This person reviews this request, and who reviews it cannot put the records together. Ask somebody else, or give "
    "the review to another reviewer first",
)
ONE_WAITS = pmsg("error", "The records were asked for already, and are not there yet")
FROZEN = pmsg("error", "The records are frozen. What comes later is a new version")
NOT_FROZEN = pmsg("error", "The records are not frozen yet")
SHARED = pmsg("error", "The worker has these records already. They cannot be changed any more")
NOT_LATE = pmsg("error", "The records are not late yet. Wait until their day is over")
ENOUGH = pmsg("error", "There are enough items. Put what is left into one file")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was sealed as it came in, bound to the item's id."""

    blob_id: str
    file_name: Words
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as typed. ``item_id`` is the form's id."""

    item_id: str
    kind: ItemKind
    label: Words
    lang: Locale
    value: Words | None = None
    as_of: date | None = None
    source: Words | None = None
    file: NewFile | None = None


def request(
    session: Session, by: By, case: Case, owner: Person | None, sent: Sent, *, desk: Desk
) -> EvidencePack | None:
    """Ask an owner for the records, or for more of them. Without one, the register says whom."""
    if was_sent(session, case, sent):
        return find_unfrozen(session, case)
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if find_unfrozen(session, case) is not None:
        raise Refused(ONE_WAITS)
    if case.state not in UNFINISHED:
        raise Refused(OVER)
    asked = owner or find_owner(session, case, today=desk.today)
    if asked is None:
        raise Refused(NOBODY)
    _check_owner(session, case, asked)
    pack = new_pack(session, case, asked, desk)
    if case.state in STEPS["request_pack"].froms:
        cases.take_step(session, by, case, STEPS["request_pack"], desk=desk, form_id=sent.form_id)
    else:
        turn.tell("records_wanted", msg("More records of the decision were asked for"), event_id=sent.form_id)
    write_to(session, asked, "review_records_asked", desk=desk)
    tell(session, case, desk, "case_news")
    return pack


def give_to(session: Session, by: By, case: Case, pack: EvidencePack, owner: Person, *, desk: Desk) -> None:
    """Somebody else has the records: they are asked instead. Its day stays."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    _check_unfrozen(session, pack)
    _check_owner(session, case, owner)
    if pack.owner_id != owner.id:
        pack.owner_id = owner.id
        session.flush()
        turn.tell("records_given", msg("Somebody else was asked for the records"), visible=False)
        write_to(session, owner, "review_records_asked", desk=desk)


def add_item(session: Session, actor: Actor, case: Case, pack: EvidencePack, new: NewItem, *, desk: Desk) -> None:
    """One item more, by who is asked for the records or by an officer. A second POST of the same form adds nothing."""
    turn = _putting_together(session, actor, case, pack, desk)
    if session.get(EvidenceItem, new.item_id) is not None:
        return
    _check_unfrozen(session, pack)
    count = len(list_items(session, pack, with_output=True))
    if count >= MOST_ITEMS:
        raise Refused(ENOUGH)

    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=item_context(column, new.item_id)) if words else None

    file = new.file
    session.add(
        EvidenceItem(
            id=new.item_id,
            pack_id=pack.id,
            kind=new.kind,
            position=count + 1,
            label=sealed("label", new.label),
            lang=new.lang.value,
            value=sealed("value", new.value),
            blob_id=file.blob_id if file else None,
            file_name=sealed("file_name", file.file_name) if file else None,
            media_type=file.media_type if file else "",
            size=file.size if file else 0,
            as_of=new.as_of,
            source=sealed("source", new.source),
            added_by=actor.account_id,
            added_at=desk.now,
        )
    )
    session.flush()
    turn.record("record_added")


def remove_item(session: Session, actor: Actor, case: Case, item: EvidenceItem, *, desk: Desk) -> str | None:
    """Take an item out before the records are frozen. The id of its file, which the caller deletes."""
    pack = session.get_one(EvidencePack, item.pack_id)
    turn = _putting_together(session, actor, case, pack, desk)
    _check_unfrozen(session, pack)
    if item.kind is ItemKind.REGISTER_VERSION:
        raise NotFound
    session.delete(item)
    session.flush()
    turn.record("record_removed")
    return item.blob_id


def freeze(session: Session, actor: Actor, case: Case, pack: EvidencePack, blobs: BlobStore, *, desk: Desk) -> None:
    """Nothing in it changes from here on; the fingerprint proves it. A second time changes nothing."""
    turn = _putting_together(session, actor, case, pack, desk)
    if pack.frozen_at is not None:
        return
    items = list_items(session, pack, with_output=True)
    missing = [kind for kind in NEEDED if kind not in {item.kind for item in items}]
    if (pack.number == 1 and missing) or not items:
        kind = KINDS[missing[0] if missing else ItemKind.INPUT]
        raise Refused(pmsg("error", "This is missing: {kind}. If there was none, add it and say so", kind=kind))
    pack.fingerprint = fingerprint_of(_parts(item, blobs, desk) for item in items)
    pack.frozen_at, pack.frozen_by = desk.now, actor.account_id
    session.flush()
    turn.tell("records_frozen", msg("The records of the decision were put together and frozen"))
    write_to_officers(session, case, desk=desk)


def check(session: Session, pack: EvidencePack, blobs: BlobStore, *, desk: Desk) -> bool:
    """Whether frozen records are still what they were."""
    items = list_items(session, pack, with_output=True)
    return pack.fingerprint == fingerprint_of(_parts(item, blobs, desk) for item in items)


def _parts(item: EvidenceItem, blobs: BlobStore, desk: Desk) -> Sequence[str | bytes]:
    opened = [open_item(item, column, desk.vault) for column in ("label", "value", "file_name", "source")]
    file = b"".join(blobs.read(item.blob_id, context=item_context("blob_id", item.id))) if item.blob_id else b""
    words = [one.reveal() if one is not None else "" for one in opened]
    as_of = item.as_of.isoformat() if item.as_of else ""
    return (item.id, item.kind.value, *words, as_of, item.register_version_id or "", file)


def share(session: Session, by: By, case: Case, pack: EvidencePack, sent: Sent, *, desk: Desk) -> None:
    """Give frozen records to the worker, without third parties. With the first version their side opens."""
    if was_sent(session, case, sent):
        return
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    session.refresh(pack, with_for_update=True)
    if pack.frozen_at is None:
        raise Refused(NOT_FROZEN)
    if pack.shared_at is not None:
        raise Refused(SHARED)
    pack.shared_at = desk.now
    if case.state == State.EVIDENCE_WAIT:
        cases.take_step(session, by, case, STEPS["share_pack"], desk=desk, form_id=sent.form_id)
    else:
        said = msg("Records that came later were shared with the worker")
        turn.tell("records_shared", said, event_id=sent.form_id)
        for reviewer in sorted(list_reviewing(session, case)):
            write_to(session, get_person(session, reviewer), "review_task", desk=desk)
    open_side(session, case, desk=desk)
    tell(session, case, desk, "case_news")


def go_on(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> None:
    """The records are late: the review does not wait for them."""
    if was_sent(session, case, sent):
        return
    take_turn(session, by, case, OFFICERS, desk=desk)
    waiting = find_unfrozen(session, case)
    if waiting is None or waiting.due_on >= desk.today:
        raise Refused(NOT_LATE)
    cases.take_step(session, by, case, STEPS["go_on"], desk=desk, form_id=sent.form_id)
    open_side(session, case, desk=desk)
    tell(session, case, desk, "case_news")


def open_side(session: Session, case: Case, *, desk: Desk) -> Representation:
    """The worker's side is open: ten days, until they choose fewer or more."""
    known = find_side(session, case)
    if known is not None:
        return known
    side = Representation(
        case_id=case.id,
        days=MOST_DAYS_TO_ANSWER,
        opened_on=desk.today,
        until_on=desk.today + timedelta(days=MOST_DAYS_TO_ANSWER),
    )
    session.add(side)
    session.flush()
    return side


def chase(session: Session, case: Case, pack: EvidencePack, *, desk: Desk) -> bool:
    """The records are late: the responsible managers hear of it, the officers, and the worker reads it. Once. Of those
    that an officer adds, the officers hear."""
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    session.refresh(pack, with_for_update=True)
    if pack.frozen_at is not None or pack.escalated_at is not None or pack.due_on >= desk.today:
        return False
    pack.escalated_at = desk.now
    session.flush()
    if pack.owner_id is None:
        turn.tell("own_records_late", msg("Records that an officer adds are late"), visible=False)
        write_to_officers(session, case, desk=desk)
        return True
    turn.tell("records_late", msg("The records of the decision are late. The responsible manager was told"))
    managers = [asked.person for asked in list_managers(session, case, today=desk.today) if asked.person is not None]
    owner = [get_person(session, pack.owner_id)] if pack.owner_id else []
    for person in {one.id: one for one in (*managers, *owner)}.values():
        write_to(session, person, "review_records_asked", desk=desk)
    if not managers:
        write_to_board(session, case, "review_records_late", desk=desk)
    write_to_officers(session, case, desk=desk)
    tell(session, case, desk, "case_news")
    return True


def _putting_together(session: Session, actor: Actor, case: Case, pack: EvidencePack, desk: Desk) -> Turn:
    """The turn of who is asked for the records, who stands to the case by that alone; or of an officer."""
    if pack.case_id != case.id:
        raise NotFound
    if pack.owner_id != actor.person_id:
        turn = take_turn(session, actor, case, OFFICERS, desk=desk)
    else:
        session.flush()
        session.refresh(case, with_for_update=True)
        if not case.is_open or actor.person_id in facts_of(session, case).excluded:
            raise NotFound
        turn = Turn(session, actor, case, Relation.OWNER, desk)
    session.refresh(pack, with_for_update=True)
    return turn


def _check_owner(session: Session, case: Case, person: Person) -> None:
    if person.id in list_reviewing(session, case):
        raise Refused(REVIEWS_IT)
    facts = facts_of(session, case)
    if person.id in facts.excluded | {facts.requester_person_id} or person.body_id != case.body_id:
        raise Refused(NOT_THEM)


def _check_unfrozen(session: Session, pack: EvidencePack) -> None:
    session.refresh(pack, with_for_update=True)
    if pack.frozen_at is not None:
        raise Conflict(FROZEN)
