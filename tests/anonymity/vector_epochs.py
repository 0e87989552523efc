"""Vectors of a thread whose readers change."""

import hashlib

from anonymity.encoding import to_b64u
from anonymity.item import Granted, Kind, SealedBy, seal_item
from anonymity.keys import Author, Identity
from anonymity.readership import in_order
from anonymity.receipt import Lane, lane_keys
from anonymity.reporting import opening_item
from tests.anonymity.vector_world import CASE, CODES, READERS, code, concern, item, keyring, readers, seed

OK, ALL_THREE, FIRST = "genuine", (1, 2, 3), ("person-1", "person-2")
START: list[list[object]] = [[OK, 0], [OK, 1], [OK, 2], [OK, 3]]
ORDERS: list[tuple[str, list[int], list[list[object]], int, tuple[int, ...], tuple[str, ...]]] = [
    ("everything", [0, 1, 2, 3, 4, 5, 6, 7], [[OK, n] for n in range(8)], 2, (2,), (*FIRST, "person-7")),
    ("the letting in is withheld", [0, 1, 3], [[OK, 0], [OK, 1], ["foreign", 2]], 0, (1, 2), FIRST),
    ("the new epoch is withheld", [0, 1, 2, 3, 5], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    (
        "two new epochs, the first withheld",
        [0, 1, 2, 3, 6, 7],
        [*START, ["foreign", 4], ["foreign", 5]],
        0,
        ALL_THREE,
        FIRST,
    ),
    (
        "somebody dropped speaks",
        [0, 1, 2, 3, 4, 8, 5],
        [*START, [OK, 4], ["foreign", 5], [OK, 6]],
        1,
        (2, 3),
        (*FIRST, "person-7"),
    ),
    ("an old epoch", [0, 1, 2, 3, 4, 9], [*START, [OK, 4], ["foreign", 5]], 1, (2, 3), (*FIRST, "person-7")),
    ("an epoch of a stranger", [0, 1, 2, 3, 10], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("dropped without a new epoch", [0, 1, 2, 3, 11], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("an epoch left out", [0, 1, 2, 3, 12], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("a new epoch that lets somebody in", [0, 1, 2, 3, 13], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("a reader leaves somebody out", [0, 1, 2, 3, 14], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("another recipient", [0, 1, 2, 3, 15], [*START, ["foreign", 4]], 0, ALL_THREE, FIRST),
    ("left out, nobody new", [0, 1, 2, 3, 16], [*START, [OK, 4]], 0, ALL_THREE, (*FIRST, "person-8")),
    ("a reader leaves", [0, 1, 2, 3, 17], [*START, [OK, 4]], 1, (1, 2), FIRST),
    (
        "two changes of the same head",
        [0, 1, 2, 3, 17, 4],
        [*START, [OK, 4], ["foreign", 5]],
        1,
        (1, 2),
        FIRST,
    ),
    (
        "a change replayed",
        [0, 1, 2, 3, 4, 2, 5],
        [*START, [OK, 4], ["replayed", 5], [OK, 6]],
        1,
        (2, 3),
        (*FIRST, "person-7"),
    ),
    (
        "a change before its time",
        [0, 2, 1, 3],
        [[OK, 0], ["reordered", 1], [OK, 2], ["foreign", 3]],
        0,
        (1, 2),
        FIRST,
    ),
    ("the opening last", [4, 0], [["foreign", 0], [OK, 1]], 0, (1, 2), FIRST),
    ("no opening", [1, 2, 4], [["foreign", 0], ["foreign", 1], ["foreign", 2]], 0, (), ()),
]
"""Why; files in the order of delivery; entries, epoch, granted and left out as the reading gives them."""


def make_thread() -> tuple[Author, dict[int, Identity], list[tuple[str, int, bytes]]]:
    """Whose thread it is, its seeds, and its age files: what each is, its epoch, its bytes.

    Readers 1 and 2 are in from the start; a reader lets 3 in; the reporter goes on without 1 and leaves person-7 out;
    2 goes on without 3. 9 was never let in.
    """
    keys = lane_keys(code(), Lane.JOINT)
    seeds = {0: keys.identity, 1: seed(1), 2: seed(2), 3: seed(3)}
    one, two, three, stranger = (keyring(n).author for n in (1, 2, 3, 9))
    made: list[tuple[str, int, bytes]] = []

    def add(what: str, author: Author, prev: int, epoch: int, **changes: object) -> None:
        before = hashlib.sha256(made[prev][2]).digest()
        if "readers" in changes:
            changes["kind"] = Kind.READERS
        body = "" if "readers" in changes else what
        written = item(author, before, body, epoch=epoch, **changes)
        made.append((what, epoch, seal_item(written, author, seeds[epoch].recipient)))

    opening = opening_item(concern(), code(), Lane.JOINT, SealedBy.DEVICE, case=CASE)
    made.append(("opening, 1 and 2 let in", 0, seal_item(opening, keys.author, keys.identity.recipient)))
    add("1 says something", one, 0, 0)
    add("1 lets 3 in", one, 1, 0, readers=readers(seeds[0], 1, 2, 3))
    add("3 says something", three, 2, 0)
    add("reporter goes on without 1", keys.author, 3, 1, readers=readers(seeds[1], 2, 3, left_out=("person-7",)))
    add("2 says something in epoch 1", two, 4, 1)
    add("2 goes on without 3", two, 5, 2, readers=readers(seeds[2], 2))
    add("reporter says something in epoch 2", keys.author, 6, 2)
    add("1, dropped, says something in epoch 1", one, 4, 1)
    add("2 says something in epoch 0 although epoch 1 began", two, 4, 0)
    add("stranger makes epoch 1", stranger, 3, 1, readers=readers(seeds[1], 9))
    add("1 drops 2 without a new epoch", one, 3, 0, readers=readers(seeds[0], 1, 3))
    add("1 jumps to epoch 2", one, 3, 2, readers=readers(seeds[2], 1, 2, 3))
    add("1 lets 9 in with a new epoch", one, 3, 1, readers=readers(seeds[1], 1, 2, 3, 9))
    add("1 leaves somebody out", one, 3, 0, readers=readers(seeds[0], 1, 2, 3, left_out=("person-8",)))
    add("1 names another recipient", one, 3, 1, readers=readers(seeds[3], 1, 2))
    add(
        "reporter only leaves somebody out",
        keys.author,
        3,
        0,
        readers=readers(seeds[0], 1, 2, 3, left_out=("person-8",)),
    )
    add("3 leaves", three, 3, 1, readers=readers(seeds[1], 1, 2))
    return keys.author, seeds, made


def epoch_vectors() -> dict[str, object]:
    """Age files of one thread with changes of readers, and what is made of them in which order."""
    opener, seeds, made = make_thread()
    return {
        "about": "deliver: pairs of file number and epoch it is delivered with. entries, epoch, granted (key ids) and "
        "left_out are what the reading gives, with all seeds held.",
        "case": CASE.hex(),
        "code": CODES[1].hex(),
        "lane": "joint",
        "opener": opener.sign_key.hex(),
        "seeds": {str(epoch): identity.seed.reveal().hex() for epoch, identity in seeds.items()},
        "files": [{"what": what, "epoch": epoch, "file": to_b64u(octets)} for what, epoch, octets in made],
        "orders": [
            {
                "why": why,
                "deliver": [[n, made[n][1]] for n in order],
                "entries": entries,
                "epoch": epoch,
                "granted": [to_b64u(one.key_id) for one in in_order(Granted.of(keyring(n).card) for n in people)],
                "left_out": sorted(left_out),
            }
            for why, order, entries, epoch, people, left_out in ORDERS
        ]
        + [
            {
                "why": "delivered as of another epoch",
                "deliver": [[0, 0], [1, 0], [2, 1]],
                "entries": [[OK, 0], [OK, 1], ["changed", 2]],
                "epoch": 0,
                "granted": [to_b64u(one.key_id) for one in in_order(Granted.of(keyring(n).card) for n in READERS)],
                "left_out": sorted(FIRST),
            }
        ],
    }
