"""A small server for the page scripts' tests: the endpoints of reporter.js, answered by the Python half.

It keeps what a portal would keep, in memory, and can be told to fail the way networks and servers do (`troubles`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from anonymity.encoding import to_b64u
from anonymity.errors import CannotOpen
from anonymity.fingerprint import Card
from anonymity.submission import (
    SealedItem,
    Submission,
    read_look_up,
    read_reply,
    read_submission,
)
from portal.concerns.reporting.tickets import Kind, is_solved, issue, read_ticket

HARNESS = Path(__file__).with_name("browser_harness")
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sealing-worker; worker-src blob:"
)
MONTHS = {
    "cy": "Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
Answer = tuple[int, object]
TICKET_KEYS, WORK_BITS = (bytes(range(32)),), 8
PATIENCE = "0.01"
"""Seconds: what the server asks a device to wait before it sends again."""


@dataclass(frozen=True)
class Person:
    """A reader as a page shows them: card, person, group of readers, when the group is shown, name."""

    card: Card
    person: str
    group: str
    when: str
    name: str
    conflict: str | None = None

    @property
    def key(self) -> str:
        """Key id as written on the wire."""
        return to_b64u(self.card.key_id)


@dataclass
class Box:
    """What is stored, by locator hash; who may read; and the requests seen."""

    threads: dict[bytes, tuple[Submission, list[SealedItem]]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    requests: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    frames: dict[str, bytes] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    said: dict[str, str] = field(default_factory=dict)

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the device has done its work, for this request alone."""
        text, _, nonce = headers.get("Porth-Work", "").partition(".")
        ticket = read_ticket(TICKET_KEYS, Kind.WORK, text)
        if ticket is None or text in self.spent or not is_solved(text, nonce, ticket.bits):
            return False
        self.spent.add(text)
        return True

    def submit(self, octets: bytes) -> Answer:
        submission = read_submission(octets)
        taken = submission.locator_hash in self.threads
        if taken or any(submission.case == known.case for known, _ in self.threads.values()):
            return 409, {}
        self.threads[submission.locator_hash] = (submission, [submission.item])
        return 201, {}

    def open(self, octets: bytes) -> Answer:
        found = self.threads.get(hashlib.sha256(read_look_up(octets)).digest())
        return (200, delivery(*found) | {"readers": self.names()} | self.said) if found else (404, {})

    def names(self) -> list[dict[str, str]]:
        """What the pages call the readers."""
        return [{"key": one.key, "sign": to_b64u(one.card.sign_key), "name": one.name} for one in self.people]

    def reply(self, octets: bytes) -> Answer:
        reply = read_reply(octets)
        found = self.threads.get(hashlib.sha256(reply.locator or b"").digest())
        return add(found[1], reply.item) if found else (404, {})


def challenge() -> dict[str, int | str]:
    """Work for a device, as the portal gives it out."""
    issued = issue(TICKET_KEYS, Kind.WORK, now=datetime.now(UTC), bits=WORK_BITS)
    return {"bits": WORK_BITS, "challenge": issued, "v": 1}


def delivery(submission: Submission, items: list[SealedItem]) -> dict[str, Any]:
    """A thread as FORMAT.md section 9 delivers it to its reporter."""
    listed = [{"id": to_b64u(i.id), "epoch": 0, "prev": to_b64u(i.prev), "file": to_b64u(i.file)} for i in items]
    case, recipient = to_b64u(submission.case), submission.recipient.text
    return {"v": 1, "case": case, "epoch": 0, "recipient": recipient, "grants": [], "items": listed}


def add(items: list[SealedItem], item: SealedItem) -> Answer:
    """Only the head of the thread is added to."""
    if item.prev != items[-1].hash:
        return 409, {}
    items.append(item)
    return 201, {}


def page(box: Box, name: str, locale: str, script: dict[str, str]) -> str:
    """A page of the harness with its places filled."""

    def part(file: str) -> str:
        return (HARNESS / file).read_text("utf-8")

    values = {
        "code": part("code.html"),
        "thread": part("thread.html"),
        "readers": readers_json(box),
        "slips": part("slips.html").replace("{field}", "words").replace("{extra}", "unknown"),
        "groups": groups(box),
        "locale": locale,
        "months": MONTHS[locale],
        "cy_checked": "checked" * (locale == "cy"),
        "en_checked": "checked" * (locale == "en"),
        "script": script["file"],
        "integrity": script["integrity"],
    }
    text = part(f"{name}.html")
    for place, value in values.items():
        text = text.replace("{" + place + "}", value)
    return text


