"""Files: sealed in the browser's worker and opened in Python, and the other way round, at every border of a class."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from anonymity.attachment import Attachment, read_attachment
from anonymity.encoding import from_b64u, to_b64u
from anonymity.item import SealedBy
from anonymity.keyring import Keyring
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, lane_keys, read_code
from anonymity.sealedfile import FILE_CLASSES, FileSealer, draw_blob, open_file, read_upload, seal_file
from anonymity.submission import ChangeOfReaders, read_change, read_file_look_up, read_reply
from tests.anonymity.box_server import Box, serving
from tests.anonymity.browser_people import DAY, TEXT, Holder, card, people, postboxes
from tests.anonymity.postbox import Postbox

KIB = 1024
MIB = 1024 * KIB
BORDERS = sorted({1, 100, *(size + more for size in FILE_CLASSES[:4] for more in (-1, 0, 1)), 16 * MIB})
PHOTO = {"name": "photo-1.jpg", "original": "Llun ŵ.JPG", "type": "image/jpeg"}


@pytest.fixture(scope="module")
def files_page(chromium: Browser, modules_build: Path, modules_box: Box) -> Iterator[Page]:
    """A page of its own: files are long."""
    with serving(modules_box, modules_build) as found:
        context = chromium.new_context(base_url=found)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto("/modules")
        yield page
        context.close()


def content(length: int) -> bytes:
    """What worker.js knows by heart too."""
    period = bytes(i * 31 % 251 for i in range(251))
    return (period * (length // 251 + 1))[:length]


def opened(octets: bytes, entry: Attachment, keys: Any) -> bytes:
    """The content of a frame, opened in Python."""
    upload = read_upload([octets])
    assert upload.blob == entry.blob
    return b"".join(open_file(upload.file, keys, size=entry.size, expected_hash=entry.hash))


def begun(page: Page) -> tuple[Holder, Code, str]:
    """A reporter who has begun a concern, with the receipt and the case."""
    reporter = Holder(page, "reporter").start()
    made = reporter.ask("beginConcern", ["joint"])
    return reporter, read_code(made["code"]["cy"]), made["threads"][0]["case"]


def seals(page: Page, case: str, length: int, as_: str = "blob") -> dict[str, Any]:
    """Have the worker seal a content of this length; the frame is at /frames/<length>."""
    script = "([case_, length, url, as]) => sealed.worker.sealsFile('reporter', case_, length, url, as)"
    found: dict[str, Any] = page.evaluate(script, [case, length, f"/frames/{length}", as_])
    return found


def opens(page: Page, case: str, blob: str, name: str) -> dict[str, Any]:
    """Have the worker open what is at /frames/<name>."""
    script = "([case_, blob, url]) => sealed.worker.opensFile('reporter', case_, blob, url)"
    found: dict[str, Any] = page.evaluate(script, [case, blob, f"/frames/{name}"])
    return found


def test_what_the_browser_seals_python_opens_at_every_border(files_page: Page, modules_box: Box) -> None:
    _, code, case = begun(files_page)
    identity = lane_keys(code, Lane.JOINT).identity
    for n, length in enumerate(BORDERS):
        found = seals(files_page, case, length, ("blob", "octets")[n % 2])
        frame = modules_box.frames.pop(f"/frames/{length}")
        entry = read_attachment(found["entry"])
        assert (entry.size, len(frame)) == (length, found["taken"])
        assert frame[16:32] == from_b64u(case, 16)
        assert opened(frame, entry, identity) == content(length), length
        assert found["steps"] == sorted(found["steps"])
        assert (found["steps"][0], found["steps"][-1]) == (0, 1)


def in_thread(page: Page, sizes: list[int], box: Box) -> tuple[Holder, Postbox, list[Attachment]]:
    """A thread whose second item names files that the Python half sealed; they are at /frames/<size>."""
    (reader,) = people(1)
    reporter = Holder(page, "reporter").start()
    made = reporter.raise_concern({"lane": "joint", "readers": [card(reader)]})
    (post,), code = postboxes(made), read_code(made["code"]["cy"])
    seat, thread = post.seat(reader)
    files = [sealed_here(size, seat.recipient, box) for size in sizes]
    item = seat.write(thread, Plaintext(""), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE, files=files)
    post.reply(seat.reply(item))
    reporter.come_back(code, post)
    return reporter, post, files


def sealed_here(size: int, recipient: Any, box: Box) -> Attachment:
    """A file sealed in Python, kept by the server."""
    sealer = FileSealer(recipient)
    box.frames[f"/frames/{size}"] = b"".join(seal_file([content(size)], sealer))
    measured = sealer.measured
    return Attachment(draw_blob(), measured.size, measured.hash, "photo-1.jpg", None, "image/jpeg")


def test_what_python_seals_the_browser_opens_at_every_border(files_page: Page, modules_box: Box) -> None:
    _, post, files = in_thread(files_page, BORDERS, modules_box)
    for entry in files:
        found = opens(files_page, to_b64u(post.case), to_b64u(entry.blob), str(entry.size))
        assert found["length"] == entry.size
        assert found["sha256"] == hashlib.sha256(content(entry.size)).hexdigest()
        assert found["entry"] == entry.to_value()
        assert found["given"] == 0, "the octets went over, they were not copied"
        assert found["steps"] == sorted(found["steps"])
        modules_box.frames.pop(f"/frames/{entry.size}")


def test_the_largest_file_goes_through_and_a_larger_one_is_refused(files_page: Page, modules_box: Box) -> None:
    reporter, code, case = begun(files_page)
    largest = 64 * MIB
    found = seals(files_page, case, largest)
    frame = modules_box.frames.pop(f"/frames/{largest}")
    assert len(frame) == 67_126_891 + 32
    entry = read_attachment(found["entry"])
    assert opened(frame, entry, lane_keys(code, Lane.JOINT).identity) == content(largest)
    assert reporter.refusal("sealFile", case, {**PHOTO, "content": []}) == "CannotOpen"
    script = "([case_, length]) => sealed.worker.sealsFile('reporter', case_, length, '/frames/x').catch((e) => e.name)"
    assert files_page.evaluate(script, [case, largest + 1]) == "TooLong"
    assert files_page.evaluate(script, [case, 0]) == "CannotOpen"


def tampered(file: bytes) -> Iterator[tuple[str, bytes]]:
    """What a server could hand out in place of a file."""
    for at in (0, 30, 100, 1_600, 1_640, 40_000, len(file) - 1):
        yield f"byte {at}", file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
    yield "shorter", file[:-1]
    yield "longer", file + b"\0"
    yield "a chunk less", file[: -65_536 - 16]
    yield "nothing", b""
    head, one, two = file[:1_643], file[1_643 : 1_643 + 65_552], file[1_643 + 65_552 : 1_643 + 2 * 65_552]
    yield "chunks swapped", head + two + one + file[len(head + one + two) :]


def test_a_file_that_was_changed_in_any_way_is_not_given_out(files_page: Page, modules_box: Box) -> None:
    reporter, post, (entry,) = in_thread(files_page, [200_000], modules_box)
    case, blob = to_b64u(post.case), to_b64u(entry.blob)
    file = modules_box.frames.pop("/frames/200000")
    script = """async ([case_, blob, text]) => sealed.checks.refused(() =>
        sealed.worker.call("reporter", "openFile", case_, blob, sealed.checks.file(text)))"""
    for what, octets in tampered(file):
        assert files_page.evaluate(script, [case, blob, to_b64u(octets)]) == "CannotOpen", what
    assert files_page.evaluate(script, [case, to_b64u(bytes(16)), to_b64u(file)]) == "CannotOpen"
    assert files_page.evaluate(script, [case, blob, to_b64u(file)]) == "accepted"
    look_up = read_file_look_up(reporter.ask("fileLookUp", case, blob).encode())
    assert look_up.blob == entry.blob


def test_zeros_behind_the_content_are_checked_even_if_the_hash_agrees(files_page: Page, modules_box: Box) -> None:
    (reader,) = people(1)
    reporter = Holder(files_page, "reporter").start()
    made = reporter.raise_concern({"lane": "joint", "readers": [card(reader)]})
    (box,), code = postboxes(made), read_code(made["code"]["cy"])
    seat, thread = box.seat(reader)
    honest = sealed_here(1_000, seat.recipient, modules_box)
    short = Attachment(honest.blob, 999, honest.hash, "photo-1.jpg", None, "image/jpeg")
    written = seat.write(thread, Plaintext(""), lang="cy", day=DAY, sealed_by=SealedBy.DEVICE, files=[short])
    box.reply(seat.reply(written))
    reporter.come_back(code, box)
    script = "([case_, blob, url]) => sealed.worker.opensFile('reporter', case_, blob, url).catch((e) => e.name)"
    given = [to_b64u(box.case), to_b64u(short.blob), "/frames/1000"]
    assert files_page.evaluate(script, given) == "CannotOpen"


def test_an_answer_names_files_that_were_sealed_for_this_epoch_only(files_page: Page, modules_box: Box) -> None:
    one, two = people(2)
    reporter = Holder(files_page, "reporter").start()
    made = reporter.raise_concern({"lane": "joint", "readers": [card(one), card(two)]})
    (box,), code, case = postboxes(made), read_code(made["code"]["cy"]), made["submissions"][0]["case"]
    reporter.come_back(code, box)
    entry = seals(files_page, case, 500)["entry"]
    frame = modules_box.frames.pop("/frames/500")
    assert reporter.refusal("reply", case, {**TEXT, "files": [entry | {"blob": to_b64u(bytes(16))}]}) == "Stale"
    reply = read_reply(reporter.ask("reply", case, {**TEXT, "body": "", "files": [entry]}).encode())
    assert reply.item.files == (from_b64u(entry["blob"], 16),)
    box.reply(reply)
    read = read_by(box, one)
    assert opened(frame, read, lane_keys(code, Lane.JOINT).identity) == content(500)
    dropped = {**TEXT, "drop": [one_key(two)], "cards": [card(one)]}
    reporter.come_back(code, box)
    late = seals(files_page, case, 600)["entry"]
    box.change(changed(reporter, case, dropped))
    reporter.come_back(code, box)
    assert reporter.refusal("reply", case, {**TEXT, "files": [late]}) == "Stale"


def one_key(keyring: Keyring) -> str:
    """The key id as the page has it."""
    return to_b64u(keyring.card.key_id)


def changed(reporter: Holder, case: str, change: dict[str, Any]) -> ChangeOfReaders:
    """A change of readers as the server reads it."""
    return read_change(reporter.ask("changeReaders", case, change).encode())


def read_by(box: Postbox, reader: Keyring) -> Attachment:
    """The one file that the last item names."""
    _, thread = box.seat(reader)
    item = thread.entries[-1].item
    assert item
    (entry,) = item.files
    assert entry.original is not None
    assert entry.original.reveal() == PHOTO["original"]
    return entry


def test_body_and_files_share_their_room(files_page: Page, modules_box: Box) -> None:
    reporter, _, case = begun(files_page)
    entries = [seals(files_page, case, 10)["entry"] for _ in range(20)]
    modules_box.frames.clear()
    (reader,) = people(1)
    lane = {"lane": "joint", "readers": [card(reader)], "files": entries}
    (box,) = postboxes(reporter.raise_concern(lane | {"body": "x" * 7_000}))
    assert box.items[0][1].files == tuple(from_b64u(one, 16) for one in sorted(entry["blob"] for entry in entries))
    script = "(given) => sealed.worker.refusal('reporter', 'makeConcern', given)"
    about = {"about": {"body": "b", "kind": "system", "subject": "s"}, "left_out": [], "lang": "cy", "day": TEXT["day"]}
    given = about | {"lanes": [lane | {"name": None, "body": "x" * 11_000}]}
    assert files_page.evaluate(script, given) == "TooLong"
