"""Of a named case, those who are asked about it and do not handle it learn neither where its worker works nor as what,
nor the hour at which anything was sent (routing.md D1.7): no page and no letter of theirs has it, of any worker."""

import re

import pytest
from sqlalchemy import select, update

from portal.cases.models import Case
from portal.core.ids import new_id
from portal.directory.models import Engagement, StaffGroup, Workplace
from tests.demonstrated import DYLAN, ELIN, GWYNFOR, OTHER_BODY, Demonstrated
from tests.prepared import ROOT

ASKED = (
    ELIN, DYLAN, "heledd.sivell@glannau-ogwen.example", "steffan.rees@glannau-ogwen.example",
    "emyr.wyn.daniel@dyffryn-cledwen.example",
)  # fmt: skip
"""Owners of records, and managers of systems that a decision came from."""
THEIRS = ("/en/my/tasks", "/en/my/holds", "/en/my/managed")
PLACE, GROUP = "Goleudy Ynys Bell", "Ceidwaid y Goleudy"
READS = re.compile(r"workplace_id|staff_group_id|list_workplace|import .*(?:Workplace|StaffGroup)")
HOUR = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2}(?:\.\d{2})? ?[ap]m\b")
MAIR, ADMINISTRATOR = "mair.tudur@dyffryn-cledwen.example", "philip.garmon.reid@dyffryn-cledwen.example"


@pytest.fixture
def at_the_lighthouse(demonstrated: Demonstrated) -> Demonstrated:
    """Everybody with a case of their own works at a place, and in a group, that nobody else is in."""
    with demonstrated.database.writing() as session:
        workers = list(session.scalars(select(Case.requester_person_id).where(Case.requester_person_id.is_not(None))))
        assert len(set(workers)) > 3
        for body_id in set(session.scalars(select(Engagement.body_id).where(Engagement.person_id.in_(workers)))):
            place, group = new_id(), new_id()
            session.add(Workplace(id=place, body_id=body_id, slug="lighthouse", name_cy=PLACE, name_en=PLACE))
            session.add(StaffGroup(id=group, body_id=body_id, code="keepers", name_cy=GROUP, name_en=GROUP))
            session.flush()
            session.execute(
                update(Engagement)
                .where(Engagement.person_id.in_(workers), Engagement.body_id == body_id)
                .values(workplace_id=place, staff_group_id=group)
            )
    with demonstrated.signed_in(MAIR) as officer:
        [reference] = set(re.findall(r"/my/desk/reviews/(RV-[A-Z0-9-]+)", officer.get("/en/my/desk/reviews").text))
        officer.get(f"/en/my/desk/reviews/{reference}/hold")
        answer = officer.post(f"/en/my/desk/reviews/{reference}/hold", {"form_id": "a" * 26})
        assert answer.status_code == 303, "the manager is asked whether the effect waits"
    return demonstrated


def pages_of(world: Demonstrated, email: str, starts: tuple[str, ...]) -> dict[str, str]:
    """What somebody finds below these addresses, by following every link."""
    found: dict[str, str] = {}
    with world.signed_in(email) as visitor:
        waiting = list(starts)
        while waiting:
            address = waiting.pop()
            answer = visitor.get(address)
            if address in found or answer.status_code != 200:
                continue
            found[address] = answer.text
            links = re.findall(r'href="(/en/my/[^"#]*)"', answer.text)
            waiting += [one for one in links if one.startswith(starts) and one not in found]
    return found


def test_no_page_of_who_is_asked_about_a_case_tells_where_its_worker_works_or_the_hour(
    at_the_lighthouse: Demonstrated,
) -> None:
    seen: dict[str, str] = {}
    for email in ASKED:
        seen |= {f"{email} {address}": text for address, text in pages_of(at_the_lighthouse, email, THEIRS).items()}
    for start in ("/en/my/tasks", "/en/my/holds"):
        assert any(f"{start}/" in address for address in seen), f"nobody is asked anything: {start}"
    for address, text in seen.items():
        assert PLACE not in text and GROUP not in text, address
        assert not HOUR.search(text.partition("<main")[2]), (address, HOUR.search(text.partition("<main")[2]))


def test_the_same_look_finds_it_on_a_page_that_has_it(at_the_lighthouse: Demonstrated) -> None:
    address = f"/en/my/admin/bodies/{OTHER_BODY}/people/{at_the_lighthouse.person(GWYNFOR)}"
    [page] = [text for at, text in pages_of(at_the_lighthouse, ADMINISTRATOR, (address,)).items() if at == address]
    assert PLACE in page and GROUP in page


def test_no_room_of_named_cases_reads_where_somebody_works_but_to_see_who_is_near() -> None:
    """So no letter, list or page of theirs can say it, those that the demonstration has nothing on included."""
    rooms = ("cases", "decision_review", "complaints", "subject_access", "notifications")
    code = [file for room in rooms for file in (ROOT / "portal" / room).rglob("*.py")]
    code += [file for room in rooms for file in (ROOT / "templates" / room).rglob("*") if file.is_file()]
    reading = {file.relative_to(ROOT).as_posix() for file in code if READS.search(file.read_text(encoding="utf-8"))}
    assert reading == {"portal/cases/worlds.py"}
