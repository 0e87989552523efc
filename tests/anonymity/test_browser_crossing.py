"""What one half seals the other opens, in both directions, in a real browser."""

import json
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from anonymity.age import decrypt, encrypt, open_sealed, seal
from anonymity.encoding import from_b64u, pad, to_b64u, to_json
from anonymity.errors import CannotOpen
from anonymity.item import ITEM_SIZE, About, Matter, SealedBy
from anonymity.keyring import Keyring, draw_keyring, open_keyring, seal_keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, draw_code, lane_keys, lane_locator, locator_hash, read_code
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery, Seat, reader_seat, reporter_seat
from anonymity.submission import SealedItem, Submission, read_desk_reply, read_look_up, read_reply, read_submission
from anonymity.thread import Delivered
from tests.anonymity.box_server import delivery
from tests.anonymity.test_browser_vectors import ask, refusal

DAY = date(2026, 11, 22)
BODY = 'Mae’r sgôr yn codi bob nos.\n“Pam?” \\ " 👩‍💻'


@pytest.fixture
def readers() -> list[Keyring]:
    """Three readers with fresh keys."""
    return [draw_keyring() for _ in range(3)]


@pytest.fixture
def code() -> Code:
    """A fresh receipt."""
    return draw_code()


def octets(code: Code) -> str:
    """The 13 bytes in hex, as checks.js takes them."""
    return from_b64u(code.token, 13).hex()


def seed(keyring: Keyring) -> str:
    """The seed of a reader's identity in hex."""
    return keyring.identity.seed.reveal().hex()


def cards(readers: list[Keyring]) -> list[dict[str, str]]:
    """Reader cards as a page embeds them."""
    return [json.loads(one.card.to_json()) for one in readers]


def opening(readers: list[Keyring], lane: str = "joint", name: str | None = "Siân") -> dict[str, Any]:
    """What the page hands to makeSubmission."""
    about = {"body": "b1", "kind": "system", "subject": "s1"}
    return {"lane": lane, "about": about, "readers": cards(readers), "left_out": ["p-2", "p-1", "p-2"], "name": name}


def concern(readers: list[Keyring]) -> Concern:
    """The same for the Python half."""
    cards = tuple(one.card for one in readers)
    return Concern(About("b1", Matter.SYSTEM, "s1"), Plaintext(BODY), None, "cy", DAY, cards, ("p-1",))


def by_browser(page: Page, code: Code, readers: list[Keyring], lane: str = "joint") -> Submission:
    """A concern sealed in the browser, as the server reads it."""
    text = {"lang": "cy", "day": DAY.isoformat(), "body": BODY}
    return read_submission(str(ask(page, "submits", octets(code), opening(readers, lane), text)).encode())


def delivered(submission: Submission, keyring: Keyring | None = None) -> Delivery:
    """The thread as the server hands it to the reporter, or to a reader with their own grant."""
    key = keyring.card.key_id if keyring else b""
    own = [DeliveredGrant(0, grant.file) for grant in submission.grants if grant.key_id == key]
    return Delivery(submission.case, 0, submission.recipient, tuple(own), (Delivered(0, submission.item.file),))


def for_reader(submission: Submission, keyring: Keyring, *items: Any) -> dict[str, Any]:
    """The same as JSON."""
    found = delivery(submission, [submission.item, *items])
    own = next(grant for grant in submission.grants if grant.key_id == keyring.card.key_id)
    return found | {"grants": [{"epoch": 0, "file": to_b64u(own.file)}]}


