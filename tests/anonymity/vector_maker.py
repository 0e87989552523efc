"""Writes vectors.json, which both halves of the sealed channel run: `python -m tests.anonymity.vector_maker`.

What is deterministic is given exactly; age files are random, so they are given to be opened. Run it again only when
FORMAT.md or a word list has changed, and read the difference: a changed line is a changed format. The sealed part is
made anew only if the file is deleted first.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from anonymity.age import encrypt
from anonymity.encoding import pad, to_b64u, to_json
from anonymity.fingerprint import fingerprint
from anonymity.grant import Grant, seal_grant
from anonymity.item import (
    ITEM_SIZE,
    SealedBy,
    seal_item,
    sign_item,
)
from anonymity.keyring import seal_keyring
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import (
    RECEIPT_LANES,
    Lane,
    case_locator,
    lane_keys,
    locator_hash,
    recovery_identity,
    return_identity,
)
from anonymity.reporting import opening_item, raise_concern, raise_in_both
from anonymity.sealedfile import FileSealer, seal_file
from anonymity.seat import Delivery, Said, reporter_seat
from anonymity.submission import FileLookUp, Reply, SealedItem, look_up_json
from anonymity.text import cost, tidy, tidy_name
from anonymity.thread import Delivered
from tests.anonymity.vector_epochs import epoch_vectors
from tests.anonymity.vector_items import beside_vectors, items_vectors, notes_vectors
from tests.anonymity.vector_world import (
    CASE,
    CODES,
    DAY,
    OTHER_CASE,
    READERS,
    code,
    concern,
    file,
    keyring,
    message,
    seed,
)

VECTORS = Path(__file__).with_name("vectors.json")
RAW_TEXTS = [
    "Mae’r rota’n newid heb rybudd.\r\nPam?",
    '  a\tb\u2028c\u202e "q" \\ \n\n',
    "w\u0302y\u0302r \ufeffo\u0302l\x07",
    "👩‍💻 sgôr 0.3",
]


def code_vectors() -> list[dict[str, object]]:
    """Codes with their three spellings and everything they derive."""
    found = []
    for n, octets in enumerate(CODES):
        one = code(n)
        lanes = {
            lane.value: {
                "locator": keys.locator.hex(),
                "locator_hash": locator_hash(keys.locator).hex(),
                "identity": keys.identity.seed.reveal().hex(),
                "recipient_sha256": hashlib.sha256(keys.identity.recipient.text.encode()).hexdigest(),
                "author": keys.author.seed.reveal().hex(),
                "sign": keys.author.sign_key.hex(),
                "return": return_identity(one, lane).seed.reveal().hex(),
            }
            for lane in RECEIPT_LANES
            for keys in [lane_keys(one, lane)]
        }
        found.append(
            {
                "octets": octets.hex(),
                "cy": " ".join(one.words("cy")),
                "en": " ".join(one.words("en")),
                "digits": " ".join(one.digits),
                "lanes": lanes,
                "case_locator": case_locator(one).hex(),
                "recovery_identity": recovery_identity(one).seed.reveal().hex(),
            }
        )
    return found


def typed_vectors() -> list[dict[str, object]]:
    """What somebody might type, with the code it means or what is wrong with it."""
    cy, en, digits = list(code().words("cy")), list(code().words("en")), list(code().digits)
    right = [
        "-".join(cy).upper(),
        ", ".join(en).title(),
        "".join(digits),
        " ".join(cy[:5] + en[5:]),
        " ".join(digits[:3] + en[3:6] + cy[6:]),
        "\n".join(f"{i}. {word}" for i, word in enumerate(cy, 1)),
        "\u00a0".join(word[0] + "\u0302" + word[1:] for word in en),
        " " * 500 + " ".join(en),
    ]
    swapped = [en[1], en[0], *en[2:]]
    wrong = [
        (" ".join(en[:9]), "count", []),
        ("", "count", []),
        (" ".join([*en[:9], "zzzzzz"]), "words", [10]),
        (" ".join(["qq", *en[1:4], "2048", *en[5:]]), "words", [1, 5]),
        (" ".join([*en[:9], "123"]), "words", [10]),
        (" ".join(swapped), "check", []),
        (" " * 1025, "length", []),
        ("ŵ" * 513, "length", []),
    ]
    return [{"typed": text, "octets": CODES[1].hex()} for text in right] + [
        {"typed": text, "slip": slip, "positions": positions} for text, slip, positions in wrong
    ]


def reader_vectors() -> list[dict[str, object]]:
    """Readers' keys, cards and fingerprints."""
    return [
        {
            "identity_seed": (bytes([n]) * 32).hex(),
            "sign_seed": (bytes([n + 100]) * 32).hex(),
            "identity": keyring(n).identity.to_text().reveal().decode(),
            "card": keyring(n).card.to_json().decode(),
            "key_id": keyring(n).card.key_id.hex(),
            "fingerprint_cy": list(fingerprint(keyring(n).card.key_id, "cy")),
            "fingerprint_en": list(fingerprint(keyring(n).card.key_id, "en")),
        }
        for n in READERS
    ]


