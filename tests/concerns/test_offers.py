"""What a page that comes from elsewhere is told: the public register, and nothing about anybody."""

import json
from typing import Any

import pytest

from anonymity.encoding import to_json
from portal.concerns.rules import MATTER_NAMES
from portal.directory.queries import list_bodies
from tests.demonstrated import BODY, OTHER_BODY, Demonstrated
from tests.visitors import Visitor

BOX = "/cy/concern/box"


def offered(visitor: Visitor, body: object = None, *, path: str = f"{BOX}/offered") -> Any:
    answer = visitor.client.post(path, content=to_json({"body": body, "v": 1}))
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_every_employer_is_offered_with_the_day_of_the_portal(visitor: Visitor, demonstrated: Demonstrated) -> None:
    found = offered(visitor)
    assert found.keys() == {"v", "day", "own_network", "bodies"}
    assert found["day"] == "2026-11-22"
    assert found["own_network"] is False
    assert {one["slug"] for one in found["bodies"]} >= {BODY, OTHER_BODY}
    with demonstrated.database.reading() as session:
        assert len(found["bodies"]) == len(list_bodies(session))
    assert found == offered(visitor, path="/en/concern/box/offered")


def test_what_can_be_written_about_is_what_the_portals_own_question_lists(
    visitor: Visitor, demonstrated: Demonstrated
) -> None:
    body = next(one for one in offered(visitor)["bodies"] if one["slug"] == BODY)
    subjects = offered(visitor, body["id"])["subjects"]
    page = visitor.client.post("/cy/concern", data={"body": BODY}).text
    for one in subjects:
        assert f'value="{one["kind"]}:{one["subject"]}"' in page
        assert one["cy"] != ""
        assert one["en"] != ""
    assert page.count('type="radio" value="') == len(subjects)
    assert [one["subject"] for one in subjects if one["kind"] == "matter"] == [one.value for one in MATTER_NAMES]
    assert {one["subject"]: one["asks_whom"] for one in subjects}["money"] is False


def test_the_cards_say_in_which_lane_somebody_reads(visitor: Visitor) -> None:
    body = next(one for one in offered(visitor)["bodies"] if one["slug"] == BODY)
    about = {"body": body["id"], "kind": "matter", "subject": "safety"}
    answer = visitor.client.post(f"{BOX}/cards", content=to_json({"about": about, "v": 1}))
    lanes = {one["group"].partition(":")[0]: one["lane"] for one in answer.json()["readers"]}
    assert lanes == {"employer": "joint", "independent": "joint", "on-call": "joint", "union": "union"}


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"{}",
        b'{"v":1}',
        b'{"body":1,"v":1}',
        b'{"body":"nobody","v":1}',
        b'{"body":null,"v":2}',
        b"[]",
        b"x" * 300,
    ],
)
def test_nonsense_and_what_is_not_there_are_answered_barely(visitor: Visitor, octets: bytes) -> None:
    answer = visitor.client.post(f"{BOX}/offered", content=octets)
    assert answer.status_code in {404, 413}
    assert "set-cookie" not in answer.headers
    assert answer.status_code == 413 or json.loads(answer.content) == {}


def test_it_is_open_to_pages_of_other_origins(visitor: Visitor) -> None:
    headers = {"origin": "null"}
    answer = visitor.client.post(f"{BOX}/offered", content=to_json({"body": None, "v": 1}), headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
