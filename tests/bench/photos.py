"""Twenty megabytes of photos through the page without script: what the server needs, and where they show in clear."""

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image

from tests.anonymity.cleaning.pictures import segment
from tests.bench.processes import Served
from tests.bench.table import Row
from tests.bench.world import BODY, SYSTEM, World

PHOTOS, EDGE = 4, 2300
MOST_EXTRA_MIB = 80
MIB = 1024 * 1024
BOUNDARY = "porth-photos"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
LOOKS_EVERY = 0.05
PIECE = 64 * 1024
SCRAP = 48


@dataclass(frozen=True)
class Sent:
    """What was seen while the photos went through."""

    octets: int
    extra: int
    status: int
    in_clear: list[str]


def make_photos(count: int = PHOTOS, edge: int = EDGE) -> list[bytes]:
    """Photos of noise, about five megabytes each, with a comment that cleaning has to take out."""
    made = []
    for number in range(count):
        out = io.BytesIO()
        Image.effect_noise((edge, edge), 80 + number).convert("RGB").save(out, "JPEG", quality=95)
        plain = out.getvalue()
        made.append(plain[:2] + segment(0xFE, b"taken by Sian, ward Alaw, photo %d" % number) + plain[2:])
    return made


def send_photos(world: World, portal: Served, photos: list[bytes]) -> Sent:
    """Send them with a concern, slowly enough to look around, while the folders and open files are watched."""
    page = HTTPConnection("127.0.0.1", portal.port, timeout=60)
    chosen = urlencode({"body": BODY, "about": f"system:{SYSTEM}"})
    page.request("POST", "/en/concern/form", chosen, {"content-type": "application/x-www-form-urlencoded"})
    hidden = dict(HIDDEN.findall(page.getresponse().read().decode()))
    fields = {**hidden, "union": "", "scope": "everybody", "lang": "en", "text": "The rota is wrong", "whom": "nobody"}
    before = portal.memory()
    portal.forget_peak()
    scraps = [photo[len(photo) // 2 :][:SCRAP] for photo in photos]
    watch = Watch(portal, [world.folder, Path("/tmp")], [*scraps, b"taken by Sian"])
    with watch:
        octets = body_of(fields, photos)
        page.putrequest("POST", "/en/concern/form")
        page.putheader("content-type", f"multipart/form-data; boundary={BOUNDARY}")
        page.putheader("content-length", str(len(octets)))
        page.endheaders()
        for at in range(0, len(octets), PIECE):
            page.send(octets[at : at + PIECE])
        status = page.getresponse().status
    page.close()
    return Sent(sum(map(len, photos)), portal.memory("VmHWM") - before, status, sorted(watch.seen))


def body_of(fields: dict[str, str], photos: list[bytes]) -> bytes:
    """The form as a browser sends it: what was typed first, then the files."""
    lines = []
    for name, value in fields.items():
        lines.append(f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for number, photo in enumerate(photos):
        head = f'content-disposition: form-data; name="files"; filename="IMG_{number}.jpg"\r\ncontent-type: image/jpeg'
        lines += [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), photo, b"\r\n"]
    return b"".join([*lines, f"--{BOUNDARY}--\r\n".encode()])


class Watch:
    """Looks again and again for scraps of the photos in files: those of folders, and those a process holds open."""

    def __init__(self, portal: Served, folders: list[Path], scraps: list[bytes]) -> None:
        self._pid, self._folders, self._scraps = portal.process.pid, folders, scraps
        self._known = {path for folder in folders[1:] for path in folder.glob("*")}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.seen: set[str] = set()

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _run(self) -> None:
        while not self._stop.wait(LOOKS_EVERY):
            self._look()

    def _look(self) -> None:
        for path in self._files():
            try:
                octets = path.read_bytes()
            except OSError:
                continue
            if any(scrap in octets for scrap in self._scraps):
                self.seen.add(path.name)

    def _files(self) -> Iterator[Path]:
        """The portal's own folder, what is new in the folder for temporary files, and files open but deleted."""
        yield from (path for path in self._folders[0].rglob("*") if path.is_file())
        for folder in self._folders[1:]:
            yield from (path for path in folder.glob("*") if path not in self._known and path.is_file())
        for link in Path(f"/proc/{self._pid}/fd").iterdir():
            try:
                if "(deleted)" in str(link.readlink()):
                    yield link
            except OSError:
                continue


def measure_photos(world: World) -> list[Row]:
    """The row of the table; the least of two, as the first one also fetches code."""
    with world.portal() as portal:
        photos = make_photos()
        sent = [send_photos(world, portal, photos) for _ in range(2)]
    assert all(one.status == 200 and not one.in_clear for one in sent)
    extra = max(one.extra for one in sent) / MIB
    what = f"{sent[0].octets / 1e6:.0f} MB of photos without script: extra memory"
    return [Row("", what, extra, "MiB", most=MOST_EXTRA_MIB)]