def text_vectors() -> list[dict[str, object]]:
    """Tidied texts and what they cost."""
    return [{"typed": raw, "tidy": tidy(raw), "name": tidy_name(raw), "cost": cost(tidy(raw))} for raw in RAW_TEXTS]


def json_vectors() -> dict[str, object]:
    """Canonical JSON that must be accepted as it is, and spellings that must be refused."""
    right = [{"b": 1, "a": [True, None, 'ŵ"\\\n'], "c": {}}, {"a": 2147483647, "aa": "\u2028"}]
    wrong = ['{"b":1,"a":2}', '{"a": 1}', '{"a":1,"a":1}', '{"a":"\\u0177"}', '{"a":"\\/"}', '{"a":1}\n', '{"a":1e0}']
    return {"values": [{"value": value, "json": to_json(value).decode()} for value in right], "refused": wrong}


def item_vector() -> dict[str, object]:
    """The opening, signed and padded, to the byte."""
    item = opening_item(concern(), code(), Lane.JOINT, SealedBy.DEVICE, case=CASE)
    content = sign_item(item, lane_keys(code(), Lane.JOINT).author)
    padded = pad(content, ITEM_SIZE)
    return {
        "case": CASE.hex(),
        "code": CODES[1].hex(),
        "lane": "joint",
        "json": content[64:].decode(),
        "signature": content[:64].hex(),
        "padded_sha256": hashlib.sha256(padded).hexdigest(),
        "padded_first_100": padded[:100].hex(),
    }


def thread_vectors() -> dict[str, object]:
    """Age files of one thread, and in which order they get which verdicts."""
    keys = lane_keys(code(), Lane.JOINT)
    opening = opening_item(concern(), code(), Lane.JOINT, SealedBy.DEVICE, case=CASE)
    files = [seal_item(opening, keys.author, keys.identity.recipient)]
    for author, body in [(keyring(1).author, "Thank you."), (keys.author, "Diolch."), (keyring(2).author, "Read.")]:
        files.append(message(author, hashlib.sha256(files[-1]).digest(), body))
    stranger = message(keyring(9).author, hashlib.sha256(files[0]).digest(), "I was never let in.")
    elsewhere = message(keyring(1).author, hashlib.sha256(files[0]).digest(), "Another case.", case=OTHER_CASE)
    flipped = files[1][:9000] + bytes([files[1][9000] ^ 1]) + files[1][9001:]
    after_bad = message(keys.author, hashlib.sha256(flipped).digest(), "Something is wrong here.")
    files += [stranger, elsewhere, flipped, after_bad]
    files.append(message(keys.author, hashlib.sha256(files[3]).digest(), "Unrhyw newyddion?"))
    ok = "genuine"
    orders: list[tuple[list[int], list[list[object]]]] = [
        ([0, 1, 2, 3], [[ok, 0], [ok, 1], [ok, 2], [ok, 3]]),
        ([0, 2, 3], [[ok, 0], ["dropped", 1], [ok, 1], [ok, 2]]),
        ([0, 2, 1, 3], [[ok, 0], ["reordered", 1], [ok, 2], ["reordered", 3]]),
        ([0, 1, 1, 2], [[ok, 0], [ok, 1], ["replayed", 2], [ok, 3]]),
        ([0, 1, 0, 2], [[ok, 0], [ok, 1], ["replayed", 2], [ok, 3]]),
        ([0, 4, 1], [[ok, 0], ["foreign", 1], [ok, 2]]),
        ([0, 5, 1], [[ok, 0], ["foreign", 1], [ok, 2]]),
        ([0, 6, 2], [[ok, 0], ["changed", 1], ["dropped", 2], [ok, 2]]),
        ([0, 6, 7], [[ok, 0], ["changed", 1], [ok, 2]]),
        ([1, 0, 2], [["reordered", 0], [ok, 1], ["reordered", 2]]),
        ([1, 2], [["foreign", 0], [ok, 1]]),
        ([0, 8, 2], [[ok, 0], ["dropped", 1], [ok, 1], ["reordered", 2]]),
        ([], []),
    ]
    return {
        "case": CASE.hex(),
        "code": CODES[1].hex(),
        "lane": "joint",
        "opener": keys.author.sign_key.hex(),
        "files": [to_b64u(file) for file in files],
        "orders": [{"order": order, "entries": entries} for order, entries in orders],
        "bodies": {"0": opening.body.reveal(), "1": "Thank you.", "2": "Diolch.", "3": "Read."},
    }