@pytest.mark.parametrize("lane", ["joint", "union"])
def test_the_browser_seals_a_concern_and_python_opens_it_for_reporter_and_readers(
    modules: Page, code: Code, readers: list[Keyring], lane: str
) -> None:
    submission = by_browser(modules, code, readers, lane)
    assert submission.locator_hash == locator_hash(lane_locator(code, Lane(lane)))
    assert {grant.key_id for grant in submission.grants} == {one.card.key_id for one in readers}
    seats: list[Seat] = [reporter_seat(code, Lane(lane), delivered(submission))]
    seats += [reader_seat(one, delivered(submission, one)) for one in readers]
    for seat in seats:
        thread = seat.read(delivered(submission).items)
        assert thread.is_whole
        item = thread.entries[0].item
        assert item
        assert thread.opening
        assert thread.opening.name is not None
        assert item.body.reveal() == BODY
        assert (item.sealed_by, item.lang, item.day) == (SealedBy.DEVICE, "cy", DAY)
        assert thread.opening.left_out == ("p-1", "p-2")
        assert thread.opening.name.reveal() == "Siân"
        assert thread.opening.about == About("b1", Matter.SYSTEM, "s1")


def test_python_seals_a_concern_and_the_browser_opens_it_for_reporter_and_readers(
    modules: Page, code: Code, readers: list[Keyring]
) -> None:
    submission = raise_concern(concern(readers), code, sealed_by=SealedBy.SERVER)
    found = [ask(modules, "reporterReads", delivery(submission, [submission.item]), octets(code), "joint")]
    found += [ask(modules, "readerReads", for_reader(submission, one), seed(one)) for one in readers]
    for thread in found:
        assert thread["head"] == to_b64u(submission.item.hash)
        assert [entry["verdict"] for entry in thread["entries"]] == ["genuine"]
        item = thread["entries"][0]["item"]
        assert (item["body"], item["sealed_by"], item["opening"]["left_out"]) == (BODY, "server", ["p-1"])


def test_answers_go_back_and_forth_between_the_halves(modules: Page, code: Code, readers: list[Keyring]) -> None:
    submission = by_browser(modules, code, readers)
    first = readers[0]
    seat = reader_seat(first, delivered(submission, first))
    thread = seat.read(delivered(submission).items)
    answer = seat.write(thread, Plaintext("Diolch."), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)
    both = delivery(submission, [submission.item, answer])
    text = {"lang": "en", "day": DAY.isoformat(), "body": "Thank you."}
    reply = read_reply(str(ask(modules, "reporterReplies", both, octets(code), "joint", text)).encode())
    assert (reply.locator, reply.item.prev) == (lane_keys(code, Lane.JOINT).locator, answer.hash)
    sign = readers[1].author.seed.reveal().hex()
    given = for_reader(submission, readers[1], answer, reply.item)
    last = read_desk_reply(str(ask(modules, "readerReplies", given, seed(readers[1]), sign, text)).encode())
    items = [Delivered(0, one.file) for one in (submission.item, answer, reply.item, last.item)]
    whole = reporter_seat(code, Lane.JOINT, delivered(submission)).read(items)
    assert whole.is_whole
    said = [(entry.item.author, entry.item.body.reveal()) for entry in whole.entries if entry.item]
    own = lane_keys(code, Lane.JOINT).author.sign_key
    assert said == [
        (own, BODY),
        (first.card.sign_key, "Diolch."),
        (own, "Thank you."),
        (readers[1].card.sign_key, "Thank you."),
    ]


def test_keyrings_cross_both_ways(modules: Page, code: Code) -> None:
    keyring = draw_keyring()
    sign = keyring.author.seed.reveal().hex()
    by_python = {"recovery": octets(code), "file": to_b64u(seal_keyring(keyring, code))}
    found = ask(modules, "opensKeyring", by_python, keyring.card.to_json().decode())
    assert found == {"age": seed(keyring), "ed25519": sign}
    file = from_b64u(ask(modules, "sealsKeyring", seed(keyring), sign, octets(code)), 2171)
    assert open_keyring(file, code, card=keyring.card).card == keyring.card


