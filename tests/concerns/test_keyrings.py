"""What changes how a keyring opens: signed by the key inside it, never by a session alone; and whose key is trusted."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, text

from anonymity.encoding import to_b64u
from anonymity.keyring import Keyring, draw_keyring, open_keyring, seal_keyring
from anonymity.receipt import Code, draw_code
from portal.audit.models import AuditEvent
from portal.concerns.models import RecipientKey, RecipientPasskey
from portal.notifications.models import OutboxLetter
from tests.demonstrated import CARYS, ELIN, LLINOS, SIAN, Demonstrated
from tests.visitors import Visitor

IDRIS, SIONED = "idris.fychan@unison.example", "sioned.puw@rcn.example"
PATRICK, HELEDD = "patrick.adeyemi@rcn.example", "heledd.sivell@glannau-ogwen.example"


@dataclass
class Sender:
    """Somebody who posts JSON with the token of their page."""

    visitor: Visitor

    def __call__(self, path: str, content: dict[str, Any]) -> int:
        page = self.visitor.get("/en/my/keys").text
        token = page.partition('<meta name="csrf" content="')[2].partition('"')[0]
        octets = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        answer = self.visitor.client.post(f"/en/my/keys{path}", content=octets, headers={"x-csrf-token": token})
        return int(answer.status_code)


def press(visitor: Visitor, path: str, *, page: str = "/en/my/keys", **fields: str) -> int:
    """Send a plain form of the keys page; the status of the answer."""
    visitor.get(page)
    return int(visitor.post(f"/en/my/keys{path}", fields).status_code)


def proof(keyring: Keyring, file: bytes) -> str:
    return to_b64u(keyring.author.sign(b"porth:v1:keyring\0" + file))


def resealed(keyring: Keyring, words: Code, *, by: Keyring | None = None) -> dict[str, Any]:
    file = seal_keyring(keyring, words)
    return {"keyring": to_b64u(file), "proof": proof(by or keyring, file), "v": 1}


def passkey(keyring: Keyring, *, by: Keyring | None = None, **changes: Any) -> dict[str, Any]:
    content = resealed(keyring, draw_code(), by=by)
    made = {"credential": to_b64u(b"c" * 40), "salt": to_b64u(b"s" * 32), "transports": ["hybrid", "internal"]}
    return {**content, **made, **changes}


def new_keys(keyring: Keyring) -> dict[str, Any]:
    card = keyring.card
    return {
        "card": {"recipient": card.recipient.text, "sign": to_b64u(card.sign_key), "v": 1},
        "keyring": to_b64u(seal_keyring(keyring, draw_code())),
        "v": 1,
    }


def live(world: Demonstrated, email: str) -> RecipientKey:
    with world.database.reading() as session:
        found = select(RecipientKey).where(
            RecipientKey.person_id == world.person(email), RecipientKey.ended_on.is_(None)
        )
        key = session.scalars(found).one()
        session.expunge(key)
        return key


def letters(world: Demonstrated) -> list[str]:
    with world.database.reading() as session:
        found = session.scalars(select(OutboxLetter.template).where(OutboxLetter.template.startswith("key_made")))
        return list(found)


def test_other_words_open_the_same_keys_and_only_the_keys_own_signature_brings_them_in(
    demonstrated: Demonstrated,
) -> None:
    words = draw_code()
    with demonstrated.signed_in(ELIN) as elin:
        keyring, send = demonstrated.keyring(elin, ELIN), Sender(elin)
        before = live(demonstrated, ELIN).keyring
        for wrong in (
            resealed(keyring, words, by=draw_keyring()),
            resealed(keyring, words) | {"proof": to_b64u(bytes(64))},
            resealed(keyring, words) | {"keyring": "A" * 2895},
            resealed(keyring, words) | {"v": 2},
            resealed(keyring, words) | {"more": 1},
        ):
            assert send("/words", wrong) == 422
        assert live(demonstrated, ELIN).keyring == before
        assert send("/words", resealed(keyring, words)) == 201
    after = live(demonstrated, ELIN)
    assert open_keyring(after.keyring, words, card=keyring.card).card == keyring.card
    assert after.confirmed_for is not None, "the key is the same: what was compared still holds"


def test_a_passkeys_handle_and_file_are_kept_and_nothing_else_of_it_is_taken(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(ELIN) as elin:
        keyring, send = demonstrated.keyring(elin, ELIN), Sender(elin)
        for wrong in (
            passkey(keyring, by=draw_keyring()),
            passkey(keyring, clientExtensionResults={"prf": {"results": {"first": "A" * 43}}}),
            passkey(keyring, credential=""),
            passkey(keyring, credential="A" * 2000),
            passkey(keyring, credential=7),
            passkey(keyring, salt=to_b64u(b"s")),
            passkey(keyring, transports=["internal", "hybrid"]),
            passkey(keyring, transports=["telepathy"]),
            passkey(keyring, transports=[[]]),
            passkey(keyring, transports="usb"),
        ):
            assert send("/passkeys", wrong) == 422, wrong
        assert send("/passkeys", passkey(keyring)) == 201
        assert send("/passkeys", passkey(keyring)) == 201, "the same one again is sealed anew"
        ring = elin.get("/en/my/keys/ring").json()
        assert [one["credential"] for one in ring["passkeys"]] == [to_b64u(b"c" * 40)]
        for n in range(7):
            assert send("/passkeys", passkey(keyring, credential=to_b64u(bytes([n]) * 16))) == 201
        assert send("/passkeys", passkey(keyring, credential=to_b64u(b"ninth"))) == 409
        assert send("/passkeys", passkey(keyring)) == 201, "one of the eight may be sealed anew"
        assert len(elin.get("/en/my/keys/ring").json()["passkeys"]) == 8
        assert "unlock-passkey" in elin.get("/en/my/concerns").text


def test_only_their_owner_removes_a_passkey(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(ELIN) as elin:
        assert Sender(elin)("/passkeys", passkey(demonstrated.keyring(elin, ELIN))) == 201
    with demonstrated.database.reading() as session:
        (made,) = session.scalars(select(RecipientPasskey.id)).all()
    with demonstrated.signed_in(LLINOS) as llinos:
        assert press(llinos, "/passkeys/remove", passkey=made) == 404
    with demonstrated.signed_in(ELIN) as elin:
        assert press(elin, "/passkeys/remove", passkey=made) == 303
    with demonstrated.database.reading() as session:
        assert session.scalars(select(RecipientPasskey.id)).all() == []


def test_a_new_key_in_place_of_a_lost_one_is_announced_to_its_side_and_not_trusted_yet(
    demonstrated: Demonstrated,
) -> None:
    with demonstrated.signed_in(IDRIS) as idris:
        send = Sender(idris)
        old = live(demonstrated, IDRIS)
        send("/passkeys", passkey(demonstrated.keyring(idris, IDRIS)))
        content = new_keys(draw_keyring())
        assert send("/new", content) == 201
        assert send("/new", content) == 409, "an old or present key is no new one"
    new = live(demonstrated, IDRIS)
    assert (new.confirmed_for, new.key_id == old.key_id) == (None, False)
    assert sorted(letters(demonstrated)) == ["key_made", "key_made", "key_made_own"], "the owner, Carys and Hefin"
    with demonstrated.database.reading() as session:
        assert session.scalars(select(RecipientPasskey.id)).all() == []
        assert session.scalars(select(AuditEvent).where(AuditEvent.event == "concerns.key_replaced")).one()
    with demonstrated.signed_in(CARYS) as carys:
        assert "New, not yet confirmed" in carys.get("/en/my/keys").text


def test_a_key_is_confirmed_by_another_reader_of_the_same_side_who_says_that_they_compared_it(
    demonstrated: Demonstrated,
) -> None:
    key = to_b64u(live(demonstrated, SIONED).key_id)
    for other in (SIONED, CARYS, ELIN):
        with demonstrated.signed_in(other) as visitor:
            assert press(visitor, "/confirm", key=key, compared="yes") == 404, f"{other} is not another one of her side"
    with demonstrated.signed_in(PATRICK) as patrick:
        assert press(patrick, "/confirm", key=key) == 422
        assert press(patrick, "/confirm", key="x", compared="yes") == 404
        assert live(demonstrated, SIONED).confirmed_for is None
        assert press(patrick, "/confirm", key=key, compared="yes") == 303
        assert press(patrick, "/confirm", key=key, compared="yes") == 303
    assert live(demonstrated, SIONED).confirmed_for is not None
    with demonstrated.database.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.event == "concerns.key_confirmed")).one()


def test_an_administrator_cannot_confirm_a_key(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        session.execute(text("UPDATE recipient_keys SET confirmed_for = NULL"))
    key = to_b64u(live(demonstrated, ELIN).key_id)
    with demonstrated.signed_in(HELEDD) as heledd:
        assert press(heledd, "/confirm", page="/en/my/profile", key=key, compared="yes") == 404
    assert live(demonstrated, ELIN).confirmed_for is None


def test_who_has_no_keys_confirms_nothing(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        session.execute(text("DELETE FROM recipient_keys WHERE person_id = :p"), {"p": demonstrated.person(PATRICK)})
    key = to_b64u(live(demonstrated, SIONED).key_id)
    with demonstrated.signed_in(PATRICK) as patrick:
        assert press(patrick, "/confirm", key=key, compared="yes") == 404


@pytest.mark.parametrize("path", ["/new", "/words", "/passkeys"])
def test_without_keys_or_without_a_duty_there_is_nothing_to_change(demonstrated: Demonstrated, path: str) -> None:
    keyring = draw_keyring()
    with demonstrated.database.writing() as session:
        session.execute(text("DELETE FROM recipient_keys WHERE person_id = :p"), {"p": demonstrated.person(PATRICK)})
    content = {"/new": new_keys(keyring), "/words": resealed(keyring, draw_code()), "/passkeys": passkey(keyring)}[path]
    with demonstrated.signed_in(PATRICK) as patrick:
        assert Sender(patrick)(path, content) == 404
    with demonstrated.signed_in(SIAN) as sian:
        assert sian.get("/en/my/keys").status_code == 404
