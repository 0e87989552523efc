"""Readers come and go, by the reporter's hand and by a reader's: what the server takes, and what it delivers then."""

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from anonymity.encoding import from_b64u, to_b64u
from anonymity.fingerprint import Card
from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.keys import Recipient
from anonymity.notes import begin_notes, locate_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import PersonCard, add_readers, start_epoch
from anonymity.receipt import Lane, draw_code, lane_locator
from anonymity.reporting import Concern, raise_concern
from anonymity.seat import Said, Seat, reader_seat, reporter_seat
from anonymity.submission import ChangeOfReaders, look_up_json
from portal.concerns.reporting.service import card_of
from portal.concerns.rules import UNION
from portal.core.ids import random_bytes
from tests.concerns.test_box_and_desk import (
    SAID,
    TODAY,
    Raised,
    csrf_of,
    delivery_of,
    keys_json,
    open_box,
    post_json,
    put,
    raised,
    read,
    texts,
)
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, Demonstrated
from tests.visitors import Visitor

SPOKEN = Said("cy", TODAY, SealedBy.DEVICE)
IDRIS, PATRICK = "idris.fychan@unison.example", "patrick.adeyemi@rcn.example"


def person_card(world: Demonstrated, email: str) -> PersonCard:
    with world.database.reading() as session:
        row = session.execute(
            text("SELECT recipient, sign FROM recipient_keys WHERE person_id = :p AND ended_on IS NULL"),
            {"p": world.person(email)},
        ).one()
    return PersonCard(world.person(email), Card(Recipient.from_text(row.recipient), bytes(row.sign)))


def key_of(world: Demonstrated, email: str) -> bytes:
    return person_card(world, email).card.key_id


def stay_in(world: Demonstrated, made: Raised, *dropped: str) -> list[PersonCard]:
    gone = {world.person(email) for email in dropped}
    people = {reader.key_id: reader for reader in made.readers}
    return [
        PersonCard(one.person_id, Card(Recipient.from_text(one.recipient), one.sign))
        for one in people.values()
        if one.person_id not in gone
    ]


def reporters_seat(visitor: Visitor, made: Raised) -> tuple[Seat, Any]:
    found = open_box(visitor, lane_locator(made.code, Lane.JOINT)).json()
    return reporter_seat(made.code, Lane.JOINT, delivery_of(found)), found


def readers_seat(world: Demonstrated, visitor: Visitor, email: str, made: Raised) -> tuple[Seat, Any]:
    found = visitor.get(f"/en/my/concerns/{made.case}/thread").json()
    return reader_seat(world.keyring(visitor, email), delivery_of(found)), found


def at_box(visitor: Visitor, change: ChangeOfReaders) -> int:
    answer = put(visitor, change.to_json(), "/cy/concern/box/readers")
    return int(answer.status_code)


def at_desk(visitor: Visitor, made: Raised, change: ChangeOfReaders) -> int:
    return int(post_json(visitor, f"/en/my/concerns/{made.case}/readers", change.to_json()).status_code)


def status_of(world: Demonstrated, email: str, made: Raised) -> int:
    with world.signed_in(email) as visitor:
        return int(visitor.get(f"/en/my/concerns/{made.case}/thread").status_code)


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


# Notes.


def notes_of(world: Demonstrated, visitor: Visitor, email: str, made: Raised, lane: Lane, *colleagues: str) -> Any:
    seat, found = readers_seat(world, visitor, email, made)
    people = [person_card(world, one) for one in colleagues]
    said = Said("cy", TODAY, SealedBy.DEVICE, Plaintext("Rhyngom ni"))
    return seat, begin_notes(world.keyring(visitor, email), seat, read(seat, found), lane, people, said)