def test_a_receipt_drawn_in_the_browser_is_read_in_python(modules: Page) -> None:
    for spelling in ("words(code, 'cy')", "words(code, 'en')", "digits(code)"):
        drawn = "const { draw, words, digits } = sealed.receipt; const code = draw();"
        script = f"() => {{ {drawn} return [sealed.checks.hex(code), {spelling}]; }}"
        found, spelt = modules.evaluate(script)
        assert octets(read_code(spelt)) == found


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537])
def test_what_the_browser_seals_python_opens_at_every_chunk_border(modules: Page, size: int) -> None:
    keyring = draw_keyring()
    text = ask(modules, "seals", "ab" * size, [keyring.card.recipient.text])
    file = from_b64u(text, len(text) * 3 // 4)
    assert b"".join(decrypt([file], keyring.identity, most=size)) == b"\xab" * size


def test_a_stranger_opens_nothing_and_a_thread_of_another_receipt_is_refused(
    modules: Page, code: Code, readers: list[Keyring]
) -> None:
    submission = by_browser(modules, code, readers)
    stranger = draw_keyring()
    assert refusal(modules, "readerReads", for_reader(submission, readers[0]), seed(stranger)) == "CannotOpen"
    given = delivery(submission, [submission.item])
    assert refusal(modules, "reporterReads", given, octets(draw_code()), "joint") == "CannotOpen"
    with pytest.raises(CannotOpen):
        reporter_seat(draw_code(), Lane.JOINT, delivered(submission))


def test_a_recipient_that_the_server_swapped_is_not_sealed_to(
    modules: Page, code: Code, readers: list[Keyring]
) -> None:
    submission = by_browser(modules, code, readers)
    swapped = for_reader(submission, readers[0]) | {"recipient": draw_keyring().card.recipient.text}
    assert refusal(modules, "readerReads", swapped, seed(readers[0])) == "CannotOpen"
    assert refusal(modules, "reporterReads", swapped | {"grants": []}, octets(code), "joint") == "CannotOpen"


def crafted(submission: Submission, code: Code, changes: dict[str, Any], signer: Keyring | None = None) -> bytes:
    """A message after the opening with changed fields, rightly sealed, signed by the reporter or somebody else."""
    keys = lane_keys(code, Lane.JOINT)
    fields: dict[str, Any] = {
        "v": 1,
        "case": to_b64u(submission.case),
        "epoch": 0,
        "prev": to_b64u(submission.item.hash),
        "kind": "message",
        "from": to_b64u(keys.author.sign_key),
        "lang": "cy",
        "day": "2026-11-22",
        "body": "Ffug.",
        "files": [],
        "readers": None,
        "sealed_by": "device",
        "opening": None,
    }
    written = to_json({name: value for name, value in (fields | changes).items() if value != "absent"})
    signature = (signer.author if signer else keys.author).sign(b"porth:v1:item\0" + written)
    return seal(signature + written, keys.identity.recipient, size=ITEM_SIZE)


def verdicts(page: Page, submission: Submission, code: Code, file: bytes) -> tuple[list[str], list[str]]:
    """What both halves say of a thread with this file as its second item."""
    item = SealedItem(bytes(16), submission.item.hash, file)
    given = delivery(submission, [submission.item, item])
    found = ask(page, "reporterReads", given, octets(code), "joint")["entries"]
    items = [Delivered(0, submission.item.file), Delivered(0, file)]
    thread = reporter_seat(code, Lane.JOINT, delivered(submission)).read(items)
    return [entry["verdict"] for entry in found], [entry.verdict.value for entry in thread.entries]


def test_nobody_can_speak_in_the_name_of_another(modules: Page, code: Code, readers: list[Keyring]) -> None:
    submission = by_browser(modules, code, readers)
    honest = crafted(submission, code, {})
    forged = crafted(submission, code, {}, signer=readers[0])
    assert verdicts(modules, submission, code, honest) == (["genuine", "genuine"], ["genuine", "genuine"])
    assert verdicts(modules, submission, code, forged) == (["genuine", "changed"], ["genuine", "changed"])


@pytest.mark.parametrize(
    "changes",
    [
        *[{"v": 2}, {"epoch": 1000}, {"kind": "status"}, {"lang": "fr"}, {"sealed_by": "both"}, {"files": ["x"]}],
        *[{"day": "2026-02-30"}, {"day": "1999-12-31"}, {"day": "2026-1-1"}, {"day": None}, {"opening": {}}],
        *[{"body": ""}, {"body": "x" * 12_001}, {"body": '"' * 6_001}, {"body": "a\tb"}, {"body": "a\u202eb"}],
        *[{"opening": "absent"}, {"readers": "absent"}, {"readers": {}}],
        *[{"body": 1}, {"more": 1}, {"prev": "AAA"}, {"case": "=" * 22}, {"epoch": True}],
    ],
    ids=str,
)
def test_both_halves_refuse_the_same_items_however_well_they_are_signed(modules: Page, changes: dict[str, Any]) -> None:
    code, reader = draw_code(), draw_keyring()
    submission = raise_concern(concern([reader]), code, sealed_by=SealedBy.SERVER)
    expected = ["genuine", "changed"]
    assert verdicts(modules, submission, code, crafted(submission, code, changes)) == (expected, expected)


@pytest.mark.parametrize("wrong", ["last byte", "first byte of padding", "length", "size"])
def test_padding_has_one_spelling(modules: Page, code: Code, readers: list[Keyring], wrong: str) -> None:
    submission = by_browser(modules, code, readers)
    identity = lane_keys(code, Lane.JOINT).identity
    content = open_sealed(crafted(submission, code, {}), identity, size=ITEM_SIZE)
    padded = bytearray(pad(content, ITEM_SIZE))
    if wrong == "size":
        padded.append(0)
    else:
        place = {"last byte": -1, "first byte of padding": 4 + len(content), "length": 0}[wrong]
        padded[place] ^= 1
    file = b"".join(encrypt([bytes(padded)], [identity.recipient]))
    assert refusal(modules, "opensItem", to_b64u(file), identity.seed.reveal().hex()) == "CannotOpen"
    whole = b"".join(encrypt([pad(content, ITEM_SIZE)], [identity.recipient]))
    assert ask(modules, "opensItem", to_b64u(whole), identity.seed.reveal().hex())["body"] == "Ffug."


def test_no_bit_of_a_sealed_thing_can_be_changed_and_none_left_away_or_added(
    modules: Page, code: Code, readers: list[Keyring]
) -> None:
    submission = raise_concern(concern(readers), code, sealed_by=SealedBy.SERVER)
    grants = {grant.key_id: to_b64u(grant.file) for grant in submission.grants}
    grant = grants[readers[0].card.key_id]
    item, identity = to_b64u(submission.item.file), lane_keys(code, Lane.JOINT).identity.seed.reveal().hex()
    assert ask(modules, "withstands", grant, seed(readers[0]), 1) == 2_171 + 8
    assert ask(modules, "withstands", item, identity, 41) == len(range(0, 20_091, 41)) + 8


def test_parts_of_two_files_for_the_same_reader_make_no_third(
    modules: Page, code: Code, readers: list[Keyring]
) -> None:
    submission = raise_concern(concern(readers), code, sealed_by=SealedBy.SERVER)
    other = crafted(submission, code, {})
    identity = lane_keys(code, Lane.JOINT).identity.seed.reveal().hex()
    pairs = [to_b64u(submission.item.file), to_b64u(other)]
    assert ask(modules, "swapped", *pairs, identity) == "CannotOpen"
    assert ask(modules, "swapped", pairs[0], pairs[0], identity) == "accepted"


def test_a_lookup_of_the_browser_is_read_in_python(modules: Page, code: Code) -> None:
    for lane in (Lane.JOINT, Lane.UNION):
        assert read_look_up(str(ask(modules, "looksUp", octets(code), lane.value)).encode()) == lane_locator(code, lane)


def test_how_long_sealing_and_opening_take_is_printed(
    modules: Page, code: Code, readers: list[Keyring], capsys: pytest.CaptureFixture[str]
) -> None:
    submission = by_browser(modules, code, readers)
    written = [one.card.to_json().decode() for one in readers]
    found = ask(modules, "times", written, for_reader(submission, readers[0]), seed(readers[0]))
    with capsys.disabled():
        print(f"\nin Chromium, milliseconds: {found}")
    assert all(0 < taken < 5_000 for taken in found.values())
