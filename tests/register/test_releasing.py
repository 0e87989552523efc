"""What is published together is what is published one after another: the same rows, the same index, the same record."""

import copy
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, literal, select

from portal.audit.models import AuditEvent
from portal.audit.queries import verify_chain
from portal.core.db import Base, Database
from portal.core.errors import Fault
from portal.directory.intake import import_directory, read_directory
from portal.directory.models import Body
from portal.register import service
from portal.register.exporting import write_lines
from portal.register.importing import ImportResult, Intake, import_register
from portal.register.intake import Entry, read_register
from portal.register.lines import read_lines
from portal.register.models import System, SystemVersion
from tests.register.conftest import DEMO

DRAWN = {"id", "system_id", "version_id", "product_id", "change", "previous", "hash", "subject", "recent"}
TABLES = (
    "systems",
    "system_versions",
    "system_steps",
    "affected_groups",
    "decision_points",
    "data_items",
    "system_listings",
    "products",
    "product_names",
    "product_uses",
)


def rows(database: Database, table: str) -> list[str]:
    """The rows of a table without what is drawn by chance."""
    columns = Base.metadata.tables[table]
    asked: Select[Any] = select(literal(1), *(column for column in columns.c if column.name not in DRAWN))
    with database.reading() as session:
        return sorted(str(tuple(row)) for row in session.execute(asked))


def entries() -> tuple[Entry, ...]:
    return read_register((DEMO / "register.json").read_bytes())


def test_together_and_one_after_another_is_the_same(
    directory: Database, filled: dict[str, Path], now: datetime
) -> None:
    imported = Database(f"sqlite:///{filled['register']}")
    together = {table: rows(imported, table) for table in TABLES}
    imported.close()
    with directory.writing() as session:
        for entry in entries():
            body_id = session.scalars(select(Body.id).where(Body.slug == entry.body)).one()
            system = service.add_system(session, body_id=body_id, slug=entry.slug, short_code=entry.short_code, now=now)
            for dated in entry.versions:
                service.publish(session, None, system, dated.record, published_on=dated.published_on, now=now)
    assert together["system_versions"] and together["product_uses"]
    assert {table: rows(directory, table) for table in TABLES} == together


def test_every_version_of_many_has_its_line_in_the_chain(register: Database) -> None:
    with register.reading() as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.event == "register.published")).all()
        versions = session.execute(select(SystemVersion.system_id, SystemVersion.number)).all()
        assert sorted((event.subject, event.facts["number"]) for event in told) == sorted(map(tuple, versions))
        assert verify_chain(session).broken_at is None


def take_all(database: Database, found: list[Entry], now: datetime) -> tuple[ImportResult, list[Fault]]:
    with database.writing() as session:
        intake = Intake(session, found, now=now)
        faults = [fault for entry in found for fault in intake.take(entry)]
        intake.write()
        return intake.result, faults


def test_an_entry_that_breaks_a_rule_leaves_nothing_and_the_others_come_in(
    directory: Database, entry: dict[str, Any], now: datetime
) -> None:
    """Its first version is good; the second changes what matters without saying so, and neither is published."""
    file = json.loads((DEMO / "register.json").read_bytes())
    broken = next(one for one in file["entries"] if one["short_code"] == "K7RT3M")
    first = copy.deepcopy(broken["record"])
    broken["record"]["data_items"][0]["kept"] = {"cy": "Am byth", "en": "For ever"}
    broken["earlier"] = [{"published_on": "2025-08-01", "record": first}]
    file["entries"] = [broken, entry]
    result, faults = take_all(directory, list(read_register(json.dumps(file).encode())), now)
    assert result == ImportResult(added=1)
    assert [fault.where for fault in faults] == [f"entry 1 ({broken['slug']}), version of {broken['published_on']}"]
    assert "Say what changed" in faults[0].what
    with directory.reading() as session:
        assert session.scalars(select(System.slug)).all() == ["door-times"]


def test_what_goes_out_as_lines_comes_in_as_it_was(either_database: Database, now: datetime) -> None:
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, entries(), now=now)
    out = io.StringIO()
    with either_database.reading() as session:
        assert write_lines(session, out) == 8
    found = [line.entry for line in read_lines(io.BytesIO(out.getvalue().encode())) if line.entry]
    assert take_all(either_database, found, now) == (ImportResult(unchanged=8), [])
