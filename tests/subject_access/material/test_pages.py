"""The pages of material: adding, deciding, cutting, the copy, and what strangers see."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from portal.subject_access.material.models import Material
from portal.web.arriving import Limits
from tests.documents.papers import simple
from tests.documents.sheets import hiding
from tests.subject_access.browsing import case_of, sign_in
from tests.subject_access.conftest import World
from tests.subject_access.material.filing import found
from tests.visitors import Visitor, visiting

DESK = "/en/my/desk/access"
TEXT = b"Mali Tudur and Gwyn were both there."


@pytest.fixture
def address(world: World) -> str:
    """Where the material of a request stands that has come so far."""
    with world.database.writing() as session:
        return f"{DESK}/{found(world, session).reference}/material"


@pytest.fixture
def helen(rooms: FastAPI) -> Iterator[Visitor]:
    with visiting(rooms) as one:
        sign_in(one, "helen")
        yield one


def send(visitor: Visitor, address: str, *files: tuple[str, bytes], **fields: str) -> Any:
    visitor.get(address)
    typed = {"csrf": visitor.hidden()["csrf"], **fields}
    parts = [("files", (name, data, "application/octet-stream")) for name, data in files]
    visitor.page = visitor.client.post(address, data=typed, files=parts)
    return visitor.page


def press(visitor: Visitor, seen: str, to: str, **fields: str) -> Any:
    visitor.get(seen)
    return visitor.post(to, {**visitor.hidden(), **fields})


def decide(visitor: Visitor, item: str, decision: str, **fields: str) -> Any:
    typed = {"reporter": "no", "decision": decision, "go": "stay", **fields}
    return press(visitor, item, f"{item}/decide", **typed)


def blobs(world: World) -> list[str]:
    return [path.name for path in world.settings.blob_folder.glob("*")]


def items(world: World) -> list[Material]:
    with world.database.reading() as session:
        found = list(session.scalars(select(Material).order_by(Material.number)))
        session.expunge_all()
        return found


def zipped(name: str, octets: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, octets)
    return out.getvalue()


def test_many_files_come_in_at_once_and_the_good_ones_are_kept(world: World, officer: Visitor, address: str) -> None:
    marked = zipped("note.txt", b"porth-sealed-export")
    page = send(
        officer, address, ("one.txt", TEXT), ("empty.txt", b""), ("concern.zip", marked), ("one again.txt", TEXT),
        said="Notes of <March>",
    )  # fmt: skip
    assert page.status_code == 422
    assert "empty.txt: The file is empty" in page.text
    assert "concern.zip: This is an export of the sealed channel" in page.text
    assert "The other files were added" in page.text
    assert "Notes of &lt;March&gt;" in page.text
    assert [(item.number, item.size) for item in items(world)] == [(1, len(TEXT)), (2, len(TEXT))]
    assert len(blobs(world)) == 2
    assert TEXT not in b"".join((world.settings.blob_folder / name).read_bytes() for name in blobs(world))
    assert "is also here as item: 2" in officer.get(f"{address}/1").text
    assert "is also here as item: 1" in officer.get(address).text


def test_a_form_without_files_or_with_days_the_wrong_way_round_keeps_nothing(
    world: World, officer: Visitor, address: str
) -> None:
    assert "Choose a file" in send(officer, address, said="x").text
    days = {"from-day": "2", "from-month": "3", "from-year": "2026", "to-day": "1", "to-month": "3", "to-year": "2026"}
    page = send(officer, address, ("a.txt", TEXT), **days)
    assert page.status_code == 422
    assert "The last day must not be before the first day" in page.text
    assert (blobs(world), items(world)) == ([], [])


def test_too_many_files_and_too_large_ones_say_so(
    world: World, officer: Visitor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Limits(None, 2, 1024 * 1024, 4 * 1024 * 1024)
    monkeypatch.setattr("portal.subject_access.material.receiving.LIMITS", small)
    files = [("big.bin", b"x" * (1024 * 1024 + 1)), ("b.txt", b"b"), ("c.txt", b"c")]
    page = send(officer, address, *files)
    assert "big.bin: The file is too large. The limit is 1 MB" in page.text
    assert "c.txt: More files came than can be taken at once" in page.text
    assert [item.size for item in items(world)] == [1]
    assert send(officer, address, ("d.bin", b"x" * (5 * 1024 * 1024))).status_code == 413
    assert len(blobs(world)) == 1


def test_nothing_is_left_of_a_form_that_breaks_off(world: World, officer: Visitor, address: str) -> None:
    officer.get(address)
    head = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = head.format("csrf", "") + officer.hidden()["csrf"] + "\r\n"
    body += head.format("files", '; filename="a.txt"') + "hello" * 400
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert officer.client.post(address, content=body.encode(), headers=kind).status_code >= 400
    forged = body.replace(officer.hidden()["csrf"], "nonsense") + "\r\n--x--\r\n"
    assert officer.client.post(address, content=forged.encode(), headers=kind).status_code == 403
    assert (blobs(world), items(world)) == ([], [])
    assert officer.client.post(address, content=f"{body}\r\n--x--\r\n".encode(), headers=kind).status_code == 303
    assert [item.size for item in items(world)] == [2000]


def test_what_an_item_is_can_be_said_later_and_the_decision_stays(officer: Visitor, address: str) -> None:
    send(officer, address, ("one.txt", TEXT))
    item = f"{address}/1"
    decide(officer, item, "withhold", exemption="privilege", reason="Advice")
    days = {"from-day": "31", "from-month": "2", "from-year": "2026"}
    wrong = press(officer, item, f"{item}/about", said="Minutes & notes", **days)
    assert wrong.status_code == 422
    assert "Minutes &amp; notes" in wrong.text
    assert ">\nAdvice</textarea>" in wrong.text
    right = {**days, "from-day": "28"}
    assert press(officer, item, f"{item}/about", said="Minutes & notes", **right).status_code == 303
    assert "28 February 2026 – …" in officer.get(address).text


def test_a_decision_keeps_what_was_typed_and_goes_on_to_the_next(officer: Visitor, world: World, address: str) -> None:
    send(officer, address, ("one.txt", TEXT), ("two.txt", b"two"))
    wrong = decide(officer, f"{address}/1", "withhold", exemption="other_people", reason="My <b>reason")
    assert wrong.status_code == 422
    assert "My &lt;b&gt;reason" in wrong.text
    assert "Say what you found at this step" in wrong.text
    steps = {"without_naming": "no", "consent": "not asked", "reasonable": "no"}
    right = decide(officer, f"{address}/1", "withhold", exemption="other_people", reason="r", go="next", **steps)
    assert right.headers["location"] == f"{address}/2"
    conflict = decide(officer, f"{address}/1", "release", version="1", reason="Typed by the second officer")
    assert conflict.status_code == 422
    assert "Somebody has changed this item" in conflict.text
    assert "Typed by the second officer" in conflict.text
    assert decide(officer, f"{address}/2", "release", go="next").headers["location"] == address
    page = officer.get(f"{address}?show=withheld").text
    assert "one.txt" in page
    assert "two.txt" not in page
    assert "Everything is decided" in page


def test_words_are_counted_cut_undone_and_gone_from_the_copy(officer: Visitor, world: World, address: str) -> None:
    original = simple(b"About Mali Tudur", b"and Gwyn")
    send(officer, address, ("note.pdf", original))
    item = f"{address}/1"
    decide(officer, item, "part", exemption="privilege", reason="r")
    count = press(officer, f"{item}/cut", f"{item}/cut", words="mali tudur", go="count")
    assert "These words stand there 1 time." in count.text
    why = {"exemption": "other_people", "reason": "A colleague", "go": "cut"}
    assert press(officer, f"{item}/cut", f"{item}/cut", words="Mali Tudur").status_code == 422
    assert press(officer, f"{item}/cut", f"{item}/cut", words="Mali Tudur", **why).status_code == 303
    box = {"page": "1", "left": "1", "top": "80", "right": "60,5", "bottom": "99"}
    assert press(officer, f"{item}/cut?sort=area", f"{item}/cut", **{**box, **why, "right": "1"}).status_code == 422
    assert press(officer, f"{item}/cut?sort=area", f"{item}/cut", **box, **why).status_code == 303
    page = officer.get(f"{item}/cut").text
    assert "A box on page 1" in page
    lines = re.findall(r'name="line" value="([^"]+)"', page)
    assert press(officer, f"{item}/cut", f"{item}/uncut", line=lines[1]).status_code == 303
    assert press(officer, f"{item}/cut", f"{item}/copy").headers["location"] == item
    page = officer.get(item).text
    assert "none of it is there" in page
    assert "Nothing is hidden in this copy" in page
    assert "Mali" not in officer.get(f"{item}/look?copy=1").text.replace("Mali Tudur.", "")
    assert officer.get(f"{item}/page/1?copy=1").content.startswith(b"\x89PNG")
    assert officer.get(f"{item}/page/9").status_code == 404
    given = officer.get(f"{item}/copy/1")
    assert given.headers["content-disposition"].startswith('attachment; filename="note.pdf"')
    assert "sandbox" in given.headers["content-security-policy"]
    assert b"Mali" not in given.content
    assert officer.get(f"{item}/file").content == original


def test_the_hidden_sheet_is_named_and_fixed_and_the_rest_is_let_stand_with_a_reason(
    officer: Visitor, world: World, address: str
) -> None:
    send(officer, address, ("rota.xlsx", hiding(1204)))
    item = f"{address}/1"
    assert decide(officer, item, "release").status_code == 303
    page = officer.get(item).text
    assert "Sheet “Mali list” is hidden and has 1,204 rows" in page
    assert "1 item has findings that are neither fixed nor accepted: 1" in officer.get(address).text
    first = re.search(rf"{item}/accept/([a-z2-7]+)", page)
    assert first is not None
    assert press(officer, first[0], first[0]).status_code == 422
    assert press(officer, first[0], first[0], because="He made it <i>").status_code == 303
    page = officer.get(item).text
    assert "He made it &lt;i&gt;" in page
    assert press(officer, item, f"{item}/fix").status_code == 303
    assert "Nothing is hidden in this copy" in officer.get(item).text
    assert "Mali Tudur 7" not in officer.get(f"{item}/look?copy=1").text
    assert "Mali Tudur 7" in officer.get(f"{item}/look?part=1").text
    assert "Everything is decided" in officer.get(address).text


def test_a_file_that_nobody_can_look_into_stands_only_with_who_opened_it_and_what_it_is(
    officer: Visitor, world: World, address: str
) -> None:
    send(officer, address, ("strange.bin", b"\x00\x01\x02"))
    item = f"{address}/1"
    assert decide(officer, item, "release").status_code == 303
    link = re.search(rf"{item}/accept/([a-z2-7]+)", officer.get(item).text)
    assert link is not None
    assert "Who opened it, where, and with which program?" in officer.get(link[0]).text
    typed = {"because": "It is theirs", "unseen": "1", "opened_by": "Siân, in her own program"}
    refused = press(officer, link[0], link[0], **typed)
    assert refused.status_code == 422
    assert "Write what is in the file" in refused.text
    assert "Say who opened this file" in press(officer, link[0], link[0], because="x", unseen="").text
    assert press(officer, link[0], link[0], **typed, content="A rota of March").status_code == 303
    assert "A rota of March" in officer.get(item).text
    assert "neither fixed nor accepted" in officer.get(address).text
    assert "waits for another officer" in officer.get(link[0]).text
    assert press(officer, link[0], link[0], answer="yes").status_code == 422
    with visiting(officer.client.app) as bethan:  # type: ignore[arg-type]
        sign_in(bethan, "bethan")
        assert "A rota of March" in bethan.get(link[0]).text
        assert press(bethan, link[0], link[0], answer="yes").status_code == 303
    assert "Second person: bethan" in officer.get(item).text
    assert "Everything is decided" in officer.get(address).text


def test_cells_and_sheets_are_cut_by_what_the_picker_shows(officer: Visitor, world: World, address: str) -> None:
    send(officer, address, ("rota.xlsx", hiding(3)), ("list.csv", b"name,score\r\nMali,1\r\n"))
    why = {"exemption": "not_about_them", "reason": "Others", "go": "cut"}
    for number, typed, said in (
        (1, {"sort": "cells", "sheet": "0", "cells": "b2:b3"}, "Cells B2:B3 of sheet “Rota”"),
        (1, {"sort": "sheet", "sheet": "1"}, "The whole of sheet “Mali list”"),
        (2, {"sort": "cells", "sheet": "0", "cells": "A:A"}, "Cells A:A"),
    ):
        item = f"{address}/{number}"
        page = f"{item}/cut?sort={typed['sort']}"
        wrong = press(officer, page, f"{item}/cut", **{**typed, **why, "cells": "everything!", "sheet": "7"})
        assert wrong.status_code == 422
        assert press(officer, page, f"{item}/cut", **typed, **why).status_code == 303, said
        assert said in officer.get(page).text


def test_a_file_that_cannot_be_read_is_told_so_and_can_be_withheld(officer: Visitor, address: str) -> None:
    send(officer, address, ("broken.pdf", b"%PDF-1.7 nonsense"))
    item = f"{address}/1"
    assert "This file cannot be read" in officer.get(f"{item}/look").text
    assert "This file cannot be read" in officer.get(f"{item}/cut").text
    assert decide(officer, item, "release").status_code == 303
    assert "nobody can look inside" in officer.get(item).text


def test_a_second_officer_clears_what_concerns_a_reporter(
    officer: Visitor, world: World, rooms: FastAPI, address: str
) -> None:
    send(officer, address, ("one.txt", TEXT))
    item = f"{address}/1"
    assert decide(officer, item, "release", reporter="yes").status_code == 303
    assert "Clear it" not in officer.get(item).text
    assert "waits for a second person" in officer.get(address).text
    refused = press(officer, item, f"{item}/clear")
    assert refused.status_code == 422
    assert "Somebody else has to clear it" in refused.text


def test_who_searches_adds_files_to_their_task_and_sees_what_they_added(
    world: World, officer: Visitor, helen: Visitor, visitor: Visitor
) -> None:
    with world.database.writing() as session:
        case = found(world, session)
        reference = case.reference
    plan = officer.get(f"{DESK}/{reference}/search").text
    task = re.search(r'href="/en/my/desk/access/[^"]+/search/([a-z2-7]{26})"', plan)
    assert task is not None
    page = f"/en/my/tasks/{task[1]}/material"
    assert "Nothing was added yet" in helen.get(page).text
    assert send(helen, page, ("found.txt", TEXT), said="What I found").status_code == 303
    assert "What I found" in helen.get(page).text
    assert "found.txt" in officer.get(f"{DESK}/{reference}/material").text
    assert case_of(world, reference).version
    assert [item.added_by for item in items(world)] == [world["helen"].account_id]
    sign_in(visitor, "gwen")
    assert visitor.get(page).status_code == 404
    assert helen.get(f"{DESK}/{reference}/material").status_code in (403, 404)
    for end in ("", "/1", "/1/cut", "/1/look", "/1/file", "/1/page/1", "/1/copy/1"):
        assert visitor.get(f"{DESK}/{reference}/material{end}").status_code in (403, 404)


def test_an_item_that_is_not_there_and_another_bodys_are_the_common_page(
    officer: Visitor, world: World, rooms: FastAPI, address: str
) -> None:
    send(officer, address, ("one.txt", TEXT))
    assert officer.get(f"{address}/2").status_code == 404
    with visiting(rooms) as other:
        other.get("/en/my/sign-in")
        other.sign_in("dafydd@mynach.example")
        for end in ("", "/1", "/1/cut", "/1/look", "/1/file", "/1/page/1"):
            assert other.get(f"{address}{end}").status_code == 404
        other.get("/en/my")
        assert other.client.post(address, data={"csrf": "x"}, files={"files": ("a", b"b")}).status_code in (403, 404)


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_the_pages_open_in_both_languages(officer: Visitor, world: World, address: str, locale: str) -> None:
    send(officer, address, ("one.txt", TEXT), ("rota.xlsx", hiding(3)), ("a.pdf", simple(b"Hello")))
    there = address.replace("/en/", f"/{locale}/")
    ends = ["", "?show=undecided", "/1", "/1/cut", "/2/cut?sort=sheet", "/2/look", "/3/cut?sort=area", "/3/look"]
    for end in ends:
        page = officer.get(there + end)
        assert page.status_code == 200, end
        assert page.text.count("<h1") == 1
