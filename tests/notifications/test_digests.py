"""A digest is one letter that says that there is news; and what people wish holds for letters to them alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.directory.models import Person
from portal.directory.service import add_person
from portal.notifications.digests import TEMPLATE, write_digests
from portal.notifications.letters import Addressee, to_person
from portal.notifications.models import LetterNews, LetterWish, OutboxLetter
from portal.notifications.quiet import Digest, Wish
from portal.notifications.service import open_letter, queue
from tests.core.test_db import together
from tests.people import add_body

EVENING = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Post:
    """Somebody with wishes, and the letters to them."""

    database: Database
    vault: Vault
    person: Person

    def wishes(self, wish: Wish) -> None:
        with self.database.writing() as session:
            row = session.get(LetterWish, self.person.id) or LetterWish(person_id=self.person.id)
            row.digest, row.weekday = wish.digest.value, wish.weekday
            row.quiet_from, row.quiet_to = wish.quiet_from, wish.quiet_to
            session.add(row)

    def write(self, at: datetime, template: str = "case_news", to: Addressee | None = None) -> None:
        with self.database.writing() as session:
            found = to or to_person(self.person)
            queue(session, vault=self.vault, to=found, template=template, values={}, now=at)

    def gather(self, at: datetime) -> int:
        return write_digests(self.database, self.vault, now=at)

    def due(self) -> list[tuple[str, datetime]]:
        with self.database.reading() as session:
            rows = session.scalars(select(OutboxLetter).order_by(OutboxLetter.due_at, OutboxLetter.template))
            return [(row.template, row.due_at) for row in rows]


@pytest.fixture
def post(database: Database, vault: Vault) -> Post:
    with database.writing() as session:
        body = add_body(session)
        person = add_person(session, body_id=body.id, display_name="Siân", email="sian@x.example", locale=Locale.CY)
        session.flush()
        session.expunge(person)
    return Post(database, vault, person)


def test_however_much_news_there_is_one_letter_comes(post: Post) -> None:
    post.wishes(Wish(Digest.DAILY))
    for minutes in range(3):
        post.write(EVENING + minutes * MINUTE)
    assert post.due() == []
    assert post.gather(MORNING - MINUTE) == 0
    assert post.gather(MORNING) == 1
    assert post.gather(MORNING + DAY) == 0
    assert post.due() == [(TEMPLATE, MORNING)]


def test_a_digest_is_in_the_readers_language_and_tells_nothing(post: Post) -> None:
    post.wishes(Wish(Digest.DAILY))
    post.write(EVENING)
    post.gather(MORNING)
    with post.database.reading() as session:
        letter = open_letter(session.scalars(select(OutboxLetter)).one(), post.vault)
        assert session.scalars(select(LetterNews)).all() == []
    assert [locale for locale, _text in letter.parts] == [Locale.CY]
    assert not any(character.isdigit() for character in letter.text)


def test_processes_at_the_same_time_write_one_digest(post: Post) -> None:
    post.wishes(Wish(Digest.DAILY))
    post.write(EVENING)
    assert together(lambda: post.gather(MORNING), 3) == []
    assert post.due() == [(TEMPLATE, MORNING)]


def test_who_wants_everything_at_once_again_gets_what_waited(post: Post) -> None:
    post.wishes(Wish(Digest.WEEKLY, weekday=0))
    post.write(EVENING)
    assert post.gather(MORNING) == 0
    post.wishes(Wish())
    assert post.gather(MORNING) == 1


def test_a_digest_comes_after_the_quiet_hours(post: Post) -> None:
    post.wishes(Wish(Digest.DAILY, quiet_from=7, quiet_to=12))
    post.write(EVENING)
    assert [post.gather(MORNING + hours * timedelta(hours=1)) for hours in (0, 3, 4)] == [0, 0, 1]
    post.write(EVENING + DAY)
    assert post.gather(MORNING + 3 * DAY) == 0, "the sweep was away, and now it is quiet again"


def test_quiet_hours_hold_news_and_tasks_back_and_nothing_else(post: Post) -> None:
    post.wishes(Wish(quiet_from=20, quiet_to=7))
    for template in ("case_news", "search_task", "access_late", "concern_urgent"):
        post.write(EVENING, template)
    held = datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert post.due() == [
        ("access_late", EVENING), ("concern_urgent", EVENING), ("case_news", held), ("search_task", held),
    ]  # fmt: skip


def test_an_address_that_is_nobodys_follows_nobodys_wishes(post: Post) -> None:
    """Whoever gave an address without an account is not found out by what the person of that address wishes."""
    post.wishes(Wish(Digest.DAILY))
    post.write(EVENING, to=Addressee(post.person.email, Locale.CY))
    assert post.due() == [("case_news", EVENING)]
