"""Feeds and the calendar as a program asks for them: whole, escaped, the same for everybody."""

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from portal.core.db import Database
from portal.core.text import Bilingual, Locale, msg
from portal.register.watching import routes
from portal.register.watching.atom import entry_of, write_feed
from portal.register.watching.queries import Happening
from portal.register.watching.reviews import Review, escaped, folded, write_calendar
from portal.register.watching.rules import MOST_ENTRIES, News
from portal.settings.models import Settings
from tests.visitors import Visitor, make_rooms, visiting

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = date(2026, 11, 22)
FEED, CALENDAR = "/en/feeds/systems.atom", "/en/feeds/reviews.ics?employer=dyffryn-cledwen"


@pytest.fixture
def visitor(register: Database, stopped: Settings) -> Iterator[Visitor]:
    with visiting(make_rooms(stopped, register, routes.router)) as visitor:
        yield visitor


def entries(visitor: Visitor, path: str) -> list[ET.Element]:
    return ET.fromstring(visitor.get(path).content).findall(f"{ATOM}entry")


def told(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def test_a_feed_tells_versions_newest_first_with_the_difference_of_that_language(visitor: Visitor) -> None:
    found = entries(visitor, "/cy/feeds/systems.atom?system=K7RT3M")
    days = [told(one, "updated") for one in found]
    assert days == sorted(days, reverse=True) and len(found) > 1
    assert all(told(one, "title").startswith("Telemateg y lorïau casglu: ") for one in found)
    assert "<strong>" in told(found[0], "content")
    english = entries(visitor, f"{FEED}?system=k7rt3m")
    assert "<strong>Before</strong>" in told(english[0], "content")
    assert len({told(one, "id") for one in [*found, *english]}) == len(found) + len(english)


def test_a_feed_is_of_everything_an_employer_a_workplace_or_a_staff_group(visitor: Visitor) -> None:
    def names(query: str) -> set[str]:
        return {told(one, "id").split("/s/")[1][:6] for one in entries(visitor, FEED + query)}

    everything, employer = names(""), names("?employer=dyffryn-cledwen")
    place = names("?employer=dyffryn-cledwen&workplace=pen-y-lan")
    group = names("?employer=dyffryn-cledwen&staff_group=home-care&workplace=pen-y-lan")
    assert place < employer < everything and "K7RT3M" in place
    assert group <= place


@pytest.mark.parametrize(
    "query",
    [
        "?system=ZZZZZZ",
        "?employer=nobody",
        "?workplace=pen-y-lan",
        "?employer=dyffryn-cledwen&workplace=nowhere",
        "?employer=dyffryn-cledwen&staff_group=nobody&workplace=pen-y-lan",
    ],
)
def test_what_nobody_knows_has_no_feed(visitor: Visitor, query: str) -> None:
    assert visitor.get(FEED + query).status_code == 404


@pytest.mark.parametrize("path", [FEED, CALENDAR])
def test_the_same_again_is_304_and_sets_no_cookie(visitor: Visitor, path: str) -> None:
    first = visitor.get(path)
    again = visitor.get(path, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "set-cookie" not in first.headers and "cookie" not in first.headers["vary"].lower()


def test_the_calendar_holds_the_days_of_the_employer(visitor: Visitor) -> None:
    answer = visitor.get(CALENDAR)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 for line in lines) and b"\n" not in b"".join(lines)
    starts = [line for line in lines if line.startswith(b"DTSTART")]
    assert starts == sorted(starts) and len(starts) > 2
    assert visitor.get("/en/feeds/reviews.ics").status_code == 404


def test_signs_that_mean_something_are_escaped_and_no_sign_is_cut_in_two() -> None:
    assert escaped("a, b; c\\d\r\ne\x07") == "a\\, b\\; c\\\\d\\ne"
    line = "SUMMARY:" + "ŵ" * 60
    made = folded(line)
    assert all(len(piece) <= 75 for piece in made.split(b"\r\n"))
    assert made.replace(b"\r\n ", b"").decode() == line + "\r\n"
    review = Review("K7RT3M", "Rota, y; system", DAY, DAY, "https://porth.example/cy/s/K7RT3M")
    made = write_calendar([review], name="Cyngor", host="porth.example", locale=Locale.CY)
    assert b"DTSTART;VALUE=DATE:20261122\r\nSUMMARY" in made


def test_no_text_breaks_out_of_the_feed() -> None:
    nasty = Bilingual("</title><script>\x0b&", "]]>")
    one = Happening(News.VERSION, "a", "s", "K7RT3M", nasty, nasty, DAY, None, 1, nasty, ((msg("Before"), nasty),))
    entry = entry_of(one, "https://p.example", Locale.CY)
    for happenings in ([entry], []):
        made = write_feed(
            happenings, title="T", address="https://p.example/f", page="https://p.example", locale=Locale.CY, today=DAY,
        )  # fmt: skip
        feed = ET.fromstring(made)
        assert feed.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00Z"
        assert len(feed.findall(f"{ATOM}entry")) == len(happenings)
    assert "<script>" not in (ET.fromstring(write_feed(
        [entry], title="T", address="a", page="b", locale=Locale.CY, today=DAY,
    )).findtext(f"{ATOM}entry/{ATOM}content") or "")  # fmt: skip


def test_a_feed_is_bounded(visitor: Visitor) -> None:
    assert 0 < len(entries(visitor, FEED)) <= MOST_ENTRIES


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_the_page_names_every_way(visitor: Visitor, locale: str) -> None:
    page = visitor.get(f"/{locale}/follow?system=K7RT3M&employer=dyffryn-cledwen").text
    for part in ("systems.atom?system=K7RT3M", "systems.atom?employer=dyffryn-cledwen", "reviews.ics?employer="):
        assert f"/{locale}/feeds/{part}" in page
    assert f"/{locale}/my/follow?system=K7RT3M" in page
    assert visitor.get(f"/{locale}/follow").status_code == 200
    page = visitor.get(f"/{locale}/follow?employer=dyffryn-cledwen&workplace=pen-y-lan&staff_group=none").text
    assert 'systems.atom?employer=dyffryn-cledwen&amp;workplace=pen-y-lan"' in page
