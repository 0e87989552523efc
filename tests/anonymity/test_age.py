"""age files: opened by those they are for, never with a wrong byte, and bounded before they are read."""

import hashlib
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymity.age import CHUNK, check_shape, decrypt, encrypt, open_sealed, seal, sealed_size
from anonymity.errors import CannotOpen
from anonymity.keys import Identity, Recipient, draw_seed
from anonymity.plaintext import Secret

SIR, OTHER = Identity(Secret(bytes([1]) * 32)), Identity(Secret(bytes([2]) * 32))
FILE = seal(b"words", SIR.recipient, size=64)


def opened(file: bytes, identity: Identity = SIR, most: int = 1 << 20) -> bytes:
    """The whole plaintext."""
    return b"".join(decrypt([file], identity, most=most))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_is_sealed_opens_at_every_chunk_border(size: int) -> None:
    text = hashlib.shake_256(b"x").digest(size)
    file = b"".join(encrypt([text[:100], text[100:]], [SIR.recipient]))
    assert len(file) == sealed_size(size)
    assert opened(file) == text
    assert b"".join(decrypt((file[i : i + 997] for i in range(0, len(file), 997)), SIR, most=size)) == text


def test_each_of_many_recipients_opens_it_and_nobody_else() -> None:
    file = b"".join(encrypt([b"words"], [SIR.recipient, OTHER.recipient]))
    assert len(file) == sealed_size(5, stanzas=2)
    assert opened(file) == opened(file, OTHER) == b"words"
    with pytest.raises(CannotOpen):
        opened(file, Identity(draw_seed()))


def test_the_same_words_are_sealed_differently_every_time() -> None:
    assert seal(b"words", SIR.recipient, size=64) != FILE


@pytest.mark.parametrize("recipients", [[], [SIR.recipient] * 33])
def test_the_number_of_recipients_is_bounded(recipients: list[Recipient]) -> None:
    with pytest.raises(ValueError, match="1 to 32"):
        encrypt([b""], recipients)


def test_no_byte_can_be_flipped_unnoticed() -> None:
    for place in range(len(FILE)):
        for bit in (1, 0x20, 0x80):
            with pytest.raises(CannotOpen):
                open_sealed(FILE[:place] + bytes([FILE[place] ^ bit]) + FILE[place + 1 :], SIR, size=64)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_cut_grown_and_rearranged_files_never_open(data: st.DataObject) -> None:
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(FILE))] * 2), label="cut"))
    inserted = data.draw(st.binary(max_size=40), label="inserted")
    changed = data.draw(
        st.sampled_from(
            [FILE[:a], FILE[:a] + FILE[b:], FILE[:b] + inserted + FILE[b:], FILE[b:] + FILE[:b], FILE[:a] + FILE]
        ),
        label="changed",
    )
    if changed != FILE:
        with pytest.raises(CannotOpen):
            opened(changed)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3000))
def test_noise_never_opens(noise: bytes) -> None:
    for file in (noise, b"age-encryption.org/v1\n" + noise, FILE[:1627] + noise):
        with pytest.raises(CannotOpen):
            opened(file)


def test_chunks_of_a_long_file_cannot_be_swapped_dropped_or_repeated() -> None:
    file = b"".join(encrypt([bytes(3 * CHUNK + 9)], [SIR.recipient]))
    start, sealed = sealed_size(0) - 16, CHUNK + 16
    head, chunks = file[:start], [file[i : i + sealed] for i in range(start, len(file), sealed)]
    for order in ([1, 0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 0, 1, 2, 3], [3], [], [0, 1, 2, 3, 3]):
        with pytest.raises(CannotOpen):
            opened(head + b"".join(chunks[i] for i in order))
    assert opened(head + b"".join(chunks)) == bytes(3 * CHUNK + 9)


def test_an_empty_last_chunk_after_others_is_refused() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from anonymity import age

    file = b"".join(encrypt([bytes(CHUNK)], [SIR.recipient]))
    source = age._Source([file])
    key = age._payload_key(age._file_key(age._Header(source).stanzas, SIR), source.exactly(16))
    cipher = ChaCha20Poly1305(key)
    first = cipher.encrypt(bytes(12), bytes(CHUNK), None)
    last = cipher.encrypt((1).to_bytes(11, "big") + b"\1", b"", None)
    with pytest.raises(CannotOpen):
        opened(file[: sealed_size(0) - 16] + first + last)


