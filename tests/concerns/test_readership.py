"""Readers come and go, by the reporter’s hand and by a reader’s: what the server takes, and what it delivers then."""

from dataclasses import replace

from sqlalchemy import text

from anonymity.encoding import from_b64u, to_b64u
from anonymity.fingerprint import Card
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import draw_code
from anonymity.reporting import Concern, raise_concern
from portal.concerns.reporting.service import card_of
from portal.concerns.rules import UNION
from portal.core.ids import random_bytes
from tests.concerns.raised import SAID, TODAY, Raised, csrf_of, keys_json, put, raised, read, texts
from tests.concerns.seats import SPOKEN, at_box, at_desk, person_card, readers_seat, reporters_seat, status_of, stay_in
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, Demonstrated


def test_the_reporter_drops_somebody_who_then_meets_what_was_never_there(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.visiting() as reporter:
        put(reporter, made.sent.to_json())
        seat, found = reporters_seat(reporter, made)
        change = start_epoch(seat, read(seat, found), stay_in(demonstrated, made, ELIN), SPOKEN)
        assert at_box(reporter, change) == 201
        assert at_box(reporter, change) == 201, "sent again, made once"
        seat, found = reporters_seat(reporter, made)
        assert [one["epoch"] for one in found["grants"]] == [1]
        item = seat.write(read(seat, found), Plaintext("heb Elin"), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE)
        reply = seat.reply(item)
        assert put(reporter, replace(reply, epoch=0).to_json(), "/cy/concern/box/reply").status_code == 409
        assert put(reporter, reply.to_json(), "/cy/concern/box/reply").status_code == 201
    with demonstrated.signed_in(ELIN) as elin:
        never = to_b64u(random_bytes(16))
        answers = [elin.client.get(f"/en/my/concerns/{case}/thread") for case in (made.case, never)]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].content == answers[1].content
        assert made.case not in elin.get("/en/my/concerns").text
        assert elin.get(f"/en/my/concerns/openings?case={made.case}").json()["openings"] == []
        assert elin.get("/en/my/concerns/waiting").json() == elin.get("/en/my/concerns/waiting").json()
    with demonstrated.signed_in(DYLAN) as dylan:
        seat, found = readers_seat(demonstrated, dylan, DYLAN, made)
        assert texts(read(seat, found)) == [SAID, "", "heb Elin"]
        opening = dylan.get(f"/en/my/concerns/openings?case={made.case}&case=nonsense").json()["openings"][0]
        assert len(opening["items"]) == 1
        assert len(opening["grants"]) == 2


def test_a_reader_lets_in_a_colleague_and_nobody_of_the_other_side(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    sent = without_union(made, demonstrated, DYLAN)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, sent.sent.to_json())
        assert status_of(demonstrated, DYLAN, sent) == 404
        seat, found = readers_seat(demonstrated, elin, ELIN, sent)
        names = {one["person"] for one in found["candidates"]}
        assert names == {demonstrated.person(DYLAN)}, "his deputy, and nobody who answers for other systems"
        assert found["side"] == "employer"
        thread = read(seat, found)
        carys = add_readers(seat, thread, [person_card(demonstrated, CARYS)], SPOKEN)
        assert at_desk(elin, sent, carys) == 422, "that is the reporter's to do"
        dylan = add_readers(seat, thread, [person_card(demonstrated, DYLAN)], SPOKEN)
        assert at_desk(elin, sent, replace(dylan, case=random_bytes(16))) == 422
        assert at_desk(elin, sent, dylan) == 201
    with demonstrated.signed_in(DYLAN) as reader:
        seat, found = readers_seat(demonstrated, reader, DYLAN, sent)
        assert texts(read(seat, found)) == [SAID, ""]
    with demonstrated.visiting() as reporter:
        seat, found = reporters_seat(reporter, sent)
        carys = add_readers(seat, read(seat, found), [person_card(demonstrated, CARYS)], SPOKEN)
        assert at_box(reporter, carys) == 201
    assert status_of(demonstrated, CARYS, sent) == 200


def without_union(made: Raised, world: Demonstrated, *emails: str) -> Raised:
    """The same concern without the unions and some others, none of them left out: they could be let in later."""
    gone = {world.person(email) for email in emails}
    readers = tuple(
        reader for reader in made.readers if reader.person_id not in gone and not reader.group.startswith(UNION)
    )
    code = draw_code()
    about = SealedAbout(made.sent.body, SealedMatter.SYSTEM, world.code_of("e-rostering"))
    concern = Concern(about, Plaintext(SAID), None, "cy", TODAY, tuple(card_of(one) for one in readers), ())
    return Raised(code, raise_concern(concern, code, sealed_by=SealedBy.DEVICE), readers)


