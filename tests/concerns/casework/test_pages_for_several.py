"""The pages for several threads at once: from what was selected to what came of it, and back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from anonymity.encoding import to_b64u
from portal.concerns.casework import bulk_pages, labels_pages
from portal.concerns.casework.models import BulkAct, ToldThread
from portal.core.db import Database
from portal.core.ids import random_bytes
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat
from tests.concerns.casework.test_plans import questions
from tests.visitors import CSRF, Visitor

SEVERAL = "/en/my/concerns/several"


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


@pytest.fixture
def rep(seated: Seated) -> Iterator[Visitor]:
    with seated.signed_in("rep", seated.serve(bulk_pages.router, labels_pages.router)) as visitor:
        visitor.get("/en/my/concerns/labels")
        yield visitor


def post(visitor: Visitor, path: str, fields: dict[str, Any]) -> Any:
    """A form with several fields of one name."""
    token = CSRF.search(visitor.page.text)
    assert token is not None
    visitor.page = visitor.client.post(path, data={"csrf": token.group(1), **fields})
    return visitor.page


def carried(visitor: Visitor) -> dict[str, Any]:
    """The hidden fields of the page, lists as lists."""
    form = re.search(rf'<form action="{SEVERAL}.*?</form>', visitor.page.text, re.DOTALL)
    assert form is not None
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.group(0)):
        found.setdefault(name, []).append(value.replace("&amp;", "&"))
    return found


def names(*case_ids: bytes) -> list[str]:
    return [to_b64u(one) for one in case_ids]


def told(seated: Seated) -> int:
    with seated.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ToldThread)) or 0


def test_taking_several_on_is_looked_at_done_and_undone(seated: Seated, rep: Visitor) -> None:
    mine = [seated.came("rep"), seated.came("rep", "head")]
    chosen = {"case": names(*mine, seated.came("head")), "act": "take", "query": "?lane=new"}
    ahead = post(rep, SEVERAL, chosen)
    assert ahead.status_code == 200
    assert "Do it for 2 concerns" in ahead.text
    assert "1 not yours" in ahead.text
    assert told(seated) == 0
    for _ in range(2):
        done = post(rep, f"{SEVERAL}/done", carried(rep))
        assert done.status_code == 303
        assert told(seated) == 2
        at = done.headers["location"]
        assert at.endswith("?lane=new")
        rep.page = ahead
    page = rep.get(at).text
    assert page.count('<strong class="tag good">') == 2
    assert "1 not yours" in page
    assert 'href="/en/my/concerns?lane=new"' in page
    undone = post(rep, f"{at.partition('?')[0]}/undo", carried(rep))
    assert undone.status_code == 303
    assert told(seated) == 0
    page = rep.get(undone.headers["location"]).text
    assert page.count('<strong class="tag info">') == 2
    assert "/undo" not in page


def test_a_value_is_asked_for_and_kept_when_it_is_wrong(seated: Seated, rep: Visitor) -> None:
    mine = seated.came("rep")
    chosen = {"case": names(mine), "query": ""}
    asked = post(rep, SEVERAL, chosen)
    assert asked.status_code == 200
    assert post(rep, SEVERAL, carried(rep)).status_code == 422
    asked = post(rep, SEVERAL, chosen | {"act": "next"})
    assert asked.status_code == 200
    wrong = post(rep, SEVERAL, carried(rep) | {"on-day": "31", "on-month": "2", "on-year": "2027"})
    assert wrong.status_code == 422
    assert 'value="31"' in wrong.text
    for act, value in (("theme", "pace"), ("severity", "none"), ("assign", seated.people["rep"]), ("step", "ask")):
        assert value in post(rep, SEVERAL, chosen | {"act": act}).text
        ahead = post(rep, SEVERAL, carried(rep) | {"value": value})
        assert "Take it on first" in ahead.text
        assert "Nothing would change." in ahead.text
    assert post(rep, SEVERAL, {"query": "", "act": "take"}).status_code == 422
    assert post(rep, SEVERAL, chosen | {"case": "nonsense"}).status_code == 404
    assert rep.get(SEVERAL).headers["location"] == "/en/my/concerns"


def test_hidden_and_nonsense_have_the_same_answers(seated: Seated, rep: Visitor) -> None:
    hidden, nonsense = names(seated.came("head")), names(random_bytes(16))
    for act, value in (("take", ""), ("assign", seated.people["rep"]), ("theme", "pace"), ("label", ""), ("", "")):
        pages = []
        for case in (hidden, nonsense):
            rep.get("/en/my/concerns/labels")
            with questions(seated.database.engine) as said:
                answer = post(rep, SEVERAL, {"case": case, "act": act, "value": value, "query": ""})
            text = CSRF.sub("", answer.text).replace(case[0], "CASE")
            pages.append((answer.status_code, len(said), re.sub(r'(name="form_id" value=")[a-z0-9]+', r"\1", text)))
        assert pages[0] == pages[1]
        assert pages[0][0] == 200


def test_what_one_did_is_nobody_elses_page(seated: Seated, rep: Visitor) -> None:
    post(rep, SEVERAL, {"case": names(seated.came("rep", "second")), "act": "take", "query": ""})
    at = post(rep, f"{SEVERAL}/done", carried(rep)).headers["location"]
    with seated.signed_in("second", seated.serve(bulk_pages.router, labels_pages.router)) as other:
        other.get("/en/my/concerns/labels")
        assert other.get(at).status_code == 404
        other.get("/en/my/concerns/labels")
        assert post(other, f"{at}/undo", {}).status_code == 404
    with seated.database.reading() as session:
        assert session.scalars(select(BulkAct.undone_at)).all() == [None]
