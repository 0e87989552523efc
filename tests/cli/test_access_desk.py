"""The demonstration's desk of access requests: what its pages show on the day that it is set up."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import CaseKind
from portal.cli.access_papers import COVERED, HIDDEN_ROWS, TRAPS
from portal.directory.models import Body
from portal.documents.findings import FindingCode
from portal.documents.scanning import scan
from portal.subject_access.material.models import Material
from portal.subject_access.rules import State
from portal.subject_access.searching.models import SearchTask
from tests.demonstrated import BODY, Demonstrated

RHODRI = "rhodri.vaughan@glannau-ogwen.example"
DESK = "/cy/my/desk/access"
NOT_YET = {State.CLOSED}


def of_board(session: Session) -> list[Case]:
    body = select(Body.id).where(Body.slug == BODY)
    found = select(Case).where(Case.kind == CaseKind.ACCESS, Case.body_id == body.scalar_subquery())
    return list(session.scalars(found))


def test_sixty_requests_are_open_six_of_them_red_and_every_state_is_there(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.reading() as session:
        held = of_board(session)
        waiting = [case for case in held if case.is_open]
        assert len(waiting) == 60
        assert sum(case.due_on <= today + timedelta(days=7) for case in waiting) == 6
        assert all(case.due_on >= today for case in waiting)
        assert {case.state for case in held} == {state.value for state in State if state not in NOT_YET}


def test_one_search_has_nine_tasks_and_two_went_to_deputies(demonstrated: Demonstrated) -> None:
    with demonstrated.database.reading() as session:
        most = session.execute(
            select(SearchTask.case_id, func.count(SearchTask.first_person_id))
            .group_by(SearchTask.case_id)
            .having(func.count() == 9)
        ).all()
        assert [deputies for _case, deputies in most] == [2]
        assert {state.value for state in session.scalars(select(SearchTask.state))} == {
            "planned",
            "sent",
            "answered",
            "waived",
        }


def test_a_request_has_a_workbook_and_a_document_that_hide_something(demonstrated: Demonstrated) -> None:
    found = {name: [(one.code, one.place, one.number) for one in scan(kind, make())] for name, kind, make in TRAPS}
    assert found["rota-medi.xlsx"] == [(FindingCode.HIDDEN_SHEET, "Pawb", HIDDEN_ROWS)]
    assert found["nodyn-cyfarfod.pdf"] == [(FindingCode.TEXT_UNDER_BOX, "1", len(COVERED.replace(" ", "")))]
    with demonstrated.database.reading() as session:
        assert session.scalar(select(func.count(Material.id)).where(Material.decision.is_(None))) == len(TRAPS)


def test_each_page_of_the_desk_has_something_to_show(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(RHODRI) as rhodri:
        for path in ("", "/figures", "/retention", "/places"):
            page = rhodri.get(f"{DESK}{path}")
            assert page.status_code == 200 and "<table" in page.text, path
        with demonstrated.database.reading() as session:
            for case in of_board(session):
                assert rhodri.get(f"{DESK}/{case.reference}").status_code == 200, case.state
