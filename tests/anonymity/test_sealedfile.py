"""Files are sealed while they arrive and opened piece by piece: all of a file, or one opaque error."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.age import CHUNK, HEADER_BYTES, encrypt, sealed_size
from anonymity.errors import CannotOpen
from anonymity.keys import Identity
from anonymity.plaintext import Secret
from anonymity.sealedfile import (
    FILE_CLASSES,
    LARGEST_SEALED,
    FileSealer,
    Upload,
    WrongSize,
    check_file_shape,
    class_of,
    draw_blob,
    open_file,
    read_upload,
    seal_file,
)
from tests.anonymity.world import MANAGER, REPRESENTATIVE

OWN, SECOND = Identity(Secret(b"\x11" * 32)), 262_144


def sealed(content: bytes, *, step: int = 50_000, to: Identity = OWN) -> tuple[bytes, int, bytes]:
    """The age file of a content that came in pieces, and what its item says: size and hash."""
    sealer = FileSealer(to.recipient)
    file = b"".join(seal_file((content[i : i + step] for i in range(0, len(content), step)), sealer))
    return file, sealer.measured.size, sealer.measured.hash


def opened(file: bytes, size: int, expected: bytes, *, step: int = 40_000, by: Identity = OWN) -> bytes:
    """The content, with everything checked."""
    pieces = (file[i : i + step] for i in range(0, len(file), step))
    return b"".join(open_file(pieces, by, size=size, expected_hash=expected))


def shape(*pieces: bytes) -> bytes:
    """What passes the check without a key."""
    return b"".join(check_file_shape(pieces))


def content_of(size: int) -> bytes:
    """Bytes that are not zero at the end."""
    return hashlib.shake_256(str(size).encode()).digest(size - 1) + b"\1"


FILE, SIZE, HASH = sealed(content_of(100_000))


@pytest.mark.parametrize("size", [1, 2, CHUNK - 1, CHUNK, CHUNK + 1, SECOND - 1, SECOND, SECOND + 1, 1_048_576])
@pytest.mark.parametrize("step", [1_000_000, 65_536, 7_777])
def test_what_was_sealed_opens_and_has_the_size_of_its_class(size: int, step: int) -> None:
    file, measured, digest = sealed(content_of(size), step=step)
    assert (measured, digest) == (size, hashlib.sha256(file).digest())
    assert len(file) == sealed_size(class_of(size))
    assert opened(file, size, digest, step=step) == content_of(size)
    assert shape(file) == file


def test_content_that_ends_in_zeros_keeps_them() -> None:
    content = b"a" + bytes(70_000)
    assert opened(*sealed(content)) == content


def test_every_class_holds_exactly_what_it_says() -> None:
    for smaller, larger in pairwise(FILE_CLASSES):
        assert (class_of(smaller), class_of(smaller + 1)) == (smaller, larger)
    for wrong in (0, -1, FILE_CLASSES[-1] + 1):
        with pytest.raises(WrongSize):
            class_of(wrong)


def test_an_empty_file_and_one_too_large_are_refused_while_they_arrive() -> None:
    with pytest.raises(WrongSize):
        list(seal_file([b"", b""], FileSealer(OWN.recipient)))
    sealer, taken = FileSealer(OWN.recipient), 0
    with pytest.raises(WrongSize):
        for piece in seal_file((bytes(1_048_576) for _ in range(100)), sealer):
            taken += len(piece)
    assert 60_000_000 < taken < LARGEST_SEALED
    with pytest.raises(ValueError, match="not sealed"):
        _ = sealer.measured


def test_two_sealings_of_a_file_have_nothing_in_common() -> None:
    one, other = sealed(b"a")[0], sealed(b"a")[0]
    assert one[HEADER_BYTES:] != other[HEADER_BYTES:]
    assert len(draw_blob()) == 16


def test_nobody_else_opens_it() -> None:
    for who in (MANAGER.identity, REPRESENTATIVE.identity):
        with pytest.raises(CannotOpen):
            opened(FILE, SIZE, HASH, by=who)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255), st.booleans())
def test_no_changed_byte_gives_a_file(place: int, change: int, is_rehashed: bool) -> None:
    bad = FILE[:place] + bytes([FILE[place] ^ change]) + FILE[place + 1 :]
    with pytest.raises(CannotOpen) as caught:
        opened(bad, SIZE, hashlib.sha256(bad).digest() if is_rehashed else HASH)
    assert str(caught.value) == "cannot be opened"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=70_000))
def test_no_shorter_and_no_longer_file_opens(end: int, more: bytes) -> None:
    for bad in (FILE[:end], FILE + more, FILE[:end] + more + FILE[end:]):
        with pytest.raises(CannotOpen):
            opened(bad, SIZE, hashlib.sha256(bad).digest())


def chunks(file: bytes) -> list[bytes]:
    """Header with nonce, then sealed chunks."""
    start = HEADER_BYTES + 16
    return [file[:start], *(file[i : i + CHUNK + 16] for i in range(start, len(file), CHUNK + 16))]


OTHER = sealed(content_of(200_000))[0]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=5, max_size=5))
def test_parts_of_two_files_in_any_order_never_open(parts: list[tuple[bool, int]]) -> None:
    made = b"".join(chunks(OTHER if is_other else FILE)[n] for is_other, n in parts)
    if made in (FILE, OTHER):
        return
    with pytest.raises(CannotOpen):
        opened(made, SIZE, hashlib.sha256(made).digest())


def test_a_file_of_the_same_key_under_anothers_name_is_seen_at_the_end() -> None:
    other, size, _ = sealed(content_of(100_000)[::-1])
    pieces: list[bytes] = []
    with pytest.raises(CannotOpen):
        for piece in open_file([other], OWN, size=size, expected_hash=HASH):
            pieces.append(piece)


@pytest.mark.parametrize("size", [0, -1, 1, 99_999, 65_536, 262_145, 67_108_865, 1 << 40])
def test_a_wrong_size_in_the_item_opens_nothing(size: int) -> None:
    with pytest.raises(CannotOpen):
        opened(FILE, size, HASH)


def test_a_size_beyond_the_content_only_reveals_the_zeros_that_were_sealed() -> None:
    """The item's author says the size, and the item is signed: nobody else can."""
    assert opened(FILE, SIZE + 1, HASH) == content_of(100_000) + b"\0"


