"""The page on which people say when they want to hear of news."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal.account.routes import router
from portal.core.db import Database
from portal.core.text import Locale
from portal.notifications.letters import to_person
from portal.notifications.mailers import Failure, Reason
from portal.notifications.models import OutboxLetter
from portal.notifications.quiet import Digest, Wish
from portal.notifications.service import MOST_TRIES, _failed, find_wish, queue
from portal.settings.models import Settings
from tests.people import PASSWORD, Member, add_body, add_member
from tests.visitors import Visitor, make_rooms, visiting

PAGE = "/en/my/letters"


@pytest.fixture
def sian(database: Database, settings: Settings, now: datetime) -> Member:
    with database.writing() as session:
        return add_member(session, settings, now, email="sian@x.example", body=add_body(session), locale=Locale.CY)


@pytest.fixture
def visitor(database: Database, settings: Settings, sian: Member) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, database, router)) as one:
        one.get("/en/my/sign-in")
        one.post("/en/my/sign-in", {"email": "sian@x.example", "password": PASSWORD})
        yield one


def chosen(visitor: Visitor, **changes: str) -> int:
    visitor.get(PAGE)
    form = {"digest": "weekly", "weekday": "4", "quiet_from": "20", "quiet_to": "7"}
    status: int = visitor.post(PAGE, form | changes).status_code
    return status


def wish_of(database: Database, sian: Member) -> Wish:
    with database.reading() as session:
        return find_wish(session, sian.person.id)


def test_a_choice_is_kept_and_shown_again(visitor: Visitor, database: Database, sian: Member) -> None:
    assert wish_of(database, sian) == Wish()
    assert chosen(visitor) == 303
    assert wish_of(database, sian) == Wish(Digest.WEEKLY, 4, 20, 7)
    assert "Once a week; quiet hours: 20:00 to 07:00" in visitor.get("/en/my/profile").text
    page = visitor.get(f"{PAGE}?saved=yes").text
    assert "Your choice has been saved" in page
    for shown in ('value="weekly" checked', '<option value="4" selected>', '<option value="20" selected>'):
        assert shown in page
    assert chosen(visitor, digest="at_once", quiet_from="", quiet_to="") == 303
    assert wish_of(database, sian) == Wish(Digest.AT_ONCE, 4)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"digest": "hourly"}, "Choose how often we write to you"),
        ({"weekday": "7"}, "Choose a day of the week"),
        ({"quiet_from": "24"}, "Choose an hour from the list"),
        ({"quiet_to": ""}, "Quiet hours need a beginning and an end, or neither"),
        ({"quiet_from": ""}, "Quiet hours need a beginning and an end, or neither"),
        ({"quiet_to": "20"}, "Quiet hours end at another hour than they begin"),
    ],
)
def test_half_a_choice_is_asked_for_again_and_keeps_what_was_typed(
    visitor: Visitor, database: Database, sian: Member, changes: dict[str, str], said: str
) -> None:
    assert chosen(visitor, **changes) == 422
    assert said in visitor.page.text
    if "weekday" not in changes:
        assert '<option value="4" selected>' in visitor.page.text
    assert wish_of(database, sian) == Wish()


def test_who_cannot_be_reached_sees_it_on_this_page_alone(
    visitor: Visitor, database: Database, settings: Settings, sian: Member, now: datetime
) -> None:
    assert "could not be delivered" not in visitor.get(PAGE).text
    with database.writing() as session:
        to = to_person(sian.person)
        row = queue(session, vault=settings.vault, to=to, template="case_news", values={}, now=now)
        assert row is not None
        row.tries = MOST_TRIES
        letter_id = row.id
    _failed(database, letter_id, Reason(Failure.ADDRESS, 550), now + timedelta(days=2))
    with database.reading() as session:
        assert session.get_one(OutboxLetter, letter_id).state == "dead"
    page = visitor.get(PAGE).text
    assert "could not be delivered" in page
    assert "sian@x.example" in page
    assert "update" not in page, "which letter it was is not said"
