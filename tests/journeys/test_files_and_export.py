"""Files looked at without danger, and a case taken out of the portal."""

import base64
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import CARYS, ELIN, LLINOS, PNG, TODAY, attach_and_send, enter, thread_of, unfold, words_of
from tests.journeys.raised import raise_for
from tests.journeys.sealed import open_thread
from tests.journeys.walker import RECEIPT_PATIENCE, Arrive
from tests.prepared import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("concerns")]


SCRIPT = b"Nodyn y ward: <script>parent.document.title='owned'</script>\n"


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
    expect(picture).to_have_js_property("complete", True)
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
    part.locator("textarea[data-recipients]").fill("age1nonsense")
    part.get_by_role("button").click()
    llinos.expect_problem("Enter whole public keys that begin with age1pq1, at most five in all")
    part.locator("textarea[data-recipients]").fill(recipient)
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
    assert opened["porth-sealed-export-002.txt.age"] == b"Here is what I have.\n\nporth-sealed-export\n"
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


def test_a_representative_hands_over_a_pack_with_a_name_cut_out_and_the_branch_keeps_that_it_was_made(
    arrive: Arrive, tmp_path: Path
) -> None:
    sent = raise_for(arrive("en").server, "Elfyn wrote the rota, and ELFYN changed it.", LLINOS, CARYS, day=TODAY)
    carys = enter(arrive, "en", CARYS)
    open_thread(carys, sent.case)
    made = subprocess.run(
        ["node", "--input-type=module", "-e", MAKE_IDENTITY], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    solicitors, recipient = json.loads(made.stdout)
    part = unfold(thread_of(carys), carys, "Export this thread")
    part.locator("textarea[data-recipients]").fill(recipient)
    part.locator("input[data-cut]").check()
    part.get_by_role("button").click()
    carys.expect_problem("Name at least one thing to cut out, or take the tick away")
    part.locator("textarea[data-cut-words]").fill("Elfyn\nIorwerth")
    with carys.page.expect_download(timeout=RECEIPT_PATIENCE) as handed:
        part.get_by_role("button").click()
    expect(part.locator("[data-cut-said]")).to_have_text("Places cut out: 2. Not found in any message: Iorwerth")
    with zipfile.ZipFile(handed.value.path()) as archive:
        archive.extractall(tmp_path)
    opened = open_with_node(solicitors, tmp_path)
    assert set(opened) == {"porth-sealed-export-001.txt.age", "porth-sealed-export-index.txt.age"}
    assert opened["porth-sealed-export-001.txt.age"].decode().startswith("█████ wrote the rota, and █████ changed it.")
    assert "porth-sealed-export-001.txt.age\t2026" in opened["porth-sealed-export-index.txt.age"].decode()
    carys.go("/my/union")
    expect(carys.page.get_by_role("table").last).to_contain_text("With parts cut out. 0 files. 2 keys")
