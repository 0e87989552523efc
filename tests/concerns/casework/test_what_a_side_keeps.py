"""Labels, replies and saved choices of a side: two people agree them, and no other side ever meets them."""

import re
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.concerns.casework import labels, labels_pages, pairs, pairs_pages
from portal.concerns.casework.models import CaseworkView, ReplyPair, SideLabel
from portal.concerns.casework.rules import Purpose
from portal.concerns.casework.saved import MOST_VIEWS, delete_view, list_views, save_view
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import new_id
from portal.core.text import Bilingual
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat

ROTA = Bilingual("Rota nos", "Night rota")
WRITTEN = pairs.Written(
    Purpose.NEWS,
    Bilingual("Wrthi o hyd", "Still at it"),
    Bilingual("Rydym wrthi o hyd.", "We are still working on it."),
)
ID = re.compile(r"/en/my/concerns/(?:labels|replies)/([a-z0-9]{26})")


@dataclass
class Rooms:
    seated: Seated
    app: FastAPI


@pytest.fixture
def seated(database: Database, settings: Settings) -> Seated:
    return seat(database, settings)


@pytest.fixture
def rooms(seated: Seated) -> Rooms:
    return Rooms(seated, seated.serve(labels_pages.router, pairs_pages.router))


def propose(seated: Seated, who: str, home: str = "branch", name: Bilingual = ROTA) -> str:
    with seated.database.writing() as session:
        found = labels.propose_label(
            session, seated.actor(who), name, home_id=seated.homes[home], label_id=new_id(), desk=seated.desk
        )
        return found.id


def approve(seated: Seated, who: str, label_id: str) -> None:
    with seated.database.writing() as session:
        actor = seated.actor(who)
        labels.approve_label(session, actor, labels.get_label(session, actor, label_id), desk=seated.desk)


def usable(seated: Seated, who: str) -> list[str]:
    with seated.database.reading() as session:
        return [label.name_en for label in labels.list_usable(session, seated.actor(who))]


def write(seated: Seated, who: str, home: str = "branch", written: pairs.Written = WRITTEN) -> str:
    with seated.database.writing() as session:
        pair = pairs.write_pair(
            session, seated.actor(who), written, home_id=seated.homes[home], pair_id=new_id(), desk=seated.desk
        )
        return pair.id


def ready(seated: Seated, who: str) -> list[str]:
    with seated.database.reading() as session:
        return [pair.id for pair in pairs.list_ready(session, seated.actor(who))]


def test_a_label_can_be_used_once_a_second_person_of_the_same_home_has_approved_it(seated: Seated) -> None:
    label_id = propose(seated, "rep")
    assert usable(seated, "rep") == []
    with pytest.raises(Refused):
        approve(seated, "rep", label_id)
    for stranger in ("head", "outside", "rival", "elsewhere"):
        with pytest.raises(NotFound):
            approve(seated, stranger, label_id)
    approve(seated, "second", label_id)
    assert usable(seated, "rep") == usable(seated, "second") == ["Night rota"]
    for stranger in ("head", "outside", "rival", "elsewhere"):
        assert usable(seated, stranger) == []


def test_a_home_has_each_label_once_and_only_its_readers_propose(seated: Seated) -> None:
    propose(seated, "rep")
    with pytest.raises(Refused):
        propose(seated, "second", name=Bilingual("ROTA NOS", "Something else"))
    propose(seated, "rival", "other branch")
    for stranger in ("head", "rival", "elsewhere"):
        with pytest.raises(NotFound):
            propose(seated, stranger)


def test_an_ended_label_is_gone_and_its_name_is_free(seated: Seated) -> None:
    label_id = propose(seated, "rep")
    approve(seated, "second", label_id)
    with seated.database.writing() as session:
        actor = seated.actor("second")
        labels.end_label(session, actor, labels.get_label(session, actor, label_id), desk=seated.desk)
    assert usable(seated, "rep") == []
    with pytest.raises(NotFound):
        approve(seated, "second", label_id)
    propose(seated, "second")


