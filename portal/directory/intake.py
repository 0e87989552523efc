"""Taking a directory file in: all of it or nothing, and the same file twice changes nothing (FORMAT.md)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.errors import ImportRefused
from portal.core.ids import new_id
from portal.directory.fitting import Key, Known, list_misfits, load_known, role_key, work_key
from portal.directory.models import (
    Body,
    BranchRecognition,
    Engagement,
    MatterSeat,
    OnCallNumber,
    Person,
    RoleHolding,
    StaffGroup,
    Union,
    UnionBranch,
    Workplace,
)
from portal.directory.rules import BodyKind, EngagementKind, Matter, RoleName
from portal.directory.sheet import Row, Sheet, fault_row, read_directory

__all__ = ["Imported", "import_directory", "read_directory"]

Progress = Callable[[int, int], None]
CONTACT_COLUMNS = {
    "accessibility": "accessibility_contact",
    "data_protection": "dpo_contact",
    "welsh_language": "welsh_contact",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of each kind came in."""

    rows: Mapping[str, int]

    def __str__(self) -> str:
        counted = ", ".join(f"{kind} {count:,}" for kind, count in self.rows.items())
        return f"Imported {sum(self.rows.values()):,} rows: {counted or 'the file has none'}."


def no_progress(_done: int, _total: int) -> None:
    """For callers that show none."""


def import_directory(session: Session, sheet: Sheet, *, now: datetime, progress: Progress = no_progress) -> Imported:
    """Bring in a file: new rows are added, known ones are changed, absent ones stay.

    Raises ImportRefused with every fault by row; then nothing has been changed. ``now`` tells which roles are over.
    """
    known = load_known(session, sheet)
    faults = sorted([*sheet.faults, *list_misfits(sheet, known, today=london_day(now))], key=fault_row)
    if faults:
        raise ImportRefused(faults)
    done = 0
    for kind, put in _PUT.items():
        for row in sheet.of(kind):
            put(session, known, row)
            done += 1
            progress(done, len(sheet.rows))
        session.flush()
    _put_parents(session, sheet, known)
    return Imported(Counter(row.kind for row in sheet.rows))


def _put(session: Session, known: Known, key: Key, made: Callable[[], Any]) -> Any:
    if key not in known.rows:
        known.rows[key] = made()
        session.add(known.rows[key])
    return known.rows[key]


def _put_body(session: Session, known: Known, row: Row) -> None:
    body = _put(session, known, ("body", row["id"]), lambda: Body(id=new_id(), slug=row["id"]))
    body.name_cy, body.name_en, body.kind = row["name_cy"], row["name_en"], BodyKind(row["type"])


def _put_contact(_session: Session, known: Known, row: Row) -> None:
    body = known.rows["body", row["body"]]
    column = CONTACT_COLUMNS[row["type"]]
    setattr(body, f"{column}_cy", row["name_cy"])
    setattr(body, f"{column}_en", row["name_en"])


def _put_workplace(session: Session, known: Known, row: Row) -> None:
    body_id = known.id_of("body", row["body"])
    key = ("workplace", row["body"], row["id"])
    place = _put(session, known, key, lambda: Workplace(id=new_id(), body_id=body_id, slug=row["id"]))
    place.name_cy, place.name_en = row["name_cy"], row["name_en"]


def _put_parents(session: Session, sheet: Sheet, known: Known) -> None:
    for row in sheet.of("workplace"):
        place = known.rows["workplace", row["body"], row["id"]]
        place.parent_id = known.id_of("workplace", row["body"], row["parent"]) if row["parent"] else None
    session.flush()


def _put_staff_group(session: Session, known: Known, row: Row) -> None:
    body_id = known.id_of("body", row["body"])
    key = ("staff_group", row["body"], row["id"])
    group = _put(session, known, key, lambda: StaffGroup(id=new_id(), body_id=body_id, code=row["id"]))
    group.name_cy, group.name_en = row["name_cy"], row["name_en"]


