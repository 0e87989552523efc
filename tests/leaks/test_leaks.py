"""A text goes through every way into the anonymous area, with and without failures; afterwards it is nowhere.

The portal runs as its own process with every logger at its most talkative. Searched are its database, its files, the
folder for temporary files, all that it printed, and every answer that had no reason to repeat what was typed.
"""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from anonymity.receipt import Code
from tests.leaks.searching import findings, spellings
from tests.prepared import ROOT
from tests.serving import Running, Server, free_port, wait_until_it_answers
from tests.tickets import work

pytestmark = pytest.mark.slow

TALKATIVE = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
for name in ("", "porth", "uvicorn", "uvicorn.access", "uvicorn.error", "sqlalchemy", "sqlalchemy.engine",
             "sqlalchemy.pool", "fastapi", "starlette", "multipart", "python_multipart", "asyncio", "pikepdf", "PIL"):
    logging.getLogger(name).setLevel(logging.DEBUG)
from portal.cli.main import main
sys.exit(main())
"""
TEXT, NAME, LINE = "Cŵyn-ŷ-8841 am y rota’n hwyr", "Enw-ŷ-2207 Gŵyn-Evans", "Llinell-ŵ-5519 i’r undeb"
REPLY, SHARED, NOTE = "Ateb-ŷ-3370 yn ôl atoch", "Rhannu-ŵ-6128 â phawb", "Nodyn-ŷ-9043 am ddarllenwyr"
IN_FILE, FILE_NAME, IN_AN_ADDRESS = "Ffeil-ŵ-7715 yn llawn", "Llun-ŷ-1186.txt", "Cyfeiriad-ŷ-4402"
IN_A_HEADER, IN_A_BOX, WRONG = "Pennawd-y-3398", "Blwch-ŵ-2954 nid age", "Geiriau-ŷ-6671 anghywir"
ALL = (TEXT, NAME, LINE, REPLY, SHARED, NOTE, IN_FILE, FILE_NAME, IN_AN_ADDRESS, IN_A_HEADER, IN_A_BOX, WRONG)
HEADERS = {"user-agent": IN_A_HEADER, "cookie": f"porth_session={IN_A_HEADER}", "referer": f"https://{IN_A_HEADER}/"}


@dataclass
class Talker:
    """A portal in a process of its own, and somebody who types into it."""

    running: Running
    temporary: Path
    client: httpx2.Client
    echoes: list[str] = field(default_factory=list)

    @property
    def server(self) -> Server:
        return self.running.server

    def places(self) -> list[Path]:
        return [self.server.folder, self.temporary, self.server.log]

    def check(self, answer: Any, what: str, *, told: tuple[str, ...] = ()) -> Any:
        """An answer that is no form shown again must not repeat anything, but what it is there to tell."""
        body, head = answer.content, repr(answer.headers).encode()
        self.echoes += [
            f"{what}: {text!r} ({how})"
            for text in ALL
            if text not in told
            for how, octets in spellings(text).items()
            if octets in body or octets in head
        ]
        return answer

    def hidden(self, page: str) -> dict[str, str]:
        inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
        return {name: value for name, value in inputs if name in {"form_id", "ticket", "body", "about"}}

    def form(self, about: str = "matter:safety") -> dict[str, Any]:
        """The plain form, filled in whole."""
        answer = self.client.post("/cy/concern/form", data={"body": "glannau-ogwen", "about": about})
        assert answer.status_code == 200
        page = answer.text
        union = next(one for one in re.findall(r'name="union"[^>]*value="([^"]+)"', page) if one)
        typed = {"union": union, "consent": "yes", "scope": "everybody", "lang": "cy", "whom": "union"}
        return self.hidden(page) | typed | {"text": TEXT, "name": NAME, "private": LINE, "file-names": "yes"}

    def words_of(self, fields: dict[str, Any]) -> str:
        return " ".join(Code(bytes.fromhex(fields["form_id"])).words("cy"))


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return clean | {
        "PORTAL_WAIT_SECONDS": "0", "PORTAL_WORK_BITS": "1", "PORTAL_CALM_A_MINUTE": "100000",
        "PORTAL_ARGON2_MEMORY_KIB": "64", "PORTAL_ARGON2_PASSES": "1", "PYTHONPATH": str(ROOT), **more,
    }  # fmt: skip


def start(folder: Path, temporary: Path) -> Running:
    port = free_port()
    base_url, log = f"http://127.0.0.1:{port}", folder.with_suffix(".log")
    own = {"PORTAL_PORT": str(port), "PORTAL_PUBLIC_URL": base_url, "PYTHONUNBUFFERED": "1", "TMPDIR": str(temporary)}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", TALKATIVE, "demo", "--folder", str(folder), "--serve"],
            cwd=ROOT, env=environment(**own), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    database = f"sqlite:///{folder / 'porth.sqlite3'}"
    running = Running(Server(base_url, database, folder, log), process)
    wait_until_it_answers(running)
    return running


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration before anybody came, set up once."""
    folder = tmp_path_factory.mktemp("begin") / "demo"
    command = [sys.executable, "-m", "portal.cli.main", "demo", "--folder", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
    return folder


@pytest.fixture
def talker(tmp_path: Path, begin: Path) -> Iterator[Talker]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    shutil.copytree(begin, tmp_path / "demo")
    running = start(tmp_path / "demo", temporary)
    try:
        with httpx2.Client(base_url=running.server.base_url, headers=HEADERS, timeout=60) as client:
            yield Talker(running, temporary, client)
    finally:
        running.stop()


def attached(content: str = IN_FILE) -> list[tuple[str, tuple[str, bytes, str]]]:
    """A text file large enough that a spooling parser would put it on the disk."""
    octets = (content + "\n").encode() * (3_000_000 // len(content.encode()))
    return [("files", (FILE_NAME, octets, "text/plain"))]


def test_the_search_finds_every_spelling_it_looks_for(tmp_path: Path) -> None:
    for number, octets in enumerate(spellings(TEXT).values()):
        (tmp_path / f"{number}").write_bytes(b"x" * (1_048_570 - 10 * number) + octets + b"tail")
    found = findings([tmp_path], [TEXT, NAME])
    assert {line.partition(":")[0] for line in found} == {str(number) for number in range(len(spellings(TEXT)))}
    assert not [line for line in found if NAME in line]


def test_what_was_typed_in_a_whole_story_is_nowhere(talker: Talker) -> None:
    fields = talker.form()
    sent = talker.check(
        talker.client.post("/cy/concern/form", data=fields, files=attached()), "the receipt", told=(FILE_NAME,)
    )
    assert sent.status_code == 200
    words = talker.words_of(fields)
    assert words.split()[0] in sent.text
    page = talker.client.post("/cy/concern/return/form", data={"words": words})
    assert TEXT in page.text, "the thread opens"
    assert FILE_NAME in page.text
    reply = _thread_form(page.text, "reply", "joint") | {"text-joint": REPLY}
    answered = talker.client.post("/cy/concern/return/form/reply", data=reply, files=attached())
    assert REPLY in answered.text
    kept = re.findall(r'name="stay-joint"[^>]*value="([^"]+)"', answered.text)
    drop = _thread_form(answered.text, "readers", "joint") | {"go": "drop", "stay-joint": kept[:1], "note-joint": NOTE}
    assert talker.client.post("/cy/concern/return/form/readers", data=drop).status_code == 200
    talker.running.stop()
    assert findings(talker.places(), [*ALL, words]) == []
    assert talker.echoes == []


def _thread_form(page: str, action: str, lane: str) -> dict[str, Any]:
    for form in re.findall(rf'<form action="[^"]*/{action}".*?</form>', page, re.DOTALL):
        fields: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        if fields.get("lane", lane) == lane:
            return fields
    raise AssertionError(f"no form {action}")


def test_nonsense_at_every_door_is_not_kept_and_not_repeated(talker: Talker) -> None:
    odd = {"a": IN_AN_ADDRESS}
    for path in ("/cy/concern", "/en/concern/write", "/cy/concern/form", "/cy/concern/return", f"/cy/concern/{TEXT}"):
        talker.client.get(path, params={"body": IN_AN_ADDRESS, "about": IN_AN_ADDRESS, **odd})
    box = "/cy/concern/box"
    for door in (
        "",
        "/open",
        "/reply",
        "/readers",
        "/file",
        "/file/open",
        "/cards",
        "/offered",
        "/urgent",
        "/challenge",
    ):
        for octets in (IN_A_BOX.encode(), b'{"v":1,"text":"' + IN_A_BOX.encode() + b'"}', IN_A_BOX.encode() * 40_000):
            admitted = work(talker.client)
            talker.check(talker.client.post(box + door, content=octets, headers=admitted), f"box{door}")
            talker.check(talker.client.post(box + door, content=octets, headers={"porth-work": IN_A_HEADER}), door)
    fields = talker.form()
    for name, value in {"text": TEXT * 2_000, "form_id": TEXT, "ticket": TEXT, "about": TEXT, "body": NAME}.items():
        talker.client.post("/cy/concern/form", data=fields | {name: value})
    talker.client.post("/cy/concern/form", data=fields, files=[("files", (FILE_NAME, b"MZ" + IN_FILE.encode(), ""))])
    talker.check(talker.client.post("/cy/concern/form", content=TEXT.encode() * 9_000), "no form at all")
    broken = {"content-type": "multipart/form-data; boundary=b"}
    half = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + TEXT.encode()
    talker.check(talker.client.post("/cy/concern/form", content=half, headers=broken), "half a form")
    talker.client.post("/cy/concern/return/form", data={"words": WRONG})
    talker.client.post("/cy/concern/return/form/reply", data={"words": WRONG, "text-joint": REPLY, "lane": "joint"})
    talker.client.post("/cy/concern/return/form/share", data={"words": WRONG, "share-text": SHARED})
    talker.client.put("/cy/concern/form", content=TEXT.encode())
    talker.running.stop()
    assert findings(talker.places(), ALL) == []
    assert talker.echoes == []


@pytest.mark.parametrize("trouble", ["no more room on the disk", "the database is gone"])
def test_a_failure_in_the_middle_tells_nothing(talker: Talker, trouble: str) -> None:
    fields = talker.form()
    process, database = talker.running.process, talker.server.folder / "porth.sqlite3"
    if trouble == "no more room on the disk":
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
    else:
        for path in talker.server.folder.glob("porth.sqlite3*"):
            if not path.name.endswith("-shm"):  # the server has it mapped: cut short, it would end the process itself
                path.write_bytes(b"not a database" * 400)
    plain = talker.check(talker.client.post("/cy/concern/form", data=fields), "the form")
    with_file = talker.check(talker.client.post("/cy/concern/form", data=fields, files=attached()), "with a file")
    back = talker.check(talker.client.post("/cy/concern/return/form", data={"words": talker.words_of(fields)}), "back")
    assert {plain.status_code, with_file.status_code} <= {500, 503}, "nothing was taken, and the page says so"
    assert back.status_code in {422, 500, 503}
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    talker.running.stop()
    assert database.exists()
    assert findings(talker.places(), ALL) == []
    assert talker.echoes == []


def test_a_server_killed_while_a_form_arrives_leaves_nothing_of_it(talker: Talker) -> None:
    fields = talker.form()
    boundary = "b0undary"
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{FILE_NAME}"\r\n\r\n'
    part = (head + file).encode() + (IN_FILE + "\n").encode() * 60_000
    with socket.create_connection(("127.0.0.1", int(talker.server.base_url.rpartition(":")[2]))) as line:
        line.sendall(
            f"POST /cy/concern/form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n"
            f"Content-Length: {len(part) + 10_000_000}\r\n\r\n".encode()
        )
        line.sendall(part)
        time.sleep(1)
        talker.running.process.send_signal(signal.SIGKILL)
        talker.running.process.wait()
    assert findings(talker.places(), ALL) == []
