"""Whether the rows of a sheet fit each other and what the directory holds: names known, no loops, none held twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Fault
from portal.directory.models import Body, Engagement, Person, RoleHolding, StaffGroup, Union, UnionBranch, Workplace
from portal.directory.rules import UNION_ROLES, RoleName
from portal.directory.sheet import Row, Sheet

Key = tuple[str, ...]
BATCH = 500


@dataclass(slots=True)
class Known:
    """What exists already or is being added, by the names that rows use."""

    rows: dict[Key, Any] = field(default_factory=dict)
    emails: dict[str, str | None] = field(default_factory=dict)
    works: dict[tuple[Any, ...], Engagement] = field(default_factory=dict)
    roles: dict[str, list[RoleHolding]] = field(default_factory=dict)

    def id_of(self, *key: str) -> str:
        found: str = self.rows[key].id
        return found

    def id_or_none(self, kind: str, slug: str) -> str | None:
        return self.id_of(kind, slug) if slug else None


def load_known(session: Session, sheet: Sheet) -> Known:
    """Everything that the rows of a sheet may name, and the people who use its e-mail addresses."""
    known = Known()
    slugs = {body.id: body.slug for body in session.scalars(select(Body))}
    for body in session.scalars(select(Body)):
        known.rows["body", body.slug] = body
    for workplace in session.scalars(select(Workplace)):
        known.rows["workplace", slugs[workplace.body_id], workplace.slug] = workplace
    for group in session.scalars(select(StaffGroup)):
        known.rows["staff_group", slugs[group.body_id], group.code] = group
    for union in session.scalars(select(Union)):
        known.rows["union", union.slug] = union
    for branch in session.scalars(select(UnionBranch)):
        known.rows["branch", branch.slug] = branch
    _load_people(session, sheet, known)
    return known


def _load_people(session: Session, sheet: Sheet, known: Known) -> None:
    named = {row[column] for row in sheet.rows for column in ("person", "manager") if row[column]}
    named |= {row["id"] for row in sheet.of("person")}
    for some in _batches(sorted(named)):
        for person in session.scalars(select(Person).where(Person.slug.in_(some))):
            known.rows["person", str(person.slug)] = person
    for some in _batches([row["email"].lower() for row in sheet.of("person")]):
        for person in session.scalars(select(Person).where(Person.email.in_(some))):
            known.emails[person.email] = person.slug
    for some in _batches([person.id for key, person in known.rows.items() if key[0] == "person"]):
        for work in session.scalars(select(Engagement).where(Engagement.person_id.in_(some))):
            known.works[work_key(work)] = work
        for role in session.scalars(select(RoleHolding).where(RoleHolding.person_id.in_(some))):
            known.roles.setdefault(role.person_id, []).append(role)


def work_key(work: Engagement) -> tuple[Any, ...]:
    """What makes two rows one engagement."""
    return work.person_id, work.workplace_id, work.staff_group_id, work.kind, work.started_on


def list_misfits(sheet: Sheet, known: Known, *, today: date) -> Iterator[Fault]:
    """What is wrong with sound rows once they meet each other and what exists."""
    yield from _unknown_references(sheet, known)
    yield from _loops(sheet, known)
    has_body = {row["id"]: bool(row["body"]) for row in sheet.of("person")}
    for row in sheet.of("person"):
        yield from _person_misfits(row, known)
    for row in sheet.of("engagement"):
        if row["manager"] and row["manager"] == row["person"]:
            yield row.fault("manager: nobody is their own manager")
    for row in sheet.of("role"):
        yield from _holder_misfits(row, known, has_body)
        yield from _overlaps(row, known, today)


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, BATCH)):
        yield some


def _names_of(row: Row) -> Iterator[Key]:
    """The names that a row gives, or would have given had it been sound."""
    if row.kind in {"workplace", "staff_group"}:
        yield row.kind, row["body"], row["id"]
    elif row["id"]:
        yield row.kind, row["id"]


def _references_of(row: Row) -> Iterator[tuple[str, Key]]:
    """The columns in which a row names others, and under which name those are known."""
    for column in ("body", "union", "branch", "person"):
        if row[column]:
            yield column, (column, row[column])
    if row["manager"]:
        yield "manager", ("person", row["manager"])
    for column, kind in (("workplace", "workplace"), ("parent", "workplace"), ("staff_group", "staff_group")):
        if row[column]:
            yield column, (kind, row["body"], row[column])


def _unknown_references(sheet: Sheet, known: Known) -> Iterator[Fault]:
    given = {name for row in (*sheet.rows, *sheet.spoilt) for name in _names_of(row)}
    for row in sheet.rows:
        for column, key in _references_of(row):
            if key not in given and key not in known.rows:
                yield row.fault(f"{column}: nothing of this name: {row[column]}")


def _person_misfits(row: Row, known: Known) -> Iterator[Fault]:
    if known.emails.get(row["email"].lower(), row["id"]) != row["id"]:
        yield row.fault("email: belongs to somebody else already")
    held = known.rows.get(("person", row["id"]))
    if held is not None and (held.body_id is None) == bool(row["body"]):
        yield row.fault("body: a representative stays apart from staff; add another person instead")


def _holder_misfits(row: Row, known: Known, has_body: Mapping[str, bool]) -> Iterator[Fault]:
    person = known.rows.get(("person", row["person"]))
    is_staff = has_body.get(row["person"], None if person is None else person.body_id is not None)
    if is_staff is not None and is_staff == (RoleName(row["type"]) in UNION_ROLES):
        yield row.fault("person: union roles are for people without a body, every other role for people with one")


def _overlaps(row: Row, known: Known, today: date) -> Iterator[Fault]:
    """A role that its holder holds already from another day would be held twice."""
    person = known.rows.get(("person", row["person"]))
    if person is None or row["ended_on"]:
        return
    for held in known.roles.get(person.id, []):
        is_same = role_key(row, known) == (held.role, held.body_id, held.branch_id, held.system_slug)
        is_over = held.ended_on is not None and held.ended_on <= today
        if is_same and not is_over and held.started_on != row.day("started_on"):
            yield row.fault(f"started_on: they hold this role already since {held.started_on.isoformat()}")


def role_key(row: Row, known: Known) -> tuple[RoleName, str | None, str | None, str | None]:
    body, branch = known.rows.get(("body", row["body"])), known.rows.get(("branch", row["branch"]))
    return RoleName(row["type"]), body and body.id, branch and branch.id, row["system"] or None


def _loops(sheet: Sheet, known: Known) -> Iterator[Fault]:
    """A workplace that would lie within itself."""
    by_id = {place.id: key for key, place in known.rows.items() if key[0] == "workplace"}
    above: dict[Key, Key] = {
        key: by_id[place.parent_id]
        for key, place in known.rows.items()
        if key[0] == "workplace" and place.parent_id in by_id
    }
    for row in sheet.of("workplace"):
        key = ("workplace", row["body"], row["id"])
        above.pop(key, None)
        if row["parent"]:
            above[key] = ("workplace", row["body"], row["parent"])
    for row in sheet.of("workplace"):
        key, seen = ("workplace", row["body"], row["id"]), set[Key]()
        step: Key | None = key
        while step is not None and step not in seen:
            seen.add(step)
            step = above.get(step)
        if step == key:
            yield row.fault("parent: the workplace would lie within itself")
