"""A pack of 200 files and 500 MB, built in a process of its own: how long it takes, and how much memory beyond itself.

``python -m tests.bench.packing`` builds what waits, with the settings of its environment, and prints what it saw.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from sqlalchemy import select

from portal.cases.models import Case
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.db import Database
from portal.core.text import Words
from portal.core.vault import Vault
from portal.documents.kinds import FileKind
from portal.identity.models import Account
from portal.settings.models import Settings, read_settings
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.queries import words_context
from portal.subject_access.answering.rules import Outcome, PackState
from portal.subject_access.material.models import Material, MaterialCopy
from portal.subject_access.material.queries import copy_context, item_context
from portal.subject_access.material.rules import Decision, ReporterAnswer
from tests.bench.processes import memory_of
from tests.bench.table import Row
from tests.bench.world import World
from tests.prepared import ROOT

FILES, EACH = 200, 2_500_000
MOST_EXTRA_MIB = 100
MIB = 1024 * 1024
PIECE = 64 * 1024


def fill(world: World, *, files: int, each: int) -> None:
    """A proposal with so many files of so many bytes, whose pack waits to be built."""
    settings = read_settings(world.environment)
    blobs, vault, now = BlobStore(settings.blob_folder, settings.vault), settings.vault, datetime.now(UTC)
    with world.database() as database, database.writing() as session:
        case = session.scalars(select(Case).where(Case.kind == "access").order_by(Case.id).limit(1)).one()
        account = session.scalars(select(Account.id).order_by(Account.id).limit(1)).one()
        for number in range(1, files + 1):
            item, copy = _item(case, account, 1000 + number, each, vault, now), ids.new_id()
            hashed = hashlib.sha256()
            blob_id = blobs.put(_noise(number, each, hashed), context=copy_context(copy))
            item.sha256 = hashed.digest()
            session.add(item)
            session.flush()
            session.add(MaterialCopy(
                id=copy, material_id=item.id, number=1, ledger_number=0, kind=FileKind.PDF, blob_id=blob_id,
                media_type="application/pdf", size=each, sha256=item.sha256, pictured=[], made_at=now,
            ))  # fmt: skip
        sign_off = SignOff(
            id=ids.new_id(), case_id=case.id, outcome=Outcome.RELEASE, lang="cy", words=b"", proposed_by=account,
            proposed_at=now,
        )  # fmt: skip
        sign_off.words = vault.seal(Words("Dyma"), context=words_context("words", sign_off.id))
        session.add(sign_off)
        session.flush()
        session.add(Pack(id=ids.new_id(), case_id=case.id, sign_off_id=sign_off.id, state=PackState.WAITING))


def _item(case: Case, account: str, number: int, size: int, vault: Vault, now: datetime) -> Material:
    own = ids.new_id()
    return Material(
        id=own, case_id=case.id, number=number, kind=FileKind.PDF, media_type="application/pdf", size=size,
        sha256=bytes(32), file_name=vault.seal(Words(f"{number}.pdf"), context=item_context("file_name", own)),
        added_at=now, added_by=account, reporter=ReporterAnswer.NO, reporter_said_by=account,
        decision=Decision.RELEASE, decided_by=account, decided_at=now,
    )  # fmt: skip


def _noise(seed: int, size: int, hashed: "hashlib._Hash") -> Iterator[bytes]:
    drawn = Random(seed)
    for start in range(0, size, PIECE):
        piece = drawn.randbytes(min(PIECE, size - start))
        hashed.update(piece)
        yield piece


def measure_packing(world: World, *, files: int = FILES, each: int = EACH) -> list[Row]:
    """Fill, then build in another process."""
    fill(world, files=files, each=each)
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.packing"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **world.environment},
        capture_output=True,
        check=True,
        timeout=300,
    )
    seen = json.loads(answer.stdout)
    what = f"a pack of {files} files, {files * each / 1e6:.0f} MB"
    return [
        Row("", f"{what}: seconds", seen["seconds"], "s"),
        Row("", f"{what}: memory beyond the process", seen["extra"] / MIB, "MiB", most=MOST_EXTRA_MIB),
    ]


def build(settings: Settings) -> dict[str, float]:
    """Build what waits; the pages are warmed up first, as in a server."""
    database = Database(settings.database)
    with database.reading() as session:
        session.scalars(select(Pack.id)).all()
    before, started = memory_of(os.getpid(), "VmRSS"), time.perf_counter()
    made = build_waiting(database, settings)
    seconds = time.perf_counter() - started
    if made != 1:
        raise RuntimeError("the pack was not built")
    return {"seconds": seconds, "extra": float(max(0, memory_of(os.getpid(), "VmHWM") - before))}


if __name__ == "__main__":
    print(json.dumps(build(read_settings())))