def replaced(old: bytes, new: bytes) -> bytes:
    """The file with one thing of its header replaced."""
    assert old in FILE
    return FILE.replace(old, new, 1)


@pytest.mark.parametrize(
    "file",
    [
        replaced(b"v1\n", b"v1\r\n"),
        replaced(b"v1\n", b"v2\n"),
        replaced(b"-> mlkem768x25519 ", b"-> X25519 "),
        replaced(b"-> mlkem768x25519 ", b"-> mlkem768x25519  "),
        replaced(b"-> mlkem768x25519 ", b"-> grease aaaa\n\n-> mlkem768x25519 "),
        replaced(b"--- ", b"---"),
        replaced(b"--- ", b"---  "),
        b"-----BEGIN AGE ENCRYPTED FILE-----\n" + FILE,
        b"\n" + FILE,
        FILE + b"\n",
        b"",
    ],
)
def test_the_header_has_one_spelling(file: bytes) -> None:
    with pytest.raises(CannotOpen):
        opened(file)
    with pytest.raises(CannotOpen):
        check_shape(file, size=64)


def test_other_recipient_types_beside_ours_are_refused() -> None:
    other = b"-> scrypt bm90IG91cnMgYXQgYWxs 18\n" + b"A" * 43 + b"\n"
    with pytest.raises(CannotOpen):
        opened(replaced(b"-> mlkem", other + b"-> mlkem"))


def test_shape_is_known_without_a_key() -> None:
    check_shape(FILE, size=64)
    two = b"".join(encrypt([bytes(64)], [SIR.recipient, OTHER.recipient]))
    for file, size in ((FILE, 65), (two, 64), (FILE[:-1], 64), (bytes(len(FILE)), 64)):
        with pytest.raises(CannotOpen):
            check_shape(file, size=size)


def test_a_file_larger_than_expected_stops_early() -> None:
    def endless() -> Iterator[bytes]:
        yield from encrypt((bytes(CHUNK) for _ in range(1_000_000)), [SIR.recipient])

    with pytest.raises(CannotOpen):
        for _ in decrypt(endless(), SIR, most=3 * CHUNK):
            pass


def test_a_header_without_end_is_not_collected() -> None:
    stanza, read = FILE[22 : 22 + 1557], []

    def endless() -> Iterator[bytes]:
        yield FILE[:22]
        for place in range(2_000):
            read.append(place)
            yield stanza

    with pytest.raises(CannotOpen):
        next(decrypt(endless(), SIR, most=1))
    assert len(read) <= 34


def test_long_files_stream_in_little_memory() -> None:
    tracemalloc.start()
    sealed = encrypt((bytes(CHUNK) for _ in range(200)), [SIR.recipient])
    total = sum(len(chunk) for chunk in decrypt(sealed, SIR, most=200 * CHUNK))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 200 * CHUNK
    assert peak < 12 * CHUNK


def test_the_error_says_nothing() -> None:
    with pytest.raises(CannotOpen) as caught:
        open_sealed(FILE[:-1] + b"x", SIR, size=64)
    assert caught.value.args == ("cannot be opened",)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("octets", [b"", bytes(1215), bytes(1217), b"\xff" * 1216])
def test_a_recipient_that_is_no_key_is_refused(octets: bytes) -> None:
    with pytest.raises(CannotOpen):
        Recipient(octets)


def test_nothing_is_sealed_to_a_point_of_small_order() -> None:
    weak = Recipient(SIR.recipient.octets[:1184] + bytes(32))
    with pytest.raises(CannotOpen):
        seal(b"words", weak, size=64)


def test_identities_and_recipients_have_one_spelling() -> None:
    secret, public = SIR.to_text().reveal(), SIR.recipient.text
    assert secret.startswith(b"AGE-SECRET-KEY-PQ-1")
    assert (len(secret), len(public), public[:7]) == (77, 1959, "age1pq1")
    assert Identity.from_text(Secret(secret)).recipient == Recipient.from_text(public) == SIR.recipient
    for wrong in (secret.lower(), secret[:-1], secret + b"Q", b"\xff" * 77, secret[:40] + secret[40:].lower()):
        with pytest.raises(CannotOpen):
            Identity.from_text(Secret(wrong))
    for text in (public.upper(), public[:-1], public[:-1] + "b", "age1" + public[7:], None):
        with pytest.raises(CannotOpen):
            Recipient.from_text(text)
    assert "Identity" in repr(SIR)
