"""A thread is held from deletion by who reads it outside the line of management, and by nobody else."""

from sqlalchemy import text

from anonymity.receipt import Lane, lane_locator
from tests.concerns.raised import open_box, put, raised
from tests.concerns.seats import hold
from tests.demonstrated import CARYS, ELIN, LLINOS, Demonstrated


def test_a_hold_is_set_outside_the_line_recorded_without_the_thread_and_told_to_the_reporter(
    demonstrated: Demonstrated,
) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        assert hold(elin, made).status_code == 422, "not the line of management"
        assert elin.get(f"/en/my/concerns/{made.case}/thread").json()["may_hold"] is False
    with demonstrated.signed_in(CARYS) as carys:
        assert [hold(carys, made).json() for _ in range(2)] == [{"v": 1, "held": True}] * 2
        assert hold(carys, made, '"yes"').status_code == 422
        found = carys.get(f"/en/my/concerns/{made.case}/thread").json()
        assert (found["held"], found["may_hold"]) == (True, True)
    with demonstrated.visiting() as reporter:
        found = open_box(reporter, lane_locator(made.code, Lane.JOINT)).json()
        assert found["held"] is True
        assert found["expires"] > "2032-11-01"
    with demonstrated.signed_in(LLINOS) as llinos:
        assert hold(llinos, made, "false").json() == {"v": 1, "held": False}
    with demonstrated.database.reading() as session:
        columns = "event, subject, facts, body_id"
        asked = text(f"SELECT {columns} FROM audit_events WHERE event LIKE 'concern.%' ORDER BY number")
        recorded = session.execute(asked).all()
    assert [row.event for row in recorded] == ["concern.held", "concern.released"]
    assert recorded[0].subject == recorded[1].subject
    assert made.case not in recorded[0].subject
    assert recorded[0].body_id is None, "a representative’s press stands in no employer’s record"
    assert recorded[1].body_id is not None


def test_who_holds_no_grant_cannot_hold_a_thread(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated, CARYS)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        assert hold(carys, made).status_code == 404
