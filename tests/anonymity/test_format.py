"""The figures that FORMAT.md states are those of the code."""

from pathlib import Path

import pytest

from anonymity import (
    age,
    attachment,
    fingerprint,
    grant,
    item,
    keyring,
    receipt,
    sealedfile,
    submission,
    text,
    thread,
)
from anonymity.encoding import to_b64u
from anonymity.keys import RECIPIENT_BYTES
from tests.anonymity.world import MANAGER

FORMAT = (Path(age.__file__).with_name("FORMAT.md")).read_text("utf-8")


@pytest.mark.parametrize(
    ("stated", "actual"),
    [
        ("**70 + 1,557 n**", age.sealed_size(0, stanzas=3) - 16 - 16 - 2 * 1_557 == 70 + 1_557),
        ("| item | 18,432 | 20,091 |", (item.ITEM_SIZE, age.sealed_size(item.ITEM_SIZE)) == (18_432, 20_091)),
        ("| grant | 512 | 2,171 |", (grant.GRANT_SIZE, age.sealed_size(grant.GRANT_SIZE)) == (512, 2_171)),
        ("| keyring | 512 | 2,171 |", keyring.KEYRING_SIZE == 512),
        ("2,171 bytes = 2,895 characters", len(to_b64u(bytes(2_171))) == 2_895),
        ("20,091 bytes = 26,788 characters", len(to_b64u(bytes(20_091))) == 26_788),
        ("at most 98,304 bytes", submission.LONGEST_SUBMISSION == 98_304),
        ("At most 32,768 bytes", submission.LONGEST_REPLY == 32_768),
        ("at most 262,144 bytes", submission.LONGEST_CHANGE == 262_144),
        ("`grants`: 0 to 60", submission.MOST_CHANGED == 60),
        ("at most 67,126,923 bytes", sealedfile.LONGEST_UPLOAD == 67_126_923),
        ("1 to 67,108,864", attachment.LARGEST_FILE == 67_108_864),
        ("0 to 20 files", attachment.MOST_FILES == 20),
        ("the 1,216 bytes of the lane's return recipient", RECIPIENT_BYTES == 1_216),
        ("1 to 32 stanzas", age.MAX_STANZAS == 32),
        ("1 to **12,000**", text.BODY_LIMIT == 12_000),
        ("1 to 200", text.NAME_LIMIT == 200),
        ("more than 1,024 UTF-8 bytes", receipt.LONGEST == 1_024),
        ("1 to 20 of", item.MOST_READERS == 20),
        ("0 to 24 opaque ids of at most 32 characters", (item.MOST_LEFT_OUT, item.LEFT_OUT_ID) == (24, 32)),
        ("0 to 999", grant.LAST_EPOCH == 999),
        ("1,959 characters beginning `age1pq1`", len(MANAGER.card.recipient.text) == 1_959),
        ("upper case, 77 characters", len(MANAGER.identity.to_text().reveal()) == 77),
    ],
)
def test_a_stated_figure_is_the_codes(stated: str, actual: bool) -> None:
    assert stated in FORMAT
    assert actual


@pytest.mark.parametrize("verdict", thread.Verdict)
def test_every_verdict_is_described(verdict: thread.Verdict) -> None:
    assert f"**{verdict}**" in FORMAT


@pytest.mark.parametrize(
    "label",
    [
        *("porth:v1:code", "porth:v1:key", "porth:v1:item", "porth:v1:beside", "porth:v1"),
        *("case-code:locator", "recovery:identity", "union-notes:locator", "employer-notes:locator"),
        *(f"{lane}:{part}" for lane in ("joint", "union") for part in ("locator", "identity", "author", "return")),
    ],
)
def test_every_label_is_stated(label: str) -> None:
    assert label in FORMAT


@pytest.mark.parametrize("size", sealedfile.FILE_CLASSES)
def test_every_class_of_files_is_stated(size: int) -> None:
    assert f"| {size:,} | {age.sealed_size(size):,} |" in FORMAT
    assert size % age.CHUNK == 0


@pytest.mark.parametrize("kind", attachment.FILE_TYPES)
def test_every_type_of_files_is_stated(kind: str) -> None:
    assert f"`{kind}`" in FORMAT


def test_a_header_has_the_length_of_the_formula() -> None:
    assert age.sealed_size(0) - 16 - 16 == age.HEADER_BYTES


def test_a_card_fits_its_bound() -> None:
    assert len(MANAGER.card.to_json()) <= fingerprint.LONGEST_CARD
