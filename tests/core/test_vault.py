"""Sealed values open for their own row and for nothing else; streams can be neither cut, moved nor changed."""

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import SettingsError
from portal.core.text import Words
from portal.core.vault import CHUNK, Vault, VaultError, read_keys

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
VAULT = Vault({"k1": OLD})
HERE = "cases.words:abc"
FEW = settings(max_examples=40, deadline=None)
HEAD = 2 + len("k1") + 8


def stream_of(plain: bytes, vault: Vault = VAULT, context: str = HERE) -> bytes:
    seal = vault.seal_stream(context)
    return seal.add(plain) + seal.end()


def opened(sealed: bytes, vault: Vault = VAULT, context: str = HERE) -> bytes:
    return b"".join(vault.open_stream(io.BytesIO(sealed), context=context))


@FEW
@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert VAULT.open_bytes(VAULT.seal(plain, context=HERE), context=HERE) == plain


@FEW
@given(st.data())
def test_a_changed_byte_anywhere_opens_nothing(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal(b"geiriau rhywun", context=HERE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultError):
        VAULT.open_bytes(bytes(sealed), context=HERE)


@FEW
@given(st.integers(0, 60))
def test_a_shortened_value_opens_nothing(length: int) -> None:
    sealed = VAULT.seal(b"geiriau rhywun, ac ychydig mwy ohonyn nhw", context=HERE)
    with pytest.raises(VaultError):
        VAULT.open_bytes(sealed[: min(length, len(sealed) - 1)], context=HERE)


@pytest.mark.parametrize("elsewhere", ["cases.words:abd", "cases.other:abc", "", "CASES.words:abc"])
def test_a_value_moved_to_another_row_or_column_does_not_open(elsewhere: str) -> None:
    with pytest.raises(VaultError):
        VAULT.open_bytes(VAULT.seal(b"x", context=HERE), context=elsewhere)


def test_sealing_twice_gives_different_bytes() -> None:
    assert VAULT.seal(b"same", context=HERE) != VAULT.seal(b"same", context=HERE)


def test_words_keep_their_letters_and_are_not_in_what_is_stored() -> None:
    sealed = VAULT.seal(Words("dŵr a gŵyl"), context=HERE)
    assert "dŵr".encode() not in sealed
    assert VAULT.open_words(sealed, context=HERE).reveal() == "dŵr a gŵyl"


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    before = VAULT.seal(b"old", context=HERE)
    rotated = Vault({"k2": NEW, "k1": OLD})
    assert rotated.open_bytes(before, context=HERE) == b"old"
    assert (rotated.key_of(before), rotated.key_of(rotated.seal(b"new", context=HERE))) == ("k1", "k2")


def test_another_key_under_the_same_name_opens_nothing() -> None:
    with pytest.raises(VaultError):
        Vault({"k1": NEW}).open_bytes(VAULT.seal(b"x", context=HERE), context=HERE)


def test_a_failure_does_not_say_what_was_inside() -> None:
    sealed = VAULT.seal(b"sentinel", context=HERE)
    with pytest.raises(VaultError) as caught:
        VAULT.open_bytes(sealed, context="elsewhere")
    assert "sentinel" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_a_stream_of_any_size_comes_back_whole(size: int) -> None:
    plain = bytes(place % 251 for place in range(size))
    assert opened(stream_of(plain)) == plain


@settings(max_examples=15, deadline=None)
@given(st.lists(st.binary(max_size=40_000), max_size=8))
def test_the_pieces_a_stream_came_in_do_not_matter(pieces: list[bytes]) -> None:
    seal = VAULT.seal_stream(HERE)
    sealed = b"".join([*(seal.add(piece) for piece in pieces), seal.end()])
    assert opened(sealed) == b"".join(pieces)


LONG = stream_of(b"a" * CHUNK + b"b" * CHUNK + b"c" * 100)
BLOCK = CHUNK + 16


@FEW
@given(st.integers(0, len(LONG) - 1))
def test_a_stream_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(VaultError):
        opened(LONG[:length])


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_stream_cut_between_two_chunks_is_refused(blocks: int) -> None:
    with pytest.raises(VaultError):
        opened(LONG[: HEAD + blocks * BLOCK])


def test_chunks_in_another_order_are_refused() -> None:
    first, second, rest = LONG[HEAD : HEAD + BLOCK], LONG[HEAD + BLOCK : HEAD + 2 * BLOCK], LONG[HEAD + 2 * BLOCK :]
    for wrong in (second + first + rest, first + first + rest, second + rest, first + second + rest + rest):
        with pytest.raises(VaultError):
            opened(LONG[:HEAD] + wrong)


def test_a_chunk_of_another_stream_is_refused() -> None:
    other = stream_of(b"a" * CHUNK + b"b" * CHUNK + b"c" * 100)
    with pytest.raises(VaultError):
        opened(LONG[: HEAD + BLOCK] + other[HEAD + BLOCK :])


def test_a_stream_of_another_file_is_refused_before_its_first_byte() -> None:
    with pytest.raises(VaultError):
        next(VAULT.open_stream(io.BytesIO(LONG), context="elsewhere"))


@pytest.mark.parametrize("nonsense", [b"", b"\x01", b"\x02\x02k1", b"\x01\x02zz" + bytes(60), b"\x01\x02k1" + bytes(7)])
def test_nonsense_is_no_stream(nonsense: bytes) -> None:
    with pytest.raises(VaultError):
        opened(nonsense)


def setting(name: str, length: int = 32) -> str:
    return f"{name}:{base64.b64encode(bytes(length)).decode()}"


def test_keys_are_read_in_order_and_the_first_seals() -> None:
    assert list(read_keys(f" {setting('k2')} , {setting('k1')},")) == ["k2", "k1"]


@pytest.mark.parametrize(
    "wrong",
    ["", ",", "k1", "k1:", "k1:!!!!", setting("k1", 31), setting("k1", 33), setting("k-1"), setting("ŵ1"),
     setting("a" * 17), f"{setting('k1')},{setting('k1')}", setting("")],
)  # fmt: skip
def test_keys_that_are_no_keys_are_refused_without_showing_them(wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_keys(wrong)
    assert base64.b64encode(bytes(31)).decode()[:20] not in str(caught.value)


def test_a_vault_without_a_key_is_refused() -> None:
    with pytest.raises(SettingsError):
        Vault({})
