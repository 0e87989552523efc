"""A body's own list of other places that can help: one writes, another approves, and the public page shows the rest."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.account import routes as account
from portal.administration import routes as administration
from portal.administration.duties import ask_to_check_help
from portal.core.db import Database
from portal.core.ids import new_id
from portal.directory.helping import list_to_check, portals_list
from portal.directory.models import HelpEntry, RoleHolding
from portal.directory.rules import Prescribed, RoleName
from portal.home import routes as home
from portal.notifications.models import OutboxLetter
from portal.settings.models import Settings
from tests.administration.world import ADMIN, World, last_event
from tests.prepared import START_OF_TESTS
from tests.visitors import Visitor, make_rooms, visiting

HERE, PUBLIC_PAGE = "/en/my/admin/help/taran", "/en/help-elsewhere?employer=taran"
SIAN = "sian@taran.example"
LINE = {
    "kind": "advice", "name_cy": "Llinell Taran", "name_en": "Taran Line", "for_cy": "Cyngor",
    "for_en": "Advice by day",    "contact_cy": "01632 960199", "contact_en": "01632 960199", "link": "https://taran.example/line",
    "prescribed": "no", "source": "", "checked": "yes",
}  # fmt: skip


@pytest.fixture
def visitor(database: Database, settings: Settings, world: World) -> Iterator[Visitor]:
    """Siân is the body's independent officer here: the second person."""
    today = START_OF_TESTS.date()
    with database.writing() as session:
        session.add(
            RoleHolding(
                id=new_id(), person_id=world.sian.person.id, role=RoleName.INDEPENDENT_OFFICER,
                body_id=world.sian.person.body_id, started_on=today,
            )
        )  # fmt: skip
    with visiting(make_rooms(settings, database, account.router, administration.router, home.router)) as one:
        yield one


def lines(database: Database) -> list[HelpEntry]:
    with database.reading() as session:
        found = list(session.scalars(select(HelpEntry).order_by(HelpEntry.place)))
        session.expunge_all()
        return found


def test_without_a_list_of_its_own_staff_see_the_portals_with_its_marks(visitor: Visitor) -> None:
    page = visitor.get(PUBLIC_PAGE).text
    assert "This list comes with the portal" in page and "Nobody has checked this line yet" in page
    assert "Checked on 22 November 2026" in page
    assert page.count("Perhaps a prescribed person") == sum(
        one.text.prescribed is Prescribed.UNVERIFIED for one in portals_list()
    )
    assert "has not authorised the portal" in page and "sexual harassment (since 6 April 2026)" in page
    assert visitor.get("/en/help-elsewhere?employer=nowhere").status_code == 404
    assert "Archwilio Cymru" in visitor.get("/cy/help-elsewhere").text


def test_the_portals_own_list_is_whole_in_both_languages() -> None:
    for one in portals_list():
        text = one.text
        assert all((text.name.cy, text.name.en, text.what.cy, text.what.en)), text.name.en
        assert bool(text.contact.cy) == bool(text.contact.en)
        assert text.prescribed is not Prescribed.YES or (one.checked_on and text.source), text.name.en


def test_a_line_is_seen_once_a_second_person_approved_it(visitor: Visitor, database: Database) -> None:
    visitor.sign_in(ADMIN)
    visitor.get(HERE)
    assert visitor.post(f"{HERE}/own").status_code == 303
    assert len(lines(database)) == len(portals_list())
    assert "Your employer keeps this list" in visitor.get(PUBLIC_PAGE).text
    visitor.get(f"{HERE}/new")
    fields = {**LINE, "form_id": visitor.hidden()["form_id"]}
    wrong = visitor.post(f"{HERE}/new", {**fields, "for_cy": "", "link": "javascript:alert(1)"})
    assert wrong.status_code == 422 and "Advice by day" in wrong.text
    for _twice in range(2):
        assert visitor.post(f"{HERE}/new", fields).status_code == 303
        visitor.get(f"{HERE}/new")
    [new] = [one for one in lines(database) if one.name_en == "Taran Line"]
    assert "Taran Line" not in visitor.get(PUBLIC_PAGE).text
    assert "Somebody else has to approve it" in visitor.get(HERE).text
    assert visitor.post(f"{HERE}/{new.id}/approve").status_code == 422, "nobody approves their own change"
    visitor.sign_in(SIAN)
    visitor.get(HERE)
    assert visitor.post(f"{HERE}/{new.id}/approve").status_code == 303
    assert last_event(database) == "help.approved"
    page = visitor.get(PUBLIC_PAGE).text
    assert "Taran Line" in page and "01632 960199" in page


