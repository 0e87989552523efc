"""A draft as a file: what was downloaded comes back the same, and a faulty file is told all its faults at once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from portal.register.intake import MOST_BYTES
from portal.register.models import SystemDraft
from tests.demonstrated import Demonstrated
from tests.visitors import CSRF, Visitor

NON, SARAH = "non.elidir@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"
EDIT = "/en/my/desk/register/K7RT3M/edit"
FILE = f"{EDIT}/file"


@pytest.fixture
def non(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.signed_in(NON) as visitor:
        yield visitor


def bring(visitor: Visitor, data: bytes, *, name: str = "record.json", sure: str = "yes") -> Any:
    """Send a file as the form does: the token first, then the box, then the file."""
    visitor.get(FILE)
    token = CSRF.search(visitor.page.text)
    assert token is not None
    fields = {"csrf": token.group(1), "sure": sure}
    visitor.page = visitor.client.post(FILE, data=fields, files={"file": (name, data, "application/json")})
    return visitor.page


def published(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.get(f"{FILE}/published.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="K7RT3M-published.json"'
    found: dict[str, Any] = answer.json()
    return found


def test_what_was_downloaded_comes_back_as_a_draft(non: Visitor, demonstrated: Demonstrated) -> None:
    file = published(non)
    file["entries"][0]["record"]["summary"]["en"] = "Another summary"
    assert bring(non, json.dumps(file).encode()).status_code == 303
    draft = non.get(f"{FILE}/draft.json").json()
    assert draft["entries"][0]["record"]["summary"]["en"] == "Another summary"
    assert draft["entries"][0]["draft"] is True
    with demonstrated.database.reading() as session:
        row = session.scalars(select(SystemDraft)).one()
        assert row.languages["summary"]["en"] == "draft" and row.authors
    assert list(demonstrated.settings.blob_folder.glob("*")) == list(demonstrated.settings.blob_folder.glob("*/"))


def test_every_fault_is_listed_and_nothing_is_taken(non: Visitor, demonstrated: Demonstrated) -> None:
    file = published(non)
    record = file["entries"][0]["record"]
    record["one_sentence"]["cy"] = "x" * 161
    record["colour"] = "blue"
    record["affected"][0]["strength"] = "rules"
    answer = bring(non, json.dumps(file).encode())
    assert answer.status_code == 422 and "The file has 3 faults" in answer.text
    for place in ("one_sentence.cy", "colour", "affected[1].strength"):
        assert f"<code>{place}</code>" in answer.text
    with demonstrated.database.reading() as session:
        assert session.scalars(select(SystemDraft)).all() == []


@pytest.mark.parametrize("data", [b"not JSON", b"[]", b'{"format": "porth-register/2", "entries": []}', b"\xff\xfe"])
def test_what_is_no_file_of_the_register_is_refused(non: Visitor, data: bytes) -> None:
    assert bring(non, data).status_code == 422


def test_a_file_that_is_too_large_names_the_limit_and_the_command_for_larger_ones(non: Visitor) -> None:
    answer = bring(non, b" " * (MOST_BYTES + 1))
    assert answer.status_code == 422
    assert "The limit is 10 MB." in answer.text and "porth import register" in answer.text


def test_a_place_that_the_directory_does_not_know_is_a_fault(non: Visitor) -> None:
    file = published(non)
    file["entries"][0]["record"]["affected"][0]["workplace"] = "nowhere"
    answer = bring(non, json.dumps(file).encode())
    assert answer.status_code == 422 and "affected[1].workplace" in answer.text


def test_only_a_json_file_and_only_once_sure(non: Visitor) -> None:
    assert "Choose a JSON file" in bring(non, b"{}", name="record.pdf").text
    assert "the draft is replaced as a whole" in bring(non, b"{}", sure="").text


def test_files_are_for_editors(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(SARAH) as visitor:
        for path in (FILE, f"{FILE}/draft.json", f"{FILE}/published.json"):
            assert visitor.get(path).status_code == 404
