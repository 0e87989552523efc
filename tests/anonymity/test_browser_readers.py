"""Who reads a thread, and how that changes: each half does it, and the other reads it (in a real browser)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from anonymity.encoding import from_b64u, to_b64u
from anonymity.errors import CannotOpen
from anonymity.item import SealedBy
from anonymity.keyring import Keyring
from anonymity.keys import check_signature
from anonymity.notes import begin_notes, check_beside, locate_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import Code, Lane, locator_hash, read_code
from anonymity.seat import Said
from anonymity.submission import (
    read_change,
    read_desk_change,
    read_desk_reply,
    read_desk_submission,
    read_look_up,
    read_reply,
)
from tests.anonymity.browser_people import DAY, TEXT, Holder, card, key, people, postboxes
from tests.anonymity.postbox import Postbox

SAID = Said("cy", DAY, SealedBy.DEVICE, Plaintext("Newid."))


@pytest.fixture
def reporter(modules: Page) -> Holder:
    """The reporter's worker."""
    return Holder(modules, "reporter").start()


@pytest.fixture
def desk(modules: Page) -> Holder:
    """A reader's worker."""
    return Holder(modules, "desk").start()


def raised(reporter: Holder, readers: list[Keyring], **more: Any) -> tuple[Postbox, Code, str]:
    """A joint thread that these read; its receipt; its case as a page names it."""
    made = reporter.raise_concern({"lane": "joint", "readers": [card(one) for one in readers]} | more)
    (box,) = postboxes(made)
    return box, read_code(made["code"]["cy"]), made["submissions"][0]["case"]


def bodies(box: Postbox, who: Keyring | Code) -> list[str | None]:
    """What somebody reads with the Python half."""
    _, thread = box.seat(who)
    return [entry.item.body.reveal() if entry.item else entry.verdict.value for entry in thread.entries]


def verdicts(view: dict[str, Any]) -> list[str]:
    """What a worker says of the entries."""
    return [entry["verdict"] for entry in view["entries"]]


def test_the_reporter_lets_somebody_in_who_then_reads_what_was_before(reporter: Holder) -> None:
    one, two = people(2)
    box, code, case = raised(reporter, [one])
    reporter.come_back(code, box)
    change = {**TEXT, "body": "", "add": [card(two, person="p-2")]}
    box.change(read_change(reporter.ask("changeReaders", case, change).encode()))
    assert bodies(box, two) == [TEXT["body"], ""]
    assert bodies(box, code) == [TEXT["body"], ""]
    (view,) = reporter.come_back(code, box)
    assert {reader["key"] for reader in view["readers"]} == {key(one), key(two)}
    assert view["writable"]
    assert view["epoch"] == 0


def test_the_reporter_drops_somebody_who_reads_nothing_that_comes(reporter: Holder) -> None:
    one, two = people(2)
    box, code, case = raised(reporter, [one, two])
    reporter.come_back(code, box)
    change = {**TEXT, "drop": [key(one)], "left_out": ["p-1"], "cards": [card(one), card(two)]}
    box.change(read_change(reporter.ask("changeReaders", case, change).encode()))
    assert bodies(box, two) == [TEXT["body"]] * 2
    assert [grant.key_id for grant in box.grants if grant.epoch == 1] == [two.card.key_id]
    with pytest.raises(CannotOpen):
        box.seat(one)
    (view,) = reporter.come_back(code, box)
    assert verdicts(view) == ["genuine", "genuine"]
    assert (view["epoch"], view["writable"], view["left_out"]) == (1, True, ["p-1"])
    assert [reader["key"] for reader in view["readers"]] == [key(two)]
    assert {reader["key"] for reader in view["known"]} == {key(one), key(two)}
    box.reply(read_reply(reporter.ask("reply", case, {**TEXT, "body": "Eto."}).encode()))
    assert bodies(box, two)[-1] == "Eto."
    assert bodies(box, code)[-1] == "Eto."


def test_nobody_who_is_left_out_is_granted_anything(reporter: Holder) -> None:
    one, two = people(2)
    made = reporter.raise_concern({"lane": "joint", "readers": [card(one)]}, left_out=("p-2",))
    (box,), code, case = postboxes(made), read_code(made["code"]["en"]), made["submissions"][0]["case"]
    reporter.come_back(code, box)
    assert reporter.refusal("changeReaders", case, {**TEXT, "add": [card(two, person="p-2")]}) == "CannotOpen"
    stays = {"renew": True, "cards": [card(one, person="p-1")], "left_out": ["p-1"]}
    assert reporter.refusal("changeReaders", case, {**TEXT, **stays}) == "CannotOpen"
    given = {"lane": "joint", "readers": [card(two, person="p-2")], "name": None, "body": "x", "files": []}
    whole = {"about": made["submissions"] and {"body": "b", "kind": "system", "subject": "s"}, "left_out": ["p-2"]}
    assert reporter.refusal("makeConcern", {**TEXT, **whole, "lanes": [given]}) == "CannotOpen"


