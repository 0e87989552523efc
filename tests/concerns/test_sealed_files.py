"""Sealed files: one frame at a time, checked while it comes, kept as it is, handed out to those who hold the thread."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from anonymity.attachment import Attachment
from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, lane_locator
from anonymity.sealedfile import FRAME_BYTES, SEALED_CLASSES, FileSealer, draw_blob, open_file, seal_file
from anonymity.seat import reporter_seat
from anonymity.submission import FileLookUp
from portal.concerns.reporting.tickets import MOST_FILE_LEVEL
from portal.core.ids import random_bytes
from portal.mailbox.filing import has_room
from portal.mailbox.models import SealedFile
from portal.settings.models import Settings
from tests.concerns.raised import TODAY, Raised, csrf_of, delivery_of, open_box, post_json, put, raised, read
from tests.concerns.seats import readers_seat, status_of
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, Demonstrated
from tests.tickets import solve, work
from tests.visitors import Visitor

SMALL = min(SEALED_CLASSES)
CONTENT = b"photograph " * 4000


@pytest.fixture
def reporter(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made


def sealed(content: bytes, recipient: Recipient) -> tuple[Attachment, bytes]:
    sealer = FileSealer(recipient)
    file = b"".join(seal_file([content], sealer))
    measured = sealer.measured
    return Attachment(draw_blob(), measured.size, measured.hash, "photo-1.jpg", None, "image/jpeg"), file


def send(visitor: Visitor, frame: bytes, path: str = "/cy/concern/box/file", **headers: str) -> Any:
    return visitor.client.post(path, content=frame, headers=work(visitor.client) | headers)


def fill(world: Demonstrated, size: int) -> None:
    """So much lies there that no item has named."""
    with world.database.writing() as session:
        session.add(
            SealedFile(blob_id=random_bytes(16), case_id=random_bytes(16), size=size, place="x", waiting_since=TODAY)
        )


def frame_of(attachment: Attachment, case: bytes, file: bytes) -> bytes:
    return attachment.blob + case + file


def raised_with_file(world: Demonstrated, reporter: Visitor) -> tuple[Raised, Attachment, bytes]:
    """A concern whose second item names a file that came before it."""
    made = raised(world)
    put(reporter, made.sent.to_json())
    found = open_box(reporter, lane_locator(made.code, Lane.JOINT)).json()
    seat = reporter_seat(made.code, Lane.JOINT, delivery_of(found))
    attachment, file = sealed(CONTENT, seat.recipient)
    assert send(reporter, frame_of(attachment, made.sent.case, file)).status_code == 201
    item = seat.write(read(seat, found), Plaintext(""), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE,
                      files=[attachment])  # fmt: skip
    assert put(reporter, seat.reply(item).to_json(), "/cy/concern/box/reply").status_code == 201
    return made, attachment, file


def look_up(visitor: Visitor, made: Raised, blob: bytes) -> Any:
    asked = FileLookUp(blob, locator=lane_locator(made.code, Lane.JOINT))
    return visitor.client.post("/cy/concern/box/file/open", content=asked.to_json())


def test_a_file_goes_in_and_comes_out_as_it_was(demonstrated: Demonstrated, reporter: Visitor) -> None:
    made, attachment, file = raised_with_file(demonstrated, reporter)
    found = look_up(reporter, made, attachment.blob)
    assert (found.status_code, found.content) == (200, file)
    assert found.headers["content-type"] == "application/octet-stream"
    seat = reporter_seat(
        made.code, Lane.JOINT, delivery_of(open_box(reporter, lane_locator(made.code, Lane.JOINT)).json())
    )
    opened = open_file([found.content], seat.identities[0], size=attachment.size, expected_hash=attachment.hash)
    assert b"".join(opened) == CONTENT


def test_a_reader_of_the_thread_gets_the_file_and_nobody_else_does(
    demonstrated: Demonstrated, reporter: Visitor
) -> None:
    made, attachment, file = raised_with_file(demonstrated, reporter)
    path = f"/en/my/concerns/{made.case}/files/{to_b64u(attachment.blob)}"
    question = FileLookUp(attachment.blob, case=made.sent.case).to_json()
    with demonstrated.signed_in(ELIN) as elin:
        assert elin.client.get(path).content == file
        assert post_json(elin, "/en/my/concerns/file/open", question).content == file
        assert elin.get(path[:-2] + "AA").status_code == 404
        assert (
            elin.get(f"/en/my/concerns/{to_b64u(random_bytes(16))}/files/{to_b64u(attachment.blob)}").status_code == 404
        )
    other = raised(demonstrated, LLINOS)
    put(reporter, other.sent.to_json())
    with demonstrated.signed_in(LLINOS) as llinos:
        assert llinos.get(path.replace(made.case, other.case)).status_code == 404
        assert status_of(demonstrated, LLINOS, other) == 404
    assert look_up(reporter, other, attachment.blob).status_code == 404
    answers = [
        look_up(reporter, made, random_bytes(16)),
        reporter.client.post("/cy/concern/box/file/open", content=b"{}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1


def test_an_item_waits_for_its_files(demonstrated: Demonstrated, reporter: Visitor) -> None:
    made = raised(demonstrated)
    put(reporter, made.sent.to_json())
    found = open_box(reporter, lane_locator(made.code, Lane.JOINT)).json()
    seat = reporter_seat(made.code, Lane.JOINT, delivery_of(found))
    attachment, file = sealed(CONTENT, seat.recipient)
    item = seat.write(read(seat, found), Plaintext("gweler"), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE,
                      files=[attachment])  # fmt: skip
    assert put(reporter, seat.reply(item).to_json(), "/cy/concern/box/reply").status_code == 422
    assert send(reporter, frame_of(attachment, made.sent.case, file)).status_code == 201
    assert look_up(reporter, made, attachment.blob).status_code == 404, "no item has named it"
    assert put(reporter, seat.reply(item).to_json(), "/cy/concern/box/reply").status_code == 201
    assert look_up(reporter, made, attachment.blob).content == file


def test_a_frame_is_taken_once_and_only_in_its_exact_shape(
    demonstrated: Demonstrated, reporter: Visitor, settings: Settings
) -> None:
    made = raised(demonstrated)
    attachment, file = sealed(CONTENT, made.sent.recipient)
    frame = frame_of(attachment, made.sent.case, file)
    wrong = [
        b"", b"x", frame[:-1], frame + b"x", frame[:1000], b"\0" * len(frame), file, frame[:FRAME_BYTES],
        frame[:FRAME_BYTES] + b"{" * SMALL, frame[:40] + bytes([frame[40] ^ 1]) + frame[41:],
        frame[:FRAME_BYTES] + b"plain text " * 6108 + b"1234567",
    ]  # fmt: skip
    for octets in wrong:
        assert send(reporter, octets).status_code == 422, octets[:50]
    assert send(reporter, b"x", **{"content-length": "999999999"}).status_code in {413, 422}
    assert list_shelf(demonstrated) == []
    assert send(reporter, frame).status_code == 201
    assert send(reporter, frame).status_code == 409
    assert len(list_shelf(demonstrated)) == 1
    assert settings.sealed_folder != demonstrated.settings.blob_folder


def list_shelf(world: Demonstrated) -> list[str]:
    folder = world.settings.sealed_folder
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def test_a_body_without_a_length_or_with_a_false_one_is_refused(demonstrated: Demonstrated, reporter: Visitor) -> None:
    attachment, file = sealed(CONTENT, raised(demonstrated).sent.recipient)
    frame = frame_of(attachment, random_bytes(16), file)
    pieces = (frame[at : at + 5000] for at in range(0, len(frame), 5000))
    assert (
        reporter.client.post("/cy/concern/box/file", content=pieces, headers=work(reporter.client)).status_code == 422
    )
    assert list_shelf(demonstrated) == []


def test_every_upload_costs_work(demonstrated: Demonstrated, reporter: Visitor) -> None:
    attachment, file = sealed(CONTENT, raised(demonstrated).sent.recipient)
    frame, paid = frame_of(attachment, random_bytes(16), file), work(reporter.client)
    post = lambda headers: reporter.client.post("/cy/concern/box/file", content=frame, headers=headers).status_code  # noqa: E731
    assert [post({}), post(paid), post(paid)] == [428, 201, 428]


def test_when_too_much_lies_unnamed_files_are_asked_to_come_later_and_text_goes_through(
    demonstrated: Demonstrated, reporter: Visitor
) -> None:
    made = raised(demonstrated)
    attachment, file = sealed(CONTENT, made.sent.recipient)
    fill(demonstrated, demonstrated.settings.most_waiting)
    late = send(reporter, frame_of(attachment, made.sent.case, file))
    assert (late.status_code, late.headers["retry-after"]) == (429, "3600")
    assert list_shelf(demonstrated) == []
    assert put(reporter, made.sent.to_json()).status_code == 201


def test_when_half_is_full_large_files_cost_more_work_and_never_keep_small_ones_out(
    demonstrated: Demonstrated, reporter: Visitor
) -> None:
    made = raised(demonstrated)
    attachment, file = sealed(CONTENT, made.sent.recipient)
    frame = frame_of(attachment, made.sent.case, file)
    most = demonstrated.settings.most_waiting

    def bits(size: int) -> int:
        return int(reporter.client.post("/cy/concern/box/challenge", json={"bytes": size}).json()["bits"])

    calm = bits(len(frame))
    assert bits(max(SEALED_CLASSES)) == calm
    fill(demonstrated, most - 4 * len(frame))
    assert bits(len(frame)) == calm + MOST_FILE_LEVEL
    cheap = work(reporter.client)
    refused = reporter.client.post("/cy/concern/box/file", content=frame, headers=cheap)
    assert (refused.status_code, refused.json()["bits"]) == (428, calm + MOST_FILE_LEVEL)
    paid = {"porth-work": solve(refused.json()["challenge"], refused.json()["bits"])}
    assert reporter.client.post("/cy/concern/box/file", content=frame, headers=paid).status_code == 201
    assert bits(len(frame)) == calm, "there is no room for another one: nobody works for nothing"
    assert send(reporter, frame_of(attachment, random_bytes(16), file)).status_code == 409


@pytest.mark.parametrize(
    ("size", "waiting", "fits"), [(64, 0, True), (64, 50, False), (64, 36, True), (12, 52, True), (13, 52, False)]
)
def test_a_large_file_has_room_while_a_quarter_of_what_is_free_holds_it(size: int, waiting: int, fits: bool) -> None:
    assert has_room(size, waiting, 100) is fits


def test_a_reader_adds_files_to_threads_they_hold_and_to_no_others(demonstrated: Demonstrated) -> None:
    made, left = raised(demonstrated), raised(demonstrated, DYLAN)
    with demonstrated.signed_in(DYLAN) as dylan:
        put(dylan, made.sent.to_json())
        put(dylan, left.sent.to_json())
        seat, found = readers_seat(demonstrated, dylan, DYLAN, made)
        attachment, file = sealed(CONTENT, seat.recipient)
        frame = frame_of(attachment, made.sent.case, file)
        token = csrf_of(dylan)

        def upload(case: str, octets: bytes, headers: dict[str, str] = token) -> int:
            return int(dylan.client.post(f"/en/my/concerns/{case}/files", content=octets, headers=headers).status_code)

        assert upload(made.case, frame, {}) in {403, 413}, "no token"
        assert upload(left.case, frame) == 404, "another thread than the frame says"
        assert upload(left.case, frame[:16] + left.sent.case + file) == 404, "left out"
        assert upload(made.case, frame) == 201
        begun = random_bytes(16)
        assert upload(to_b64u(begun), random_bytes(16) + begun + file) == 404, "a thread that never was"
        item = seat.write(read(seat, found), Plaintext(""), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE,
                          files=[attachment])  # fmt: skip
        reply = seat.reply(item)
        assert post_json(dylan, f"/en/my/concerns/{made.case}/items", reply.to_json()).status_code == 201
        assert dylan.client.get(f"/en/my/concerns/{made.case}/files/{to_b64u(attachment.blob)}").content == file
        forged = replace(reply, item=replace(reply.item, id=random_bytes(16)))
        assert post_json(dylan, f"/en/my/concerns/{made.case}/items", forged.to_json()).status_code == 409
    with demonstrated.signed_in(CARYS) as carys:
        assert carys.client.get(f"/en/my/concerns/{made.case}/files/{to_b64u(attachment.blob)}").content == file