def _put_union(session: Session, known: Known, row: Row) -> None:
    union = _put(session, known, ("union", row["id"]), lambda: Union(id=new_id(), slug=row["id"]))
    union.name = row["name"]


def _put_branch(session: Session, known: Known, row: Row) -> None:
    branch = _put(session, known, ("branch", row["id"]), lambda: UnionBranch(id=new_id(), slug=row["id"]))
    branch.union_id = known.id_of("union", row["union"])
    branch.name_cy, branch.name_en = row["name_cy"], row["name_en"]


def _put_recognition(session: Session, known: Known, row: Row) -> None:
    body_id, branch_id = known.id_of("body", row["body"]), known.id_of("branch", row["branch"])
    session.merge(BranchRecognition(body_id=body_id, branch_id=branch_id))


def _put_person(session: Session, known: Known, row: Row) -> None:
    person = _put(session, known, ("person", row["id"]), lambda: Person(id=new_id(), slug=row["id"]))
    person.body_id = known.id_or_none("body", row["body"])
    person.display_name, person.email = row["name"], row["email"].lower()
    person.locale = person.locale or row["language"] or None


def _put_engagement(session: Session, known: Known, row: Row) -> None:
    body = row["body"]
    read = Engagement(
        id=new_id(),
        body_id=known.id_of("body", body),
        person_id=known.id_of("person", row["person"]),
        workplace_id=known.id_of("workplace", body, row["workplace"]),
        staff_group_id=known.id_of("staff_group", body, row["staff_group"]),
        kind=EngagementKind(row["type"]),
        started_on=row.day("started_on"),
    )
    engagement = known.works.setdefault(work_key(read), read)
    engagement.ended_on = row.day("ended_on") or engagement.ended_on
    if row.has("manager"):
        engagement.manager_person_id = known.id_or_none("person", row["manager"])
    session.add(engagement)


def _put_role(session: Session, known: Known, row: Row) -> None:
    role, body_id, branch_id, system_slug = role_key(row, known)
    person_id, started_on = known.id_of("person", row["person"]), row.day("started_on")
    asked = (role, body_id, branch_id, system_slug, started_on)
    held = known.roles.setdefault(person_id, [])
    holding = next((one for one in held if _is_same(one, asked)), None)
    if holding is None:
        holding = RoleHolding(
            id=new_id(),
            person_id=person_id,
            role=role,
            body_id=body_id,
            branch_id=branch_id,
            system_slug=system_slug,
            started_on=started_on,
        )
        held.append(holding)
        session.add(holding)
    holding.post_cy, holding.post_en = row["post_cy"], row["post_en"]
    holding.is_deputy, holding.shown_by_name = row["deputy"] == "yes", row["shown_by_name"] == "yes"
    holding.ended_on = row.day("ended_on") or holding.ended_on
    if row.has("matters") and role is RoleName.MATTER_OFFICER:
        _put_matters(session, holding, row)
    if row["telephone"]:
        session.flush()
        session.merge(OnCallNumber(holding_id=holding.id, telephone=row["telephone"]))


def _put_matters(session: Session, holding: RoleHolding, row: Row) -> None:
    """The matters whose concerns somebody receives, in the order of the file's rows."""
    session.flush()
    session.execute(delete(MatterSeat).where(MatterSeat.holding_id == holding.id))
    for matter in sorted(set(row["matters"].split())):
        session.add(MatterSeat(holding_id=holding.id, matter=Matter(matter), body_id=holding.body_id, place=row.number))


def _is_same(held: RoleHolding, asked: tuple[RoleName, str | None, str | None, str | None, date | None]) -> bool:
    return (held.role, held.body_id, held.branch_id, held.system_slug, held.started_on) == asked


_PUT: dict[str, Callable[[Session, Known, Row], None]] = {
    "body": _put_body,
    "contact": _put_contact,
    "workplace": _put_workplace,
    "staff_group": _put_staff_group,
    "union": _put_union,
    "branch": _put_branch,
    "recognition": _put_recognition,
    "person": _put_person,
    "engagement": _put_engagement,
    "role": _put_role,
}
