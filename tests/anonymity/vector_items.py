"""Vectors of items of every kind, of what is none, and of what stands beside what."""

import hashlib
import json
from dataclasses import replace

from anonymity.beside import prove_beside
from anonymity.encoding import pad, to_b64u
from anonymity.item import (
    ITEM_SIZE,
    Granted,
    Item,
    Kind,
    Opening,
    SealedBy,
    sign_item,
)
from anonymity.keys import Author
from anonymity.readership import in_order
from anonymity.receipt import (
    NOTES_LANES,
    Lane,
    lane_keys,
    notes_locator,
)
from anonymity.reporting import opening_item
from tests.anonymity.vector_world import (
    CASE,
    OTHER_CASE,
    READERS,
    code,
    concern,
    file,
    hash_of,
    item,
    keyring,
    readers,
    seed,
)


def items() -> list[tuple[str, Author, Item]]:
    """One item of every kind that there is, with its author."""
    keys, reader = lane_keys(code(), Lane.JOINT), keyring(1).author
    union = lane_keys(code(), Lane.UNION)
    notes = Opening(
        about=concern().about,
        granted=in_order(Granted.of(keyring(n).card) for n in READERS),
        left_out=("person-1",),
        name=None,
        beside=prove_beside(reader, CASE, own_case=OTHER_CASE, opener=reader.sign_key),
    )
    prev, files = bytes([5]) * 32, (file(2), file(1, original=None, name="a.webp", type="image/webp"))
    joint, beside = replace(concern(), name=None, files=(file(),)), replace(concern(), left_out=())
    made = {"kind": Kind.READERS}
    return [
        ("joint opening with a file", keys.author, opening_item(joint, code(), Lane.JOINT, SealedBy.SERVER, case=CASE)),
        (
            "union opening beside the joint lane",
            union.author,
            opening_item(beside, code(), Lane.UNION, SealedBy.DEVICE, case=OTHER_CASE, beside=CASE),
        ),
        (
            "notes opening by a reader",
            reader,
            item(reader, bytes(32), "Nodyn.", case=OTHER_CASE, kind=Kind.OPENING, opening=notes),
        ),
        ("message with files and no text", reader, item(reader, prev, files=files)),
        ("readers, nothing said", reader, item(reader, prev, **made, readers=readers(seed(1), 1, 2, 3))),
        (
            "readers by the reporter, somebody left out",
            keys.author,
            item(
                keys.author,
                prev,
                "Not with her.",
                kind=Kind.READERS,
                epoch=1,
                readers=readers(seed(1), 2, left_out=("person-7",)),
            ),
        ),
    ]


def items_vectors() -> dict[str, object]:
    """Items of every kind, signed, to the byte; and JSON that is no item, however well it is signed."""
    made = []
    for what, author, one in items():
        content = sign_item(one, author)
        made.append(
            {
                "what": what,
                "sign_seed": author.seed.reveal().hex(),
                "json": content[64:].decode(),
                "signature": content[:64].hex(),
                "padded_sha256": hashlib.sha256(pad(content, ITEM_SIZE)).hexdigest(),
            }
        )
    return {
        "sign_seed": lane_keys(code(), Lane.JOINT).author.seed.reveal().hex(),
        "good": made,
        "refused": refused(made),
    }


