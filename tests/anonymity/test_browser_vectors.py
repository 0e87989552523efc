"""The browser half gives the very bytes of vectors.json, in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.anonymity.test_cctv import KIT, NOT_OURS
from tests.anonymity.test_cctv import vector as kit_vector

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("ascii"))
SEALED = VECTORS["sealed"]


def ask(page: Page, check: str, *arguments: object) -> Any:
    """What a function of checks.js answers."""
    return page.evaluate("([check, given]) => sealed.checks[check](...given)", [check, arguments])


def refusal(page: Page, check: str, *arguments: object) -> str:
    """The name of the error that a function of checks.js ends with, or `accepted`."""
    script = "([check, given]) => sealed.checks.refused(() => sealed.checks[check](...given))"
    return str(page.evaluate(script, [check, arguments]))


def flipped(text: str, at: int) -> str:
    """A base64url text with one character changed."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=lambda vector: vector["octets"])
def test_a_code_has_its_three_spellings_and_derives_what_it_must(modules: Page, vector: dict[str, Any]) -> None:
    assert ask(modules, "code", vector["octets"]) == vector


@pytest.mark.parametrize("n", range(len(VECTORS["typed"])))
def test_what_somebody_types_is_read_as_in_python(modules: Page, n: int) -> None:
    vector = VECTORS["typed"][n]
    assert ask(modules, "typed", vector["typed"]) == vector


@pytest.mark.parametrize("vector", VECTORS["readers"], ids=lambda vector: vector["key_id"][:8])
def test_a_readers_card_key_id_and_fingerprint_come_of_their_seeds(modules: Page, vector: dict[str, Any]) -> None:
    assert ask(modules, "reader", vector["identity_seed"], vector["sign_seed"]) == vector


@pytest.mark.parametrize("vector", VECTORS["texts"], ids=lambda vector: vector["cost"])
def test_texts_are_tidied_and_measured_alike(modules: Page, vector: dict[str, Any]) -> None:
    assert ask(modules, "text", vector["typed"]) == vector


def test_lone_surrogates_are_dropped_before_sealing(modules: Page) -> None:
    assert modules.evaluate(r"sealed.text.tidy('a\ud800b\udc00c👍')") == "abc👍"


def test_canonical_json_has_one_spelling(modules: Page) -> None:
    for vector in VECTORS["json"]["values"]:
        assert ask(modules, "json", vector["value"]) == vector
    for spelling in [
        *VECTORS["json"]["refused"],
        '{"a":-1}',
        '{"a":2147483648}',
        '{"a":"\\u0001"}',
        '{"a":1.5}',
        "\ufeff{}",
    ]:
        assert ask(modules, "readJson", spelling) == "CannotOpen", spelling


def test_the_opening_item_is_the_same_to_the_byte(modules: Page) -> None:
    vector = VECTORS["item"]
    assert ask(modules, "item", vector) == {
        name: vector[name] for name in vector if name not in ("case", "code", "lane")
    }


@pytest.mark.parametrize("vector", VECTORS["items"]["good"], ids=lambda vector: vector["what"])
def test_items_of_every_kind_are_the_same_to_the_byte(modules: Page, vector: dict[str, str]) -> None:
    assert ask(modules, "anyItem", vector) == vector
    assert ask(modules, "readsSigned", vector["json"], vector["sign_seed"]) == json.loads(vector["json"])["kind"]


@pytest.mark.parametrize("vector", VECTORS["items"]["refused"], ids=lambda vector: vector["why"])
def test_what_is_no_item_is_refused_however_well_it_is_signed(modules: Page, vector: dict[str, str]) -> None:
    seed = vector.get("sign_seed", VECTORS["items"]["sign_seed"])
    for one in VECTORS["items"]["good"]:
        if json.loads(one["json"])["from"] == json.loads(vector["json"])["from"]:
            seed = one["sign_seed"]
    assert refusal(modules, "readsSigned", vector["json"], seed) == "CannotOpen"


@pytest.mark.parametrize("vector", VECTORS["beside"], ids=lambda vector: vector["case"][:4])
def test_that_a_thread_stands_beside_another_is_proved_by_the_same_signature(
    modules: Page, vector: dict[str, str]
) -> None:
    expected = {"proof": vector["proof"], "holds": True, "others": [False, False]}
    assert ask(modules, "beside", vector) == expected


@pytest.mark.parametrize("vector", VECTORS["notes"], ids=lambda vector: vector["lane"])
def test_notes_are_found_by_the_same_locator(modules: Page, vector: dict[str, str]) -> None:
    assert ask(modules, "notes", vector) == vector


@pytest.mark.parametrize("n", range(len(VECTORS["epochs"]["orders"])))
def test_epochs_and_changes_of_readers_are_read_alike(modules: Page, n: int) -> None:
    vector = VECTORS["epochs"] | {"orders": [VECTORS["epochs"]["orders"][n]]}
    assert ask(modules, "epochs", vector) == vector["orders"]


