"""The pages of records: of who has them, of the officer, of the worker with an account and with ten words."""

import re

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.core.errors import Refused
from portal.decision_review.evidence import cutting, service
from portal.decision_review.evidence.models import EvidenceItem, EvidencePack
from portal.decision_review.evidence.queries import item_context
from portal.decision_review.evidence.rules import ItemKind
from tests.decision_review.conftest import EMYR, LOWRI, MAIR, SARAH, Reviews, sent
from tests.decision_review.recording import asked, blobs_of, frozen
from tests.demonstrated import ELIN, GWYNFOR
from tests.visitors import Visitor

FILE = "rota.txt", b"Mair Eleri Puw 5151: golau coch\nGwynfor: golau gwyrdd\n", "text/plain"
ITEM = {
    "kind": "input",
    "label": "Map",
    "value": "Map 6161",
    "as-of-day": "22",
    "as-of-month": "9",
    "as-of-year": "2025",
    "source": "Cyflenwr",
}


@pytest.fixture
def asked_for(reviews: Reviews) -> tuple[str, str]:
    """The reference of a review whose records are asked for, and their address for their owner."""
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        return case.reference, f"/en/my/records/{asked(session, reviews, case).id}"


def add(visitor: Visitor, path: str, file: tuple[str, bytes, str] | None = None, **changes: str) -> int:
    visitor.get(path)
    files = {"file": file or ("", b"", "application/octet-stream")}
    return int(visitor.post(f"{path}/add", {**ITEM, **changes}, files=files).status_code)


def test_the_owner_adds_takes_out_and_freezes_and_reads_nothing_else(
    reviews: Reviews, asked_for: tuple[str, str]
) -> None:
    reference, path = asked_for
    with reviews.world.signed_in(EMYR) as emyr:
        assert reference in emyr.get("/cy/my/records").text
        assert "Nid oedd y map yn gywir" not in emyr.get(path).text
        assert add(emyr, path, kind="", value="") == 422
        assert "Cyflenwr" in emyr.page.text
        assert add(emyr, path, kind="invented") == 422
        assert add(emyr, path) == 303
        assert add(emyr, path, FILE, kind="seen", value="") == 303
        assert "6161" in emyr.get(path).text
        assert emyr.post(path, {"act": "freeze"}).status_code == 422
        items = re.findall(r'name="item" value="(\w+)"', emyr.get(path).text)
        download = emyr.client.get(f"{path}/{items[1]}")
        assert (download.content, download.headers["content-disposition"][:10]) == (FILE[1], "attachment")
        assert emyr.post(path, {"act": "remove", "item": items[0]}).status_code == 303
        for kind in ("input", "output", "acted"):
            assert add(emyr, path, kind=kind) == 303
        emyr.get(path)
        assert emyr.post(path, {"act": "freeze"}).status_code == 303
        assert emyr.client.get(path).status_code == 404
    on_disk = b"".join(one.read_bytes() for one in reviews.world.folder.rglob("*") if one.is_file())
    assert b"6161" not in on_disk
    assert b"5151" not in on_disk


@pytest.mark.parametrize("email", [GWYNFOR, SARAH, LOWRI, ELIN])
def test_nobody_else_meets_records_that_are_put_together(
    reviews: Reviews, asked_for: tuple[str, str], email: str
) -> None:
    _reference, path = asked_for
    with reviews.world.signed_in(email) as visitor:
        assert visitor.client.get(path).status_code == 404
        visitor.get("/en/my")
        assert visitor.post(path, {"act": "freeze"}).status_code == 404
        assert add_blind(visitor, path) == 404


def add_blind(visitor: Visitor, path: str) -> int:
    visitor.get("/en/my/records")
    return int(visitor.post(f"{path}/add", ITEM, files={"file": FILE}).status_code)


