"""D6: one accountable body for each case, whatever jobs a person has."""

from datetime import date

import pytest

from portal.cases.routing.employers import Arrangement, Binding, Employment, Part, Tie, bind, move, who_employs
from portal.cases.routing.exclusions import Kind
from portal.core.text import Bilingual
from portal.timelimits.calendar import WorkingDays
from portal.timelimits.events import Event, EventKind
from portal.timelimits.rules import access_request

HOSTED = Arrangement(Tie.HOST, "board", "shared")
JOINT = Arrangement(Tie.JOINT, "board", "council")
FOLLOWS = Arrangement(Tie.JOINT, "board", "council", leads=False)
AGENCY = Arrangement(Tie.AGENCY, "board", "agency")
OF_ROTA = Arrangement(Tie.HOST, "board", "shared", system_id="rota")
A, N, T, C = Part.ACCOUNTABLE, Part.INFORMED, Part.TASKS, Part.CHILD


@pytest.mark.parametrize(
    ("kind", "bodies", "arrangements", "system", "expected"),
    [
        (Kind.REVIEW, ["board"], [], None, {"board": A}),
        (Kind.ACCESS, ["board", "trust"], [], None, {"board": A, "trust": A}),
        (Kind.ACCESS, ["board"], [HOSTED], None, {"board": A, "shared": T}),
        (Kind.REVIEW, ["board"], [HOSTED], None, {"board": A, "shared": T}),
        (Kind.CONCERN, ["board"], [HOSTED, JOINT, AGENCY], None, {"board": A}),
        (Kind.COMPLAINT, ["board"], [JOINT], None, {"board": A, "council": N}),
        (Kind.REVIEW, ["board"], [FOLLOWS], None, {"council": A, "board": N}),
        (Kind.CONCERN, ["board"], [FOLLOWS], None, {"council": A}),
        (Kind.ACCESS, ["board", "council"], [FOLLOWS], None, {"council": A, "board": N}),
        (Kind.REVIEW, ["board"], [AGENCY], None, {"board": A, "agency": C}),
        (Kind.COMPLAINT, ["board"], [AGENCY], None, {"board": A}),
        (Kind.ACCESS, ["board"], [OF_ROTA], "rota", {"board": A, "shared": T}),
        (Kind.ACCESS, ["board"], [OF_ROTA], "cabs", {"board": A}),
        (Kind.ACCESS, ["trust"], [HOSTED, JOINT, AGENCY], None, {"trust": A}),
        (Kind.ACCESS, ["shared", "board"], [HOSTED], None, {"shared": A, "board": A}),
    ],
)
def test_a_case_binds_to_one_body_and_others_hear_of_it_only_by_arrangement(
    kind: Kind, bodies: list[str], arrangements: list[Arrangement], system: str | None, expected: dict[str, Part]
) -> None:
    found = bind(kind, bodies, arrangements, system)
    assert set(found) == {Binding(body, part) for body, part in expected.items()}
    assert len(found) == len(expected)


def test_a_transfer_moves_no_day_and_tells_the_person() -> None:
    events = (
        Event(EventKind.RECEIVED, date(2026, 11, 23)),
        Event(EventKind.CLARIFICATION_ASKED, date(2026, 12, 1), "q"),
    )
    old, new = ("board", Bilingual("Bwrdd", "Board")), ("trust", Bilingual("Ymddiriedolaeth", "Trust"))
    moved = move("case", events, old, new)
    assert (moved.from_body_id, moved.to_body_id) == ("board", "trust")
    assert access_request(moved.events, WorkingDays()) == access_request(events, WorkingDays())
    assert moved.notice.values == {"old": old[1], "new": new[1]}


def test_who_employs_me_says_it_for_each_job() -> None:
    board, agency = Bilingual("Bwrdd", "Board"), Bilingual("Asiantaeth", "Agency")
    own, lent = who_employs([Employment(board), Employment(board, agency)])
    assert own.values == {"body": board}
    assert lent.values == {"body": board, "payer": agency}
