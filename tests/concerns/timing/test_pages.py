"""The page on which an administrator says what the body promises about concerns."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.account.routes import router as account_router
from portal.concerns.timing.routes import router
from portal.concerns.timing.service import find_promises
from portal.directory.models import Body, RoleHolding
from portal.directory.rules import RoleName
from portal.timelimits.promises import DEFAULT_PROMISES, Promises
from tests.concerns.timing.conftest import Desk
from tests.people import add_body, add_member
from tests.visitors import Visitor, make_rooms, visiting

PAGE = "/en/my/admin/promises"
TYPED = {"acknowledge": "3", "triage": "6", "reply": "12", "update": "15", "outcome_months": "2"}


@pytest.fixture
def admin(desk: Desk) -> Iterator[Visitor]:
    """Somebody who administers one body, and no other."""
    long_ago = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with desk.database.writing() as session:
        body = session.get_one(Body, desk.body_id)
        roles = (RoleName.ADMINISTRATOR,)
        add_member(session, desk.settings, long_ago, email="admin@x.example", body=body, roles=roles)
        add_body(session, "mynach")
    with visiting(make_rooms(desk.settings, desk.database, account_router, router)) as one:
        one.get("/en/my/sign-in")
        one.sign_in("admin@x.example")
        yield one


def kept(desk: Desk) -> Promises:
    with desk.database.reading() as session:
        return find_promises(session, desk.body_id)


def test_days_are_set_and_never_shown_as_law(desk: Desk, admin: Visitor) -> None:
    page = admin.get(PAGE).text
    assert "No law sets a day for concerns" in page
    assert "Mynach" not in page
    assert admin.post(PAGE, {"body": desk.body_id, "end": "", **TYPED}).status_code == 303
    assert kept(desk) == Promises(3, 6, 12, 15, 2)
    page = admin.get(f"{PAGE}?saved=yes").text
    assert 'value="12"' in page
    assert "Your changes have been saved" in page
    assert f"usual in Wales: {DEFAULT_PROMISES.reply}" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reply": ""}, "Enter a whole number from 1 to 60"),
        ({"acknowledge": "0"}, "Enter a whole number from 1 to 20"),
        ({"outcome_months": "13"}, "Enter a whole number from 1 to 12"),
        ({"update": "²"}, "Enter a whole number from 1 to 60"),
        ({"triage": "2"}, "no step may have fewer days"),
    ],
)
def test_what_is_no_promise_is_asked_for_again(desk: Desk, admin: Visitor, changes: dict[str, str], said: str) -> None:
    admin.get(PAGE)
    assert admin.post(PAGE, {"body": desk.body_id, "end": "", **TYPED, **changes}).status_code == 422
    assert said in admin.page.text
    assert 'value="15"' in admin.page.text or "update" in changes
    assert kept(desk) == DEFAULT_PROMISES


def test_of_another_body_nothing_is_seen_or_set(desk: Desk, admin: Visitor) -> None:
    with desk.database.reading() as session:
        other = session.scalars(select(Body.id).where(Body.slug == "mynach")).one()
    admin.get(PAGE)
    assert admin.post(PAGE, {"body": other, "end": "", **TYPED}).status_code == 404


def test_the_page_says_who_hears_and_that_nobody_stands_outside(desk: Desk, admin: Visitor) -> None:
    page = admin.get(PAGE).text
    assert "18 working days after the promised day" in page
    assert "Nobody outside the management has a key" not in page
    assert "rep@" not in page and "Representative" not in page, "whom the union named is not told"
    desk.leaves("outside", datetime(2026, 11, 1, tzinfo=UTC).date())
    assert "Nobody outside the management has a key" in admin.get(PAGE).text
    with desk.database.reading() as session:
        assert session.scalars(select(RoleHolding).where(RoleHolding.role == RoleName.UNION_REPRESENTATIVE)).all()
