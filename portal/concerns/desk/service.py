"""A reader's keys and answers. The server keeps public halves and sealed files; it cannot open either."""

from datetime import date

from sqlalchemy.orm import Session

from anonymity.age import check_shape, sealed_size
from anonymity.encoding import from_b64u, from_json, members, to_json
from anonymity.errors import CannotOpen
from anonymity.fingerprint import Card, read_card
from anonymity.keyring import KEYRING_SIZE
from anonymity.receipt import Lane
from anonymity.submission import Submission, read_desk_reply
from portal.concerns.arriving import incoming
from portal.concerns.cards import EMPLOYERS_SIDE, UNIONS_SIDE, list_cards
from portal.concerns.desk.duty import bodies_read_by
from portal.concerns.models import RecipientKey
from portal.concerns.queries import find_key, find_live_key, list_keys_of
from portal.core import ids
from portal.core.errors import Conflict, NotFound
from portal.core.text import msg
from portal.identity.actor import Actor
from portal.mailbox import service as mailbox
from portal.mailbox.models import SealedCase
from portal.mailbox.queries import find_by_locator, find_notes, get_case_for_key
from portal.mailbox.rules import notes_hashes
from portal.mailbox.service import HEAD_MOVED, IncomingCase

LONGEST_KEYS = 8_192

KEYS_EXIST = msg("You have keys already. A second device opens them with the same ten recovery words.")


def read_keys(octets: bytes) -> tuple[Card, bytes]:
    """A public card and the sealed keyring as a device sends them; raises CannotOpen."""
    found = from_json(octets, keys=frozenset({"card", "keyring", "v"}))
    if found["v"] != 1:
        raise CannotOpen
    card = read_card(to_json(members(found["card"], frozenset({"recipient", "sign", "v"}))))
    keyring = from_b64u(found["keyring"], sealed_size(KEYRING_SIZE))
    check_shape(keyring, size=KEYRING_SIZE)
    return card, keyring


def keep_keys(session: Session, actor: Actor, octets: bytes, *, today: date) -> RecipientKey:
    """Keep the actor's first keys; Conflict when they have live ones. Sending the same twice keeps them once."""
    card, keyring = read_keys(octets)
    live = find_live_key(session, actor.person_id)
    if live is not None:
        if live.key_id == card.key_id:
            return live
        raise Conflict(KEYS_EXIST)
    if find_key(session, card.key_id) is not None:
        raise Conflict(KEYS_EXIST)
    return add_keys(session, actor.person_id, card, keyring, today=today)


def add_keys(session: Session, person_id: str, card: Card, keyring: bytes, *, today: date) -> RecipientKey:
    """Store a person's keys as new and not yet confirmed."""
    key = RecipientKey(
        id=ids.new_id(),
        person_id=person_id,
        key_id=card.key_id,
        recipient=card.recipient.text,
        sign=card.sign_key,
        keyring=keyring,
        made_on=today,
    )
    session.add(key)
    session.flush()
    return key


def open_thread(session: Session, actor: Actor, case_id: bytes) -> SealedCase:
    """A thread whose current epoch the actor holds, of a body they read for today; NotFound otherwise."""
    case = get_case_for_key(session, case_id, own_key_ids(session, actor))
    if case.body_id not in bodies_read_by(session, actor):
        raise NotFound
    return case


def add_item(session: Session, actor: Actor, case_id: bytes, octets: bytes, *, today: date) -> bool:
    """Put a reader's sealed answer behind the head of a thread they hold; False when it is there already, Conflict when
    its epoch has passed."""
    reply = read_desk_reply(octets)
    if reply.case != case_id:
        raise CannotOpen
    case = open_thread(session, actor, case_id)
    if reply.epoch != case.epoch:
        raise Conflict(HEAD_MOVED)
    is_new = mailbox.append_item(session, case, incoming(reply.item), today=today)
    mailbox.acknowledge(case)
    return is_new


def begin_notes(session: Session, actor: Actor, submission: Submission, *, anew: bool, today: date) -> bool:
    """Keep a new lane of readers only. False when it, or one of its ids, is there already.

    Its grants go to live keys of one side, the actor's own among them: representatives, or the employer's readers.
    False also when a colleague was quicker and let the actor in, unless they begin ``anew`` because that does not open.
    Nobody takes the place of notes that somebody else begins.
    """
    if submission.body not in bodies_read_by(session, actor):
        raise NotFound
    cards = list_cards(session, submission.body, today=today)
    keys, own = {grant.key_id for grant in submission.grants}, own_key_ids(session, actor)
    side = UNIONS_SIDE if submission.lane is Lane.UNION_NOTES else EMPLOYERS_SIDE
    live = {card.key_id for card in cards if card.side == side}
    if not keys <= live or not keys & set(own):
        raise CannotOpen
    if not anew and find_notes(session, submission.lane.value, submission.locator_hash, own):
        return False
    places = notes_hashes(submission.lane.value, submission.locator_hash, own[0])
    place = next((one for one in places if _is_free(session, one, submission.case)), places[-1])
    return mailbox.store_case(
        session,
        IncomingCase(
            case_id=submission.case,
            body_id=submission.body,
            locator_hash=place,
            recipient=submission.recipient.text,
            grants={grant.key_id: grant.file for grant in submission.grants},
            item=incoming(submission.item),
            is_notes=True,
        ),
        today=today,
    )


def _is_free(session: Session, place: bytes, case_id: bytes) -> bool:
    """Nobody's, or this very thread's: sent twice, it is kept once."""
    found = find_by_locator(session, place)
    return found is None or found.case_id == case_id


def own_key_ids(session: Session, actor: Actor) -> list[bytes]:
    """The id of the key that the actor uses, if there is one: what an earlier key held has to be granted anew."""
    live = find_live_key(session, actor.person_id)
    return [live.key_id] if live else []


def ended_key_ids(session: Session, actor: Actor) -> list[bytes]:
    """The ids of the keys that the actor had before."""
    return [key.key_id for key in list_keys_of(session, actor.person_id) if key.ended_on is not None]
