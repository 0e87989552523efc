"""Writes vectors.json, which both halves of the sealed channel run: `python -m tests.anonymity.vector_maker`.

What is deterministic is given exactly; age files are random, so they are given to be opened. Run it again only when
FORMAT.md or a word list has changed, and read the difference: a changed line is a changed format. The sealed part is
made anew only if the file is deleted first.
"""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from anonymity.age import encrypt
from anonymity.attachment import Attachment
from anonymity.beside import prove_beside
from anonymity.encoding import pad, to_b64u, to_json
from anonymity.fingerprint import fingerprint
from anonymity.grant import Grant, seal_grant
from anonymity.item import (
    ITEM_SIZE,
    About,
    Granted,
    Item,
    Kind,
    Matter,
    Opening,
    Readers,
    SealedBy,
    seal_item,
    sign_item,
)
from anonymity.keyring import Keyring, seal_keyring
from anonymity.keys import Author, Identity
from anonymity.plaintext import Plaintext, Secret
from anonymity.readership import PersonCard, add_readers, in_order, start_epoch
from anonymity.receipt import (
    NOTES_LANES,
    RECEIPT_LANES,
    Code,
    Lane,
    case_locator,
    lane_keys,
    locator_hash,
    notes_locator,
    recovery_identity,
    return_identity,
)
from anonymity.reporting import Concern, opening_item, raise_concern, raise_in_both
from anonymity.sealedfile import FileSealer, seal_file
from anonymity.seat import Delivery, Said, reporter_seat
from anonymity.submission import FileLookUp, Reply, SealedItem, look_up_json
from anonymity.text import cost, tidy, tidy_name
from anonymity.thread import Delivered

VECTORS = Path(__file__).with_name("vectors.json")
CASE, OTHER_CASE = bytes(range(16)), bytes(range(16, 32))
CODES = [bytes(13), bytes(range(13)), b"\xff" * 13, bytes.fromhex("8f3a01c77be25d90464e11a2f7")]
DAY = date(2026, 11, 23)
RAW_TEXTS = [
    "Mae’r rota’n newid heb rybudd.\r\nPam?",
    '  a\tb\u2028c\u202e "q" \\ \n\n',
    "w\u0302y\u0302r \ufeffo\u0302l\x07",
    "👩‍💻 sgôr 0.3",
]


def code(n: int = 1) -> Code:
    """The code that the sealed vectors use, and others by number."""
    return Code(CODES[n])


def keyring(n: int) -> Keyring:
    """A reader's keyring from seeds of one repeated byte."""
    return Keyring(Identity(Secret(bytes([n]) * 32)), Author(Secret(bytes([n + 100]) * 32)))


READERS = (1, 2)


def concern() -> Concern:
    """The concern that the sealed vectors hold."""
    return Concern(
        about=About("bwrdd-iechyd", Matter.SYSTEM, "rota-7"),
        text=Plaintext("Mae’r rota’n rhoi shifft nos i mi bob wythnos.\nPam?"),
        name=Plaintext("Siân Puw"),
        lang="cy",
        day=DAY,
        readers=tuple(keyring(n).card for n in READERS),
        left_out=("person-2", "person-1"),
    )


def message(author: Author, prev: bytes, body: str, *, case: bytes = CASE) -> bytes:
    """A message of the thread as an age file."""
    item = Item(case, 0, prev, Kind.MESSAGE, author.sign_key, "en", DAY, Plaintext(body), SealedBy.DEVICE)
    return seal_item(item, author, lane_keys(code(), Lane.JOINT).identity.recipient)


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


