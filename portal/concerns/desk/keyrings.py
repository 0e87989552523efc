"""A reader's keyring after it was made: other recovery words, passkeys, or a new one in place of one that is lost.

What changes how a keyring opens is signed with the key inside it (FORMAT.md section 5): a session alone cannot do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.age import check_shape, sealed_size
from anonymity.encoding import from_b64u, from_json
from anonymity.errors import CannotOpen
from anonymity.keyring import KEYRING_SIZE
from anonymity.keys import check_signature
from portal.concerns.desk.service import KEYS_EXIST, add_keys, read_keys
from portal.concerns.models import RecipientKey, RecipientPasskey
from portal.concerns.queries import find_key, find_live_key
from portal.core import ids
from portal.core.errors import Conflict, NotFound
from portal.core.text import msg
from portal.identity.actor import Actor

MOST_PASSKEYS = 8
TOO_MANY = msg("You have eight passkeys for your keys already. Remove one first.")

LONGEST_CREDENTIAL = 1_023
SALT_BYTES, PROOF_BYTES = 32, 64

_PROOF_LABEL = b"porth:v1:keyring\0"
_PASSKEY = frozenset({"credential", "keyring", "proof", "salt", "transports", "v"})
_TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


@dataclass(frozen=True, slots=True)
class Resealed:
    """A keyring sealed anew: the file, and the signature by the key inside it."""

    file: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Passkey:
    """What a browser needs to ask for a passkey again, all of it public, and the keyring sealed to its secret."""

    credential: bytes
    salt: bytes
    transports: tuple[str, ...]
    keyring: Resealed


def read_resealed(octets: bytes) -> Resealed:
    """A keyring under other recovery words, as a device sends it; raises CannotOpen."""
    return _resealed(from_json(octets, keys=frozenset({"keyring", "proof", "v"})))


def read_passkey(octets: bytes) -> Passkey:
    """A passkey's public handle and the keyring sealed to it, as a device sends them; raises CannotOpen.

    There is no member in which anything else of the passkey could come: what its device derives the unlocking secret
    from (``clientExtensionResults``) never leaves that device.
    """
    found = from_json(octets, keys=_PASSKEY)
    credential, transports = found["credential"], found["transports"]
    if type(credential) is not str or type(transports) is not list or not set(map(str, transports)) <= _TRANSPORTS:
        raise CannotOpen
    length = len(credential) * 3 // 4
    if not 1 <= length <= LONGEST_CREDENTIAL or transports != sorted(set(transports)):
        raise CannotOpen
    salt = from_b64u(found["salt"], SALT_BYTES)
    return Passkey(from_b64u(credential, length), salt, tuple(transports), _resealed(found))


def _resealed(found: Mapping[str, Any]) -> Resealed:
    if found["v"] != 1:
        raise CannotOpen
    file = from_b64u(found["keyring"], sealed_size(KEYRING_SIZE))
    check_shape(file, size=KEYRING_SIZE)
    return Resealed(file, from_b64u(found["proof"], PROOF_BYTES))


def change_words(session: Session, actor: Actor, octets: bytes) -> RecipientKey:
    """Keep the actor's keyring as other recovery words open it; the words before open nothing here any more."""
    resealed = read_resealed(octets)
    key = _own_key(session, actor)
    _check_proof(key, resealed)
    key.keyring = resealed.file
    return key


def add_passkey(session: Session, actor: Actor, octets: bytes, *, today: date) -> RecipientPasskey:
    """Keep the actor's keyring once more, as their passkey opens it."""
    read = read_passkey(octets)
    key = _own_key(session, actor)
    _check_proof(key, read.keyring)
    kept = list_passkeys(session, key)
    same = [passkey for passkey in kept if passkey.credential == read.credential]
    if len(kept) - len(same) >= MOST_PASSKEYS:
        raise Conflict(TOO_MANY)
    for passkey in same:
        session.delete(passkey)
    passkey = RecipientPasskey(
        id=ids.new_id(),
        owner_id=key.id,
        credential=read.credential,
        salt=read.salt,
        transports=",".join(read.transports),
        keyring=read.keyring.file,
        made_on=today,
    )
    session.add(passkey)
    session.flush()
    return passkey


def remove_passkey(session: Session, actor: Actor, passkey_id: str) -> None:
    """Forget one passkey of the actor's live key; NotFound for anybody else's."""
    key = _own_key(session, actor)
    found = session.get(RecipientPasskey, passkey_id)
    if found is None or found.owner_id != key.id:
        raise NotFound
    session.delete(found)
    session.flush()


def list_passkeys(session: Session, key: RecipientKey) -> list[RecipientPasskey]:
    """The passkeys of a key, in the order they were made."""
    asked = select(RecipientPasskey).where(RecipientPasskey.owner_id == key.id)
    return list(session.scalars(asked.order_by(RecipientPasskey.made_on, RecipientPasskey.id)))


def replace_keys(session: Session, actor: Actor, octets: bytes, *, today: date) -> tuple[RecipientKey, RecipientKey]:
    """End the actor's live key and keep a new one, not yet confirmed; the two of them, old first.

    The old key's passkeys go with it. Threads granted to the old key wait for a re-grant by somebody who reads them.
    """
    card, keyring = read_keys(octets)
    old = _own_key(session, actor)
    if old.key_id == card.key_id or find_key(session, card.key_id) is not None:
        raise Conflict(KEYS_EXIST)
    for passkey in list_passkeys(session, old):
        session.delete(passkey)
    old.ended_on = today
    session.flush()
    return old, add_keys(session, actor.person_id, card, keyring, today=today)


def _own_key(session: Session, actor: Actor) -> RecipientKey:
    key = find_live_key(session, actor.person_id)
    if key is None:
        raise NotFound
    return key


def _check_proof(key: RecipientKey, resealed: Resealed) -> None:
    check_signature(key.sign, resealed.proof, _PROOF_LABEL + resealed.file)
