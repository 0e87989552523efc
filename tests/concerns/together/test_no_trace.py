"""Who cannot open a concern gets the same pages, by the same number of questions, whether it stands there or not."""

import re

import pytest
from fastapi import FastAPI

from anonymity.encoding import to_b64u
from portal.concerns.casework.rules import Theme
from portal.concerns.together import joint_routes, routes
from tests.concerns.casework.seated import Seated
from tests.concerns.casework.test_plans import questions
from tests.concerns.together.conftest import Taken
from tests.concerns.together.test_collectives import HERE, add, begin, take_out, told_by

DRAWN = re.compile(r'(name="(?:csrf|form_id)" (?:value|content)=|name="csrf" content=|nonce=)"[^"]*"')


@pytest.fixture
def app(seated: Seated) -> FastAPI:
    return seated.serve(joint_routes.router, routes.router)


def seen(seated: Seated, app: FastAPI, addresses: list[str]) -> list[tuple[int, str, int]]:
    """What a colleague with fewer concerns gets: status, page without what is drawn anew, number of questions."""
    found = []
    with seated.signed_in("second", app) as second:
        for address in addresses:
            with questions(seated.database.engine) as asked:
                answer = second.client.get(f"{HERE}{address}")
            found.append((answer.status_code, DRAWN.sub("", answer.text.replace(address, "")), len(asked)))
    return found


def test_a_colleague_sees_no_trace_of_what_others_put_there(seated: Seated, taken: Taken, app: FastAPI) -> None:
    shared = [taken("rep", "second", theme=Theme.PACE) for _ in range(2)]
    made, _outcomes = begin(seated, "rep", shared[0])
    key, other = to_b64u(shared[0]), to_b64u(shared[1])
    addresses = [
        "",
        f"/{made}",
        f"/{made}/threads",
        "/report",
        f"/choose?case={key}",
        f"/choose?case={other}",
        "/texts",
    ]
    before = seen(seated, app, addresses)
    hidden = [taken("rep", theme=Theme.PACE) for _ in range(12)]
    assert [one.refused for one in add(seated, "rep", made, *hidden)] == [None] * 12
    assert told_by(seated, "rep", made) == 10
    take_out(seated, "rep", made, hidden[0])
    alone, _outcomes = begin(seated, "rep", hidden[1])
    assert seen(seated, app, addresses) == before
    theirs, nobodys = ([f"/{one}", f"/{one}/threads"] for one in (alone, made[::-1]))
    assert seen(seated, app, theirs) == seen(seated, app, nobodys)
