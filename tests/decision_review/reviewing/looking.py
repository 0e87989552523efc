"""The reviewer's page in tests: who acts, what they send, and every page that a link leads to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from portal.cases.models import Case
from tests.decision_review.conftest import MAIR, MELERI, Reviews
from tests.visitors import Visitor

DAVID = "david.okafor@dyffryn-cledwen.example"
RHODRI, OWEN = "rhodri.vaughan@glannau-ogwen.example", "owen.parry.owen@glannau-ogwen.example"
PHILIP = "philip.garmon.reid@dyffryn-cledwen.example"
CORRECTED = "Nid 41 ond 63 yw fy sgôr i"
DECLARED: dict[str, Any] = {
    "act": "begin",
    "declared": ["part", "line", "supplier", "case"],
    "trained-day": "2",
    "trained-month": "3",
    "trained-year": "2026",
    "authority": "Pennaeth adran arall",
}
VIEW: dict[str, Any] = {"act": "view", "leaning": "changed", "view": "Mae’r map yn edrych yn hen."}
MINE = re.compile(r"/en/my(?:/(?:desk/reviews|cases|review|records|questions|remedies|holds|panels)\b.*)?$")


NO_CASE = re.compile(r"/en/my/(?!.*(?:[A-Z]{2}-|sign-out|profile|concerns|keys|desk/register|desk/access)).*$")


def look(reference: str, locale: str = "en") -> str:
    return f"/{locale}/my/desk/reviews/{reference}/look"


def give(reviews: Reviews, reference: str, email: str = MELERI) -> None:
    with reviews.world.signed_in(MAIR) as mair:
        path = f"/en/my/desk/reviews/{reference}/reviewers"
        assert mair.get(path).status_code == 200
        assert mair.post(path, {"act": "give", "reviewer": reviews[email].person_id}).status_code == 303


@contextmanager
def reviewing(reviews: Reviews, reference: str, email: str = MELERI) -> Iterator[Visitor]:
    with reviews.world.signed_in(email) as visitor:
        assert visitor.get(look(reference)).status_code == 200
        yield visitor


def state(reviews: Reviews, reference: str) -> str:
    with reviews.world.database.reading() as session:
        return session.scalars(select(Case.state).where(Case.reference == reference)).one()


def links(page: str) -> set[str]:
    return set(re.findall(r'href="(/en/my[^"#?]*)"', page))


def crawl(visitor: Visitor, *starts: str, follows: re.Pattern[str] = MINE) -> Iterator[tuple[str, str]]:
    """Every page of somebody's own that a link leads to, and its text."""
    waiting, seen = [*starts], set(starts)
    while waiting:
        assert len(seen) < 200
        path = waiting.pop()
        answer = visitor.client.get(path)
        if answer.status_code != 200:
            continue
        yield path, answer.text
        new = {one for one in links(answer.text) if follows.match(one)} - seen
        seen |= new
        waiting += sorted(new)
