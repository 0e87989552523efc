"""kill -9 at any moment of building: nothing is lost, nothing is half-released, nothing is left lying about."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.cases.models import Case
from portal.core.errors import Refused
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
    too_early = world.desk.now + BUILDER_LEASE - timedelta(seconds=1)
    assert build_waiting(world.database, world.settings, too_early) == 0, "it may be alive"
    assert build_waiting(world.database, world.settings, world.desk.now + BUILDER_LEASE) == 1
    with world.database.writing() as session:
        pack = session.scalars(select(Pack)).one()
        assert sorted(unpacked(world, pack)) == [
            "ffeiliau/001.csv", "ffeiliau/002.csv", "llythyr.html", "mynegai.html",
        ]  # fmt: skip
        left = {path.name for path in set(world.settings.blob_folder.iterdir()) - copies}
        assert left == {pack.blob_id}, "what the dead builder had begun is gone"
        approved(world, session, session.get_one(Case, case.id), session.get_one(SignOff, one.id))


def approved_without_hash(world: World, case: Case, one: SignOff, session: object) -> None:
    from portal.subject_access.answering.deciding import approve
    from tests.subject_access.conftest import sent

    approve(session, world["bethan"], case, one, sent(), desk=world.desk, pack_hash="")  # type: ignore[arg-type]