def file_vectors() -> dict[str, object]:
    """A sealed file, what its item says of it, and what no reader may accept."""
    identity, content = seed(1), hashlib.shake_256(b"content").digest(5_000) + b"\1"
    sealer = FileSealer(identity.recipient)
    octets = b"".join(seal_file([content[:10], content[10:]], sealer))
    said = {"bytes": sealer.measured.size, "hash": sealer.measured.hash.hex()}
    flipped = octets[:40_000] + bytes([octets[40_000] ^ 1]) + octets[40_001:]
    return {
        "about": "file sealed to the identity of this seed. `refused` gives sizes and hashes with which the same file "
        "must not open, and one changed byte (at, xor) with the hash of the changed file.",
        "seed": identity.seed.reveal().hex(),
        "file": to_b64u(octets),
        "said": said,
        "sha256": hashlib.sha256(content).hexdigest(),
        "refused": [
            {"why": "another hash", "said": said | {"hash": bytes(32).hex()}},
            {"why": "a byte that is not zero behind the content", "said": said | {"bytes": len(content) - 1}},
            {"why": "another class", "said": said | {"bytes": 65_537}},
            {"why": "empty", "said": said | {"bytes": 0}},
            {
                "why": "a changed byte",
                "at": 40_000,
                "xor": 1,
                "said": said | {"hash": hashlib.sha256(flipped).hexdigest()},
            },
        ],
    }


def sealed_vectors() -> dict[str, object]:
    """A keyring, a grant, a file of several chunks, and the messages of the wire."""
    keys = lane_keys(code(), Lane.JOINT)
    grant = Grant(CASE, 0, Lane.JOINT, keys.identity, keys.author.sign_key)
    long = hashlib.shake_256(b"long").digest(65_536 + 10)
    submission = raise_concern(
        replace(concern(), files=(file(2), file(1))), code(), sealed_by=SealedBy.SERVER, case=CASE
    )
    reply = SealedItem(
        bytes(16), submission.item.hash, message(keys.author, submission.item.hash, "Eto."), (bytes(16),)
    )
    return {
        "keyring": {"reader": 0, "recovery": CODES[3].hex(), "file": to_b64u(seal_keyring(keyring(1), code(3)))},
        "grant": {"reader": 0, "file": to_b64u(seal_grant(grant, keyring(1).card.recipient))},
        "long": {
            "reader": 0,
            "sha256": hashlib.sha256(long).hexdigest(),
            "file": to_b64u(b"".join(encrypt([long], [keyring(2).card.recipient, keyring(1).card.recipient]))),
        },
        "submission": submission.to_json().decode(),
        "reply": Reply(0, reply, locator=keys.locator).to_json().decode(),
        "desk_reply": Reply(0, reply, case=CASE).to_json().decode(),
        "look_up": look_up_json(keys.locator).decode(),
        "file_look_up": FileLookUp(bytes(16), locator=keys.locator).to_json().decode(),
        "desk_file_look_up": FileLookUp(bytes(16), case=CASE).to_json().decode(),
        **change_vectors(submission.item, submission.recipient.text),
    }


def change_vectors(first: SealedItem, recipient: str) -> dict[str, object]:
    """Both kinds of change of readers, as the reporter makes them and (by case) a reader."""
    keys = lane_keys(code(), Lane.JOINT)
    delivery = Delivery(CASE, 0, keys.identity.recipient, (), (Delivered(0, first.file),))
    seat = reporter_seat(code(), Lane.JOINT, delivery)
    assert keys.identity.recipient.text == recipient
    thread, said = seat.read(delivery.items), Said("cy", DAY, SealedBy.SERVER)
    added = add_readers(seat, thread, [PersonCard("person-3", keyring(3).card)], said)
    dropped = start_epoch(seat, thread, [PersonCard("person-5", keyring(2).card)], said, left_out=["person-7"])
    by_case = replace(added, locator=None, case=CASE)
    return {
        "change": dropped.to_json().decode(),
        "change_adds": added.to_json().decode(),
        "desk_change": by_case.to_json().decode(),
    }


def both_vectors() -> dict[str, object]:
    """Both lanes of one receipt: anonymous to all readers, by name to reader 2 in the union lane."""
    named = replace(concern(), readers=(keyring(2).card,), text=Plaintext("Fi sydd yma."))
    joint, union = raise_in_both(
        replace(concern(), name=None), named, code(), sealed_by=SealedBy.SERVER, cases=(CASE, OTHER_CASE)
    )
    return {
        "about": "submissions of one receipt; what reader 2 reads: the union lane stands beside the joint one",
        "code": CODES[1].hex(),
        "joint": joint.to_json().decode(),
        "union": union.to_json().decode(),
    }


def main() -> None:
    """Writes the deterministic part anew; keeps the sealed part, which is random, unless the file is gone."""
    kept = json.loads(VECTORS.read_text("ascii")) if VECTORS.exists() else {}
    vectors = {
        "about": "FORMAT.md version 1. Hex unless a name says otherwise; files are base64url.",
        "codes": code_vectors(),
        "typed": typed_vectors(),
        "readers": reader_vectors(),
        "texts": text_vectors(),
        "json": json_vectors(),
        "item": item_vector(),
        "items": items_vectors(),
        "beside": beside_vectors(),
        "notes": notes_vectors(),
        "thread": kept.get("thread") or thread_vectors(),
        "epochs": kept.get("epochs") or epoch_vectors(),
        "file": kept.get("file") or file_vectors(),
        "sealed": kept.get("sealed") or sealed_vectors(),
        "both": kept.get("both") or both_vectors(),
    }
    VECTORS.write_text(json.dumps(vectors, ensure_ascii=True, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    main()