@pytest.mark.parametrize(
    "change", ["both at once", "a card missing", "nobody left", "nothing", "a wrong card", "another's left out"]
)
def test_a_change_that_cannot_be_is_refused(reporter: Holder, desk: Holder, change: str) -> None:
    one, two, three = people(3)
    box, code, case = raised(reporter, [one, two])
    reporter.come_back(code, box)
    cards = [card(one), card(two)]
    wrong: dict[str, dict[str, Any]] = {
        "both at once": {"drop": [key(one)], "add": [card(three, person="p-3")], "cards": cards},
        "a card missing": {"drop": [key(one)], "cards": [card(one)]},
        "nobody left": {"drop": [key(one), key(two)], "cards": cards},
        "nothing": {"add": [card(one, person="p-1")]},
        "a wrong card": {"drop": [key(one)], "cards": [card(two) | {"recipient": card(three)["recipient"]}]},
        "another's left out": {"left_out": ["p-3"]},
    }
    who = reporter
    if change == "another's left out":
        who = desk.unlock(one)
        desk.open(box, one)
    assert who.refusal("changeReaders", case, {**TEXT, **wrong[change]}) == "CannotOpen"


def test_python_changes_the_readers_and_the_browser_reads_on(reporter: Holder, desk: Holder) -> None:
    one, two, three = people(3)
    box, code, case = raised(reporter, [one, two])
    seat, thread = box.seat(one)
    box.change(add_readers(seat, thread, [PersonCard("p-3", three.card)], SAID))
    seat, thread = box.seat(code)
    stay = [PersonCard("p-1", one.card), PersonCard("p-3", three.card)]
    box.change(start_epoch(seat, thread, stay, SAID, left_out=["p-2"]))
    seat, thread = box.seat(one)
    box.reply(seat.reply(seat.write(thread, Plaintext("Diolch."), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE)))
    (view,) = reporter.come_back(code, box)
    desk.unlock(three)
    for found in (view, desk.open(box, three)):
        assert verdicts(found) == ["genuine"] * 4
        assert [entry["item"]["body"] for entry in found["entries"]][1:] == ["Newid.", "Newid.", "Diolch."]
        assert (found["epoch"], found["writable"], found["left_out"]) == (1, True, ["p-2"])
    box.reply(read_desk_reply(desk.ask("reply", case, TEXT).encode()))
    assert bodies(box, code)[-1] == TEXT["body"]


def test_a_reader_lets_a_colleague_in_and_recuses_themself(reporter: Holder, desk: Holder) -> None:
    one, two = people(2)
    box, code, case = raised(reporter, [one])
    desk.unlock(one)
    desk.open(box, one)
    box.change(read_desk_change(desk.ask("changeReaders", case, {**TEXT, "add": [card(two, person="p")]}).encode()))
    view = desk.open(box, one)
    leave = {**TEXT, "body": "", "drop": [view["readers"][0]["key"], key(one)][1:], "cards": [card(one), card(two)]}
    change = read_desk_change(desk.ask("changeReaders", case, leave).encode())
    box.change(change)
    assert change.reporter
    assert bodies(box, two) == bodies(box, code) == [TEXT["body"], TEXT["body"], ""]
    assert desk.refusal("openThread", box.json(one), case) == "CannotOpen"
    desk.ask("forget", case)
    assert desk.refusal("reply", case, TEXT) == "CannotOpen"


def test_an_epoch_that_no_author_made_is_not_written_in(reporter: Holder) -> None:
    one, two = people(2)
    box, code, case = raised(reporter, [one, two])
    reporter.come_back(code, box)
    change = {**TEXT, "drop": [key(two)], "cards": [card(one)]}
    box.change(read_change(reporter.ask("changeReaders", case, change).encode()))
    box.items.pop()
    (view,) = reporter.come_back(code, box)
    assert not view["writable"]
    assert reporter.refusal("reply", case, TEXT) == "CannotOpen"
    assert reporter.refusal("changeReaders", case, {**TEXT, "renew": True, "cards": [card(one)]}) == "CannotOpen"