def test_hidden_bytes_behind_the_content_are_refused() -> None:
    padded = content_of(100_000) + bytes(SECOND - 100_000 - 1) + b"\1"
    file = b"".join(encrypt([padded], [OWN.recipient]))
    with pytest.raises(CannotOpen):
        opened(file, 100_000, hashlib.sha256(file).digest())


@pytest.mark.parametrize("size", [SECOND - 1, SECOND + 1, SECOND - CHUNK, 2 * SECOND])
def test_another_class_than_the_size_has_is_refused(size: int) -> None:
    file = b"".join(encrypt([bytes(size)], [OWN.recipient]))
    with pytest.raises(CannotOpen):
        opened(file, SIZE, hashlib.sha256(file).digest())


def two_readers() -> bytes:
    """A file with a second stanza whose length would fit a class."""
    return b"".join(encrypt([bytes(CHUNK - 1_557)], [OWN.recipient, MANAGER.card.recipient]))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        FILE[:-1],
        FILE + b"\0",
        b"x" + FILE[1:],
        FILE[:1_000],
        bytes(len(FILE)),
        FILE.replace(b"v1\n", b"v2\n", 1),
        FILE.replace(b"-> mlkem768x25519", b"-> mlkem768x25518", 1),
        two_readers(),
        b"".join(encrypt([bytes(300)], [OWN.recipient])),
    ],
)
def test_the_shape_is_checked_without_a_key(file: bytes) -> None:
    assert len(two_readers()) == sealed_size(CHUNK)
    for pieces in ([file], [file[:10], file[10:2_000], file[2_000:]], [file[i : i + 1] for i in range(2_000)]):
        if b"".join(pieces) == file:
            with pytest.raises(CannotOpen):
                shape(*pieces)


def test_a_wrong_header_is_refused_before_anything_behind_it_is_asked_for() -> None:
    asked = []

    def pieces() -> Iterator[bytes]:
        for n in range(100):
            asked.append(n)
            yield bytes(1_000)

    with pytest.raises(CannotOpen):
        list(check_file_shape(pieces()))
    assert len(asked) == 2


def test_an_endless_upload_is_cut_off() -> None:
    def pieces() -> Iterator[bytes]:
        yield FILE
        while True:
            yield bytes(1_048_576)

    passed = 0
    with pytest.raises(CannotOpen):
        for piece in check_file_shape(pieces()):
            passed += len(piece)
    assert passed <= LARGEST_SEALED


def test_an_upload_is_read_as_framed() -> None:
    frame = b"".join(Upload(b"\1" * 16, b"\2" * 16, iter([FILE])).frame())
    assert len(frame) == len(FILE) + 32
    for step in (5, 31, 33, 40_000, 1_000_000):
        upload = read_upload(frame[i : i + step] for i in range(0, len(frame), step))
        assert (upload.blob, upload.case) == (b"\1" * 16, b"\2" * 16)
        assert b"".join(upload.file) == FILE
    for cut in (0, 10, 31):
        with pytest.raises(CannotOpen):
            read_upload([frame[:cut]])
    with pytest.raises(CannotOpen):
        b"".join(read_upload([frame[:-1]]).file)
    assert "x01" not in repr(read_upload([frame]).file)


def test_a_long_file_takes_constant_memory_both_ways() -> None:
    size = 40 * 1_048_576

    def pieces() -> Iterator[bytes]:
        for _ in range(size // CHUNK):
            yield bytes(CHUNK)

    tracemalloc.start()
    sealer = FileSealer(OWN.recipient)
    for _ in check_file_shape(seal_file(pieces(), sealer)):
        pass
    again = FileSealer(OWN.recipient)
    watched, total = (piece for piece in seal_file(pieces(), again)), 0
    with pytest.raises(CannotOpen):  # the hash is known at the end only, and this is not it
        for piece in open_file(watched, OWN, size=size, expected_hash=sealer.measured.hash):
            total += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == size
    assert peak < 1_500_000
