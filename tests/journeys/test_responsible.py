"""Story 7, the responsible manager: a gate that nobody gets past, staff told in time, «still right?» in one press.

It moves the clock, so it has a portal to itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register import languages
from portal.register.lifecycle.facts import current_version
from portal.register.lifecycle.gate import ASSESSMENTS
from portal.register.models import System, SystemDraft
from portal.register.parts import Both
from portal.register.record import Assessment, Record, read_record
from portal.register.rules import AssessmentState, SystemState
from portal.register.service import add_step, publish, save_draft
from tests.journeys.walker import Arrive, Walker
from tests.serving import Server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("responsible")]

CODE, BODY = "K7RT3M", "dyffryn-cledwen"
EMYR = "emyr.wyn.daniel@dyffryn-cledwen.example"
SARAH = "sarah.whitlock@dyffryn-cledwen.example"
NON = "non.elidir@dyffryn-cledwen.example"
GWYNFOR = "gwynfor.hughes@dyffryn-cledwen.example"
LATE = ("david.okafor@dyffryn-cledwen.example", "siwan.trefor@dyffryn-cledwen.example")
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORDS = Both(cy="Mae’r asesiad wedi’i wneud.", en="The assessment was made.")


@contextmanager
def at_work(server: Server) -> Iterator[Session]:
    """What others do meanwhile, by the portal's own verbs."""
    database = Database(server.database_url)
    try:
        with database.writing() as session:
            yield session
    finally:
        database.close()


def actor_of(session: Session, email: str, today: date) -> Actor:
    person = session.scalars(select(Person.id).where(Person.email == email)).one()
    return get_actor_of(session, person, today=today)


def system_of(session: Session) -> System:
    return session.scalars(select(System).where(System.short_code == CODE)).one()


def reviewing(session: Session) -> list[RoleHolding]:
    asked = select(RoleHolding).join(Person, Person.id == RoleHolding.person_id)
    return list(session.scalars(asked.where(RoleHolding.role == RoleName.REVIEWER, Person.email.in_(LATE))))


def complete(record: Record) -> Record:
    """The record with its assessments in date. One of the unions did not agree, and says so itself."""
    made = tuple(
        Assessment(
            kind=kind,
            state=AssessmentState.DONE,
            done_on=START.date(),
            review_on=START.date() + timedelta(days=700),
            summary=WORDS,
        )
        for kind in ASSESSMENTS
    )
    change: Any = record.change.model_copy(update={"effective_on": START.date()}) if record.change else None
    return record.model_copy(update={"assessments": made, "change": change})


def prepare(server: Server) -> None:
    """Approved, all but ready: one text of the draft waits for its approval, and one reviewer is left."""
    with at_work(server) as session:
        system = system_of(session)
        version = current_version(session, system)
        assert version is not None
        record = complete(read_record(version.record))
        publish(session, None, system, record, published_on=START.date(), now=START)
        add_step(session, system, step="set", to=SystemState.APPROVED, role="portal", now=START)
        draft = record.model_copy(update={"team": Both(cy="Tîm Fflyd a Gwastraff", en="Fleet and Waste Team")})
        writer = actor_of(session, NON, START.date())
        save_draft(session, system, draft, now=START, actor=writer)
        row = session.get_one(SystemDraft, system.id)
        languages.approve_all(session, actor_of(session, SARAH, START.date()), row, Locale.EN, now=START)
        for holding in reviewing(session):
            holding.ended_on = START.date()


def put_right(server: Server) -> None:
    """Another approves the Welsh and publishes; a second reviewer takes the role."""
    with at_work(server) as session:
        system = system_of(session)
        row = session.get_one(SystemDraft, system.id)
        sarah = actor_of(session, SARAH, START.date())
        languages.approve_all(session, sarah, row, Locale.CY, now=START)
        publish(session, sarah, system, read_record(row.record), published_on=START.date(), now=START)
        reviewing(session)[0].ended_on = None


def open_system(emyr: Walker, tail: str = "") -> None:
    """To the system's desk page, signing in again where the clock has ended the session."""
    address = f"{emyr.server.base_url}/{emyr.locale.value}/my/desk/register/{CODE}{tail}"
    emyr.page.goto(address)
    if emyr.page.locator("input[type=password]").count():
        emyr.sign_in(EMYR)
        emyr.page.goto(address)


def answer_readiness(emyr: Walker) -> None:
    emyr.follow("The readiness check does not say in both languages why it is needed")
    for question in ("needed", "alternatives", "ready", "secure"):
        emyr.page.locator(f"[name={question}_cy]").fill("Ateb i’r cwestiwn hwn.")
        emyr.page.locator(f"[name={question}_en]").fill("An answer to this question.")
    emyr.press("Save")
    emyr.expect_said("Your answers are saved.")


def tell_staff(emyr: Walker) -> None:
    open_system(emyr, "/notice")
    emyr.page.locator("[name=text_cy]").fill("Bydd y sgôr newydd yn dechrau.")
    emyr.page.locator("[name=text_en]").fill("The new score begins.")
    emyr.date("begins", 6, 12, 2026)
    emyr.press("Tell staff")
    emyr.expect_said("The letters are on their way")


@pytest.mark.parametrize("locale", ["en", "cy"])
def test_nobody_gets_past_the_gate_and_staff_are_told_before_it_opens(
    arrive: Arrive, portal_server: Server, locale: str
) -> None:
    prepare(portal_server)
    emyr = arrive(locale)
    emyr.sign_in(EMYR)
    open_system(emyr, "/step/go_live")
    emyr.expect_said("The readiness check does not say in both languages whether it is secure")
    lacks = emyr.page.locator("main li")
    expect(lacks).to_have_count(7)
    expect(emyr.page.locator("main form")).to_have_count(0)
    emyr.shot(f"7-gate-{locale}")

    answer_readiness(emyr)
    open_system(emyr, "/step/go_live")
    expect(lacks).to_have_count(3)
    put_right(portal_server)
    open_system(emyr, "/step/go_live")
    expect(lacks).to_have_count(1)
    tell_staff(emyr)
    open_system(emyr, "/step/go_live")
    expect(emyr.page.locator("main form")).to_have_count(0)
    worker = arrive(locale)
    worker.go(f"/s/{CODE}")
    worker.expect_text(worker.pick("Bydd y sgôr newydd yn dechrau.", "The new score begins."))

    portal_server.set_time(START + timedelta(days=14))
    open_system(emyr, "/step/go_live")
    emyr.press("Put it into use")
    emyr.expect_said("In use", "state of a system")
    worker.go(f"/s/{CODE}")
    worker.expect_said("In use", "state of a system")
    worker.expect_said("Did not agree", "position of a union")
    worker.expect_said("What the union says:")


def test_still_right_is_one_press_a_quarter_and_overdue_until_then(arrive: Arrive, portal_server: Server) -> None:
    portal_server.set_time(datetime(2027, 2, 3, 9, 0, tzinfo=UTC))
    emyr = arrive("cy")
    emyr.sign_in(EMYR)
    emyr.go("/my")
    emyr.expect_said("Still right? Due by {date}", date=date(2027, 2, 2))
    emyr.shot("7-still-right")
    emyr.press("It is still right")
    emyr.expect_said("Thank you. The entry is confirmed.")
    expect(emyr.page.get_by_role("button", name=emyr.say("It is still right", "button"))).to_have_count(0)
    emyr.go(f"/s/{CODE}")
    emyr.expect_text("3 Chwefror 2027")