def test_a_reply_is_approved_by_somebody_else_and_only_in_the_words_that_they_read(seated: Seated) -> None:
    pair_id = write(seated, "rep")
    with seated.database.reading() as session:
        read = pairs.fingerprint_of(pairs.get_pair(session, seated.actor("second"), pair_id))
    other = pairs.Written(Purpose.NEWS, WRITTEN.name, Bilingual("Na.", "No."))
    with seated.database.writing() as session:
        actor = seated.actor("rep")
        pairs.change_pair(session, actor, pairs.get_pair(session, actor, pair_id), other, desk=seated.desk)
    for who, said, why in (("second", read, Conflict), ("rep", read, Refused)):
        with pytest.raises(why), seated.database.writing() as session:
            actor = seated.actor(who)
            pairs.approve_pair(session, actor, pairs.get_pair(session, actor, pair_id), read=said, desk=seated.desk)
    assert ready(seated, "rep") == []
    with seated.database.writing() as session:
        actor = seated.actor("second")
        pair = pairs.get_pair(session, actor, pair_id)
        pairs.approve_pair(session, actor, pair, read=pairs.fingerprint_of(pair), desk=seated.desk)
        with pytest.raises(Refused):
            pairs.change_pair(session, actor, pair, WRITTEN, desk=seated.desk)
    assert ready(seated, "rep") == ready(seated, "second") == [pair_id]
    assert ready(seated, "head") == ready(seated, "rival") == []


def test_who_changed_a_reply_last_wrote_it(seated: Seated) -> None:
    pair_id = write(seated, "rep")
    with seated.database.writing() as session:
        actor = seated.actor("second")
        pair = pairs.get_pair(session, actor, pair_id)
        pairs.change_pair(session, actor, pair, WRITTEN, desk=seated.desk)
        with pytest.raises(Refused):
            pairs.approve_pair(session, actor, pair, read=pairs.fingerprint_of(pair), desk=seated.desk)


def test_each_step_of_a_label_and_a_reply_is_recorded_without_a_word_of_it(seated: Seated) -> None:
    label_id, pair_id = propose(seated, "rep"), write(seated, "rep")
    approve(seated, "second", label_id)
    with seated.database.reading() as session:
        events = session.execute(select(AuditEvent.event, AuditEvent.subject).where(AuditEvent.event.like("concern.%")))
        assert sorted(map(tuple, events)) == [
            ("concern.label_approved", label_id),
            ("concern.label_proposed", label_id),
            ("concern.reply_written", pair_id),
        ]


def test_a_view_is_ones_own_or_shared_with_the_home_and_met_by_nobody_else(seated: Seated) -> None:
    with seated.database.writing() as session:
        save_view(session, seated.actor("rep"), "Mine", "?lane=us", home_id=None, desk=seated.desk)
        shared = save_view(
            session, seated.actor("rep"), "Ours", "?lane=due", home_id=seated.homes["branch"], desk=seated.desk
        )
        with pytest.raises(NotFound):
            save_view(session, seated.actor("rep"), "X", "", home_id=seated.homes["other branch"], desk=seated.desk)
        with pytest.raises(Refused):
            save_view(session, seated.actor("second"), "Ours", "", home_id=seated.homes["branch"], desk=seated.desk)
        view_id = shared.id
    seen = {}
    with seated.database.reading() as session:
        for who in ("rep", "second", "rival", "head", "outside"):
            seen[who] = [view.name for view in list_views(session, seated.actor(who))]
    assert seen == {"rep": ["Mine", "Ours"], "second": ["Ours"], "rival": [], "head": [], "outside": []}
    for stranger in ("rival", "head"):
        with pytest.raises(NotFound), seated.database.writing() as session:
            delete_view(session, seated.actor(stranger), view_id, desk=seated.desk)
    with seated.database.writing() as session:
        mine = session.scalars(select(CaseworkView.id).where(CaseworkView.home_id.is_(None))).one()
        with pytest.raises(NotFound):
            delete_view(session, seated.actor("second"), mine, desk=seated.desk)
        delete_view(session, seated.actor("second"), view_id, desk=seated.desk)
        assert [view.name for view in list_views(session, seated.actor("rep"))] == ["Mine"]


