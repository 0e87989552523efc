"""The box takes sealed shapes and nothing else; the desk opens for who was granted, and for nobody who was left out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from anonymity.age import sealed_size
from anonymity.encoding import from_b64u, to_b64u
from anonymity.item import ITEM_SIZE, SealedBy
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.keyring import draw_keyring, seal_keyring
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, draw_code, lane_locator
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import DeliveredGrant, Delivery, Seat, reader_seat, reporter_seat
from anonymity.submission import Reply, Submission, look_up_json
from anonymity.thread import Delivered, Thread
from portal.concerns.models import RecipientKey
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of
from portal.concerns.rules import Reader
from portal.core.ids import random_bytes
from portal.directory.models import Body, Person, RoleHolding
from portal.directory.rules import RoleName
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, SIAN, Demonstrated
from tests.tickets import work
from tests.visitors import Visitor

SAID = "Mae’r rota’n beryglus – 77141"
ANSWERED = "Diolch. Rydym yn newid y rota heddiw – 90210"
TODAY = date(2026, 11, 22)


@dataclass
class Raised:
    """A concern as a reporter's device made it."""

    code: Code
    sent: Submission
    readers: tuple[Reader, ...]

    @property
    def case(self) -> str:
        return to_b64u(self.sent.case)


def raised(world: Demonstrated, *left_out: str, body: str = BODY, slug: str = "e-rostering") -> Raised:
    with world.database.reading() as session:
        about = get_about(session, body, f"system:{world.code_of(slug)}")
        channel = find_channel(session, about, today=TODAY)
        sealed_about = SealedAbout(about.body.id, SealedMatter.SYSTEM, about.subject)
    out = {world.person(email) for email in left_out}
    readers = tuple(reader for reader in channel.readers if reader.person_id not in out)
    code = draw_code()
    cards = tuple(card_of(reader) for reader in readers)
    concern = Concern(sealed_about, Plaintext(SAID), None, "cy", TODAY, cards, tuple(sorted(out)))
    return Raised(code, raise_concern(concern, code, sealed_by=SealedBy.DEVICE), readers)


