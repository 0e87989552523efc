"""The recipients' desk over time: passkeys, lost words, people who come and go, notes, files, a case taken out."""

import base64
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from portal.cli.sealed_seeds import rota_picture
from tests.conftest import ROOT, START_OF_TESTS, Server
from tests.journeys.raised import leave_post, raise_for
from tests.journeys.sealed import answer, open_thread, unlock
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive, Walker, walking

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]

TODAY = START_OF_TESTS.date()
ELIN, DYLAN = "elin.haf.morris@glannau-ogwen.example", "dylan.bowyer@glannau-ogwen.example"
MARIAN = "marian.ogwen.hughes@glannau-ogwen.example"
LLINOS = "llinos.dafis@glannau-ogwen.example"
CARYS, IDRIS = "carys.bowen@unison.example", "idris.fychan@unison.example"
PATRICK, SIONED = "patrick.adeyemi@rcn.example", "sioned.puw@rcn.example"
LEFT_OUT = "Somebody on the list is not to know that I wrote this."


def words_of(walker: Walker, email: str) -> str:
    words: str = walker.server.secrets["recovery_words"][email]
    return words


def enter(arrive: Arrive, locale: str, email: str, *, phone: bool = False) -> Walker:
    reader = arrive(locale, phone=phone)
    unlock(reader, email, words_of(reader, email))
    return reader


def reload_list(reader: Walker, words: str) -> None:
    reader.go("/my/concerns")
    reader.fill("Your ten recovery words", words)
    reader.press("Unlock")
    expect(reader.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)


def thread_of(reader: Walker, lane: str = "joint") -> Locator:
    return reader.page.locator(f"[data-thread={lane}]")


def unfold(part: Locator, reader: Walker, msgid: str) -> Locator:
    """Open one of the folded parts below a thread."""
    folded = part.locator("details", has=reader.page.locator("summary", has_text=reader.say(msgid)))
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()
    return folded


# Keys.


@pytest.fixture
def at_localhost(chromium: Any, fresh_portal: Server) -> Iterator[Arrive]:
    """The same portal under a name: browsers give no passkey to a bare address."""
    named = replace(fresh_portal, base_url=fresh_portal.base_url.replace("127.0.0.1", "localhost"))
    with walking(chromium, named) as opened:
        yield opened


SPY = """
window.given = [];
const real = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = async (options) => {
  const found = await real(options);
  const first = found?.getClientExtensionResults().prf?.results?.first;
  if (first) window.given.push([...new Uint8Array(first)]);
  return found;
};
"""