def test_an_old_text_stands_until_the_new_one_is_approved_and_removal_takes_two(
    visitor: Visitor, database: Database
) -> None:
    visitor.sign_in(ADMIN)
    visitor.get(HERE)
    visitor.post(f"{HERE}/own")
    acas = next(one for one in lines(database) if one.name_en == "Acas")
    visitor.get(f"{HERE}/{acas.id}/change")
    fields = {**LINE, "form_id": visitor.hidden()["form_id"], "name_en": "Acas Wales"}
    visitor.post(f"{HERE}/{acas.id}/change", fields)
    assert "Acas Wales" not in visitor.get(PUBLIC_PAGE).text
    visitor.get(HERE)
    assert visitor.post(f"{HERE}/{acas.id}/remove").status_code == 422, "one change waits already"
    change = next(one for one in lines(database) if one.name_en == "Acas Wales")
    visitor.sign_in(SIAN)
    visitor.get(HERE)
    visitor.post(f"{HERE}/{change.id}/approve")
    page = visitor.get(PUBLIC_PAGE).text
    assert "Acas Wales" in page and "0300 123 1100" not in page
    visitor.get(HERE)
    visitor.post(f"{HERE}/{change.id}/remove")
    gone = next(one for one in lines(database) if one.removes)
    visitor.sign_in(ADMIN)
    visitor.get(HERE)
    visitor.post(f"{HERE}/{gone.id}/approve")
    assert "Acas Wales" not in visitor.get(PUBLIC_PAGE).text
    for over in (acas.id, change.id, gone.id):
        visitor.get(HERE)
        assert visitor.post(f"{HERE}/{over}/approve").status_code == 404, "what has ended is like nonsense"


def test_whoever_keeps_no_list_finds_none(visitor: Visitor, world: World) -> None:
    visitor.sign_in("arall@other.example")
    assert visitor.get(HERE).status_code == 404
    visitor.sign_in(SIAN)
    assert visitor.get("/en/my/admin/help/other").status_code == 404


def test_administrators_are_asked_once_to_check_the_list_again(
    visitor: Visitor, database: Database, settings: Settings
) -> None:
    visitor.sign_in(ADMIN)
    visitor.get(HERE)
    visitor.post(f"{HERE}/own")
    late = START_OF_TESTS + timedelta(days=366)
    assert ask_to_check_help(database, settings, START_OF_TESTS + timedelta(days=364)) == 0
    assert ask_to_check_help(database, settings, late) == 1
    assert ask_to_check_help(database, settings, late) == 0
    with database.reading() as session:
        assert session.scalars(select(OutboxLetter.template)).all() == ["help_check"]
    old = next(one for one in lines(database) if one.checked_on is None)
    visitor.get(HERE)
    visitor.post(f"{HERE}/{old.id}/checked")
    again = next(one for one in lines(database) if one.id == old.id)
    assert (again.checked_on, again.reminded_on) == (START_OF_TESTS.date(), None)


def test_a_line_that_nobody_checked_for_a_year_is_told_once_in_ninety_days(
    visitor: Visitor, database: Database
) -> None:
    visitor.sign_in(ADMIN)
    visitor.get(HERE)
    visitor.post(f"{HERE}/own")
    with database.writing() as session:
        assert not list_to_check(session, today=date(2027, 11, 21))
        due = list_to_check(session, today=date(2027, 11, 22))
        assert len(due) == len(portals_list())
        for one in due[1:]:
            one.reminded_on = date(2027, 11, 22)
        session.flush()
        assert len(list_to_check(session, today=date(2027, 11, 23))) == 1
        assert len(list_to_check(session, today=date(2028, 2, 20))) == len(portals_list())
        due[0].checked_on = date(2027, 11, 30)
        session.flush()
        assert len(list_to_check(session, today=date(2028, 2, 20))) == len(portals_list()) - 1