def test_a_file_opens_with_what_its_item_says_of_it_and_with_nothing_else(modules: Page) -> None:
    vector = VECTORS["file"]
    assert ask(modules, "opensFile", vector, vector["said"]) == vector["sha256"]
    for refused in vector["refused"]:
        change = {"at": refused["at"], "xor": refused["xor"]} if "at" in refused else None
        assert refusal(modules, "opensFile", vector, refused["said"], change) == "CannotOpen", refused["why"]


def test_every_order_of_files_gets_the_verdicts_of_the_format(modules: Page) -> None:
    thread = VECTORS["thread"]
    for found, vector in zip(ask(modules, "orders", thread), thread["orders"], strict=True):
        assert found["entries"] == vector["entries"], vector["order"]
        for (verdict, place), body in zip(found["entries"], found["bodies"], strict=True):
            assert (body is not None) == (verdict == "genuine")
            if verdict == "genuine" and str(vector["order"][place]) in thread["bodies"]:
                assert body == thread["bodies"][str(vector["order"][place])]


def test_a_keyring_opens_with_its_words_only_and_only_as_the_card_expected(modules: Page) -> None:
    one, other = VECTORS["readers"]
    found = ask(modules, "opensKeyring", SEALED["keyring"], one["card"])
    assert found == {"age": one["identity_seed"], "ed25519": one["sign_seed"]}
    assert refusal(modules, "opensKeyring", SEALED["keyring"], other["card"]) == "CannotOpen"
    wrong = SEALED["keyring"] | {"recovery": VECTORS["codes"][0]["octets"]}
    assert refusal(modules, "opensKeyring", wrong, one["card"]) == "CannotOpen"


def test_a_grant_opens_for_its_reader_and_its_case_only(modules: Page) -> None:
    one, other = VECTORS["readers"]
    grant = SEALED["grant"]
    found = ask(modules, "opensGrant", grant, one["identity_seed"], VECTORS["thread"]["case"])
    assert found["seed"] == VECTORS["codes"][1]["lanes"]["joint"]["identity"]
    assert (found["lane"], found["epoch"]) == ("joint", 0)
    for seed, case in ((other["identity_seed"], VECTORS["thread"]["case"]), (one["identity_seed"], "00" * 16)):
        assert refusal(modules, "opensGrant", grant, seed, case) == "CannotOpen"


def test_a_file_of_several_chunks_and_recipients_opens(modules: Page) -> None:
    for reader in VECTORS["readers"]:
        assert ask(modules, "opensLong", SEALED["long"], reader["identity_seed"]) == SEALED["long"]["sha256"]


@pytest.mark.parametrize("at", [0, 30, 60, 1500, 2100, 2150, 2200, 2894])
def test_a_changed_file_does_not_open_and_the_error_says_nothing(modules: Page, at: int) -> None:
    changed = SEALED["grant"] | {"file": flipped(SEALED["grant"]["file"], at)}
    given = (changed, VECTORS["readers"][0]["identity_seed"], VECTORS["thread"]["case"])
    assert refusal(modules, "opensGrant", *given) == "CannotOpen"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v1\n", b"v1\r\n"),
        (b"v1\n", b"v2\n"),
        (b"-> mlkem768x25519 ", b"-> X25519 "),
        (b"-> mlkem", b"-> grease aaaa\n\n-> mlkem"),
        (b"-> mlkem", b"-> scrypt bm90IG91cnMgYXQgYWxs 18\n" + b"A" * 43 + b"\n-> mlkem"),
        (b"--- ", b"---  "),
        (b"age-", b"-----BEGIN AGE ENCRYPTED FILE-----\nage-"),
    ],
)
def test_the_header_has_one_spelling_and_one_kind_of_recipient(modules: Page, old: bytes, new: bytes) -> None:
    script = """async ([text, old, make]) => {
        const { checks, age } = sealed;
        const file = checks.file(text);
        const hex = checks.hex(file).replace(old, make);
        const open = () => age.open(checks.unhex(hex), checks.unhex("01".repeat(32)));
        return [hex !== checks.hex(file), await checks.refused(open)];
    }"""
    assert modules.evaluate(script, [SEALED["grant"]["file"], old.hex(), new.hex()]) == [True, "CannotOpen"]


@pytest.mark.parametrize(
    "recipient", ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "", "age1pq1" + "q" * 1952]
)
def test_nothing_is_sealed_to_another_kind_of_recipient(modules: Page, recipient: str) -> None:
    assert refusal(modules, "seals", "00", [recipient]) != "accepted"
    assert refusal(modules, "seals", "00", []) != "accepted"


def test_the_messages_of_the_wire_are_spelt_alike(modules: Page) -> None:
    assert ask(modules, "looksUp", VECTORS["codes"][1]["octets"], "joint") == SEALED["look_up"]


@pytest.mark.parametrize("name", sorted(name for name in KIT if "hybrid" in name))
def test_the_age_test_kit_opens_or_fails_as_it_says(modules: Page, name: str) -> None:
    case = kit_vector(name)
    found = ask(modules, "kit", case.file.hex(), case.members["identity"])
    good = case.members["expect"] == "success" and name not in NOT_OURS
    assert found == (case.members["payload"] if good else "CannotOpen")
