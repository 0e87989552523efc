"""Following with an account: who is told of what, once, and nobody longer than their account lives."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.db import Database
from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, Words
from portal.core.vault import Vault
from portal.directory.models import Body, Person
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.identity.queries import get_actor_of
from portal.identity.rules import AccountKind
from portal.identity.service import open_account
from portal.notifications.letters import Addressee, write_letter
from portal.notifications.models import OutboxLetter
from portal.register.corrections import service as corrections
from portal.register.corrections.models import Correction
from portal.register.corrections.rules import CorrectionKind, Outcome
from portal.register.models import System
from portal.register.parts import Both
from portal.register.queries import get_system
from portal.register.rules import ChangeClass, SystemState
from portal.register.service import add_step, publish
from portal.register.watching import following, queries, service
from portal.register.watching.duties import forget_followers, tell_followers
from portal.register.watching.following import Thing
from portal.register.watching.models import Watch, WatchMark, WatchWaiting
from portal.register.watching.rules import Followed, weekly_day
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays
from tests.register.changing import changed

DRIVER, NURSE, EDITOR = "gwynfor-hughes", "sian-prydderch", "non-elidir"


@dataclass
class Watching:
    """The register, somebody's hands on it, and the sweep."""

    database: Database
    settings: Settings
    now: datetime

    def actor(self, slug: str) -> Actor:
        with self.database.writing() as session:
            person = session.scalars(select(Person).where(Person.slug == slug)).one()
            if session.scalar(select(Account.id).where(Account.person_id == person.id)) is None:
                open_account(session, person, AccountKind.STAFF, now=self.now)
            return get_actor_of(session, person.id, today=self.now.date())

    def follow(self, actor: Actor, what: Followed, name: str = "") -> None:
        with self.database.writing() as session:
            if what is Followed.SYSTEM:
                system = get_system(session, "K7RT3M")
                thing = Thing(what, system.id, system.name)
            else:
                offered = following.list_offered(session, actor, today=self.now.date())
                thing = next(one for one in offered if one.what is what and (not name or one.name.en == name))
            service.follow(session, actor, thing, now=self.now)

    def publish(self, change_class: ChangeClass = ChangeClass.MATERIAL) -> None:
        self.now += timedelta(minutes=1)
        with self.database.writing() as session:
            system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
            record = changed(get_system(session, "K7RT3M").whole, self.now.date())
            assert record.change is not None
            change = record.change.model_copy(update={"change_class": change_class})
            told = record.model_copy(update={"change": change})
            publish(session, None, system, told, published_on=self.now.date(), now=self.now)

    def move(self, state: SystemState) -> None:
        self.now += timedelta(minutes=1)
        with self.database.writing() as session:
            system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
            add_step(session, system, step="suspend", to=state, role="manager", now=self.now)

    def suspend(self) -> None:
        self.now += timedelta(minutes=1)
        with self.database.writing() as session:
            system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
            add_step(
                session,
                system,
                step="suspend",
                to=SystemState.SUSPENDED,
                role="manager",
                now=self.now,
                reason=Both(cy="Hen fapiau.", en="Old maps."),
                facts={"cause": "wrong"},
            )

    def sweep(self, days: int = 0) -> int:
        self.now += timedelta(days=days, minutes=1)
        return tell_followers(self.database, self.settings, self.now)

    def rows(self, table: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            found = list(session.scalars(select(table)))
            session.expunge_all()
            return found


@pytest.fixture
def world(register: Database, settings: Settings, now: datetime) -> Watching:
    return Watching(register, settings, now)


def test_a_material_change_is_told_at_once_to_who_follows_and_once(world: Watching) -> None:
    driver, nurse = world.actor(DRIVER), world.actor(NURSE)
    for what in Followed:
        world.follow(driver, what)
    world.follow(nurse, Followed.EMPLOYER)
    world.publish()
    assert (world.sweep(), world.sweep()) == (1, 0)
    assert [letter.template for letter in world.rows(OutboxLetter)] == ["system_changed"]
    world.publish()
    assert world.sweep() == 1


@pytest.mark.parametrize("what", list(Followed))
def test_each_kind_of_thing_followed_brings_the_letter(world: Watching, what: Followed) -> None:
    world.follow(world.actor(DRIVER), what)
    world.publish()
    assert world.sweep() == 1


def test_what_happened_before_somebody_followed_is_not_told(world: Watching) -> None:
    driver = world.actor(DRIVER)
    world.publish()
    world.now += timedelta(minutes=1)
    world.follow(driver, Followed.SYSTEM)
    assert world.sweep() == 0


def test_what_an_operator_brings_in_of_years_gone_by_is_no_news(world: Watching) -> None:
    world.follow(world.actor(DRIVER), Followed.SYSTEM)
    assert world.sweep() == 0
    assert world.rows(WatchMark) == []


def test_small_changes_come_in_one_letter_on_the_monday_after(world: Watching) -> None:
    driver = world.actor(DRIVER)
    world.follow(driver, Followed.SYSTEM)
    world.publish(ChangeClass.MINOR)
    world.publish(ChangeClass.MINOR)
    assert world.sweep() == 0
    (waiting,) = world.rows(WatchWaiting)
    assert waiting.due_on == weekly_day(world.now.date()) and waiting.due_on.weekday() == 0
    days = (waiting.due_on - world.now.date()).days
    assert (world.sweep(days), world.sweep()) == (1, 0)
    assert [letter.template for letter in world.rows(OutboxLetter)] == ["systems_changed_week"]


def test_a_system_switched_off_and_a_correction_answered_are_told(world: Watching, vault: Vault) -> None:
    driver, editor = world.actor(DRIVER), world.actor(EDITOR)
    world.follow(driver, Followed.SYSTEM)
    world.move(SystemState.SUSPENDED)
    assert world.sweep() == 1
    told = corrections.NewCorrection(new_id(), CorrectionKind.ERROR, Words("Mae gwall."), Locale.CY)
    answer = corrections.NewAnswer(Outcome.STANDS, Bilingual("Mae’n gywir.", "It is right."))
    given: dict[str, Any] = {"vault": vault, "today": world.now.date(), "now": world.now}
    with world.database.writing() as session:
        system = get_system(session, "K7RT3M")
        corrections.ask(session, None, system, told, calendar=WorkingDays(), **given)
        corrections.answer(session, editor, session.get_one(Correction, told.id), answer, **given)
    assert (world.sweep(), world.sweep()) == (1, 0)


def test_following_ends_by_stopping_and_with_the_account(world: Watching) -> None:
    driver, nurse = world.actor(DRIVER), world.actor(NURSE)
    world.follow(driver, Followed.SYSTEM)
    world.follow(driver, Followed.SYSTEM)
    (watch,) = world.rows(Watch)
    with world.database.writing() as session, pytest.raises(NotFound):
        service.stop(session, nurse, watch.id)
    with world.database.writing() as session:
        service.stop(session, driver, watch.id)
    assert world.rows(Watch) == []
    world.follow(driver, Followed.SYSTEM)
    world.publish(ChangeClass.MINOR)
    world.sweep()
    with world.database.writing() as session:
        session.get_one(Account, driver.account_id).closed_at = world.now
    world.publish()
    assert world.sweep(14) == 0
    forget_followers(world.database, world.settings, world.now)
    assert world.rows(Watch) == [] and world.rows(WatchWaiting) == []


def test_one_account_follows_so_much_and_no_more(world: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_FOLLOWED", 1)
    driver = world.actor(DRIVER)
    world.follow(driver, Followed.SYSTEM)
    with pytest.raises(Refused):
        world.follow(driver, Followed.EMPLOYER)


def test_the_database_lets_nobody_follow_nothing_or_two_things_in_one_row(world: Watching) -> None:
    driver = world.actor(DRIVER)
    with world.database.reading() as session:
        body = session.scalars(select(Body.id)).first()
        system = session.scalars(select(System.id)).first()
    for given in ({}, {"system_id": system, "body_id": body}):
        with pytest.raises(IntegrityError), world.database.writing() as session:
            session.add(Watch(id=new_id(), account_id=driver.account_id, began_at=world.now, **given))


@pytest.mark.parametrize("locale", [Locale.CY, Locale.EN, None])
def test_the_letters_hold_a_heading_and_a_link_and_nobody_s_name(locale: Locale | None) -> None:
    values = {"name_cy": "Rota", "name_en": "Roster", "headline_cy": "Newid", "headline_en": "Change", "code": "K7RT3M",
              "address": "https://porth.example", "list_cy": "Rota", "list_en": "Roster"}  # fmt: skip
    for template in ("system_changed", "systems_changed_week"):
        letter = write_letter(Addressee("a@porth.example", locale), template, values)
        assert "https://porth.example/" in letter.text and "Hughes" not in letter.text
        assert len(letter.parts) == (1 if locale else 2)


def test_who_follows_reads_why_it_is_off_in_their_own_language(world: Watching, vault: Vault) -> None:
    world.follow(world.actor(DRIVER), Followed.EMPLOYER)
    world.suspend()
    assert world.sweep() == 1
    [letter] = world.rows(OutboxLetter)
    assert (letter.template, letter.locale) == ("system_state", "cy")
    content = json.loads(vault.open_bytes(letter.sealed, context=f"outbox_letters.sealed:{letter.id}"))
    written = write_letter(Addressee(content["email"], Locale.CY), letter.template, content["values"])
    assert "Hen fapiau." in written.text and "Old maps." not in written.text


@pytest.mark.parametrize("state", [SystemState.UNDER_REVIEW, SystemState.RETIRING, SystemState.RETIRED])
def test_every_state_that_has_a_reason_is_told_with_it(world: Watching, state: SystemState) -> None:
    with world.database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        add_step(session, system, step="x", to=state, role="manager", now=world.now, reason=Both(cy="Gan", en="As"))
        [found] = [one for one in queries.list_happenings(session, [system.id]) if one.why is not None]
    assert found.why == Bilingual("Gan", "As") and not any("As" in text.en for _label, text in found.parts)
