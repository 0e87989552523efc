"""Open data as a program asks for it."""

import csv
import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from portal.core.db import Database
from portal.register.intake import FORMAT
from portal.register.opendata.description import EXAMPLES, describe
from portal.register.opendata.routes import CSV_PAGE, JSON_PAGE
from tests.register.opendata.conftest import PUBLIC_URL, take_in
from tests.register.opendata.examples import example_entry, served
from tests.visitors import Visitor

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"


@pytest.fixture
def crowded(register: Database, entry: dict[str, Any], now: datetime) -> list[str]:
    """More systems than one page of JSON holds; the codes of all."""
    codes = [f"DR7M{first}{second}" for first in LETTERS[:6] for second in LETTERS[:5]]
    copies = [{**entry, "slug": f"door-times-{at}", "short_code": code} for at, code in enumerate(codes)]
    take_in(register, now, *copies)
    return codes


def test_every_published_system_comes_once_page_by_page(visitor: Visitor, crowded: list[str]) -> None:
    path, found, pages = "/open-data/systems.json", [], 0
    while path:
        answer = visitor.get(path.removeprefix(PUBLIC_URL))
        told = answer.json()
        assert len(told["systems"]) <= JSON_PAGE
        assert answer.headers.get("link", "") == (f'<{told["next"]}>; rel="next"' if told["next"] else "")
        found += [one["short_code"] for one in told["systems"]]
        path, pages = told["next"] or "", pages + 1
    assert found == sorted(found) and len(found) == len(set(found))
    assert set(crowded) < set(found) and pages == 2
    lines = visitor.get("/open-data/systems.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == len(found) + 1 <= CSV_PAGE


def test_a_system_is_told_in_both_languages_with_its_versions(visitor: Visitor) -> None:
    told = visitor.get("/open-data/systems/k7rt3m.json").json()
    assert told["record"]["name"] == {"cy": "Telemateg y lorïau casglu", "en": "Refuse lorry telematics"}
    assert told["addresses"]["cy"] == f"{PUBLIC_URL}/cy/s/K7RT3M"
    assert told["is_current"] and told["version"] == told["versions"][0]["number"] == len(told["versions"])
    first = visitor.get(told["versions"][-1]["json"].removeprefix(PUBLIC_URL)).json()
    assert first["version"] == 1 and not first["is_current"]
    for path in ("systems/ZZZZZZ.json", "systems/K7RT3M.json?version=99", "systems/K7RT3M.xml", "systems/nonsense"):
        answer = visitor.get(f"/open-data/{path}")
        assert answer.status_code == 404
        assert answer.json()["title"].keys() == {"cy", "en"}


def test_an_answer_that_has_not_changed_is_not_sent_again(
    visitor: Visitor, register: Database, entry: dict[str, Any], now: datetime
) -> None:
    for path in ("systems.json", "systems.csv", "systems/K7RT3M.json", "openapi.json"):
        first = visitor.get(f"/open-data/{path}")
        again = visitor.get(f"/open-data/{path}", headers={"if-none-match": f'"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    before = visitor.get("/open-data/systems.json").headers["etag"]
    take_in(register, now, entry)
    assert visitor.get("/open-data/systems.json", headers={"if-none-match": before}).status_code == 200


def test_anybody_may_read_and_nobody_is_remembered(visitor: Visitor) -> None:
    for path in ("systems.json", "systems.csv", "systems/K7RT3M.json", "systems/ZZZZZZ.json", "openapi.json"):
        answer = visitor.get(f"/open-data/{path}", headers={"cookie": "porth_session=x", "origin": "https://a.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
        assert "cookie" not in answer.headers.get("vary", "").lower()
    asked = visitor.client.options("/open-data/systems.json", headers={"origin": "https://a.example"})
    assert asked.status_code == 204 and "if-none-match" in asked.headers["access-control-allow-headers"]
    head = visitor.client.head("/open-data/systems.json")
    assert head.status_code == 200 and head.content == b"" and head.headers["etag"]
    assert "access-control-allow-origin" not in visitor.get("/cy/open-data").headers


def test_a_strange_question_is_refused_in_both_languages(visitor: Visitor) -> None:
    assert visitor.get("/open-data/systems.json?after=%27").status_code == 400
    assert visitor.get("/open-data/systems.csv?body=nobody").status_code == 404
    assert visitor.get(f"/open-data/systems.csv?body={'x' * 200}").status_code == 404
    only = visitor.get("/open-data/systems.json?body=dyffryn-cledwen").json()["systems"]
    assert {one["body"]["slug"] for one in only} == {"dyffryn-cledwen"}


def test_no_cell_of_the_spreadsheet_is_a_formula(
    visitor: Visitor, register: Database, entry: dict[str, Any], now: datetime
) -> None:
    entry["record"]["name"] = {"cy": '=HYPERLINK("https://a.example")', "en": "@SUM(1)\n, 2"}
    take_in(register, now, entry)
    answer = visitor.get("/open-data/systems.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["short_code"]: row for row in csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""))}
    row = rows[entry["short_code"]]
    assert row["name_cy"].startswith("'=") and row["name_en"].startswith("'@")
    assert rows["K7RT3M"]["decision_points_that_decide"].isdigit()


def test_the_description_is_valid_and_its_examples_are_what_is_served(tmp_path: Path) -> None:
    told = json.loads(json.dumps(describe(PUBLIC_URL)))
    validate(told)
    assert json.loads(EXAMPLES.read_text(encoding="utf-8")) == served(tmp_path), (
        "run  python -m tests.register.opendata.examples"
    )


def test_the_schema_of_the_register_s_file_is_served_and_holds_the_example(visitor: Visitor) -> None:
    answer = visitor.get("/open-data/porth-register-2.schema.json")
    assert answer.headers["content-type"] == "application/schema+json"
    Draft202012Validator.check_schema(answer.json())
    Draft202012Validator(answer.json()).validate({"format": FORMAT, "entries": [example_entry()]})


def test_the_page_for_people_names_every_address(visitor: Visitor) -> None:
    for locale in ("cy", "en"):
        page = visitor.get(f"/{locale}/open-data").text
        for name in ("systems.json", "systems.csv", "systems/K7RT3M.json", "openapi.json"):
            assert f"{PUBLIC_URL}/open-data/{name}" in page
