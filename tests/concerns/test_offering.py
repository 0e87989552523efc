"""Whom a concern's page offers: the rule book's readers, group by group."""

from types import SimpleNamespace

import pytest

from portal.cases.routing.exclusions import Affair, Kind
from portal.concerns.offering import list_offered
from portal.directory.rules import Matter, RoleName

MANAGER, OFFICER, REP = RoleName.RESPONSIBLE_MANAGER, RoleName.INDEPENDENT_OFFICER, RoleName.UNION_REPRESENTATIVE
NAMED = RoleName.MATTER_OFFICER


def duty(person: str, role: RoleName, system: str | None = None, **more: object) -> SimpleNamespace:
    plain = {"branch_id": None, "post_cy": "", "post_en": "", "is_deputy": False, "system_slug": system, "matter": None}
    return SimpleNamespace(**plain | {"person_id": person, "role": role, "system_id": system} | more)


ROWS = [
    duty("head", MANAGER, "rota"),
    duty("director", MANAGER),
    duty("fleet", MANAGER, "cabs"),
    duty("not linked", MANAGER, "new", system_id=None),
    duty("outside", OFFICER),
    duty("rep", REP, branch_id="b1"),
    duty("other rep", REP, branch_id="b2"),
    duty("head", OFFICER),
    duty("deputy", MANAGER, "rota", is_deputy=True),
    duty("safety lead", NAMED, matter=Matter.SAFETY),
    duty("safety lead", NAMED, matter=Matter.MONEY),
    duty("chair", RoleName.AUDIT_CHAIR),
    duty("on call", RoleName.ON_CALL),
    duty("secretary", RoleName.BRANCH_SECRETARY, branch_id="b1"),
]


@pytest.mark.parametrize(
    ("affair", "employer", "independent"),
    [
        (Affair(Kind.CONCERN, "board", system_id="rota"), ["head", "director", "deputy"], ["outside"]),
        (Affair(Kind.CONCERN, "board", system_id="cabs"), ["fleet", "director"], ["outside", "head"]),
        (Affair(Kind.CONCERN, "board", system_id="other"), ["director"], ["outside", "head"]),
        (Affair(Kind.CONCERN, "board", matter="money"), ["safety lead"], ["outside", "head"]),
        (Affair(Kind.CONCERN, "board", matter="harassment"), [], ["outside", "head"]),
        (Affair(Kind.UNLISTED, "board"), ["director"], ["outside", "head"]),
    ],
)
def test_those_who_answer_for_it_then_those_outside_then_branch_by_branch(
    affair: Affair, employer: list[str], independent: list[str]
) -> None:
    found: dict[str, list[str]] = {}
    for group, row in list_offered(affair, ROWS, ["b2", "b1", "b3"]):
        found.setdefault(group, []).append(row.person_id)
    unions = {"union:b2": ["other rep"], "union:b1": ["rep", "secretary"]}
    wanted = {"employer": employer, "independent": [*independent, "chair"], "on-call": ["on call"], **unions}
    assert found == {group: people for group, people in wanted.items() if people}
    assert list(found)[-2:] == ["union:b2", "union:b1"]


def test_the_duty_is_the_one_in_which_somebody_is_offered() -> None:
    [row] = [row for _group, row in list_offered(Affair(Kind.UNLISTED, "board"), ROWS, []) if row.person_id == "head"]
    assert row.role is OFFICER
