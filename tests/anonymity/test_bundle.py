"""The scripts that the portal serves are what the committed hashes say, and hold nothing whose licence is not named."""

import gzip
import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import brotli
import pytest

from tests.anonymity.conftest import ROOT, run_build

RECORDS = ROOT / "anonymity/browser"
LARGEST_PAGE_SCRIPT, LARGEST_WORKER = 14_500, 46_000
LARGEST_DESK = 24_000
"""It holds the whole desk, so that nothing reloads and locks; nobody who raises a concern ever loads it."""
CUT_OFF = '"indexedDB"'  # the worker names it once, to take it away


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build into an empty folder, records included."""
    folder = tmp_path_factory.mktemp("rebuilt")
    run_build("--out", folder, "--records", folder)
    return folder


def manifest(folder: Path) -> dict[str, dict[str, str]]:
    """What the build says that it made."""
    found: dict[str, dict[str, str]] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("record", ["BUNDLES.sha256", "LICENSES.txt"])
def test_the_committed_records_are_those_of_a_fresh_build(rebuilt: Path, record: str) -> None:
    assert (rebuilt / record).read_text("utf-8") == (RECORDS / record).read_text("utf-8"), "run npm run build, commit"


def test_building_twice_gives_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    run_build("--out", tmp_path, "--records", tmp_path)
    names = {path.name for path in rebuilt.iterdir()}
    assert names == {path.name for path in tmp_path.iterdir()}
    assert all((rebuilt / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_the_manifest_names_files_by_their_content(rebuilt: Path) -> None:
    found = manifest(rebuilt)
    assert set(found) == {
        "boxes.js", "cleaning.js", "client.js", "counting.js", "desk.js", "live.js", "queue.js", "reporter.js",
        "sealing.js",
    }  # fmt: skip
    for said in found.values():
        octets = (rebuilt / said["file"]).read_bytes()
        assert said["sha256"] == hashlib.sha256(octets).hexdigest()
        assert said["integrity"] == "sha384-" + b64encode(hashlib.sha384(octets).digest()).decode()
        assert said["sha256"][:16] in said["file"]


def test_compressed_twins_hold_the_same_script(rebuilt: Path) -> None:
    for said in manifest(rebuilt).values():
        octets = (rebuilt / said["file"]).read_bytes()
        assert brotli.decompress((rebuilt / f"{said['file']}.br").read_bytes()) == octets
        assert gzip.decompress((rebuilt / f"{said['file']}.gz").read_bytes()) == octets


def test_a_build_puts_away_what_an_earlier_one_left(tmp_path: Path) -> None:
    old, other = tmp_path / f"reporter-{'0' * 16}.js.br", tmp_path / "kept.js"
    for path in (old, other):
        path.write_bytes(b"")
    run_build("--out", tmp_path, "--records", tmp_path)
    assert not old.exists()
    assert other.exists()


def test_page_scripts_and_their_worker_are_small(rebuilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {name: (rebuilt / f"{said['file']}.br").stat().st_size for name, said in manifest(rebuilt).items()}
    with capsys.disabled():
        print(f"\nbytes with brotli: {sizes}")
    assert sizes["reporter.js"] <= LARGEST_PAGE_SCRIPT
    assert sizes["desk.js"] <= LARGEST_DESK
    assert sizes["sealing.js"] <= LARGEST_WORKER


def test_one_digest_in_the_page_stands_for_the_workers_too(rebuilt: Path) -> None:
    found = manifest(rebuilt)
    for name in ("reporter.js", "desk.js", "client.js"):
        script = (rebuilt / found[name]["file"]).read_text("utf-8")
        for worker in ("sealing.js", "cleaning.js"):
            assert found[worker]["integrity"] in script, (name, worker)
            assert found[worker]["file"] in script, (name, worker)


@pytest.mark.parametrize(
    "forbidden",
    [
        *[r"innerHTML", r"outerHTML", r"insertAdjacentHTML", r"document\.write", r"\beval\(", r"new Function"],
        *[r"localStorage", r"sessionStorage", r"indexedDB", r"document\.cookie", r"serviceWorker", r"console\."],
        *[r"Math\.random", r"https?://"],
    ],
)
def test_the_scripts_never_touch(rebuilt: Path, forbidden: str) -> None:
    for name in ("reporter.js", "desk.js", "client.js", "counting.js", "boxes.js", "sealing.js"):
        script = (rebuilt / manifest(rebuilt)[name]["file"]).read_text("utf-8")
        script = script.replace(CUT_OFF, "", 1) if name == "sealing.js" else script
        assert not re.search(forbidden, script), name


def test_no_sentence_of_the_page_stands_in_a_script(rebuilt: Path) -> None:
    for path in RECORDS.glob("*-page.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        written = re.findall(r'(?:textContent|title|value)\s*=\s*"([^"]+)"', code)
        assert written == [], path.name


def test_every_bundled_package_has_its_licence(rebuilt: Path) -> None:
    text = (RECORDS / "LICENSES.txt").read_text("utf-8")
    found = set(re.findall(r"^(\S+) \d+\.\d+\.\d+ \(.+\)$", text, flags=re.MULTILINE))
    noble = {f"@noble/{name}" for name in ("ciphers", "curves", "hashes", "post-quantum")}
    assert found == {"age-encryption", "htmx.org", "@scure/base", "fflate"} | noble