def file(n: int = 1, **changes: object) -> Attachment:
    """A file as an item names it; not one that exists."""
    made = Attachment(
        bytes([n]) * 16, 70_000, bytes([n + 50]) * 32, f"photo-{n}.jpg", Plaintext("Llun ŵ.JPG"), "image/jpeg"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def seed(n: int) -> Identity:
    """The case identity of a later epoch, or of a notes lane, from a seed of one repeated byte."""
    return Identity(Secret(bytes([n + 200]) * 32))


def hash_of(identity: Identity) -> bytes:
    """What a `readers` item says of the case recipient."""
    return hashlib.sha256(identity.recipient.octets).digest()


def readers(identity: Identity, *people: int, left_out: tuple[str, ...] = ()) -> Readers:
    """Who reads from here on, by number."""
    return Readers(in_order(Granted.of(keyring(n).card) for n in people), left_out, hash_of(identity))


def item(author: Author, prev: bytes, body: str = "", **changes: object) -> Item:
    """A message, or what the changes make of it."""
    made = Item(CASE, 0, prev, Kind.MESSAGE, author.sign_key, "en", DAY, Plaintext(body), SealedBy.DEVICE)
    return replace(made, **changes)  # type: ignore[arg-type]


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


def refused(made: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each of these differs from a good item in one thing (and names the author whose seed stands beside)."""
    opening, union, notes, message, change, _ = (one["json"] for one in made)
    entry = json.loads(message)["files"][0]
    spelt = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    many = ",".join(spelt.replace(entry["blob"], to_b64u(bytes([n]) * 16)) for n in range(21))
    listed = message[message.index('"files":[') : message.index('],"from"') + 1]
    changes = [
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
        (
            "readers null in a readers item",
            change,
            change[change.index('"readers":{') : change.index(',"sealed_by"')],
            '"readers":null',
        ),
        (
            "readers in a message",
            message,
            '"readers":null',
            change[change.index('"readers":{') : change.index(',"sealed_by"')],
        ),
        ("readers item that is the first", change, json.loads(change)["prev"], to_b64u(bytes(32))),
        (
            "nobody granted",
            change,
            change[change.index('"granted":[') : change.index('],"left_out"') + 1],
            '"granted":[]',
        ),
        ("left out twice", change, '"left_out":[]', '"left_out":["a","a"]'),
        ("left out in the wrong order", change, '"left_out":[]', '"left_out":["b","a"]'),
        ("recipient hash too short", change, to_b64u(hash_of(seed(1))), to_b64u(bytes(31))),
        (
            "beside without proof",
            union,
            union[union.index('"beside":{') : union.index(',"granted"')],
            f'"beside":"{to_b64u(CASE)}"',
        ),
        ("beside missing", opening, '"beside":null,', ""),
        ("return too short", opening, json.loads(opening)["opening"]["return"], to_b64u(bytes(1215))),
        ("return missing", notes, ',"return":null', ""),
    ]
    found, signer = [], lane_keys(code(), Lane.JOINT).author.sign_key
    for why, spelling, old, new in changes:
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


def epoch_vectors() -> dict[str, object]:
    """Age files of one thread with changes of readers, and what is made of them in which order.

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
    ok, all_three, first = "genuine", (1, 2, 3), ("person-1", "person-2")
    start: list[list[object]] = [[ok, 0], [ok, 1], [ok, 2], [ok, 3]]
    orders: list[tuple[str, list[int], list[list[object]], int, tuple[int, ...], tuple[str, ...]]] = [
        ("everything", [0, 1, 2, 3, 4, 5, 6, 7], [[ok, n] for n in range(8)], 2, (2,), (*first, "person-7")),
        ("the letting in is withheld", [0, 1, 3], [[ok, 0], [ok, 1], ["foreign", 2]], 0, (1, 2), first),
        ("the new epoch is withheld", [0, 1, 2, 3, 5], [*start, ["foreign", 4]], 0, all_three, first),
        (
            "two new epochs, the first withheld",
            [0, 1, 2, 3, 6, 7],
            [*start, ["foreign", 4], ["foreign", 5]],
            0,
            all_three,
            first,
        ),
        (
            "somebody dropped speaks",
            [0, 1, 2, 3, 4, 8, 5],
            [*start, [ok, 4], ["foreign", 5], [ok, 6]],
            1,
            (2, 3),
            (*first, "person-7"),
        ),
        ("an old epoch", [0, 1, 2, 3, 4, 9], [*start, [ok, 4], ["foreign", 5]], 1, (2, 3), (*first, "person-7")),
        ("an epoch of a stranger", [0, 1, 2, 3, 10], [*start, ["foreign", 4]], 0, all_three, first),
        ("dropped without a new epoch", [0, 1, 2, 3, 11], [*start, ["foreign", 4]], 0, all_three, first),
        ("an epoch left out", [0, 1, 2, 3, 12], [*start, ["foreign", 4]], 0, all_three, first),
        ("a new epoch that lets somebody in", [0, 1, 2, 3, 13], [*start, ["foreign", 4]], 0, all_three, first),
        ("a reader leaves somebody out", [0, 1, 2, 3, 14], [*start, ["foreign", 4]], 0, all_three, first),
        ("another recipient", [0, 1, 2, 3, 15], [*start, ["foreign", 4]], 0, all_three, first),
        ("left out, nobody new", [0, 1, 2, 3, 16], [*start, [ok, 4]], 0, all_three, (*first, "person-8")),
        ("a reader leaves", [0, 1, 2, 3, 17], [*start, [ok, 4]], 1, (1, 2), first),
        (
            "two changes of the same head",
            [0, 1, 2, 3, 17, 4],
            [*start, [ok, 4], ["foreign", 5]],
            1,
            (1, 2),
            first,
        ),
        (
            "a change replayed",
            [0, 1, 2, 3, 4, 2, 5],
            [*start, [ok, 4], ["replayed", 5], [ok, 6]],
            1,
            (2, 3),
            (*first, "person-7"),
        ),
        (
            "a change before its time",
            [0, 2, 1, 3],
            [[ok, 0], ["reordered", 1], [ok, 2], ["foreign", 3]],
            0,
            (1, 2),
            first,
        ),
        ("the opening last", [4, 0], [["foreign", 0], [ok, 1]], 0, (1, 2), first),
        ("no opening", [1, 2, 4], [["foreign", 0], ["foreign", 1], ["foreign", 2]], 0, (), ()),
    ]
    return {
        "about": "deliver: pairs of file number and epoch it is delivered with. entries, epoch, granted (key ids) and "
        "left_out are what the reading gives, with all seeds held.",
        "case": CASE.hex(),
        "code": CODES[1].hex(),
        "lane": "joint",
        "opener": keys.author.sign_key.hex(),
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
            for why, order, entries, epoch, people, left_out in orders
        ]
        + [
            {
                "why": "delivered as of another epoch",
                "deliver": [[0, 0], [1, 0], [2, 1]],
                "entries": [[ok, 0], [ok, 1], ["changed", 2]],
                "epoch": 0,
                "granted": [to_b64u(one.key_id) for one in in_order(Granted.of(keyring(n).card) for n in READERS)],
                "left_out": sorted(first),
            }
        ],
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
