"""Sending to the box costs work, once in all processes; when a lot is sent everybody works more. Nobody is shut out."""

import sqlite3
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from anonymity.receipt import Lane, lane_locator
from anonymity.submission import look_up_json
from portal.concerns.reporting.admission import (
    LOOKED_BACK,
    Pressure,
    WorkNeeded,
    forget_used_tickets,
    spend,
    spend_at_once,
)
from portal.concerns.reporting.tickets import Kind, is_solved, issue, read_ticket
from portal.core.db import Database
from portal.settings.models import Settings
from tests.concerns.sealed import sealed_concerns
from tests.demonstrated import Demonstrated
from tests.tickets import solve, work
from tests.visitors import Visitor

BOX = "/cy/concern/box"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def send(visitor: Visitor, octets: bytes, headers: dict[str, str], path: str = BOX) -> Any:
    return visitor.client.post(path, content=octets, headers={"content-type": "application/json", **headers})


def set_time(world: Demonstrated, instant: datetime) -> None:
    (world.folder / "clock").write_text(instant.isoformat(), encoding="utf-8")


def stored(world: Demonstrated, table: str = "sealed_cases") -> int:
    with world.database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_a_challenge_is_given_to_anybody_and_nothing_is_stored_for_it(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    watching = sqlite3.connect(str(demonstrated.database.engine.url.database))
    before = watching.execute("PRAGMA data_version").fetchone()
    given = [visitor.client.post(f"{BOX}/challenge") for _ in range(5)]
    assert {answer.status_code for answer in given} == {200}
    assert {tuple(sorted(answer.json())) for answer in given} == {("bits", "challenge", "v")}
    assert len({answer.json()["challenge"] for answer in given}) == 5
    assert len({tuple(sorted(answer.headers.items())) for answer in given}) == 1
    assert watching.execute("PRAGMA data_version").fetchone() == before
    watching.close()
    assert stored(demonstrated, "used_tickets") == 0


def test_without_work_nothing_is_taken_and_a_fresh_challenge_is_the_answer(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    ((_code, octets),) = sealed_concerns(demonstrated, 1)
    before = stored(demonstrated)
    given = visitor.client.post(f"{BOX}/challenge").json()
    wrong = next(
        f"{given['challenge']}.{nonce}"
        for nonce in "0123456789abcdefghijklmnopqrstuvwxyz"
        if not is_solved(given["challenge"], nonce, given["bits"])
    )
    old = issue(demonstrated.settings.ticket_keys, Kind.WORK, now=START - timedelta(hours=1), bits=1)
    form = issue(demonstrated.settings.ticket_keys, Kind.FORM, now=START, bits=1)
    foreign = issue([bytes(32)], Kind.WORK, now=START, bits=1)
    easy = given["challenge"][:1] + "A" + given["challenge"][2:]
    asked = ["", "nonsense", given["challenge"], f"{given['challenge']}.", "." * 60, wrong, "x" * 5000]
    asked += [solve(one, 1) for one in (old, form, foreign)] + [f"{easy}.0"]
    for said in asked:
        answer = send(visitor, octets, {"porth-work": said} if said else {})
        assert answer.status_code == 428, said[:60]
        assert set(answer.json()) == {"bits", "challenge", "v"}
    assert stored(demonstrated) == before
    assert stored(demonstrated, "used_tickets") == 0


def test_the_challenge_of_a_refusal_admits(demonstrated: Demonstrated, visitor: Visitor) -> None:
    ((_code, octets),) = sealed_concerns(demonstrated, 1)
    given = send(visitor, octets, {}).json()
    assert send(visitor, octets, {"porth-work": solve(given["challenge"], given["bits"])}).status_code == 201


def test_work_admits_once_also_when_another_process_is_asked(demonstrated: Demonstrated, visitor: Visitor) -> None:
    concerns, before = sealed_concerns(demonstrated, 3), stored(demonstrated)
    header = work(visitor.client)
    assert send(visitor, concerns[0][1], header).status_code == 201
    assert send(visitor, concerns[1][1], header).status_code == 428
    with demonstrated.visiting() as other:
        assert send(other, concerns[2][1], header).status_code == 428
    assert stored(demonstrated) == before + 1
    assert stored(demonstrated, "used_tickets") == 1


def test_to_look_something_up_costs_no_work(demonstrated: Demonstrated, visitor: Visitor) -> None:
    ((code, octets),) = sealed_concerns(demonstrated, 1)
    send(visitor, octets, work(visitor.client))
    found = visitor.client.post(f"{BOX}/open", content=look_up_json(lane_locator(code, Lane.JOINT)))
    assert found.status_code == 200
    assert stored(demonstrated, "used_tickets") == 1


def test_what_is_refused_for_its_shape_needs_work_all_the_same_and_stores_nothing(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    before = stored(demonstrated)
    assert send(visitor, b"{}", work(visitor.client)).status_code == 422
    assert send(visitor, b"{}", work(visitor.client), f"{BOX}/reply").status_code in {404, 422}
    assert stored(demonstrated) == before


@pytest.mark.parametrize("path", [BOX, f"{BOX}/urgent"])
def test_work_is_used_up_by_what_is_refused_too(demonstrated: Demonstrated, visitor: Visitor, path: str) -> None:
    """Else one piece of work would pay for any number of requests that come to nothing."""
    ((_code, octets), (_other, good)) = sealed_concerns(demonstrated, 2)
    strange = octets.replace(b'"body":"', b'"body":"x') if path == BOX else b"{}"
    header = work(visitor.client)
    assert [send(visitor, strange, header, path).status_code for _ in range(2)] == [404, 428]
    assert send(visitor, good, header).status_code == 428


def test_used_tickets_are_a_hash_and_a_day_and_are_forgotten_when_it_is_over(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    for _code, octets in sealed_concerns(demonstrated, 3):
        send(visitor, octets, work(visitor.client))
    with demonstrated.database.reading() as session:
        rows = session.execute(text("SELECT * FROM used_tickets")).all()
        schema = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'used_tickets'"))
    assert "WITHOUT ROWID" in str(schema)
    assert [(str(row[0]), len(row[1])) for row in rows] == [("2026-11-22", 32)] * 3
    assert forget_used_tickets(demonstrated.database, demonstrated.settings, START) == 0
    assert forget_used_tickets(demonstrated.database, demonstrated.settings, START + timedelta(days=1)) == 3
    assert stored(demonstrated, "used_tickets") == 0


def test_a_ticket_that_was_forgotten_is_not_taken_again(demonstrated: Demonstrated, visitor: Visitor) -> None:
    concerns = sealed_concerns(demonstrated, 2)
    header = work(visitor.client)
    send(visitor, concerns[0][1], header)
    tomorrow = START + timedelta(days=1)
    set_time(demonstrated, tomorrow)
    forget_used_tickets(demonstrated.database, demonstrated.settings, tomorrow)
    assert send(visitor, concerns[1][1], header).status_code == 428


def test_when_more_is_sent_than_the_calm_number_everybody_works_more_and_it_passes(
    demonstrated: Demonstrated,
) -> None:
    slow = demonstrated.settings.model_copy(update={"calm_a_minute": 2})
    world = Demonstrated(slow, demonstrated.database, demonstrated.secrets)
    concerns = iter(sealed_concerns(demonstrated, 9))
    with world.visiting() as flood, world.visiting() as honest:
        calm = honest.client.post(f"{BOX}/challenge").json()["bits"]
        for _ in range(8):
            assert send(flood, next(concerns)[1], work(flood.client)).status_code == 201
        set_time(demonstrated, START + timedelta(seconds=3))
        busy = honest.client.post(f"{BOX}/challenge").json()["bits"]
        assert busy == calm + 2, "the other process sees it too"
        assert send(honest, next(concerns)[1], work(honest.client)).status_code == 201
        set_time(demonstrated, START + LOOKED_BACK + timedelta(seconds=5))
        honest.client.post(f"{BOX}/challenge")
        set_time(demonstrated, START + 3 * LOOKED_BACK)
        assert honest.client.post(f"{BOX}/challenge").json()["bits"] == calm


def test_pressure_counts_the_last_minute_of_all_processes_and_forgets() -> None:
    pressure = Pressure()
    pressure.mark(START, 1000)
    assert pressure.recent() == 0, "what was used before this process looked is no flood"
    for seconds, used in ((2, 1010), (30, 1050), (59, 1060)):
        pressure.mark(START + timedelta(seconds=seconds), used)
    pressure.note()
    assert pressure.recent() == 61
    pressure.mark(START + timedelta(seconds=100), 1060)
    assert pressure.recent() == 10
    pressure.mark(START + timedelta(seconds=300), 1060)
    assert pressure.recent() == 0
    pressure.mark(START + timedelta(hours=1), 1060 + 330)
    assert pressure.recent() == 6, "a few hundred in an hour are no flood"
    pressure.mark(START + timedelta(hours=1, seconds=2), 1500)
    assert pressure.recent() == 116, "a hundred in two seconds are one, however quiet it was before"
    pressure.mark(START + timedelta(hours=2), 1500)
    pressure.mark(START + timedelta(hours=2, seconds=2), 40)
    assert pressure.recent() == 0, "a day's tickets were swept"


def test_a_ticket_is_used_once_and_forgotten_on_either_database(either_database: Database, settings: Settings) -> None:
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace()))
    visit: Any = SimpleNamespace(database=either_database, request=request)
    given = [read_ticket([bytes(32)], Kind.WORK, issue([bytes(32)], Kind.WORK, now=START)) for _ in range(2)]
    ticket, other = (one for one in given if one is not None)
    spend_at_once(visit, ticket)
    with pytest.raises(WorkNeeded):
        spend_at_once(visit, ticket)
    with pytest.raises(RuntimeError), either_database.writing() as session:
        spend(visit, session, other)
        raise RuntimeError
    spend_at_once(visit, other)  # what was not stored has cost nothing
    assert forget_used_tickets(either_database, settings, START) == 0
    assert forget_used_tickets(either_database, settings, START + timedelta(days=1)) == 2


def test_tickets_say_nothing_about_who_asked(demonstrated: Demonstrated) -> None:
    """Everything in a ticket but its random part and its signature is the same for all who ask at that time."""
    with demonstrated.visiting() as one, demonstrated.visiting() as other:
        asked = ((one, BOX, "a browser"), (other, "/en/concern/box", "another"))
        answers = [who.client.post(f"{box}/challenge", headers={"user-agent": agent}) for who, box, agent in asked]
    texts = [answer.json()["challenge"] for answer in answers]
    keys = demonstrated.settings.ticket_keys
    first, second = (read_ticket(keys, Kind.WORK, one_text) for one_text in texts)
    assert first is not None
    assert second is not None
    assert (first.bits, first.issued) == (second.bits, second.issued)


def test_the_settings_bound_what_may_be_asked() -> None:
    for wrong in ({"work_bits": 25}, {"wait_seconds": 61}, {"calm_a_minute": 0}, {"client_address_header": "X Y"}):
        with pytest.raises(ValueError, match="validation error"):
            Settings.model_validate(wrong)
