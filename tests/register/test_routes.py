"""The register's pages, asked for as a browser does."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.account import routes as account
from portal.core.db import Database
from portal.core.ids import new_id
from portal.directory.models import Person, Workplace
from portal.identity import service as identity
from portal.identity.rules import AccountKind, InvitationPurpose
from portal.register import routes
from portal.register.atrs import import_atrs, read_atrs
from portal.settings.models import Settings
from tests.people import PASSWORD, passwords_of
from tests.prepared import settings_in
from tests.register.conftest import DATA
from tests.visitors import Visitor, make_rooms, visiting

SIAN = "employer=glannau-ogwen&workplace=ward-alaw&staff_group=nursing&kind=employee"
GWYNFOR = "employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=refuse&kind=employee"


@pytest.fixture
def settings(tmp_path: Path, now: datetime) -> Settings:
    """The settings of the tests, with the clock stopped."""
    clock = tmp_path / "clock"
    clock.write_text(now.isoformat(), encoding="utf-8")
    return settings_in(tmp_path, PORTAL_TEST_CLOCK=str(clock))


@pytest.fixture
def visitor(register: Database, settings: Settings) -> Iterator[Visitor]:
    with visiting(make_rooms(settings, register, routes.router, account.router)) as visitor:
        yield visitor


def headings(page: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.DOTALL)
    ]


def test_four_questions_lead_to_the_list_by_links_and_forms_alone(visitor: Visitor) -> None:
    answers = {"employer": "glannau-ogwen", "workplace": "ward-alaw", "staff_group": "nursing", "kind": "employee"}
    given: dict[str, str] = {}
    for name, value in answers.items():
        page = visitor.get("/cy/systems", params=given).text
        assert f'name="{name}"' in page and f'value="{value}"' in page and 'method="get"' in page
        given = {**visitor.hidden(), name: value}
    page = visitor.get("/cy/systems", params=given).text
    assert headings(page)[:4] == [
        "Systemau sy’n effeithio arnoch chi",
        "Sgôr trothwy absenoldeb salwch",
        "Rota electronig",
        "Rhagolwg y gweithlu",
    ]


def test_a_workplace_says_what_it_lies_in(visitor: Visitor) -> None:
    page = visitor.get("/en/systems?employer=glannau-ogwen").text
    assert "Part of: Ysbyty Bryn Awel" in page and page.index("Ward Alaw") > page.index("Ysbyty Bryn Awel")


def test_a_body_of_many_workplaces_offers_a_list(visitor: Visitor, register: Database) -> None:
    with register.writing() as session:
        ward = session.scalars(select(Workplace).where(Workplace.slug == "ward-alaw")).one()
        session.add_all(
            Workplace(
                id=new_id(),
                body_id=ward.body_id,
                parent_id=ward.parent_id,
                slug=f"ward-{count}",
                name_cy=f"Ward {count}",
                name_en=f"Ward {count}",
            )
            for count in range(20)
        )
    page = visitor.get("/en/systems?employer=glannau-ogwen").text
    assert '<select id="workplace"' in page and "Ward 7 (Part of: Ysbyty Bryn Awel)" in page


@pytest.mark.parametrize("query", ["employer=nobody", "employer=" + "x" * 500, "asked=employer"])
def test_an_unknown_or_missing_answer_is_asked_for_gently(visitor: Visitor, query: str) -> None:
    page = visitor.get(f"/en/systems?{query}")
    assert page.status_code == 422
    assert "<title>Error:" in page.text and "Who do you work for?" in page.text


@pytest.mark.parametrize("query", [SIAN.replace("ward-alaw", "pen-y-lan"), SIAN.replace("employee", "knight")])
def test_an_answer_of_another_body_is_asked_again_with_the_rest_kept(visitor: Visitor, query: str) -> None:
    page = visitor.get(f"/en/systems?{query}")
    assert page.status_code == 422
    assert visitor.hidden()["employer"] == "glannau-ogwen"


def test_the_list_keeps_its_answers_in_the_address_only(visitor: Visitor) -> None:
    page = visitor.get(f"/en/systems?{SIAN}")
    assert "set-cookie" not in page.headers
    assert "/cy/systems?" + SIAN.replace("&", "&amp;") in page.text
    assert "22 November 2026" in page.text


def test_the_empty_list_says_what_would_be_there_and_one_way_on(visitor: Visitor) -> None:
    page = visitor.get("/en/systems?employer=glannau-ogwen&workplace=none&staff_group=none&kind=volunteer").text
    assert "would be listed here" in page and "/en/systems/all?employer=glannau-ogwen" in page


@pytest.mark.parametrize("locale", ["cy", "en"])
@pytest.mark.parametrize("code", ["K7RT3M", "k7rt3m"])
def test_a_systems_page_has_the_three_ways_on(visitor: Visitor, locale: str, code: str) -> None:
    page = visitor.get(f"/{locale}/s/{code}").text
    for way in ("/access?system=K7RT3M", "/review/start?system=K7RT3M"):
        assert f'href="/{locale}{way}"' in page
    to_a_concern = page.partition(f'action="/{locale}/concern/write" method="post"')[2].partition("</form>")[0]
    assert 'name="system" value="K7RT3M"' in to_a_concern, (
        "by a form: the address of the pages that write names nothing"
    )


def test_the_page_says_when_it_changed_and_what_that_means(visitor: Visitor) -> None:
    page = visitor.get("/cy/s/K7RT3M").text
    assert "Newidiodd ar 2 Tachwedd 2026: Trothwy brecio caled" in page and 'id="changed"' in page
    assert "newidiodd hyn?" in page and "2 Tachwedd 2026" in page
    assert "0.45 g" in page and "0.40 g" in page and "efallai y cewch eich galw" in page


def test_an_earlier_version_stays_readable_and_says_that_it_is_over(visitor: Visitor) -> None:
    page = visitor.get("/en/s/K7RT3M?version=1").text
    assert "This is an earlier version" in page and "2 March 2026" in page and "0.40 g" not in page


@pytest.mark.parametrize(
    "path",
    ["/en/s/ZZZZZZ", "/cy/s/K7RT3M?version=9", "/en/s/K7RT3M%27", "/en/s/%00", "/en/systems?employer=%00"],
)
def test_an_unknown_code_is_the_common_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/systems", f"/systems?{SIAN}", "/systems/all", "/s/K7RT3M", "/s/CK8V2P", "/s/BS5C8T"]
)
@pytest.mark.parametrize("locale", ["cy", "en"])
def test_a_page_weighs_at_most_ten_kilobytes_on_the_wire(visitor: Visitor, locale: str, path: str) -> None:
    page = visitor.get(f"/{locale}{path}", headers={"accept-encoding": "br"})
    assert page.status_code == 200
    assert int(page.headers["content-length"]) <= 10_000


def test_every_system_is_listed_and_one_employers_alone(visitor: Visitor) -> None:
    assert len(headings(visitor.get("/en/systems/all").text)) == 9
    page = visitor.get("/en/systems/all?employer=dyffryn-cledwen").text
    assert "Refuse lorry telematics" in page and "E-rostering" not in page


def test_imported_records_are_labelled_marked_as_english_and_searched(
    visitor: Visitor, register: Database, now: datetime
) -> None:
    assert "would be listed here" in visitor.get("/en/systems/imported").text
    with register.writing() as session:
        import_atrs(session, read_atrs((DATA / "atrs_records.json").read_bytes()), now=now)
    page = visitor.get("/cy/systems/imported").text
    assert page.count('<p lang="en">') == 25 and page.count("Saesneg yn unig") >= 25
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following and visitor.get(following.group(1).replace("&amp;", "&")).text.count('<p lang="en">') == 25
    assert "Dylun" in visitor.get("/cy/systems/imported?q=DYLUN").text
    assert "No imported record" in visitor.get("/en/systems/imported?q=zzzz").text
    assert "Dylun" not in visitor.get(f"/en/systems?{GWYNFOR}").text


def test_somebody_signed_in_finds_theirs_by_where_they_work(
    visitor: Visitor, register: Database, settings: Settings, now: datetime
) -> None:
    with register.writing() as session:
        person = session.scalars(select(Person).where(Person.slug == "gwynfor-hughes")).one()
        opened = identity.open_account(session, person, AccountKind.STAFF, now=now)
        token = identity.invite(session, opened, InvitationPurpose.MAIL, now=now)
        identity.accept_invitation(session, token, passwords_of(settings).hash(PASSWORD), now=now)
    visitor.get("/en/my/sign-in")
    visitor.sign_in(person.email)
    page = visitor.get("/cy/my/systems")
    assert page.status_code == 200
    assert headings(page.text) == ["Systemau sy’n effeithio arnoch chi", "Telemateg y lorïau casglu"]
    assert "7 Hydref 2024" in page.text


def test_my_systems_are_for_somebody_signed_in(visitor: Visitor) -> None:
    assert visitor.get("/en/my/systems").status_code in {303, 401}