def add_authenticator(reader: Walker, *, has_prf: bool) -> Any:
    devtools = reader.context.new_cdp_session(reader.page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": has_prf,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def spellings(secret: list[int]) -> list[str]:
    octets = bytes(secret)
    plain = base64.b64encode(octets).decode().rstrip("=")
    urlsafe = base64.urlsafe_b64encode(octets).decode().rstrip("=")
    return [plain, urlsafe, octets.hex(), ", ".join(map(str, secret)), ",".join(map(str, secret))]


def test_a_passkey_opens_keys_and_its_secret_never_leaves_the_device(at_localhost: Arrive) -> None:
    patrick = at_localhost("en")
    patrick.page.add_init_script(SPY)
    patrick.sign_in(PATRICK)
    add_authenticator(patrick, has_prf=True)
    patrick.go("/my/keys")
    patrick.press("Add a passkey")
    patrick.expect_heading("Unlock your keys")
    expect(patrick.page.locator("#unlock-passkey")).to_have_count(0)
    patrick.fill("Your ten recovery words", words_of(patrick, PATRICK))
    patrick.press("Unlock")
    expect(patrick.page.locator("[data-step=passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    patrick.press("Make the passkey")
    expect(patrick.page.locator("[data-step=saved-passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    given = patrick.page.evaluate("window.given")
    assert len(given) == 1
    assert len(given[0]) == 32
    patrick.shot("desk-passkey-saved")
    patrick.go("/my/keys")
    patrick.expect_said("Your passkeys")
    patrick.shot("desk-keys")

    patrick.go("/my/concerns")
    patrick.expect_said("No concern has been granted to you. When one is, it stands here with the week it came in.")
    raise_for(patrick.server, "A lift that nobody repairs.", PATRICK, LLINOS, day=TODAY)
    patrick.go("/my/concerns")
    patrick.shot("desk-locked-with-passkey")
    patrick.press("Unlock with a passkey")
    expect(patrick.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    expect(patrick.page.locator("[data-case] [data-slot=title]").first).to_have_text(
        "A lift that nobody repairs.", timeout=RECEIPT_PATIENCE
    )
    given += patrick.page.evaluate("window.given")
    assert given[0] == given[1], "the same passkey gives the same secret"
    sent = " ".join(patrick.bodies)
    assert not any(spelling in sent for spelling in spellings(given[0]))
    assert "clientExtensionResults" not in sent

    patrick.go("/my/keys")
    patrick.page.get_by_role("button", name=patrick.say("Remove this passkey", "button")).click()
    expect(patrick.page.get_by_role("button", name=patrick.say("Remove this passkey", "button"))).to_have_count(0)
    patrick.go("/my/concerns")
    expect(patrick.page.locator("#unlock-passkey")).to_have_count(0)


def test_a_passkey_without_a_secret_is_refused_and_the_words_go_on_working(at_localhost: Arrive) -> None:
    llinos = at_localhost("cy", phone=True)
    llinos.sign_in(LLINOS)
    add_authenticator(llinos, has_prf=False)
    llinos.go("/my/keys")
    llinos.press("Add a passkey")
    llinos.fill("Your ten recovery words", words_of(llinos, LLINOS))
    llinos.press("Unlock")
    expect(llinos.page.locator("[data-step=passkey]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    llinos.press("Make the passkey")
    llinos.expect_problem(
        "This device made a passkey, but it cannot open keys. Remove it from your device. Your recovery words go on "
        "working"
    )
    llinos.shot("desk-no-secret-cy-phone")
    llinos.go("/my/keys")
    expect(llinos.page.get_by_role("button", name=llinos.say("Remove this passkey", "button"))).to_have_count(0)


def read_words(reader: Walker) -> str:
    expect(reader.page.locator("[data-step=words]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    words = " ".join(reader.page.locator("#code-words li").all_inner_texts())
    reader.press("I have written them down")
    reader.main.get_by_label(reader.say("The ten recovery words")).fill(words)
    reader.press("Save my keys")
    return words


def test_new_recovery_words_replace_the_old_ones_and_the_key_stays(arrive: Arrive) -> None:
    marian = arrive("en")
    marian.sign_in(MARIAN)
    marian.go("/my/keys")
    words_before, key = words_of(marian, MARIAN), marian.answer_of("Key in words")
    marian.press("Get new recovery words")
    marian.fill("Your ten recovery words", words_before)
    marian.press("Unlock")
    words = read_words(marian)
    expect(marian.page.locator("[data-step=saved-words]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    assert not any(words.split()[0] in body for body in marian.bodies)
    marian.go("/my/keys")
    assert marian.answer_of("Key in words") == key
    marian.press("Show my private key")
    marian.fill("Your ten recovery words", words_before)
    marian.press("Unlock")
    marian.expect_problem("These words do not open your keys. Check them against your copy")
    marian.fill("Your ten recovery words", words)
    marian.press("Unlock")
    expect(marian.page.locator("#identity")).to_have_text(re.compile("^AGE-SECRET-KEY-PQ-1"), timeout=RECEIPT_PATIENCE)


def test_lost_words_a_new_key_confirmed_aloud_and_threads_opened_again(arrive: Arrive) -> None:
    server = arrive("en").server
    shared = raise_for(server, "The night rota hides the extra shifts.", CARYS, IDRIS, LLINOS, day=TODAY)
    second = raise_for(server, "Two alarms were switched off.", CARYS, IDRIS, LLINOS, day=TODAY)
    kept_from = raise_for(server, LEFT_OUT, CARYS, LLINOS, left_out=[IDRIS], day=TODAY)
    idris = arrive("en")
    idris.sign_in(IDRIS)
    idris.go("/my/keys")
    before = idris.answer_of("Key in words")
    idris.press("I have lost my words")
    idris.expect_heading("Make new keys")
    idris.shot("desk-new-keys")
    idris.press("Make new keys")
    words = read_words(idris)
    expect(idris.page.locator("[data-step=saved]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    fingerprint = idris.page.locator("#fingerprint").inner_text()
    assert fingerprint != before
    idris.go("/my/keys")
    assert idris.answer_of("State", "key state") == idris.say("New, not yet confirmed by a colleague")
    idris.go("/my/concerns")
    idris.expect_said("Waiting for a re-grant")
    idris.shot("desk-waiting-for-a-re-grant")

    carys = enter(arrive, "en", CARYS)
    carys.press("See who waits and who has left")
    waiting = carys.page.locator("section.person", has_text=fingerprint)
    expect(waiting).to_contain_text(carys.say("New, not yet confirmed"), timeout=RECEIPT_PATIENCE)
    expect(waiting.get_by_role("button")).to_have_count(0)
    carys.shot("desk-people-unconfirmed")

    carys.go("/my/keys")
    line = carys.page.locator("li", has_text=fingerprint)
    carys.shot("desk-confirm")
    line.get_by_role("button").click()
    carys.expect_problem("Compare the six words with your colleague first, then tick the box")
    line = carys.page.locator("li", has_text=fingerprint)
    line.get_by_role("checkbox").check()
    line.get_by_role("button").click()
    expect(carys.page.locator("li", has_text=fingerprint)).to_contain_text(carys.say("Confirmed", "key state"))

    reload_list(carys, words_of(carys, CARYS))
    carys.press("See who waits and who has left")
    waiting = carys.page.locator("section.person", has_text=fingerprint)
    expect(waiting.locator("[data-cases] > li")).not_to_have_count(0, timeout=RECEIPT_PATIENCE)
    expect(waiting).not_to_contain_text(LEFT_OUT)
    lines = waiting.locator("[data-cases] > li")
    lines.filter(has_text="The night rota").get_by_role("button").click()
    done = waiting.locator("p[data-result=done]:visible")
    expect(done).to_have_count(1, timeout=RECEIPT_PATIENCE)
    waiting.get_by_role("button", name=carys.say("Let them into all of these", "button")).click()
    expect(done).to_have_count(lines.count(), timeout=RECEIPT_PATIENCE)
    carys.shot("desk-people-done")

    reload_list(idris, words)
    cases = [one.get_attribute("data-case") for one in idris.page.locator("[data-case]").all()]
    assert shared.case in cases
    assert second.case in cases
    assert kept_from.case not in cases
    expect(open_thread(idris, shared.case).first).to_contain_text("The night rota")
    expect(thread_of(idris)).to_contain_text(idris.say("From here on these people read this thread:"))
    answer(idris, "I can read it again.")


# Who reads.


def test_a_reader_leaves_a_thread_and_meets_what_was_never_there(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "The manager is my cousin.", ELIN, LLINOS, CARYS, day=TODAY)
    elin = enter(arrive, "cy", ELIN)
    open_thread(elin, sent.case)
    leaving = unfold(thread_of(elin), elin, "Leave this thread")
    elin.shot("desk-leave-cy")
    leaving.get_by_role("button").click()
    expect(elin.page.locator("[data-step=list]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    gone = elin.context.request.get(f"{elin.server.base_url}/en/my/concerns/{sent.case}/thread")
    assert gone.status == 404
    reload_list(elin, words_of(elin, ELIN))
    expect(elin.page.locator(f"[data-case='{sent.case}']")).to_have_count(0)

    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    expect(thread_of(llinos)).to_contain_text(llinos.say("Could read earlier"))
    expect(thread_of(llinos).locator("[data-readers]")).not_to_contain_text("Head of Workforce Systems")
    answer(llinos, "I will look into it without her.")


def test_a_leavers_key_is_taken_out_of_every_thread(arrive: Arrive) -> None:
    server = arrive("en").server
    texts = [f"Sioned reads this, number {n}." for n in range(1, 4)]
    for one in texts:
        raise_for(server, one, PATRICK, SIONED, LLINOS, day=TODAY)
    leave_post(server, SIONED, day=TODAY)
    llinos = enter(arrive, "cy", LLINOS)
    llinos.press("See who waits and who has left")
    ended = llinos.page.locator("section.person", has_text=texts[0])
    expect(ended.locator("[data-cases] > li")).to_have_count(3, timeout=RECEIPT_PATIENCE)
    llinos.shot("desk-leaver-cy")
    ended.get_by_role("button", name=llinos.say("Take this key out of all of these", "button")).click()
    expect(ended.locator("p[data-result=done]:visible")).to_have_count(3, timeout=RECEIPT_PATIENCE)
    llinos.page.locator("[data-step=people] [data-to-list]").click()
    llinos.press("See who waits and who has left")
    expect(llinos.page.locator("#looking")).to_be_hidden(timeout=RECEIPT_PATIENCE)
    expect(llinos.page.locator("section.person", has_text=texts[0])).to_have_count(0)


def test_a_colleague_is_let_in_by_who_reads_and_nobody_left_out_can_be_chosen(arrive: Arrive) -> None:
    server = arrive("en").server
    sent = raise_for(server, "Only one representative knows.", CARYS, LLINOS, day=TODAY)
    kept_from = raise_for(server, LEFT_OUT, ELIN, LLINOS, left_out=[DYLAN], day=TODAY)
    carys = enter(arrive, "en", CARYS)
    open_thread(carys, sent.case)
    inviting = unfold(thread_of(carys), carys, "Let a colleague read this too")
    carys.shot("desk-let-in")
    inviting.locator("li", has_text="Idris Fychan").get_by_role("button").click()
    expect(thread_of(carys).locator("[data-let-in]")).to_be_visible(timeout=RECEIPT_PATIENCE)
    carys.page.locator("summary", has_text=carys.say("Who can open this thread")).first.click()
    expect(thread_of(carys).locator("[data-readers]")).to_contain_text("Idris Fychan")

    elin = enter(arrive, "en", ELIN)
    open_thread(elin, kept_from.case)
    inviting = unfold(thread_of(elin), elin, "Let a colleague read this too")
    expect(inviting).not_to_contain_text("Deputy Head of Workforce Systems")


def test_notes_of_one_side_stay_on_that_side(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "We agreed something on the ward.", ELIN, LLINOS, CARYS, IDRIS, day=TODAY)
    carys = enter(arrive, "cy", CARYS, phone=True)
    open_thread(carys, sent.case)
    notes = carys.page.locator("#notes")
    expect(notes).to_contain_text(carys.say("Union only"), timeout=RECEIPT_PATIENCE)
    unfold(notes, carys, "Begin notes beside this thread")
    notes.locator("textarea").fill("Rwy’n nabod y ward. Siaradwn nos Fawrth.")
    carys.shot("desk-notes-begin-cy-phone")
    notes.get_by_role("button", name=carys.say("Seal the first note", "button")).click()
    expect(notes.locator("[data-entries] > li").first).to_contain_text("nos Fawrth", timeout=RECEIPT_PATIENCE)
    carys.shot("desk-notes-cy-phone")

    elin = enter(arrive, "en", ELIN)
    open_thread(elin, sent.case)
    expect(elin.page.locator("#notes")).to_contain_text(elin.say("Employer only"), timeout=RECEIPT_PATIENCE)
    expect(elin.page.locator("main")).not_to_contain_text("nos Fawrth")
    expect(elin.page.locator("main")).not_to_contain_text(elin.say("Union only"))

    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    notes = llinos.page.locator("#notes")
    unfold(notes, llinos, "Begin notes beside this thread")
    notes.locator("textarea").fill("Check the roster of week 46.")
    notes.get_by_role("button", name=llinos.say("Seal the first note", "button")).click()
    expect(notes.locator("[data-entries] > li")).to_have_count(1, timeout=RECEIPT_PATIENCE)
    elin.page.locator("[data-step=thread] [data-to-list]").click()
    open_thread(elin, sent.case)
    expect(elin.page.locator("#notes [data-entries]")).to_contain_text("week 46", timeout=RECEIPT_PATIENCE)


# Files, and a case taken out.

PNG = rota_picture()
SCRIPT = b"Nodyn y ward: <script>parent.document.title='owned'</script>\n"


def attach_and_send(reader: Walker, *files: FilePayload) -> None:
    part = thread_of(reader)
    part.locator("input[type=file]").set_input_files(list(files))
    expect(part.locator("[data-file-list] > li")).to_have_count(len(files))
    expect(part.locator("[data-file-list] progress")).to_have_count(0, timeout=RECEIPT_PATIENCE)
    reader.shot("desk-attached")
    answer(reader, "Here is what I have.")


def test_files_are_looked_at_in_a_frame_that_may_do_nothing(arrive: Arrive) -> None:
    sent = raise_for(arrive("en").server, "See the label in the picture.", ELIN, LLINOS, day=TODAY)
    elin = enter(arrive, "en", ELIN)
    open_thread(elin, sent.case)
    attach_and_send(
        elin,
        {"name": "label.png", "mimeType": "image/png", "buffer": PNG},
        {"name": "note.txt", "mimeType": "text/plain", "buffer": SCRIPT},
    )
    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    files = thread_of(llinos).locator("[data-files] > li")
    expect(files).to_have_count(2)
    files.nth(0).get_by_role("button").click()
    frame = llinos.page.locator("#viewer iframe")
    expect(frame).to_be_visible(timeout=RECEIPT_PATIENCE)
    assert frame.get_attribute("sandbox") == ""
    assert (frame.get_attribute("src") or "").startswith("blob:")
    picture = llinos.page.frame_locator("#viewer iframe").locator("img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 300, "the picture shows in its frame"
    llinos.shot("desk-viewer-picture")
    llinos.press("Close the file")
    expect(llinos.page.locator("#viewer")).to_be_hidden()
    files.nth(1).get_by_role("button").click()
    inside = llinos.page.frame_locator("#viewer iframe").locator("body")
    expect(inside).to_contain_text("<script>", timeout=RECEIPT_PATIENCE)
    assert llinos.page.title() != "owned"
    llinos.expect_text(
        llinos.say(
            "Files arrive sealed, so our server cannot check them for viruses. Download a file only if you expect it, "
            "to a device with virus protection. What you download is no longer sealed."
        )
    )
    llinos.shot("desk-viewer-text")
    with llinos.page.expect_download() as kept:
        llinos.press("Download the file")
    assert kept.value.suggested_filename == "text-1.txt"
    assert Path(kept.value.path()).read_bytes() == SCRIPT


OPEN_ALL = """
import { Decrypter } from "age-encryption";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
const [identity, folder] = process.argv.slice(1);
const opened = {};
for (const name of readdirSync(folder).filter((one) => one.endsWith(".age"))) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  opened[name] = Buffer.from(await decrypter.decrypt(readFileSync(`${folder}/${name}`))).toString("base64");
}
process.stdout.write(JSON.stringify(opened));
"""

MAKE_IDENTITY = """
import { generateHybridIdentity, identityToRecipient } from "age-encryption";
const identity = await generateHybridIdentity();
process.stdout.write(JSON.stringify([identity, await identityToRecipient(identity)]));
"""


def open_with_node(identity: str, folder: Path) -> dict[str, bytes]:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", OPEN_ALL, "--", identity, str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=120,
    )
    return {name: base64.b64decode(value) for name, value in json.loads(done.stdout).items()}


def test_an_export_opens_with_another_age_program_and_says_what_it_is(arrive: Arrive, tmp_path: Path) -> None:
    sent = raise_for(arrive("en").server, "Cadwyd dau lyfr: the other one is in the desk.", LLINOS, CARYS, day=TODAY)
    llinos = enter(arrive, "en", LLINOS)
    open_thread(llinos, sent.case)
    attach_and_send(llinos, {"name": "label.png", "mimeType": "image/png", "buffer": PNG})
    made = subprocess.run(
        ["node", "--input-type=module", "-e", MAKE_IDENTITY], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    solicitors, recipient = json.loads(made.stdout)
    part = unfold(thread_of(llinos), llinos, "Export this thread")
    part.locator("textarea").fill("age1nonsense")
    part.get_by_role("button").click()
    llinos.expect_problem("Enter whole public keys that begin with age1pq1, at most five in all")
    part.locator("textarea").fill(recipient)
    llinos.shot("desk-export")
    with llinos.page.expect_download(timeout=RECEIPT_PATIENCE) as handed:
        part.get_by_role("button").click()
    octets = Path(handed.value.path()).read_bytes()
    assert handed.value.suggested_filename == f"porth-sealed-export-{TODAY.isoformat()}.zip"
    assert b"dau lyfr" not in octets
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        assert archive.comment == b"porth-sealed-export"
        assert all(name.startswith("porth-sealed-export-") for name in archive.namelist())
        readme = archive.read("porth-sealed-export-README.txt").decode()
        archive.extractall(tmp_path)
    assert readme.startswith("porth-sealed-export")
    assert "A CONCERN EXPORTED FROM PORTH" in readme
    assert "PRYDER WEDI’I ALLFORIO" in readme
    opened = open_with_node(solicitors, tmp_path)
    assert "Cadwyd dau lyfr" in opened["porth-sealed-export-001.txt.age"].decode()
    assert opened["porth-sealed-export-002.txt.age"] == b"Here is what I have."
    assert opened["porth-sealed-export-file-01-picture-1.png.age"].startswith(b"\x89PNG")

    llinos.go("/my/keys")
    llinos.press("Show my private key")
    llinos.fill("Your ten recovery words", words_of(llinos, LLINOS))
    llinos.press("Unlock")
    own = llinos.page.locator("#identity")
    expect(own).to_have_text(re.compile("^AGE-SECRET-KEY-PQ-1"), timeout=RECEIPT_PATIENCE)
    assert open_with_node(own.inner_text(), tmp_path) == opened
    llinos.press("Hide it again")
    assert "AGE-SECRET-KEY" not in llinos.page.content()
