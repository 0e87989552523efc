"""The directory's file: every fault by row, all or nothing, twice is once."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.errors import ImportRefused
from portal.directory import queries, service
from portal.directory.intake import import_directory, read_directory
from portal.directory.models import Body, Engagement, MatterSeat, OnCallNumber, Person, RoleHolding, Workplace
from portal.directory.rules import RoleName
from portal.directory.sheet import COLUMNS, LATER_COLUMNS, MOST_BYTES

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "portal" / "cli" / "demo" / "directory.csv"
FORMAT = ROOT / "portal" / "directory" / "FORMAT.md"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

BODY = {"kind": "body", "id": "taran", "name_cy": "Cyngor Taran", "name_en": "Taran Council", "type": "council"}
PLACE = {"kind": "workplace", "id": "depo", "body": "taran", "name_cy": "Depo", "name_en": "Depot"}
GROUP = {"kind": "staff_group", "id": "refuse", "body": "taran", "name_cy": "Gwastraff", "name_en": "Refuse"}
GWEN = {"kind": "person", "id": "gwen", "body": "taran", "name": "Gwen Alaw", "email": "gwen@taran.example"}
WORKS = {
    "kind": "engagement", "person": "gwen", "body": "taran", "workplace": "depo", "staff_group": "refuse",
    "type": "employee", "started_on": "2024-04-01",
}  # fmt: skip
MANAGES = {
    "kind": "role", "person": "gwen", "body": "taran", "type": "responsible_manager", "system": "telematics",
    "post_cy": "Pennaeth Fflyd", "post_en": "Head of Fleet", "started_on": "2025-01-06",
}  # fmt: skip
OFFICER = {**MANAGES, "type": "matter_officer", "system": ""}
SOUND = [BODY, PLACE, GROUP, GWEN, WORKS, MANAGES]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


def written(rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """The file; the later columns stand in it where a row fills one."""
    out = io.StringIO()
    columns = (*columns, *(name for name in LATER_COLUMNS if any(name in row for row in rows)))
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def faults_of(session: Session, content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ImportRefused) as refused:
        import_directory(session, read_directory(content), now=NOW)
    assert session.scalar(select(func.count()).select_from(Body)) == 0, "something was imported beside the faults"
    return [(fault.where, fault.what) for fault in refused.value.faults]


def only_fault(session: Session, *rows: dict[str, str]) -> str:
    faults = faults_of(session, written(list(rows)))
    assert len(faults) == 1, faults
    return " ".join(faults[0])


def counts(session: Session) -> list[int | None]:
    tables = (Body, Workplace, Person, Engagement, RoleHolding)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_sound_file_comes_in_whatever_the_order_of_its_rows(session: Session) -> None:
    result = import_directory(session, read_directory(written(SOUND[::-1])), now=NOW)
    assert counts(session) == [1, 1, 1, 1, 1]
    assert "6 rows" in str(result)


def test_the_same_file_twice_changes_nothing(session: Session) -> None:
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    before = {person.id: person.email for person in session.scalars(select(Person))}
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    assert counts(session) == [1, 1, 1, 1, 1]
    assert {person.id: person.email for person in session.scalars(select(Person))} == before


def test_a_changed_file_changes_what_it_names_and_nothing_else(session: Session) -> None:
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    import_directory(session, read_directory(written([{**GWEN, "name": "Gwen Alaw Rees"}])), now=NOW)
    assert session.scalars(select(Person.display_name)).all() == ["Gwen Alaw Rees"]
    assert counts(session) == [1, 1, 1, 1, 1]


def test_a_language_that_somebody_chose_is_not_overwritten(session: Session) -> None:
    import_directory(session, read_directory(written([BODY, {**GWEN, "language": "cy"}])), now=NOW)
    import_directory(session, read_directory(written([BODY, {**GWEN, "language": "en"}])), now=NOW)
    assert session.scalars(select(Person.locale)).all() == ["cy"]


def test_a_file_does_not_revive_a_role_that_was_ended(session: Session) -> None:
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    service.end_role(session, session.scalars(select(RoleHolding)).one(), today=TODAY)
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    assert session.scalars(select(RoleHolding.ended_on)).all() == [TODAY]


def test_a_workplace_lies_in_another_whichever_row_comes_first(session: Session) -> None:
    ward = {**PLACE, "id": "ward", "parent": "depo"}
    import_directory(session, read_directory(written([BODY, ward, PLACE])), now=NOW)
    body = queries.find_body_by_slug(session, "taran")
    assert body is not None
    inner = queries.find_workplace(session, body.id, "ward")
    assert inner is not None
    assert [place.slug for place in queries.list_workplace_and_parents(session, inner.id)] == ["ward", "depo"]


def test_workplaces_of_two_bodies_may_share_a_name(session: Session) -> None:
    other = {**BODY, "id": "other"}
    import_directory(session, read_directory(written([BODY, other, PLACE, {**PLACE, "body": "other"}])), now=NOW)
    assert counts(session)[:2] == [2, 2]


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        ([{**BODY, "kind": "bodies"}], 2, "kind: write one of body, contact"),
        ([{**BODY, "name_cy": ""}], 2, "name_cy: must be filled for a body"),
        ([{**BODY, "email": "a@b.example"}], 2, "email: a body has no such thing"),
        ([{**BODY, "type": "parish"}], 2, "type: write one of council"),
        ([{**BODY, "id": "Cwm Taran"}], 2, "id: use lower-case letters"),
        ([{**BODY, "name_en": "=HYPERLINK(1)"}], 2, "name_en: begins with a sign"),
        ([{**BODY, "name_en": "@SUM(A1)"}], 2, "name_en: begins with a sign"),
        ([{**BODY, "name_en": "-2+3"}], 2, "name_en: begins with a sign"),
        ([{**BODY, "name_en": "\tTaran"}], 2, "name_en: begins with a sign"),
        ([{**BODY, "name_en": "Tar\x07an"}], 2, "name_en: holds a control character"),
        ([{**BODY, "name_en": "T" * 201}], 2, "name_en: is longer than 200"),
        ([BODY, {**BODY, "name_en": "Again"}], 3, "the same body is in row 2 already: taran"),
        ([BODY, {**GWEN, "email": "nobody"}], 3, "email: is not an e-mail address"),
        ([BODY, GWEN, {**GWEN, "id": "gwen-2", "email": "GWEN@taran.example"}], 4, "the same email is in row 3"),
        ([BODY, {**GWEN, "language": "fr"}], 3, "language: write cy or en"),
        ([BODY, {**PLACE, "parent": "nowhere"}], 3, "parent: nothing of this name: nowhere"),
        ([BODY, {**PLACE, "parent": "depo"}], 3, "parent: the workplace would lie within itself"),
        ([{**PLACE}], 2, "body: nothing of this name: taran"),
        ([*SOUND[:5], {**MANAGES, "started_on": "31/01/2025"}], 7, "started_on: write a real date"),
        ([*SOUND[:5], {**MANAGES, "started_on": "2025-02-31"}], 7, "started_on: write a real date"),
        ([*SOUND[:5], {**MANAGES, "ended_on": "2024-01-01"}], 7, "ended_on: is before started_on"),
        ([*SOUND[:5], {**MANAGES, "deputy": "maybe"}], 7, "deputy: write yes or no"),
        ([*SOUND[:5], {**MANAGES, "post_en": ""}], 7, "post_cy and post_en: fill both"),
        (
            [*SOUND[:5], {**MANAGES, "type": "reviewer"}],
            7,
            "only a responsible_manager or off_switch_holder names a system",
        ),
        ([*SOUND[:4], {**WORKS, "manager": "gwen"}], 6, "manager: nobody is their own manager"),
        ([*SOUND[:4], {**WORKS, "manager": "nobody"}], 6, "manager: nothing of this name: nobody"),
        ([*SOUND[:5], {**MANAGES, "matters": "safety"}], 7, "matters: only for a role of type matter_officer"),
        ([*SOUND[:5], {**MANAGES, "telephone": "01632 960115"}], 7, "telephone: only for a role of type on_call"),
        ([*SOUND[:5], {**OFFICER, "type": "on_call", "telephone": "ring me"}], 7, "telephone: is not a telephone"),
        ([*SOUND[:5], {**OFFICER, "matters": "beside"}], 7, "matters: write some of wrongdoing"),
        ([BODY, {**GWEN, "body": ""}, {**MANAGES, "person": "gwen"}], 4, "union roles are for people without a body"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_row(session: Session, rows: list[dict[str, str]], row: int, words: str) -> None:
    told = only_fault(session, *rows)
    assert told.startswith(f"row {row} ")
    assert words in told


def test_all_faults_are_listed_in_the_order_of_the_file(session: Session) -> None:
    rows = [BODY, {**PLACE, "parent": "nowhere"}, {**GWEN, "email": "no"}, {**GROUP, "body": "elsewhere"}]
    assert [where for where, _what in faults_of(session, written(rows))] == ["row 3", "row 4", "row 5"]


def test_a_faulty_row_is_one_fault_and_those_that_name_it_are_none(session: Session) -> None:
    rows = [BODY, PLACE, GROUP, {**GWEN, "email": "no"}, WORKS, MANAGES]
    assert [where for where, _what in faults_of(session, written(rows))] == ["row 5"]


def test_a_telephone_number_is_not_a_formula(session: Session) -> None:
    contact = {
        "kind": "contact", "body": "taran", "type": "accessibility", "name_cy": "+44 1632 960110",
        "name_en": "+44 1632 960110",
    }  # fmt: skip
    import_directory(session, read_directory(written([BODY, contact])), now=NOW)
    assert session.scalars(select(Body.accessibility_contact_en)).all() == ["+44 1632 960110"]


def test_missing_and_unknown_and_doubled_columns_are_named(session: Session) -> None:
    assert faults_of(session, written([], COLUMNS[2:])) == [("row 1", "these columns are missing: kind, id")]
    assert faults_of(session, written([], (*COLUMNS, "salary"))) == [("row 1", "unknown column: salary")]
    assert faults_of(session, written([], (*COLUMNS, "id"))) == [("row 1", "column is there twice: id")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"kind;id;body\n", b"%PDF-1.7"])
def test_what_is_no_table_is_told_so(session: Session, content: bytes) -> None:
    ((where, what),) = faults_of(session, content)
    assert where == "row 1"
    assert "header" in what


def test_wrong_encoding_names_the_line(session: Session) -> None:
    content = written([BODY, {**PLACE, "name_cy": "Tŷ"}]).decode().replace("Tŷ", "Tô").encode("latin-1")
    ((where, what),) = faults_of(session, content)
    assert (where, "UTF-8" in what) == ("line 3", True)


def test_a_byte_order_mark_is_welcome(session: Session) -> None:
    import_directory(session, read_directory(b"\xef\xbb\xbf" + written(SOUND)), now=NOW)
    assert counts(session)[0] == 1


def test_zero_bytes_unclosed_quotes_too_many_cells_and_too_many_bytes_are_refused(session: Session) -> None:
    assert "zero byte" in faults_of(session, written(SOUND) + b"\0")[0][1]
    assert "not well-formed" in faults_of(session, written([BODY]) + b'body,"taran')[0][1]
    assert "more cells" in faults_of(session, written([BODY]) + b"," * 30 + b"x\n")[0][1]
    assert "larger than 10 MB" in faults_of(session, b"x" * (MOST_BYTES + 1))[0][1]


def test_an_email_of_somebody_who_was_not_imported_is_refused(session: Session) -> None:
    import_directory(session, read_directory(written([BODY])), now=NOW)
    body = session.scalars(select(Body)).one()
    service.add_person(session, body_id=body.id, display_name="Gwen", email="gwen@taran.example")
    with pytest.raises(ImportRefused) as refused:
        import_directory(session, read_directory(written([GWEN])), now=NOW)
    assert refused.value.faults[0].what == "email: belongs to somebody else already"


def test_staff_do_not_turn_into_representatives(session: Session) -> None:
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    with pytest.raises(ImportRefused) as refused:
        import_directory(session, read_directory(written([{**GWEN, "body": ""}])), now=NOW)
    assert "stays apart" in refused.value.faults[0].what


def test_a_role_held_already_from_another_day_is_refused(session: Session) -> None:
    import_directory(session, read_directory(written(SOUND)), now=NOW)
    with pytest.raises(ImportRefused) as refused:
        import_directory(session, read_directory(written([{**MANAGES, "started_on": "2026-01-01"}])), now=NOW)
    assert "already since 2025-01-06" in refused.value.faults[0].what


def test_the_example_of_the_documentation_is_true(session: Session) -> None:
    example = FORMAT.read_text(encoding="utf-8").split("## Example")[1].split("```")[1].lstrip("\n")
    import_directory(session, read_directory(example.encode()), now=NOW)
    assert counts(session) == [1, 1, 1, 1, 1]
    assert all(column in FORMAT.read_text(encoding="utf-8") for column in COLUMNS)


def test_the_demonstration_has_every_role_with_a_deputy_where_the_routing_needs_one(session: Session) -> None:
    import_directory(session, read_directory(DEMO.read_bytes()), now=NOW)
    bodies = queries.list_bodies(session)
    assert [body.slug for body in bodies] == ["dyffryn-cledwen", "glannau-ogwen"]
    for body in bodies:
        assert all((body.dpo_contact_cy, body.accessibility_contact_en, body.welsh_contact_cy))
        assert len(queries.list_people(session, body.id)) >= 12
        for role in (RoleName.DATA_PROTECTION_OFFICER, RoleName.RESPONSIBLE_MANAGER):
            held = queries.list_role_holders(session, role=role, body_id=body.id, today=TODAY)
            assert {holding.is_deputy for holding, _person in held} == {True, False}
        reviewers = queries.list_role_holders(session, role=RoleName.REVIEWER, body_id=body.id, today=TODAY)
        assert len(reviewers) >= 2
    assert {branch.slug for branch, _union in queries.list_recognised_branches(session, bodies[1].id)} == {
        "rcn-ogwen", "unison-ogwen"
    }  # fmt: skip


def test_managers_matters_and_telephones_come_in_and_an_older_file_changes_none_of_them(session: Session) -> None:
    import_directory(session, read_directory(DEMO.read_bytes()), now=NOW)
    older = csv.DictReader(io.StringIO(DEMO.read_text(encoding="utf-8")))
    without = [{name: row[name] for name in COLUMNS} for row in older]
    told = session.scalar(select(func.count()).select_from(MatterSeat))
    numbers = session.scalar(select(func.count()).select_from(OnCallNumber))
    led = session.scalar(select(func.count()).where(Engagement.manager_person_id.is_not(None)))
    assert (told, numbers, led) == (4, 2, 4)
    import_directory(session, read_directory(written(without)), now=NOW)
    assert told == session.scalar(select(func.count()).select_from(MatterSeat))
    assert led == session.scalar(select(func.count()).where(Engagement.manager_person_id.is_not(None)))