@pytest.fixture
def visitor(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made


def put(visitor: Visitor, octets: bytes, path: str = "/cy/concern/box") -> Any:
    headers = {"content-type": "application/json"}
    if not path.endswith("/open"):
        headers |= work(visitor.client)
    return visitor.client.post(path, content=octets, headers=headers)


def open_box(visitor: Visitor, locator: bytes) -> Any:
    return put(visitor, look_up_json(locator), "/cy/concern/box/open")


def delivery_of(found: dict[str, Any]) -> Delivery:
    return Delivery(
        from_b64u(found["case"], 16),
        found["epoch"],
        Recipient.from_text(found["recipient"]),
        tuple(DeliveredGrant(one["epoch"], from_b64u(one["file"], 2171)) for one in found["grants"]),
        tuple(Delivered(one["epoch"], from_b64u(one["file"], sealed_size(ITEM_SIZE))) for one in found["items"]),
    )


def read(seat: Seat, found: dict[str, Any]) -> Thread:
    return seat.read(delivery_of(found).items)


def texts(thread: Thread) -> list[str]:
    return [entry.item.body.reveal() for entry in thread.entries if entry.item is not None]


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
        session.execute(text("UPDATE recipient_keys SET ended_on = '2026-11-20' WHERE person_id = :p"),
                        {"p": demonstrated.person(LLINOS)})  # fmt: skip
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


# The desk.


def post_json(visitor: Visitor, path: str, octets: bytes) -> Any:
    page = visitor.get("/en/my/concerns").text
    token = page.partition('<meta name="csrf" content="')[2].partition('"')[0]
    return visitor.client.post(path, content=octets, headers={"x-csrf-token": token})


def test_a_reader_opens_and_answers_and_the_reporter_reads_the_answer(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        assert elin.get("/en/my/concerns").text.count(made.case) >= 1
        found = elin.get(f"/en/my/concerns/{made.case}/thread").json()
        seat = reader_seat(demonstrated.keyring(elin, ELIN), delivery_of(found))
        thread = read(seat, found)
        assert texts(thread) == [SAID]
        item = seat.write(thread, Plaintext(ANSWERED), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE)
        reply = Reply(0, item, case=made.sent.case)
        path = f"/en/my/concerns/{made.case}/items"
        assert post_json(elin, path, reply.to_json()).status_code == 201
        assert post_json(elin, path, reply.to_json()).status_code == 201, "sent again, kept once"
        elsewhere = f"/en/my/concerns/{to_b64u(bytes(16))}/items"
        assert post_json(elin, elsewhere, reply.to_json()).status_code == 422
        assert elin.client.post(path, content=reply.to_json()).status_code == 403, "no token"
        assert post_json(elin, path, b"{}").status_code == 422
        assert post_json(elin, path, b"x" * 40_000).status_code == 413
    with demonstrated.visiting() as reporter:
        page = reporter.client.post("/en/concern/return/form", data={"words": " ".join(made.code.words("cy"))}).text
        assert ANSWERED in page
        assert "Head of Workforce Systems" in page
        assert "Elin Haf Morris" not in page, "names stand on the page before sending only"


def test_a_reader_knows_the_others_by_post_and_by_name_only_where_they_agreed(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        names = " / ".join(one["name"] for one in elin.get(f"/en/my/concerns/{made.case}/thread").json()["readers"])
    assert "Llinos Dafis – Board Secretary" in names, "she agreed to be shown"
    assert "Deputy Head of Workforce Systems" in names
    assert "Dylan" not in names, "he did not"
    assert "Elin Haf Morris – Head of Workforce Systems" in names, "one’s own name is no secret"


@pytest.mark.parametrize("left_out", [ELIN, DYLAN, LLINOS])
def test_somebody_left_out_meets_what_was_never_there(demonstrated: Demonstrated, left_out: str) -> None:
    made = raised(demonstrated, left_out)
    with demonstrated.signed_in(left_out) as visitor:
        before = visitor.client.get("/en/my/concerns")
        assert put(visitor, made.sent.to_json()).status_code == 201
        after = visitor.client.get("/en/my/concerns")
        assert without_token(before.text) == without_token(after.text)
        never = f"/en/my/concerns/{to_b64u(random_bytes(16))}/thread"
        answers = [visitor.client.get(path) for path in (f"/en/my/concerns/{made.case}/thread", never)]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].content == answers[1].content
        assert dict(answers[0].headers) == dict(answers[1].headers)
        seat_reply = Reply(
            0, replace(made.sent.item, id=random_bytes(16), prev=made.sent.item.hash), case=made.sent.case
        )
        posted = post_json(visitor, f"/en/my/concerns/{made.case}/items", seat_reply.to_json())
        assert posted.status_code == 404


def without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line and "nonce" not in line)


def test_who_holds_no_duty_finds_no_desk(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(SIAN) as visitor:
        for path in (
            "/en/my/concerns",
            "/en/my/keys",
            "/en/my/keys/ring",
            f"/en/my/concerns/{to_b64u(bytes(16))}/thread",
        ):
            assert visitor.get(path).status_code == 404


def test_a_representative_reads_only_what_the_union_was_asked_about(demonstrated: Demonstrated) -> None:
    with_union, without = raised(demonstrated), raised(demonstrated, CARYS)
    with demonstrated.signed_in(CARYS) as visitor:
        put(visitor, with_union.sent.to_json())
        put(visitor, without.sent.to_json())
        page = visitor.get("/en/my/concerns").text
        assert with_union.case in page
        assert without.case not in page


@pytest.mark.parametrize("case", ["", "x", "A" * 22, "A" * 23, "%00", "..", "ŵ" * 22, "A" * 5000])
def test_ids_that_are_none_are_the_common_404(demonstrated: Demonstrated, case: str) -> None:
    with demonstrated.signed_in(ELIN) as visitor:
        assert visitor.get(f"/en/my/concerns/{case}/thread").status_code == 404


def keys_json(words: Code | None = None) -> tuple[bytes, Any]:
    keyring = draw_keyring()
    card = keyring.card
    content = {
        "v": 1,
        "card": {"recipient": card.recipient.text, "sign": to_b64u(card.sign_key), "v": 1},
        "keyring": to_b64u(seal_keyring(keyring, words or draw_code())),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode(), card


def test_keys_are_kept_once_new_and_unconfirmed_and_nobody_can_claim_anothers(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        for email in (ELIN, DYLAN):
            session.execute(text("DELETE FROM recipient_keys WHERE person_id = :p"), {"p": demonstrated.person(email)})
    octets, card = keys_json()
    with demonstrated.signed_in(ELIN) as elin:
        token = csrf_of(elin)
        send = lambda content: elin.client.post("/en/my/keys", content=content, headers=token)  # noqa: E731
        assert send(b"{}").status_code == 422
        assert send(b"x" * 9000).status_code == 413
        assert [send(octets).status_code for _ in range(2)] == [201, 201]
        assert send(keys_json()[0]).status_code == 409, "live keys are never replaced silently"
        assert elin.client.post("/en/my/keys", content=octets).status_code == 403
    with demonstrated.signed_in(DYLAN) as dylan:
        assert dylan.client.post("/en/my/keys", content=octets, headers=csrf_of(dylan)).status_code == 409
    with demonstrated.database.reading() as session:
        kept = session.scalars(select(RecipientKey).where(RecipientKey.key_id == card.key_id)).one()
        owner = session.get_one(Person, kept.person_id)
        assert (owner.email, kept.confirmed_for) == (ELIN, None)


def csrf_of(visitor: Visitor) -> dict[str, str]:
    page = visitor.get("/en/my/keys").text
    value = page.partition('name="csrf" content="')[2] or page.partition('name="csrf" value="')[2]
    return {"x-csrf-token": value.partition('"')[0]}


def test_a_reader_without_a_post_is_named_by_their_role(demonstrated: Demonstrated, visitor: Visitor) -> None:
    """Idris agreed to be shown by nothing; without a post his box would have no label."""
    with demonstrated.database.writing() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.role == RoleName.UNION_REPRESENTATIVE)):
            holding.post_cy = holding.post_en = ""
            holding.shown_by_name = False
    code = demonstrated.code_of("e-rostering")
    page = visitor.get(f"/cy/concern/form?body={BODY}&about=system:{code}").text
    assert "Cynrychiolydd undeb" in page