def test_the_officer_cuts_names_out_of_a_file_shares_and_answers_and_the_worker_reads_and_corrects(
    reviews: Reviews, asked_for: tuple[str, str]
) -> None:
    reference, path = asked_for
    with reviews.world.signed_in(EMYR) as emyr:
        assert add(emyr, path, FILE, kind="seen", value="") == 303
        for kind in ("input", "output", "acted"):
            add(emyr, path, kind=kind)
        emyr.get(path)
        emyr.post(path, {"act": "freeze"})
    with reviews.world.database.reading() as session:
        file_id = session.scalars(
            select(EvidenceItem.id).join(Case, Case.reference == reference).where(EvidenceItem.size == len(FILE[1]))
        ).one()
    desk, own = f"/en/my/desk/reviews/{reference}/records", f"/cy/my/review/{reference}/records"
    with reviews.world.signed_in(MAIR) as mair:
        pack = path.rpartition("/")[2]
        mair.get(desk)
        assert mair.post(f"{desk}/cut", {"item": file_id, f"gone-{file_id}": "Dafydd"}).status_code == 422
        mair.get(desk)
        assert mair.post(f"{desk}/cut", {"item": file_id, f"gone-{file_id}": "Mair Eleri Puw"}).status_code == 303
        assert b"5151" in mair.client.get(f"{desk}/{file_id}").content
        assert b"Eleri" not in mair.client.get(f"{desk}/{file_id}?copy=shared").content
        mair.get(desk)
        assert mair.post(desk, {"act": "share", "pack": pack, "form_id": "d" * 26}).status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(own).text
        assert "Map 6161" in page
        assert "Eleri" not in gwynfor.client.get(f"{own}/{file_id}").text
        item = re.findall(r'<input[^>]*name="item"[^>]*value="(\w+)"', page)[1]
        wrong = {"act": "correct", "item": item, "wrong": "hen 7171", "right": "newydd", "form_id": "e" * 26}
        assert gwynfor.post(own, {**wrong, "right": ""}).status_code == 422
        assert "7171" in gwynfor.page.text
        assert gwynfor.post(own, wrong).status_code == 303
        gwynfor.get(own)
        assert gwynfor.post(own, {"act": "days", "days": "2"}).status_code == 422
        gwynfor.get(own)
        assert gwynfor.post(own, {"act": "say", "side": "Fy ochr 8181"}).status_code == 303
        gwynfor.get(own)
        assert gwynfor.post(own, {"act": "done"}).status_code == 303
        assert "8181" in gwynfor.get(own).text
    with reviews.world.signed_in(MAIR) as mair:
        page = mair.get(desk).text
        assert "8181" in page
        correction = re.findall(r'name="correction" value="(\w+)"', page)[0]
        said = {"act": "answer", "correction": correction, f"answer-{correction}": "rejected"}
        assert mair.post(desk, said).status_code == 422
        mair.get(desk)
        assert mair.post(desk, {**said, f"words-{correction}": "Mae’r map yn iawn 9191"}).status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        assert "9191" in gwynfor.get(own).text


def test_a_cut_copy_is_gone_when_the_file_is_shared_whole_after_all(
    reviews: Reviews, asked_for: tuple[str, str]
) -> None:
    reference, path = asked_for
    with reviews.world.signed_in(EMYR) as emyr:
        assert add(emyr, path, FILE, kind="seen", value="") == 303
    blobs = blobs_of(reviews)
    with reviews.world.database.writing() as session:
        item = session.scalars(select(EvidenceItem).where(EvidenceItem.size == len(FILE[1]))).one()
        pack = session.get_one(EvidencePack, item.pack_id)
        case = session.get_one(Case, pack.case_id)
        frozen(session, reviews, case, pack)
        copy = blobs.put([b"x"], context=item_context("shared_blob_id", item.id))
        cutting.keep_cut(session, reviews[MAIR], case, item, copy, desk=reviews.desk)
        item_id = item.id
    assert list(reviews.world.settings.blob_folder.rglob(f"{copy}*"))
    desk = f"/en/my/desk/reviews/{reference}/records"
    with reviews.world.signed_in(MAIR) as mair:
        mair.get(desk)
        assert mair.post(desk, {"act": "show", "item": item_id}).status_code == 303
    assert not list(reviews.world.settings.blob_folder.rglob(f"{copy}*"))


