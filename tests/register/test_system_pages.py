"""The worker's page: its order, why it affects whom, a day gone by, and what stands on pages of its own."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.ids import new_id
from portal.directory.models import Body, Engagement, Person, StaffGroup, Workplace
from portal.directory.rules import EngagementKind
from portal.identity import service as identity
from portal.identity.rules import AccountKind, InvitationPurpose
from portal.settings.models import Settings
from tests.people import PASSWORD, passwords_of
from tests.visitors import Visitor

GWYNFOR = "employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=refuse&kind=employee"
SIAN = "employer=glannau-ogwen&workplace=ward-alaw&staff_group=nursing&kind=employee"


def headings(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)]


def test_the_page_stands_in_its_order(reader: Visitor) -> None:
    page = reader.get("/en/s/K7RT3M").text
    assert [told for told in headings(page) if told != "What it does to work"] == [
        "Why it affects you",
        "What it does to you",
        "What it never does",
        "Who is responsible, and who you can ask",
        "When did this change?",
        "What union and employer agreed, and where they disagree",
        "More about it",
    ]
    ways = [page.index(way) for way in ("/en/access?system=", '/en/review/start?system=K7RT3M"', "/en/concern")]
    assert page.index("Who is responsible, and") < min(ways) and max(ways) < page.index('id="changed"')


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Answer four questions to find out"),
        ("employer=dyffryn-cledwen&workplace=nowhere", "Answer four questions to find out"),
        (GWYNFOR, "It affects you because of where you work and your staff group"),
        (SIAN, "Going by where you work, it does not affect you."),
        (f"{GWYNFOR}&on=2026-05-03", "It has affected you since: 7 October 2024"),
    ],
)
def test_why_it_affects_somebody_is_said_by_the_answers_in_the_address(reader: Visitor, query: str, said: str) -> None:
    page = reader.get(f"/en/s/K7RT3M?{query}")
    assert page.status_code == 200 and said in page.text


def test_cards_lead_to_the_page_with_their_answers_and_to_not_me(reader: Visitor) -> None:
    page = reader.get(f"/cy/systems?{GWYNFOR}").text
    assert f"/cy/s/K7RT3M?{GWYNFOR}".replace("&", "&amp;") in page
    assert "/cy/systems/correction?system=K7RT3M&amp;kind=not_me" in page


@pytest.mark.parametrize("path", ["/s/K7RT3M", "/s/K7RT3M/record", f"/systems?{GWYNFOR}"])
def test_a_day_gone_by_is_said_and_leads_back_to_today(reader: Visitor, path: str) -> None:
    join = "&" if "?" in path else "?"
    page = reader.get(f"/en{path}{join}on=2026-05-03").text
    assert "As of 3 May 2026" in page and f'href="/en{path}"'.replace("&", "&amp;") in page


def test_the_version_of_that_day_is_shown(reader: Visitor) -> None:
    assert "0.40 g" not in reader.get("/en/s/K7RT3M?on=2026-11-01").text
    assert "0.40 g" in reader.get("/en/s/K7RT3M?on=2026-11-02").text


def test_today_is_no_day_gone_by(reader: Visitor) -> None:
    assert "As of" not in reader.get("/en/s/K7RT3M?on=2026-11-22").text


@pytest.mark.parametrize("path", ["/s/K7RT3M", "/s/K7RT3M/record", "/systems"])
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("nonsense", "Enter a real date"),
        ("2026-02-31", "Enter a real date"),
        ("2026-11-23", "The date must be today or in the past"),
        ("1999-01-01", "The date must be on or after"),
        ("%F0%9F%98%80", "Enter a real date"),
    ],
)
def test_a_day_that_cannot_be_shown_says_why_and_asks_again(reader: Visitor, path: str, told: str, said: str) -> None:
    page = reader.get(f"/en{path}?on={told}")
    assert page.status_code == 422 and said in page.text and 'name="on-day"' in page.text


def test_the_three_boxes_of_a_day_lead_to_its_own_address(reader: Visitor) -> None:
    answer = reader.get(f"/cy/systems?{GWYNFOR}&on-day=3&on-month=5&on-year=2026")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cy/systems?{GWYNFOR}&on=2026-05-03")


def test_a_check_that_is_late_is_said_to_staff(reader: Visitor, stopped: Settings) -> None:
    (stopped.data_folder / "clock").write_text("2027-03-15T09:00:00+00:00", encoding="utf-8")
    assert "Gwiriad yn hwyr ers 26 Chwefror 2027" in reader.get("/cy/s/K7RT3M").text


@pytest.mark.parametrize("locale", ["cy", "en"])
@pytest.mark.parametrize("query", ["", f"?{GWYNFOR}"])
def test_the_first_view_weighs_at_most_ten_kilobytes(reader: Visitor, locale: str, query: str) -> None:
    for code in ("RT4S7K", "BS5C8T", "CK8V2P", "FW6N3D", "K7RT3M", "NW9D4V", "HG2M9R", "GN3W7X"):
        page = reader.get(f"/{locale}/s/{code}{query}", headers={"accept-encoding": "br"})
        assert int(page.headers["content-length"]) <= 10_000, code


def signed(reader: Visitor, register: Database, settings: Settings, now: datetime, slug: str) -> None:
    with register.writing() as session:
        person = session.scalars(select(Person).where(Person.slug == slug)).one()
        opened = identity.open_account(session, person, AccountKind.STAFF, now=now)
        token = identity.invite(session, opened, InvitationPurpose.MAIL, now=now)
        identity.accept_invitation(session, token, passwords_of(settings).hash(PASSWORD), now=now)
        email = person.email
    reader.get("/en/my/sign-in")
    reader.sign_in(email)


def also_works(register: Database, slug: str, **where: Any) -> None:
    """A second engagement of somebody."""
    with register.writing() as session:
        person = session.scalars(select(Person).where(Person.slug == slug)).one()
        body = session.scalars(select(Body).where(Body.slug == where["body"])).one()
        place = session.scalars(select(Workplace).where(Workplace.slug == where["workplace"])).one()
        group = session.scalars(
            select(StaffGroup).where(StaffGroup.body_id == body.id, StaffGroup.code == where["group"])
        ).one()
        session.add(
            Engagement(
                id=new_id(),
                person_id=person.id,
                body_id=body.id,
                workplace_id=place.id,
                staff_group_id=group.id,
                kind=EngagementKind.BANK,
                started_on=date(2026, 2, 2),
            )
        )


def test_somebody_with_two_engagements_reads_the_reason_of_each_and_each_system_once(
    reader: Visitor, register: Database, stopped: Settings, now: datetime
) -> None:
    also_works(register, "sian-prydderch", body="glannau-ogwen", workplace="bryn-awel", group="nursing")
    signed(reader, register, stopped, now, "sian-prydderch")
    page = reader.get("/en/my/systems").text
    names = re.findall(r'<h2><a href="/en/my/systems/\w+">(.*?)</a>', page)
    assert len(names) == len(set(names)) and "E-rostering" in names
    card = page.partition(">E-rostering</a>")[2].partition("</li>\n<li>\n<h2>")[0]
    assert card.count("It has affected you since") == 2 and "2 February 2026" in card
    own = reader.get("/en/my/systems/RT4S7K").text
    assert own.count("It has affected you since") == 2
    assert 'href="/en/my/access?system=RT4S7K"' in own


def test_the_signed_in_list_of_a_day_before_an_engagement_does_not_count_it(
    reader: Visitor, register: Database, stopped: Settings, now: datetime
) -> None:
    signed(reader, register, stopped, now, "gwynfor-hughes")
    assert "Refuse lorry telematics" in reader.get("/en/my/systems?on=2026-05-03").text
    assert reader.get("/en/my/systems?on=1999-05-03").status_code == 422


def test_a_strangers_correction_is_taken_without_a_cookie_and_answered_for_everybody(
    reader: Visitor, register: Database, stopped: Settings, now: datetime
) -> None:
    form = reader.get("/cy/systems/correction?system=K7RT3M&kind=not_me")
    assert 'value="not_me" checked' in form.text and "set-cookie" not in form.headers
    hidden = reader.hidden()
    empty = reader.post("/cy/systems/correction", {**hidden, "text": "x" * 601})
    assert empty.status_code == 422 and "x" * 601 in empty.text and "Dewiswch beth sydd o’i le" in empty.text
    fields = {**hidden, "kind": "not_me", "text": "Nid wyf yn gyrru."}
    for _ in range(2):
        sent = reader.post("/cy/systems/correction", fields)
        assert sent.headers["location"] == "/cy/systems/correction/sent?system=K7RT3M"
        assert "set-cookie" not in sent.headers
    assert "4 Rhagfyr 2026" in reader.get(sent.headers["location"]).text
    assert "y gofynnwyd amdanynt" not in reader.get("/cy/s/K7RT3M").text, "its hour would tell"
    tomorrow = now + timedelta(days=1)
    (stopped.data_folder / "clock").write_text(tomorrow.isoformat(), encoding="utf-8")
    assert "y gofynnwyd amdanynt: 1. Atebwyd: 0." in reader.get("/cy/s/K7RT3M").text
    signed(reader, register, stopped, tomorrow, "non-elidir")
    desk = reader.get("/cy/my/desk/register/corrections").text
    (one,) = re.findall(r'href="/cy(/my/desk/register/corrections/\w{26})"', desk)
    assert "Nid wyf yn gyrru." in reader.get(f"/cy{one}").text
    half = reader.post(f"/cy{one}", {"outcome": "stands", "answer_cy": "Mae’n gywir."})
    assert half.status_code == 422 and "Mae’n gywir." in half.text and "Rhowch yr ateb yn Saesneg" in half.text
    whole = {"outcome": "stands", "answer_cy": "Mae’n gywir.", "answer_en": "It is right."}
    assert reader.post(f"/cy{one}", whole).status_code == 303
    assert "Nid wyf yn gyrru." not in reader.get(f"/cy{one}").text
    assert reader.post(f"/cy{one}", whole).status_code == 422, "answered once"
    answers = reader.get("/en/s/K7RT3M/corrections").text
    assert "It is right." in answers and "Nid wyf yn gyrru." not in answers
    assert "Answered: 1." in reader.get("/en/s/K7RT3M").text


def test_what_was_typed_stays_when_an_employer_has_too_many(reader: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.register.corrections.service.MOST_A_DAY", 0)
    reader.get("/en/systems/correction?system=K7RT3M")
    full = reader.post("/en/systems/correction", {**reader.hidden(), "kind": "error", "text": "The date is wrong."})
    assert full.status_code == 429 and "The date is wrong." in full.text and int(full.headers["retry-after"]) > 0
    assert "/en/my/correction?system=K7RT3M" in full.text


@pytest.mark.parametrize(
    "path",
    [
        "/systems/correction?system=ZZZZZZ",
        "/systems/correction",
        "/systems/correction/sent",
        "/s/ZZZZZZ/corrections",
        "/s/ZZZZZZ/record",
        "/s/ZZZZZZ/history",
        "/s/K7RT3M/history/2/1",
        "/s/K7RT3M/history/1/1",
        "/s/K7RT3M/history/1/9",
        "/s/K7RT3M/history/x/2",
    ],
)
def test_what_is_not_there_is_the_common_page(reader: Visitor, path: str) -> None:
    assert reader.get(f"/en{path}").status_code == 404


def test_somebody_who_edits_no_register_meets_the_common_page(
    reader: Visitor, register: Database, stopped: Settings, now: datetime
) -> None:
    signed(reader, register, stopped, now, "gwynfor-hughes")
    assert reader.get("/en/my/desk/register/corrections").status_code == 404


def test_the_history_tells_before_now_and_what_changes_and_leads_to_both_versions(reader: Visitor) -> None:
    page = reader.get("/cy/s/K7RT3M/history").text
    assert page.index("2 Tachwedd 2026") < page.index("2 Mawrth 2026")
    assert "Beth sy’n newid i chi" in page and 'href="/cy/s/K7RT3M/history/1/2"' in page
    assert 'href="/cy/s/K7RT3M?version=1"' in page


def test_two_versions_stand_side_by_side_in_a_table_with_headers(reader: Visitor) -> None:
    page = reader.get("/en/s/K7RT3M/history/1/2").text
    assert '<th scope="col">Version 1, published on 2 March 2026</th>' in page
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "5 or more events in a week make" in row)
    assert row.index("5 or more") < row.index("4 or more") and 'data-label="Version 2' in row
    assert "Being called to a talk because of harsh braking" in row


def test_a_correction_of_somebody_signed_in_stands_among_their_own(
    reader: Visitor, register: Database, stopped: Settings, now: datetime
) -> None:
    signed(reader, register, stopped, now, "gwynfor-hughes")
    form = reader.get("/en/my/correction?system=K7RT3M&kind=not_me")
    assert form.status_code == 200
    sent = reader.post("/en/my/correction", {**reader.hidden(), "kind": "not_me", "text": "I drive no lorry."})
    assert sent.headers["location"] == "/en/my/correction/sent?system=K7RT3M"
    assert "We write to you" in reader.get(sent.headers["location"]).text
    assert "Due in 12 days (4 December 2026)" in reader.get("/en/my/systems").text