@pytest.mark.parametrize("way", ["rubbish", "another seed", "nothing"])
def test_no_reader_locks_the_reporter_out_of_what_was_written_before(reporter: Holder, way: str) -> None:
    """Any reader may begin an epoch, and seals the reporter's grant of it."""
    one, two = people(2)
    box, code, case = raised(reporter, [one, two])
    seat, thread = box.seat(one)
    made = start_epoch(seat, thread, [PersonCard(f"p-{n}", who.card) for n, who in enumerate((one, two))], SAID)
    other = start_epoch(seat, thread, [PersonCard("p-1", one.card)], SAID)
    box.change(made)
    bad = {"rubbish": [(1, bytes(2171))], "another seed": [(1, other.reporter or b"")], "nothing": []}
    box.reporter[:] = bad[way]
    (view,) = reporter.come_back(code, box)
    assert (verdicts(view), view["writable"]) == (["genuine", "changed"], False)
    assert view["entries"][0]["item"]["body"] == TEXT["body"]
    assert bodies(box, code) == [TEXT["body"], "changed"]
    assert reporter.refusal("reply", case, TEXT) == "CannotOpen"
    without = {**TEXT, "body": "", "drop": [key(one)], "cards": [card(two)]}
    box.change(read_change(reporter.ask("changeReaders", case, without).encode()))
    assert box.epoch == 2
    (view,) = reporter.come_back(code, box)
    assert (verdicts(view), view["writable"]) == (["genuine", "changed", "genuine"], True)
    box.reply(read_reply(reporter.ask("reply", case, TEXT).encode()))
    assert bodies(box, two)[-1] == bodies(box, code)[-1] == TEXT["body"]


def test_no_reader_locks_another_out_of_what_was_written_before(reporter: Holder, desk: Holder) -> None:
    one, two = people(2)
    box, _code, case = raised(reporter, [one, two])
    made = start_epoch(*box.seat(one), [PersonCard(f"p-{n}", who.card) for n, who in enumerate((one, two))], SAID)
    spoilt = [replace(grant, file=bytes(2171)) if grant.key_id == two.card.key_id else grant for grant in made.grants]
    box.change(replace(made, grants=tuple(spoilt)))
    desk.unlock(two)
    view = desk.open(box, two)
    assert (verdicts(view), view["writable"], view["restartable"]) == (["genuine", "changed"], False, False)
    assert desk.refusal("reply", case, TEXT) == "CannotOpen"
    assert desk.refusal("changeReaders", case, {**TEXT, "renew": True, "cards": [card(two)]}) == "CannotOpen"


def test_a_grant_of_the_first_epoch_does_not_take_the_place_of_the_receipts_own_key(reporter: Holder) -> None:
    (one,) = people(1)
    box, code, _ = raised(reporter, [one])
    box.reporter.append((0, box.grants[0].file))
    reporter.ask("readCode", " ".join(code.words("en")))
    assert reporter.refusal("openThreads", [{"lane": "joint", "value": box.json()}]) == "CannotOpen"


def test_both_lanes_of_a_receipt_stand_beside_each_other_for_everybody_who_reads_both(
    reporter: Holder, desk: Holder
) -> None:
    one, two = people(2)
    lanes = [
        {"lane": "joint", "readers": [card(one), card(two)]},
        {"lane": "union", "readers": [card(two)], "name": "Siân", "body": "Fi sydd yma."},
    ]
    made = reporter.raise_concern(*lanes)
    joint, union = postboxes(made)
    code = read_code(made["code"]["cy"])
    views = reporter.come_back(code, union, joint)
    assert [(view["lane"], view["name"], view["beside"] and view["beside"]["holds"]) for view in views] == [
        ("joint", None, None),
        ("union", "Siân", True),
    ]
    desk.unlock(two)
    assert desk.open(union, two)["beside"] == {"case": to_b64u(joint.case), "holds": False}
    desk.open(joint, two)
    assert desk.open(union, two)["beside"]["holds"]
    seats = [box.seat(two) for box in (union, joint)]
    check_beside(*seats[0], *seats[1])


def test_notes_are_begun_in_the_browser_and_found_and_read_in_python(reporter: Holder, desk: Holder) -> None:
    one, two, three = people(3)
    box, _, case = raised(reporter, [one, two])
    desk.unlock(one)
    desk.open(box, one)
    made = desk.ask("beginNotes", case, {**TEXT, "lane": "employer-notes", "readers": [card(two, person="p-2")]})
    submission = read_desk_submission(made["json"].encode())
    seat, thread = box.seat(two)
    assert submission.locator_hash == locator_hash(locate_notes(seat, Lane.EMPLOYER_NOTES))
    asked = {one["lane"]: read_look_up(one["json"].encode()) for one in desk.ask("notesLookUps", case)}
    assert asked == {lane.value: locate_notes(seat, lane) for lane in (Lane.UNION_NOTES, Lane.EMPLOYER_NOTES)}
    notes = Postbox.of(submission)
    check_beside(*notes.seat(two), seat, thread)
    assert bodies(notes, two) == [TEXT["body"]]
    stranger = {**TEXT, "lane": "union-notes", "readers": [card(three, person="p-3")]}
    assert desk.refusal("beginNotes", case, stranger) == "CannotOpen"
    desk.open(notes, one)
    assert desk.refusal("changeReaders", made["case"], {**TEXT, "add": [card(three, person="p")]}) == "CannotOpen"


