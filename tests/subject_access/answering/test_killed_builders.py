"""kill -9 at any moment of building: nothing is lost, nothing is half-released, nothing is left lying about."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.cases.models import Case
from portal.core.errors import Refused
from portal.subject_access.after.unnamed import remove_unnamed_files
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.rules import BUILDER_LEASE, PackState
from portal.subject_access.models import Disclosure
from tests.prepared import ROOT
from tests.subject_access.answering.answers import approved, prepared, proposed, unpacked
from tests.subject_access.conftest import World

FILES = (b"dydd,awr\n" * 20_000, b"mis,awr\n" * 20_000)
MOMENTS = ("commit 2", "commit 4", "os.rename 1", "commit 5")
"""Before anything is written; with one file in; the whole file written but not named; named but not told."""


def start_and_kill(world: World, moment: str) -> int:
    kind, _, number = moment.partition(" ")
    command = [
        sys.executable, "-m", "tests.subject_access.answering.dying_builder", world.database.url,
        world.settings.model_dump_json(), world.desk.now.isoformat(), kind, number,
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_builder_that_is_killed_leaves_a_pack_that_the_next_one_builds(world: World, moment: str) -> None:
    with world.database.writing() as session:
        case = prepared(world, session, *FILES)
        one = proposed(world, session, case)
    copies = set(world.settings.blob_folder.iterdir())
    assert start_and_kill(world, moment) == -signal.SIGKILL
    with world.database.writing() as session:
        pack = session.scalars(select(Pack)).one()
        assert (pack.state, pack.blob_id, pack.sha256) == (PackState.BUILDING, None, None)
        with pytest.raises(Refused, match="not ready"):
            approved_without_hash(world, session.get_one(Case, case.id), session.get_one(SignOff, one.id), session)
        assert session.scalar(select(func.count()).select_from(Disclosure)) == 0
    assert build_waiting(world.database, world.settings, world.desk.now) == 1, "it is dead, whatever the clock says"
    with world.database.writing() as session:
        pack = session.scalars(select(Pack)).one()
        assert sorted(unpacked(world, pack)) == [
            "ffeiliau/001.csv", "ffeiliau/002.csv", "llythyr.html", "mynegai.html",
        ]  # fmt: skip
        left = {path.name for path in set(world.settings.blob_folder.iterdir()) - copies}
        assert left == {pack.blob_id}, "what the dead builder had begun is gone"
        approved(world, session, session.get_one(Case, case.id), session.get_one(SignOff, one.id))


def test_who_lives_and_comes_further_is_left_alone_until_it_stands_still_for_too_long(world: World) -> None:
    with world.database.writing() as session:
        proposed(world, session, prepared(world, session))
    until = world.desk.now + BUILDER_LEASE
    with world.blobs.living() as holder:
        with world.database.writing() as session:
            pack = session.scalars(select(Pack)).one()
            pack.state, pack.holder, pack.held_until = PackState.BUILDING, holder, until
        assert build_waiting(world.database, world.settings, until - timedelta(seconds=1)) == 0, "it is alive"
        assert build_waiting(world.database, world.settings, until) == 1, "it hangs"
    with world.database.reading() as session:
        assert session.scalars(select(Pack.state)).one() is PackState.READY


def test_a_file_whose_process_was_killed_before_its_row_was_written_is_removed_after_a_day(world: World) -> None:
    with world.database.writing() as session:
        prepared(world, session)
    kept = {path.name for path in world.settings.blob_folder.iterdir()}
    code = (
        "import os, signal, sys; from portal.core.blobs import BlobStore;"
        "from portal.settings.models import Settings; s = Settings.model_validate_json(sys.argv[1]);"
        "b = BlobStore(s.blob_folder, s.vault); b.put([b'x' * 9000], context='materials.blob_id:1');"
        "b.begin(context='x').add(b'y'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    asked = [sys.executable, "-c", code, world.settings.model_dump_json()]
    assert subprocess.run(asked, cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL
    lost = {path.name for path in world.settings.blob_folder.iterdir()} - kept
    assert len(lost) == 2
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 0, "it is of today"
    for path in world.settings.blob_folder.iterdir():
        os.utime(path, (1.0, 1.0))
    coming = world.blobs.begin(context="y")
    coming.add(b"z" * 70_000)
    world.settings.blob_folder.with_suffix(".looked").unlink()
    assert remove_unnamed_files(world.database, world.settings, world.desk.now) == 1
    arrived = coming.end()
    left = {path.name for path in world.settings.blob_folder.iterdir()}
    assert {name for name in left if not name.endswith(".part")} == kept | {arrived}
    assert b"".join(world.blobs.read(arrived, context="y")) == b"z" * 70_000


def approved_without_hash(world: World, case: Case, one: SignOff, session: object) -> None:
    from portal.subject_access.answering.deciding import approve
    from tests.subject_access.conftest import sent

    approve(session, world["bethan"], case, one, sent(), desk=world.desk, pack_hash="")  # type: ignore[arg-type]