def readers_json(box: Box) -> str:
    """The reader cards as the page embeds them."""
    readers = []
    for one in box.people:
        card = {"key": one.key, "recipient": one.card.recipient.text, "sign": to_b64u(one.card.sign_key)}
        readers.append({**card, "person": one.person, "conflict": one.conflict})
    return json.dumps({"about": {"body": "b1", "kind": "system", "subject": "s1"}, "readers": readers})


def groups(box: Box) -> str:
    """The lists of readers, one fieldset a group."""
    found: dict[tuple[str, str], list[Person]] = {}
    for one in box.people:
        found.setdefault((one.group, one.when), []).append(one)
    return "".join(
        f'<fieldset data-group="{group}" data-when="{when}"><legend>{group}</legend><ul>'
        + "".join(
            f'<li data-reader="{one.key}"><span data-reader-name>{one.name}</span> '
            '<span data-slot="fingerprint"></span>'
            f'<label><input type="checkbox" data-leave-out id="out-{one.person}"> leave out</label></li>'
            for one in people
        )
        + "</ul></fieldset>"
        for (group, when), people in found.items()
    )


class Handler(BaseHTTPRequestHandler):
    """Routes of the page script. `box`, `build` and `manifest` are set on a subclass."""

    box: Box
    build: Path
    manifest: dict[str, dict[str, str]]
    pages = {  # noqa: RUF012
        "/concern": ("concern", "reporter.js"),
        "/concern/return": ("return", "reporter.js"),
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """No log."""

    def do_GET(self) -> None:
        locale, path = self.path[1:3], self.path[3:]
        if self.path.startswith("/build/"):
            return self.send((self.build / Path(self.path).name).read_bytes(), "text/javascript; charset=utf-8")
        if self.path in self.box.frames:
            return self.send(self.box.frames[self.path], "application/octet-stream")
        if self.path == "/modules":
            script = self.manifest["modules.js"]["file"]
            text = f'<!doctype html><title>Modules</title><script src="/build/{script}" defer></script>'
            return self.send(text.encode(), "text/html; charset=utf-8")
        if path in self.pages:
            name, script = self.pages[path]
            html = page(self.box, name, locale, self.manifest[script])
            return self.send(html.encode(), "text/html; charset=utf-8")
        if path == "":
            return self.send(b"<!doctype html><title>Neutral</title>", "text/html; charset=utf-8")
        self.note(b"")
        return self.answer((404, {}))

    def do_POST(self) -> None:
        octets = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path[3:]
        if self.path.startswith("/frames/"):
            self.box.frames[self.path] = octets
            return self.answer((201, {}))
        if path == "/concern/box/challenge":
            return self.answer((200, challenge()))
        if path == "/concern/box/cards":
            return self.answer((404, {}))  # nobody could read another concern today
        self.note(octets)
        trouble = self.box.troubles.pop(0) if self.box.troubles else ""
        if trouble.isdecimal():
            return self.answer((int(trouble), challenge() if trouble == "428" else {}))
        if path.startswith("/concern/box") and not path.endswith("/open") and not self.box.admits(self.headers):
            return self.answer((428, challenge()))
        if trouble == "unreached":
            return self.hang_up()
        result = self.route(path)(octets) if trouble != "malformed" else (422, {})
        return self.hang_up() if trouble == "lost" else self.answer(result)

    def route(self, path: str) -> Callable[[bytes], Answer]:
        """The verb of an address; whatever is malformed is 422."""
        box = self.box
        verbs = {"/concern/box": box.submit, "/concern/box/open": box.open, "/concern/box/reply": box.reply}
        verb = verbs[path]

        def checked(octets: bytes) -> Answer:
            try:
                return verb(octets)
            except CannotOpen:
                return 422, {}

        return checked

    def note(self, octets: bytes) -> None:
        self.box.requests.append((f"{self.command} {self.path}", octets, dict(self.headers)))

    def hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(2)

    def answer(self, result: Answer) -> None:
        self.send(json.dumps(result[1]).encode(), "application/json", result[0])

    def send(self, octets: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(octets)), "Cache-Control": "no-store"}
        headers |= {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Retry-After": PATIENCE}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)


@contextmanager
def serving(box: Box, build: Path) -> Iterator[str]:
    """The address of a running server over this box and these scripts."""
    manifest = json.loads((build / "manifest.json").read_text("utf-8"))
    handler = type("BoundHandler", (Handler,), {"box": box, "build": build, "manifest": manifest})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
