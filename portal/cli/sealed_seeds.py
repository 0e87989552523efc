"""A concern of the demonstration that a union branch reads too, with a picture and a text attached to it."""

import struct
import zlib
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.attachment import Attachment
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, draw_code, lane_keys
from anonymity.reporting import Concern, draw_case, raise_concern
from anonymity.sealedfile import FileSealer, draw_blob, seal_file
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of, store
from portal.concerns.rules import EMPLOYER, INDEPENDENT, UNION, Matter
from portal.concerns.uploading import keep_sealed
from portal.directory.models import UnionBranch
from portal.settings.models import Settings

BRANCH = "unison-ogwen"
TEXT = (
    "The hoist on Ward Alaw was marked as repaired on Monday. It was not: the same strap is torn. I add a picture of "
    "the roster of those days and what I wrote down. Two of us have lifted patients by hand since."
)
NOTES = (
    "Dydd Llun: label newydd, yr un strap.\nTuesday: told the ward, nobody came.\n"
    "Dydd Mercher: dau glaf wedi’u codi â llaw.\n"
)
NIGHTS = ("..#.#..", "#....##", ".##..#.")
CELL, EDGE = 64, 4
PAPER, DAY, NIGHT = b"\xfb\xf8\xf3", b"\xdd\xd4\xc6", b"\x1c\x4f\x4a"


def seed_shared_concern(session: Session, settings: Settings, *, today: date) -> str:
    """Seal and store it; the words of its receipt."""
    about = get_about(session, "glannau-ogwen", f"matter:{Matter.SAFETY}")
    channel = find_channel(session, about, today=today)
    branch = session.scalars(select(UnionBranch).where(UnionBranch.slug == BRANCH)).one()
    readers = [one for one in channel.readers if one.group in {EMPLOYER, INDEPENDENT, f"{UNION}{branch.id}"}]
    code, case = draw_code(), draw_case()
    attached = [
        _attach(session, settings, case, lane_keys(code, Lane.JOINT).identity.recipient, file, today=today)
        for file in (("picture-1.png", "image/png", rota_picture()), ("text-1.txt", "text/plain", NOTES.encode()))
    ]
    concern = Concern(
        about=SealedAbout(about.body.id, SealedMatter.MATTER, about.subject),
        text=Plaintext(TEXT),
        name=None,
        lang="en",
        day=today,
        readers=tuple(card_of(one) for one in readers),
        files=tuple(attached),
    )
    store(session, raise_concern(concern, code, sealed_by=SealedBy.DEVICE, case=case), today=today)
    return " ".join(code.words("cy"))


def rota_picture() -> bytes:
    """A small PNG of a roster: seven days across, three nurses down, the nights dark."""
    rows = []
    for nights in NIGHTS:
        cells = b"".join(PAPER * EDGE + (NIGHT if one == "#" else DAY) * (CELL - EDGE) for one in nights)
        rows += [b"\0" + PAPER * (CELL * len(nights))] * EDGE + [b"\0" + cells] * (CELL - EDGE)
    width, height = CELL * len(NIGHTS[0]), CELL * len(NIGHTS)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _attach(
    session: Session, settings: Settings, case: bytes, to: Recipient, file: tuple[str, str, bytes], *, today: date
) -> Attachment:
    name, kind, content = file
    sealer, blob = FileSealer(to), draw_blob()
    keep_sealed(session, settings, (blob, case), seal_file([content], sealer), today=today)
    return Attachment(blob, len(content), sealer.measured.hash, name, None, kind)
