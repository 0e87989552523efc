"""The box takes sealed shapes and nothing else, and gives a thread to whoever has its locator."""

import json
from dataclasses import replace

from sqlalchemy import select, text

from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane, lane_locator
from anonymity.seat import reporter_seat
from anonymity.submission import Reply, Submission, look_up_json
from portal.directory.models import Body, RoleHolding
from portal.directory.rules import RoleName
from tests.concerns.raised import SAID, TODAY, delivery_of, open_box, put, raised, read, texts
from tests.demonstrated import BODY, ELIN, GWERFYL, LLINOS, OTHER_BODY, Demonstrated
from tests.tickets import work
from tests.visitors import Visitor


def cases_stored(world: Demonstrated) -> int:
    with world.database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM sealed_cases")) or 0)


def test_a_thread_sealed_on_a_device_is_taken_once_and_found_by_its_locator(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    assert put(visitor, made.sent.to_json()).status_code == 201
    assert put(visitor, made.sent.to_json()).status_code == 409
    found = open_box(visitor, lane_locator(made.code, Lane.JOINT))
    assert found.status_code == 200
    assert found.json()["grants"] == []
    seat = reporter_seat(made.code, Lane.JOINT, delivery_of(found.json()))
    assert texts(read(seat, found.json())) == [SAID]


def test_a_reply_from_the_device_goes_behind_the_head_and_nowhere_else(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    locator = lane_locator(made.code, Lane.JOINT)
    found = open_box(visitor, locator).json()
    seat = reporter_seat(made.code, Lane.JOINT, delivery_of(found))
    first, late = (seat.write(read(seat, found), Plaintext("eto"), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE)
                   for _ in range(2))  # fmt: skip
    reply = Reply(0, first, locator=locator)
    assert put(visitor, reply.to_json(), "/cy/concern/box/reply").status_code == 201
    assert put(visitor, reply.to_json(), "/cy/concern/box/reply").status_code == 201, "sent again, kept once"
    assert put(visitor, replace(reply, item=late).to_json(), "/cy/concern/box/reply").status_code == 409
    assert put(visitor, replace(reply, epoch=1, item=late).to_json(), "/cy/concern/box/reply").status_code == 409
    assert put(visitor, replace(reply, locator=bytes(32)).to_json(), "/cy/concern/box/reply").status_code == 404
    assert texts(read(seat, open_box(visitor, locator).json())) == [SAID, "eto"]


def test_what_is_not_there_is_the_same_404_whatever_is_wrong(demonstrated: Demonstrated, visitor: Visitor) -> None:
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    with demonstrated.database.writing() as session:
        session.execute(text("DELETE FROM sealed_cases WHERE case_id = :c"), {"c": made.sent.case})
    answers = [open_box(visitor, lane_locator(made.code, Lane.JOINT)), open_box(visitor, bytes(32))]
    answers += [put(visitor, nonsense, "/cy/concern/box/open") for nonsense in (b"", b"{}", b"[" * 100, b"\xff" * 100)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1


def changed(sent: Submission, **changes: object) -> bytes:
    return json.dumps({**json.loads(sent.to_json()), **changes}, separators=(",", ":"), sort_keys=True).encode()


def test_shapes_that_are_not_ours_are_refused_and_nothing_is_kept(demonstrated: Demonstrated, visitor: Visitor) -> None:
    before = cases_stored(demonstrated)
    made = raised(demonstrated)
    good = json.loads(made.sent.to_json())
    item, grants = good["item"], good["grants"]
    age = item["file"]
    wrong = [
        b"", b"null", b"{", b"\x00", made.sent.to_json() + b" ", made.sent.to_json()[:-1],
        changed(made.sent, v=2), changed(made.sent, epoch=1), changed(made.sent, lane="employer-notes"),
        changed(made.sent, text="in clear"), changed(made.sent, grants=[]), changed(made.sent, grants=grants[::-1]),
        changed(made.sent, grants=[grants[0], grants[0]]), changed(made.sent, case=good["case"] + "A"),
        changed(made.sent, recipient="age1pq1nonsense"), changed(made.sent, locator_hash=""),
        changed(made.sent, item={**item, "prev": to_b64u(b"\x01" * 32)}),
        changed(made.sent, item={**item, "file": age[:-4]}), changed(made.sent, item={**item, "file": "A" * len(age)}),
        changed(made.sent, item={**item, "file": "in clear"}), changed(made.sent, body=["x"]),
    ]  # fmt: skip
    for octets in wrong:
        assert put(visitor, octets).status_code == 422, octets[:60]
    assert put(visitor, changed(made.sent, body="z" * 26)).status_code == 404
    assert put(visitor, b"{" * (10 * 1024 * 1024)).status_code == 413
    form = visitor.client.post("/cy/concern/box", data={"text": SAID}, headers=work(visitor.client))
    assert form.status_code == 422
    assert SAID not in form.text
    assert cases_stored(demonstrated) == before


def test_the_two_ways_in_never_take_each_others_input(demonstrated: Demonstrated, visitor: Visitor) -> None:
    before = cases_stored(demonstrated)
    made = raised(demonstrated)
    answer = put(visitor, made.sent.to_json(), "/cy/concern/form")
    assert answer.status_code == 403
    assert cases_stored(demonstrated) == before


def test_grants_go_to_live_keys_of_this_body_only(demonstrated: Demonstrated, visitor: Visitor) -> None:
    before = cases_stored(demonstrated)
    foreign = raised(demonstrated, body=OTHER_BODY, slug="telematics")
    with demonstrated.database.reading() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == BODY)).one()
    assert put(visitor, changed(foreign.sent, body=body_id)).status_code == 422
    made = raised(demonstrated)
    with demonstrated.database.writing() as session:
        session.execute(text("UPDATE recipient_keys SET ended_on = '2026-11-20' WHERE person_id = :p"),
                        {"p": demonstrated.person(ELIN)})  # fmt: skip
    assert put(visitor, made.sent.to_json()).status_code == 422
    assert cases_stored(demonstrated) == before


def test_the_box_of_a_shut_channel_takes_nothing(demonstrated: Demonstrated, visitor: Visitor) -> None:
    before = cases_stored(demonstrated)
    made = raised(demonstrated, LLINOS)
    with demonstrated.database.writing() as session:
        for outside in (LLINOS, GWERFYL):
            session.execute(text("UPDATE recipient_keys SET ended_on = '2026-11-20' WHERE person_id = :p"),
                            {"p": demonstrated.person(outside)})  # fmt: skip
    assert put(visitor, made.sent.to_json()).status_code == 404
    assert cases_stored(demonstrated) == before


def test_an_item_id_that_is_taken_is_a_conflict_and_no_half_thread(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    before = cases_stored(demonstrated)
    first, second = raised(demonstrated), raised(demonstrated)
    put(visitor, first.sent.to_json())
    clash = replace(second.sent, item=replace(second.sent.item, id=first.sent.item.id))
    assert put(visitor, clash.to_json()).status_code == 409
    assert cases_stored(demonstrated) == before + 1


def test_the_box_knows_no_other_language(visitor: Visitor) -> None:
    for path in ("/fr/concern/box/open", "/fr/concern/box", "/fr/concern"):
        assert put(visitor, look_up_json(bytes(32)), path).status_code in {404, 405}


def test_a_reader_without_a_post_is_named_by_their_role(demonstrated: Demonstrated, visitor: Visitor) -> None:
    """Idris agreed to be shown by nothing; without a post his box would have no label."""
    with demonstrated.database.writing() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.role == RoleName.UNION_REPRESENTATIVE)):
            holding.post_cy = holding.post_en = ""
            holding.shown_by_name = False
    code = demonstrated.code_of("e-rostering")
    page = visitor.post("/cy/concern/form", {"body": BODY, "about": f"system:{code}"}).text
    assert "Cynrychiolydd undeb" in page
