"""Following, feeds and the trying of links ask SQLite and PostgreSQL alike."""

from datetime import datetime

from portal.core.db import Database
from portal.core.text import Locale
from portal.directory.intake import import_directory, read_directory
from portal.register import affecting
from portal.register.choosing import Choice
from portal.register.importing import import_register
from portal.register.intake import read_register
from portal.register.rules import ChangeClass, SystemState
from portal.register.watching import following, links, queries
from portal.register.watching.duties import forget_followers
from portal.register.watching.links import Tools
from portal.register.watching.models import WatchWaiting
from portal.register.watching.rules import Followed
from portal.settings.models import Settings
from tests.register.conftest import DEMO
from tests.register.watching.book import Book
from tests.register.watching.test_links import Table
from tests.register.watching.test_telling import DRIVER, Watching


def test_what_is_followed_told_tried_and_forgotten(
    either_database: Database, settings: Settings, now: datetime
) -> None:
    with either_database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=now)
        import_register(session, read_register((DEMO / "register.json").read_bytes()), now=now)
    world = Watching(either_database, settings, now)
    driver = world.actor(DRIVER)
    for what in Followed:
        world.follow(driver, what)
    world.publish()
    assert (world.sweep(), world.sweep()) == (1, 0)
    world.publish(ChangeClass.MINOR)
    world.move(SystemState.SUSPENDED)
    assert (world.sweep(), len(world.rows(WatchWaiting))) == (1, 1)
    assert world.sweep(7) == 1
    assert forget_followers(either_database, settings, world.now) == 0
    links.check_links(either_database, Tools(Table(), Book()), today=now.date())
    with either_database.reading() as session:
        assert len(following.list_followed(session, driver, Locale.CY)) == len(Followed)
        assert links.list_broken(session, driver) == []
        facts = affecting.read_facts(session, Choice("dyffryn-cledwen", "pen-y-lan", "refuse"))
        told = queries.list_happenings(session, queries.systems_of(session, facts))
        assert told == sorted(told, key=lambda one: one.on, reverse=True) and len(told) > 3