def test_notes_begun_in_python_open_in_the_browser_only_beside_their_thread(reporter: Holder, desk: Holder) -> None:
    one, two = people(2)
    box, _, case = raised(reporter, [one, two])
    seat, thread = box.seat(two)
    colleague = [PersonCard("p-1", one.card)]
    notes = Postbox.of(begin_notes(two, seat, thread, Lane.UNION_NOTES, colleague, SAID))
    desk.unlock(one)
    assert desk.refusal("openThread", notes.json(one), to_b64u(notes.case)) == "CannotOpen"
    desk.open(box, one)
    view = desk.open(notes, one)
    assert (verdicts(view), view["beside"]) == (["genuine"], {"case": case, "holds": True})
    assert view["entries"][0]["item"]["body"] == "Newid."
    box.reply(read_desk_reply(desk.ask("reply", case, TEXT).encode()))
    notes.reply(read_desk_reply(desk.ask("reply", to_b64u(notes.case), TEXT).encode()))
    assert bodies(notes, two) == ["Newid.", TEXT["body"]]
    other, _, _ = raised(reporter, [one, two])
    desk.start().unlock(one)
    desk.open(other, one)
    assert desk.refusal("openThread", notes.json(one), to_b64u(notes.case)) == "CannotOpen"


def test_nobody_writes_in_notes_while_somebody_reads_them_who_was_dropped_from_the_thread(
    reporter: Holder, desk: Holder
) -> None:
    one, two, three = people(3)
    box, code, case = raised(reporter, [one, two, three])
    desk.unlock(one)
    desk.open(box, one)
    colleagues = [card(two, person="p-2"), card(three, person="p-3")]
    made = desk.ask("beginNotes", case, {**TEXT, "lane": "employer-notes", "readers": colleagues})
    notes, beside = Postbox.of(read_desk_submission(made["json"].encode())), made["case"]
    assert desk.open(notes, one)["outside"] == []
    box.change(start_epoch(*box.seat(code), [PersonCard(f"p-{n}", who.card) for n, who in enumerate((one, two))], SAID))
    desk.open(box, one)
    assert desk.open(notes, one)["outside"] == [to_b64u(three.card.key_id)]
    assert desk.refusal("reply", beside, TEXT) == "CannotOpen"
    without = {**TEXT, "body": "", "drop": [to_b64u(three.card.key_id)], "cards": [card(one), card(two)]}
    notes.change(read_desk_change(desk.ask("changeReaders", beside, without).encode()))
    assert desk.open(notes, one)["outside"] == []
    notes.reply(read_desk_reply(desk.ask("reply", beside, TEXT).encode()))
    assert bodies(notes, two) == [TEXT["body"], "", TEXT["body"]]


def test_an_export_holds_what_a_stranger_can_verify(reporter: Holder, desk: Holder) -> None:
    (one,) = people(1)
    box, _, case = raised(reporter, [one])
    desk.unlock(one)
    desk.open(box, one)
    box.reply(read_desk_reply(desk.ask("reply", case, {**TEXT, "body": "Ateb."}).encode()))
    desk.open(box, one)
    script = """async ([case_]) => (await sealed.worker.call("desk", "exportThread", case_)).map(
        ({ name, octets }) => [name, sealed.checks.hex(octets)])"""
    parts = {name: bytes.fromhex(octets) for name, octets in desk.page.evaluate(script, [case])}
    assert list(parts) == ["thread.json", *(f"{n}.{kind}" for n in ("001", "002") for kind in ("json", "sig", "txt"))]
    assert parts["002.txt"].decode() == "Ateb.\n\nporth-sealed-export\n"  # the mark that the guard knows
    assert json.loads(parts["thread.json"])["mark"] == "porth-sealed-export"
    assert [len(parts[f"{n}.sig"]) for n in ("001", "002")] == [64, 64]
    for n in ("001", "002"):
        json_part = parts[f"{n}.json"]
        signer = from_b64u(json.loads(json_part)["from"], 32)
        check_signature(signer, parts[f"{n}.sig"], b"porth:v1:item\0" + json_part)