def test_an_officer_of_another_body_and_a_late_change_find_nothing(
    reviews: Reviews, asked_for: tuple[str, str]
) -> None:
    reference, _path = asked_for
    desk = f"/en/my/desk/reviews/{reference}/records"
    with reviews.world.signed_in("rhodri.vaughan@glannau-ogwen.example") as rhodri:
        assert rhodri.client.get(desk).status_code == 404
    with reviews.world.signed_in(MAIR) as mair:
        assert mair.get(desk).status_code == 200
        for act in ("go_on", "ask"):
            mair.get(desk)
            assert mair.post(desk, {"act": act, "form_id": "f" * 26}).status_code == 422
        mair.get(desk)
        assert mair.post(desk, {"act": "ask", "owner": "nobody@dyffryn-cledwen.example"}).status_code == 422
        assert mair.post(desk, {"act": "ask", "owner": SARAH}).status_code == 303
        assert "Sarah Whitlock" in mair.get(desk).text
    with reviews.world.signed_in(SARAH) as sarah:
        assert reference in sarah.get("/en/my/records").text


def test_words_are_cut_only_where_that_can_be_proven(reviews: Reviews) -> None:
    done = cutting.cut_file(FILE[0], FILE[1], ["Mair Eleri Puw"])
    assert b"Eleri" not in done.data
    for name, words in ((FILE[0], ["Dafydd"]), ("map.zip", ["Mair"])):
        with pytest.raises(Refused):
            cutting.cut_file(name, FILE[1], words)
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        item = session.scalars(
            select(EvidenceItem).where(EvidenceItem.pack_id == pack.id, EvidenceItem.kind == ItemKind.INPUT)
        ).one()
        with pytest.raises(Refused):
            cutting.keep_cut(session, reviews[MAIR], case, item, "a" * 26, desk=reviews.desk)


def begin(visitor: Visitor, reference: str) -> str:
    """The address of a version that an officer began."""
    path = f"/en/my/desk/reviews/{reference}/records"
    visitor.get(path)
    answer = visitor.post(f"{path}/begin", {})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_an_officer_adds_records_beside_what_is_frozen_and_the_worker_reads_that_they_came_later(
    reviews: Reviews, asked_for: tuple[str, str]
) -> None:
    reference, _path = asked_for
    with reviews.world.database.writing() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        pack = session.scalars(select(EvidencePack).where(EvidencePack.case_id == case.id)).one()
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
    with reviews.world.signed_in(MAIR) as mair:
        at = begin(mair, reference)
        assert "later version" in mair.get(at).text
        assert add(mair, at, kind="", value="") == 422 and "Cyflenwr" in mair.page.text
        assert add(mair, at, kind="known_issue") == 303
        assert add(mair, at, FILE, kind="seen", value="") == 303
        item = re.findall(r'name="item" value="(\w+)"', mair.get(at).text)[-1]
        assert mair.client.get(f"{at}/{item}").content == FILE[1]
        records = mair.get(f"/en/my/desk/reviews/{reference}/records")
        assert "Nobody: an officer adds them" in records.text and "one version is being put" not in records.text.lower()
        again = mair.post(f"/en/my/desk/reviews/{reference}/records/begin", {})
        assert again.status_code == 422 and "One version is being put together already" in again.text
        mair.get(at)
        assert mair.post(at, {"act": "freeze"}).status_code == 303
        assert mair.client.get(at).status_code == 404
        records = mair.get(f"/en/my/desk/reviews/{reference}/records")
        assert "Added later: version 2" in records.text
        packs = re.findall(r'name="pack" value="(\w+)"', records.text)
        sending = {"act": "share", "pack": packs[0]}
        assert mair.post(f"/en/my/desk/reviews/{reference}/records", sending).status_code == 303
    with reviews.world.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(f"/cy/my/review/{reference}/records").text
        assert "rota.txt" in page and "fersiwn 2" in page.lower()


@pytest.mark.parametrize("email", [GWYNFOR, EMYR, SARAH, ELIN])
def test_only_officers_begin_a_version_of_their_own(reviews: Reviews, asked_for: tuple[str, str], email: str) -> None:
    reference, path = asked_for
    own_id = path.rsplit("/", 1)[1]
    at = f"/en/my/desk/reviews/{reference}/records"
    with reviews.world.signed_in(email) as visitor:
        assert visitor.client.get(f"{at}/version/{own_id}").status_code in {403, 404}
        visitor.get("/en/my")
        assert visitor.post(f"{at}/begin", {}).status_code in {403, 404}
        assert add(visitor, f"{at}/version/{own_id}") in {403, 404}