def test_notes_are_for_one_side_and_found_by_those_who_hold_them(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        locator = locate_notes(seat, Lane.UNION_NOTES)
        assert post_json(carys, "/en/my/concerns/lookup", look_up_json(locator)).status_code == 404
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 409
        found = post_json(carys, "/en/my/concerns/lookup", look_up_json(locator))
        assert found.status_code == 200
        assert (found.json()["state"], found.json()["side"]) == ("notes", "union")
        notes_seat = reader_seat(demonstrated.keyring(carys, CARYS), delivery_of(found.json()))
        assert texts(read(notes_seat, found.json())) == ["Rhyngom ni"]
        case = to_b64u(notes.case)
        assert case not in carys.get("/en/my/concerns").text, "notes are no concern of the list"
        item = notes_seat.write(read(notes_seat, found.json()), Plaintext("eto"), lang="cy", day=TODAY,
                                sealed_by=SealedBy.DEVICE)  # fmt: skip
        assert post_json(carys, f"/en/my/concerns/{case}/items", notes_seat.reply(item).to_json()).status_code == 201
    with demonstrated.signed_in(IDRIS) as idris:
        assert post_json(idris, "/en/my/concerns/lookup", look_up_json(locator)).status_code == 200
    for email in (ELIN, LLINOS, PATRICK):
        with demonstrated.signed_in(email) as other:
            assert post_json(other, "/en/my/concerns/lookup", look_up_json(locator)).status_code == 404
            assert other.get(f"/en/my/concerns/{case}/thread").status_code == 404
    with demonstrated.visiting() as reporter:
        assert open_box(reporter, locator).status_code == 404, (
            "the reporter can work out the locator, and finds nothing"
        )


def test_notes_with_somebody_of_the_other_side_are_refused(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        for lane, colleague in ((Lane.UNION_NOTES, ELIN), (Lane.EMPLOYER_NOTES, IDRIS), (Lane.EMPLOYER_NOTES, ELIN)):
            _seat, notes = notes_of(demonstrated, carys, CARYS, made, lane, colleague)
            assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 422, (lane, colleague)
        _seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert put(carys, notes.to_json()).status_code == 422, "the anonymous box takes no notes"
        assert post_json(carys, "/en/my/concerns/notes", made.sent.to_json()).status_code == 422
        away = replace(notes, body=demonstrated_body(demonstrated, OTHER_BODY))
        assert post_json(carys, "/en/my/concerns/notes", away.to_json()).status_code == 404
    with demonstrated.signed_in(ELIN) as elin:
        _seat, notes = notes_of(demonstrated, elin, ELIN, made, Lane.EMPLOYER_NOTES, LLINOS, DYLAN)
        foreign = replace(notes, grants=tuple(one for one in notes.grants if one.key_id != key_of(demonstrated, ELIN)))
        assert post_json(elin, "/en/my/concerns/notes", foreign.to_json()).status_code == 422, "nobody opens for others"
        assert post_json(elin, "/en/my/concerns/notes", notes.to_json()).status_code == 201


def test_nobody_can_take_the_place_of_the_notes_beforehand(demonstrated: Demonstrated) -> None:
    made, squatter = raised(demonstrated), raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        squatted = replace(squatter.sent, locator_hash=notes.locator_hash)
        assert put(carys, squatted.to_json()).status_code == 201
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
        found = post_json(carys, "/en/my/concerns/lookup", look_up_json(locate_notes(seat, Lane.UNION_NOTES)))
        assert found.json()["case"] == to_b64u(notes.case)


def demonstrated_body(world: Demonstrated, slug: str) -> str:
    with world.database.reading() as session:
        return str(session.scalar(text("SELECT id FROM bodies WHERE slug = :s"), {"s": slug}))


# Cards.


def cards(visitor: Visitor, content: bytes) -> Any:
    return visitor.client.post("/cy/concern/box/cards", content=content)


def question(body: str, kind: str, subject: str) -> bytes:
    return b'{"about":{"body":"%b","kind":"%b","subject":"%b"},"v":1}' % (
        body.encode(),
        kind.encode(),
        subject.encode(),
    )


def test_a_device_is_told_who_could_read_as_the_page_tells_it(demonstrated: Demonstrated) -> None:
    body, code = demonstrated_body(demonstrated, BODY), demonstrated.code_of("e-rostering")
    with demonstrated.visiting() as visitor:
        found = cards(visitor, question(body, "system", code))
        assert found.status_code == 200
        content = found.json()
        assert content["about"] == {"body": body, "kind": "system", "subject": code}
        assert {one["group"].split(":")[0] for one in content["readers"]} == {"employer", "independent", "union"}
        by_person = {one["person"]: one for one in content["readers"]}
        elin, llinos = by_person[demonstrated.person(ELIN)], by_person[demonstrated.person(LLINOS)]
        assert (elin["name"], elin["post"]["en"]) == (None, "Head of Workforce Systems")
        assert (llinos["name"], llinos["post"]["cy"]) == ("Llinos Dafis", "Ysgrifennydd y Bwrdd")
        assert elin["conflict"] == "line"
        groups = {one["group"] for one in content["branches"]}
        assert groups == {one["group"] for one in content["readers"] if one["group"].startswith("union:")}
        matter = cards(visitor, question(body, "matter", "safety")).json()
        assert {one["group"] for one in matter["readers"]} == groups | {"independent"}
        assert matter["subject"]["en"] == "Health and safety, or danger to patients or the public"


def test_what_is_not_offered_is_the_same_404_whatever_is_wrong(demonstrated: Demonstrated) -> None:
    body = demonstrated_body(demonstrated, BODY)
    foreign = demonstrated.code_of("telematics")
    wrong = [question(body, "system", "NOSUCH"), question("z" * 26, "matter", "safety"), question(body, "matter", "x"),
             question(body, "system", foreign), question(body, "nonsense", "safety"), b"", b"{}",
             b"[" * 300]  # fmt: skip
    with demonstrated.visiting() as visitor:
        answers = [cards(visitor, octets) for octets in wrong]
        assert {answer.status_code for answer in answers} == {404}
        assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1


# Keeping and holding.


def hold(visitor: Visitor, made: Raised, held: str = "true") -> Any:
    return post_json(visitor, f"/en/my/concerns/{made.case}/hold", b'{"held":%b,"v":1}' % held.encode())


def test_a_hold_is_set_outside_the_line_recorded_without_the_thread_and_told_to_the_reporter(
    demonstrated: Demonstrated,
) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        assert hold(elin, made).status_code == 422, "not the line of management"
        assert elin.get(f"/en/my/concerns/{made.case}/thread").json()["may_hold"] is False
    with demonstrated.signed_in(CARYS) as carys:
        assert [hold(carys, made).json() for _ in range(2)] == [{"v": 1, "held": True}] * 2
        assert hold(carys, made, '"yes"').status_code == 422
        found = carys.get(f"/en/my/concerns/{made.case}/thread").json()
        assert (found["held"], found["may_hold"]) == (True, True)
    with demonstrated.visiting() as reporter:
        found = open_box(reporter, lane_locator(made.code, Lane.JOINT)).json()
        assert found["held"] is True
        assert found["expires"] > "2032-11-01"
    with demonstrated.signed_in(LLINOS) as llinos:
        assert hold(llinos, made, "false").json() == {"v": 1, "held": False}
    with demonstrated.database.reading() as session:
        asked = text("SELECT event, subject, facts FROM audit_events WHERE event LIKE 'concern.%' ORDER BY number")
        recorded = session.execute(asked).all()
    assert [row.event for row in recorded] == ["concern.held", "concern.released"]
    assert recorded[0].subject == recorded[1].subject
    assert made.case not in recorded[0].subject


def test_who_holds_no_grant_cannot_hold_a_thread(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated, CARYS)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        assert hold(carys, made).status_code == 404
