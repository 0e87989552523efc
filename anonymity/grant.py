"""The case identity, sealed to one reader: what lets a person into a thread (FORMAT.md section 6)."""

from dataclasses import dataclass

from anonymity.age import open_sealed, seal
from anonymity.encoding import from_b64u, from_json, one_of, to_b64u, to_json, whole
from anonymity.errors import CannotOpen
from anonymity.keys import Identity, Recipient
from anonymity.plaintext import Secret
from anonymity.receipt import Lane

GRANT_SIZE, CASE_BYTES, LAST_EPOCH = 512, 16, 999
_KEYS = frozenset({"v", "author", "case", "epoch", "lane", "seed"})
_LANES = frozenset(Lane)


@dataclass(frozen=True, eq=False)
class Grant:
    """A case identity at an epoch, and `opener`, the Ed25519 public key that must have signed the first item.

    `opener` stands next to the seed, which the server never has, so the server cannot put its own opening there.
    """

    case: bytes
    epoch: int
    lane: Lane
    identity: Identity
    opener: bytes


def seal_grant(grant: Grant, reader: Recipient) -> bytes:
    """The grant as an age file (2,171 bytes) for one reader."""
    content = {
        "v": 1,
        "author": to_b64u(grant.opener),
        "case": to_b64u(grant.case),
        "epoch": grant.epoch,
        "lane": grant.lane.value,
        "seed": to_b64u(grant.identity.seed.reveal()),
    }
    return seal(to_json(content), reader, size=GRANT_SIZE)


def open_grant(file: bytes, identity: Identity, *, case: bytes, epoch: int) -> Grant:
    """The grant that was delivered for this case and epoch. Raises CannotOpen."""
    members = from_json(open_sealed(file, identity, size=GRANT_SIZE), keys=_KEYS)
    whole(members["v"], 1, 1)
    grant = Grant(
        case=from_b64u(members["case"], CASE_BYTES),
        epoch=whole(members["epoch"], 0, LAST_EPOCH),
        lane=Lane(one_of(members["lane"], _LANES)),
        identity=Identity(Secret(from_b64u(members["seed"], 32))),
        opener=from_b64u(members["author"], 32),
    )
    if grant.case != case or grant.epoch != epoch:
        raise CannotOpen
    return grant