def test_the_same_name_again_replaces_an_own_view_and_there_are_only_so_many(seated: Seated) -> None:
    with seated.database.writing() as session:
        actor = seated.actor("rep")
        for number in range(MOST_VIEWS):
            save_view(session, actor, f"{number}", "", home_id=None, desk=seated.desk)
        save_view(session, actor, "0", "?lane=us", home_id=None, desk=seated.desk)
        assert next(view.query for view in list_views(session, actor) if view.name == "0") == "?lane=us"
        with pytest.raises(Refused):
            save_view(session, actor, "one more", "", home_id=None, desk=seated.desk)


def test_the_pages_of_labels_lead_from_a_proposal_to_a_label_in_use(rooms: Rooms) -> None:
    with rooms.seated.signed_in("rep", rooms.app) as visitor:
        visitor.get("/en/my/concerns/labels")
        fields = {"form_id": visitor.hidden()["form_id"], "name_cy": "Rota nos", "name_en": ""}
        wrong = visitor.post("/en/my/concerns/labels", fields)
        assert wrong.status_code == 422
        assert 'value="Rota nos"' in wrong.text
        assert visitor.hidden()["form_id"] == fields["form_id"]
        for _ in range(2):
            fields |= {"name_en": "Night rota"}
            assert visitor.post("/en/my/concerns/labels", fields).status_code == 303
            page = visitor.get("/cy/my/concerns/labels").text
        assert "Rhaid i rywun arall ei gymeradwyo" in page
    with rooms.seated.signed_in("second", rooms.app) as visitor:
        page = visitor.get("/en/my/concerns/labels").text
        at = ID.search(page)
        assert at is not None
        address = at.group(0)
        unticked = visitor.post(f"{address}/approve", {})
        assert unticked.status_code == 422
        assert visitor.post(f"{address}/approve", {"harmless": "yes"}).status_code == 303
        assert "End this label" in visitor.get("/en/my/concerns/labels").text
    with rooms.seated.signed_in("head", rooms.app) as visitor:
        page = visitor.get("/en/my/concerns/labels").text
        assert "rota" not in page.lower()
        strange = visitor.post(f"{address}/end", {})
        visitor.get("/en/my/concerns/labels")
        nonsense = visitor.post("/en/my/concerns/labels/aaaaaaaaaaaaaaaaaaaaaaaaaa/end", {})
        assert strange.status_code == nonsense.status_code == 404
    with rooms.seated.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SideLabel)) == 1


def test_the_pages_of_replies_lead_from_a_draft_to_what_the_device_is_given(rooms: Rooms) -> None:
    typed = {"purpose": "news", "name_cy": "Wrthi", "name_en": "At it", "text_cy": "Rydym wrthi.", "text_en": ""}
    with rooms.seated.signed_in("rep", rooms.app) as visitor:
        visitor.get("/en/my/concerns/replies")
        fields = {"form_id": visitor.hidden()["form_id"], **typed}
        wrong = visitor.post("/en/my/concerns/replies", fields)
        assert wrong.status_code == 422
        assert "Rydym wrthi." in wrong.text
        for _ in range(2):
            visitor.post("/en/my/concerns/replies", fields | {"text_en": "We are at it."})
            page = visitor.get("/en/my/concerns/replies").text
        at = ID.search(page)
        assert at is not None
        address = at.group(0)
        own = visitor.get(address)
        assert f"{address}/approve" not in own.text
        assert visitor.post(f"{address}/approve", {"read": "x"}).status_code == 422
        assert visitor.get("/en/my/concerns/replies/ready").json() == {"v": 1, "pairs": []}
    with rooms.seated.signed_in("second", rooms.app) as visitor:
        visitor.get(address)
        assert visitor.post(f"{address}/approve", {"read": visitor.hidden()["read"]}).status_code == 303
        found = visitor.get("/cy/my/concerns/replies/ready").json()
        assert [(one["name"], one["cy"], one["en"]) for one in found["pairs"]] == [
            ("Wrthi", "Rydym wrthi.", "We are at it.")
        ]
        visitor.get(address)
        assert visitor.post(address, typed | {"text_en": "Else"}).status_code == 422
        assert visitor.post(f"{address}/end", {}).status_code == 303
        assert visitor.get("/cy/my/concerns/replies/ready").json()["pairs"] == []
        assert visitor.get(address).status_code == 404
    with rooms.seated.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReplyPair)) == 1