def test_a_reader_drops_nobody_but_themself(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        seat, found = readers_seat(demonstrated, elin, ELIN, made)
        thread = read(seat, found)
        for dropped in ((DYLAN,), (ELIN, DYLAN), (LLINOS, CARYS)):
            change = start_epoch(seat, thread, stay_in(demonstrated, made, *dropped), SPOKEN)
            assert at_desk(elin, made, change) == 422, dropped
        recusal = start_epoch(seat, thread, stay_in(demonstrated, made, ELIN), SPOKEN)
        assert at_desk(elin, made, recusal) == 201
        assert elin.get(f"/en/my/concerns/{made.case}/thread").status_code == 404
    with demonstrated.signed_in(DYLAN) as dylan:
        waiting = dylan.get("/en/my/concerns/waiting").json()["waiting"]
        assert [one for one in waiting if made.case in str(one["cases"])] == [], (
            "who left by their own hand does not wait"
        )


def test_a_key_that_has_ended_may_be_dropped_by_any_reader(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(LLINOS) as llinos:
        put(llinos, made.sent.to_json())
        end_role(demonstrated, ELIN)
        ended = llinos.get("/en/my/concerns/waiting").json()["ended"]
        mine = [one for one in ended if one["person"] == demonstrated.person(ELIN)]
        assert made.case in str(mine)
        assert {one["state"] for one in mine} == {"ended"}
        seat, found = readers_seat(demonstrated, llinos, LLINOS, made)
        states = {one["person"]: one["state"] for one in found["readers"]}
        assert states[demonstrated.person(ELIN)] == "ended"
        assert states[demonstrated.person(DYLAN)] != "ended"
        change = start_epoch(seat, read(seat, found), stay_in(demonstrated, made, ELIN), SPOKEN)
        assert at_desk(llinos, made, change) == 201
        assert made.case not in str(llinos.get("/en/my/concerns/waiting").json()["ended"])


def end_role(world: Demonstrated, email: str) -> None:
    with world.database.writing() as session:
        session.execute(
            text("UPDATE role_holdings SET ended_on = '2026-11-20' WHERE person_id = :p"), {"p": world.person(email)}
        )


def test_who_reads_for_the_body_no_more_is_shown_nothing_at_once(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        assert elin.get(f"/en/my/concerns/{made.case}/thread").status_code == 200
        move_to(demonstrated, ELIN, OTHER_BODY)
        assert elin.get("/en/my/concerns").status_code == 200, "she reads for another body now"
        assert made.case not in elin.get("/en/my/concerns").text
        assert elin.get(f"/en/my/concerns/{made.case}/thread").status_code == 404
        assert elin.get(f"/en/my/concerns/openings?case={made.case}").json()["openings"] == []
        assert elin.get("/en/my/concerns/lines").json()["lines"] == []


def move_to(world: Demonstrated, email: str, slug: str) -> None:
    with world.database.writing() as session:
        session.execute(
            text(
                "UPDATE role_holdings SET body_id = (SELECT id FROM bodies WHERE slug = :slug), system_slug = NULL,"
                " system_id = NULL WHERE person_id = :p"
            ),
            {"p": world.person(email), "slug": slug},
        )


def test_a_colleague_with_a_new_key_waits_until_somebody_lets_it_in(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(DYLAN) as dylan:
        put(dylan, made.sent.to_json())
        assert [one for one in dylan.get("/en/my/concerns/waiting").json()["waiting"] if made.case in str(one)] == []
        with demonstrated.database.writing() as session:
            session.execute(
                text("UPDATE recipient_keys SET ended_on = '2026-11-21' WHERE person_id = :p"),
                {"p": demonstrated.person(ELIN)},
            )
        with demonstrated.signed_in(ELIN) as elin:
            octets, card = keys_json()
            assert elin.client.post("/en/my/keys", content=octets, headers=csrf_of(elin)).status_code == 201
        found = dylan.get("/en/my/concerns/waiting").json()
        waits = next(one for one in found["waiting"] if made.case in str(one["cases"]))
        assert (from_b64u(waits["key"], 32), waits["state"], waits["side"]) == (card.key_id, "unconfirmed", "employer")
        assert {"case", "body", "week"} == set(waits["cases"][0])
        seat, thread_found = readers_seat(demonstrated, dylan, DYLAN, made)
        newcomer = PersonCard(waits["person"], card)
        change = add_readers(seat, read(seat, thread_found), [newcomer], SPOKEN)
        assert at_desk(dylan, made, change) == 201
        after = dylan.get("/en/my/concerns/waiting").json()
        assert made.case not in str(after["waiting"])
        assert made.case in str(after["ended"]), "the old key is still in"


def test_changes_are_bounded_read_strictly_and_cost_work(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.visiting() as reporter:
        put(reporter, made.sent.to_json())
        for octets, status in ((b"{}", 422), (b"", 422), (b"x" * 300_000, 413)):
            assert put(reporter, octets, "/cy/concern/box/readers").status_code == status
        seat, found = reporters_seat(reporter, made)
        change = start_epoch(seat, read(seat, found), stay_in(demonstrated, made, ELIN), SPOKEN)
        unworked = reporter.client.post("/cy/concern/box/readers", content=change.to_json())
        assert unworked.status_code == 428
        lost = replace(change, locator=bytes(32))
        assert at_box(reporter, lost) == 404
        foreign = raised(demonstrated, body=OTHER_BODY, slug="telematics")
        stranger = foreign.readers[0]
        card = Card(Recipient.from_text(stranger.recipient), stranger.sign)
        added = add_readers(seat, read(seat, found), [PersonCard(stranger.person_id, card)], SPOKEN)
        assert at_box(reporter, added) == 422, "a key of another body's channel"
