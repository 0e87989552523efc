"""A reader's keys: sealed to ten words, opened by them only, and only if they are the keys shown."""

import pickle

import pytest

from anonymity.age import seal
from anonymity.encoding import to_json
from anonymity.errors import CannotOpen
from anonymity.fingerprint import Card, fingerprint, read_card
from anonymity.grant import Grant, open_grant, seal_grant
from anonymity.keyring import draw_keyring, open_keyring, seal_keyring
from anonymity.keys import Author, Identity, draw_seed
from anonymity.plaintext import Secret
from anonymity.receipt import Lane, draw_code, lane_keys, recovery_identity
from tests.anonymity.world import CODE, MANAGER, OTHER_CODE, RECOVERY, STRANGER


def test_recovery_words_open_the_keyring() -> None:
    keyring, words = draw_keyring(), draw_code()
    file = seal_keyring(keyring, words)
    assert len(file) == 2_171
    again = open_keyring(file, words, card=keyring.card)
    assert again.card == keyring.card
    assert again.author.seed.reveal() == keyring.author.seed.reveal()


def test_other_words_and_other_cards_do_not() -> None:
    file = seal_keyring(MANAGER, RECOVERY)
    with pytest.raises(CannotOpen):
        open_keyring(file, CODE, card=MANAGER.card)
    with pytest.raises(CannotOpen):
        open_keyring(file, RECOVERY, card=STRANGER.card)
    with pytest.raises(CannotOpen):
        open_keyring(file, RECOVERY, card=Card(MANAGER.card.recipient, STRANGER.card.sign_key))


@pytest.mark.parametrize("members", [{"age": 1}, {"age": "AGE"}, {"age": "ŵ"}, {"ed25519": "AA"}, {"v": 2}])
def test_a_keyring_of_another_shape_is_refused(members: dict[str, object]) -> None:
    whole = {"v": 1, "age": MANAGER.identity.to_text().reveal().decode(), "ed25519": "A" * 43} | members
    file = seal(to_json(whole), recovery_identity(RECOVERY).recipient, size=512)
    with pytest.raises(CannotOpen):
        open_keyring(file, RECOVERY, card=MANAGER.card)


def test_no_key_shows_itself() -> None:
    assert repr(MANAGER) == "<Keyring>"
    assert repr(MANAGER.author) == "<Author>"
    for secret in (MANAGER, MANAGER.identity, MANAGER.author, RECOVERY, lane_keys(CODE, Lane.JOINT)):
        with pytest.raises(TypeError):
            pickle.dumps(secret)


def test_a_card_is_read_back_and_nothing_else_is() -> None:
    text = MANAGER.card.to_json()
    assert read_card(text) == MANAGER.card
    for wrong in (b"", text + b" ", text[:-1], text.replace(b"age1pq1", b"age1pq2"), text + bytes(10_000)):
        with pytest.raises(CannotOpen):
            read_card(wrong)


def test_a_fingerprint_changes_with_either_key() -> None:
    cards = [
        MANAGER.card,
        Card(MANAGER.card.recipient, STRANGER.card.sign_key),
        Card(STRANGER.card.recipient, MANAGER.card.sign_key),
    ]
    assert len({card.key_id for card in cards}) == 3
    assert len({fingerprint(card.key_id, "cy") for card in cards}) == 3
    assert len(fingerprint(MANAGER.card.key_id, "en")) == 6
    with pytest.raises(ValueError, match="32 bytes"):
        fingerprint(b"", "cy")


def test_a_grant_is_for_one_person_one_case_and_one_epoch() -> None:
    keys = lane_keys(CODE, Lane.JOINT)
    grant = Grant(bytes(16), 0, Lane.JOINT, keys.identity, keys.author.sign_key)
    file = seal_grant(grant, MANAGER.card.recipient)
    assert len(file) == 2_171
    opened = open_grant(file, MANAGER.identity, case=bytes(16), epoch=0)
    assert opened.identity.recipient == keys.identity.recipient
    assert (opened.lane, opened.opener) == (Lane.JOINT, keys.author.sign_key)
    for identity, case, epoch in (
        (STRANGER.identity, bytes(16), 0),
        (MANAGER.identity, b"\1" * 16, 0),
        (MANAGER.identity, bytes(16), 1),
    ):
        with pytest.raises(CannotOpen):
            open_grant(file, identity, case=case, epoch=epoch)


def test_all_grants_have_one_size_whatever_the_lane() -> None:
    sizes = {
        len(seal_grant(Grant(bytes(16), epoch, lane, Identity(draw_seed()), bytes(32)), MANAGER.card.recipient))
        for lane in Lane
        for epoch in (0, 999)
    }
    assert sizes == {2_171}


def test_a_granted_lane_gives_nothing_of_the_rest_of_the_receipt() -> None:
    seeds = [lane_keys(CODE, lane) for lane in (Lane.JOINT, Lane.UNION)]
    secrets = [one for keys in seeds for one in (keys.locator, keys.identity.seed.reveal(), keys.author.seed.reveal())]
    secrets += [CODE.derive("case-code:locator"), CODE.derive("recovery:identity")]
    assert len(set(secrets)) == 8
    assert not set(secrets) & {OTHER_CODE.derive("joint:locator"), OTHER_CODE.derive("joint:identity")}
    with pytest.raises(ValueError, match="joint and union"):
        lane_keys(CODE, Lane.UNION_NOTES)


@pytest.mark.parametrize("make", [Identity, Author])
def test_a_seed_is_32_bytes(make: type[Identity] | type[Author]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        make(Secret(bytes(31)))