def spoilt(made: list[dict[str, str]]) -> list[tuple[str, str, str, str]]:
    """Why an item is refused, a good one, what stands in it, and what stands there instead."""
    opening, union, notes, message, change, _ = (one["json"] for one in made)
    entry = json.loads(message)["files"][0]
    spelt = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    many = ",".join(spelt.replace(entry["blob"], to_b64u(bytes([n]) * 16)) for n in range(21))
    listed = message[message.index('"files":[') : message.index('],"from"') + 1]
    who_reads = change[change.index('"readers":{') : change.index(',"sealed_by"')]
    granted = change[change.index('"granted":[') : change.index('],"left_out"') + 1]
    beside = union[union.index('"beside":{') : union.index(',"granted"')]
    return [
        ("kind reserved", message, '"kind":"message"', '"kind":"note"'),
        ("opening with empty text", notes, '"body":"Nodyn."', '"body":""'),
        ("message with neither text nor files", message, listed, '"files":[]'),
        ("21 files", message, listed, f'"files":[{many}]'),
        ("a blob twice", message, listed, f'"files":[{spelt},{spelt}]'),
        ("body and files cost more than 12,000", message, '"body":""', '"body":"' + "x" * 11_800 + '"'),
        ("files in a readers item", change, '"files":[]', f'"files":[{spelt}]'),
        ("an empty file", message, '"bytes":70000', '"bytes":0'),
        ("a file over 64 MiB", message, '"bytes":70000', '"bytes":67108865'),
        ("a hash too short", message, entry["hash"], to_b64u(bytes(31))),
        ("a name with capitals", message, "photo-2.jpg", "Photo-2.jpg"),
        ("a name that climbs", message, "photo-2.jpg", "../photo.jpg"),
        ("a name without ending", message, "photo-2.jpg", "photo"),
        ("an ending of five", message, "photo-2.jpg", "photo-2.jpegs"),
        ("a name of 41 letters", message, "photo-2.jpg", "a" * 41 + ".jpg"),
        ("an original of two lines", message, "Llun ŵ.JPG", "a\\nb"),
        ("an empty original", message, "Llun ŵ.JPG", ""),
        ("an original too long", message, "Llun ŵ.JPG", "ŵ" * 101),
        ("a type that is not allowed", message, "image/jpeg", "image/svg+xml"),
        ("one key more in a file", message, '"type":"image/jpeg"', '"type":"image/jpeg","w":1'),
        ("readers null in a readers item", change, who_reads, '"readers":null'),
        ("readers in a message", message, '"readers":null', who_reads),
        ("readers item that is the first", change, json.loads(change)["prev"], to_b64u(bytes(32))),
        ("nobody granted", change, granted, '"granted":[]'),
        ("left out twice", change, '"left_out":[]', '"left_out":["a","a"]'),
        ("left out in the wrong order", change, '"left_out":[]', '"left_out":["b","a"]'),
        ("recipient hash too short", change, to_b64u(hash_of(seed(1))), to_b64u(bytes(31))),
        ("beside without proof", union, beside, f'"beside":"{to_b64u(CASE)}"'),
        ("beside missing", opening, '"beside":null,', ""),
        ("return too short", opening, json.loads(opening)["opening"]["return"], to_b64u(bytes(1215))),
        ("return missing", notes, ',"return":null', ""),
    ]


def refused(made: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each of these differs from a good item in one thing (and names the author whose seed stands beside)."""
    found, signer = [], lane_keys(code(), Lane.JOINT).author.sign_key
    for why, spelling, old, new in spoilt(made):
        assert spelling.count(old) >= 1, why
        author = f'"from":"{json.loads(spelling)["from"]}"'
        changed = spelling.replace(old, new, 1).replace(author, f'"from":"{to_b64u(signer)}"')
        found.append({"why": why, "json": changed})
    return found


def beside_vectors() -> list[dict[str, object]]:
    """Proofs that a union lane and a notes lane stand beside a joint one."""
    found = []
    for signer, opener in (
        (lane_keys(code(), Lane.JOINT).author, lane_keys(code(), Lane.UNION).author),
        (keyring(1).author, keyring(1).author),
    ):
        proof = prove_beside(signer, CASE, own_case=OTHER_CASE, opener=opener.sign_key).proof
        found.append(
            {
                "sign_seed": signer.seed.reveal().hex(),
                "beside": CASE.hex(),
                "case": OTHER_CASE.hex(),
                "from": opener.sign_key.hex(),
                "proof": proof.hex(),
            }
        )
    return found


def notes_vectors() -> list[dict[str, str]]:
    """Where notes lanes are found, from the epoch-0 seed of the thread they stand beside."""
    own = lane_keys(code(), Lane.JOINT).identity.seed
    return [
        {"seed": own.reveal().hex(), "lane": lane.value, "locator": notes_locator(own, lane).hex()}
        for lane in NOTES_LANES
    ]
