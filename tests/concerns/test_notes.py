"""Notes of one side beside a thread: found by those who hold them, and refused with anybody of the other side."""

from dataclasses import replace
from typing import Any

from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.notes import locate_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import start_epoch
from anonymity.receipt import Lane
from anonymity.seat import Seat, reader_seat
from anonymity.submission import look_up_json
from tests.concerns.raised import TODAY, delivery_of, open_box, post_json, put, raised, read, texts
from tests.concerns.seats import IDRIS, PATRICK, SPOKEN, body_of, key_of, notes_of, person_card
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, Demonstrated
from tests.visitors import Visitor


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
        (lane,) = found.json()["lanes"]
        assert (lane["state"], lane["side"]) == ("notes", "union")
        notes_seat = reader_seat(demonstrated.keyring(carys, CARYS), delivery_of(lane))
        assert texts(read(notes_seat, lane)) == ["Rhyngom ni"]
        case = to_b64u(notes.case)
        assert case not in carys.get("/en/my/concerns").text, "notes are no concern of the list"
        item = notes_seat.write(read(notes_seat, lane), Plaintext("eto"), lang="cy", day=TODAY,
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
        away = replace(notes, body=body_of(demonstrated, OTHER_BODY))
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
        assert [one["case"] for one in found.json()["lanes"]] == [to_b64u(notes.case)]


def test_a_colleague_who_is_dropped_from_the_thread_can_be_dropped_from_its_notes(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
        lane = lanes_beside(carys, seat)[0]
        own = reader_seat(demonstrated.keyring(carys, CARYS), delivery_of(lane))
        change = start_epoch(own, read(own, lane), [person_card(demonstrated, CARYS)], SPOKEN)
        answer = post_json(carys, f"/en/my/concerns/{to_b64u(notes.case)}/readers", change.to_json())
        assert answer.status_code == 201, "live keys of others, which a reporter's thread would not let her drop"
    with demonstrated.signed_in(IDRIS) as idris:
        assert idris.get(f"/en/my/concerns/{to_b64u(notes.case)}/thread").status_code == 404
        assert lanes_beside(idris, seat) == []
        _seat, others = notes_of(demonstrated, idris, IDRIS, made, Lane.UNION_NOTES)
        assert post_json(idris, "/en/my/concerns/notes", others.to_json()).status_code == 201, "and begins others"


def test_who_was_dropped_from_the_notes_they_began_can_begin_others(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(CARYS) as carys:
        put(carys, made.sent.to_json())
        seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
    with demonstrated.signed_in(IDRIS) as idris:
        lane = lanes_beside(idris, seat)[0]
        own = reader_seat(demonstrated.keyring(idris, IDRIS), delivery_of(lane))
        change = start_epoch(own, read(own, lane), [person_card(demonstrated, IDRIS)], SPOKEN)
        case = to_b64u(notes.case)
        assert post_json(idris, f"/en/my/concerns/{case}/readers", change.to_json()).status_code == 201
    with demonstrated.signed_in(CARYS) as carys:
        assert lanes_beside(carys, seat) == []
        _seat, others = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES)
        assert post_json(carys, "/en/my/concerns/notes", others.to_json()).status_code == 201
        assert [one["case"] for one in lanes_beside(carys, seat)] == [to_b64u(others.case)]


def test_nobody_keeps_others_from_their_notes_by_beginning_some_first(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(IDRIS) as idris:
        put(idris, made.sent.to_json())
        _seat, alone = notes_of(demonstrated, idris, IDRIS, made, Lane.UNION_NOTES)
        assert post_json(idris, "/en/my/concerns/notes", alone.to_json()).status_code == 201
    with demonstrated.signed_in(CARYS) as carys:
        seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
        assert [one["case"] for one in lanes_beside(carys, seat)] == [to_b64u(notes.case)]
    with demonstrated.signed_in(IDRIS) as idris:
        both = [to_b64u(notes.case), to_b64u(alone.case)]
        assert [one["case"] for one in lanes_beside(idris, seat)] == both, "first what most can read"


def test_who_was_let_into_notes_that_do_not_open_begins_others(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(IDRIS) as idris:
        put(idris, made.sent.to_json())
        _seat, notes = notes_of(demonstrated, idris, IDRIS, made, Lane.UNION_NOTES, CARYS)
        hers = key_of(demonstrated, CARYS)
        rubbish = tuple(
            replace(one, file=one.file[:-40] + bytes(40)) if one.key_id == hers else one for one in notes.grants
        )
        spoilt = replace(notes, grants=rubbish)
        assert post_json(idris, "/en/my/concerns/notes", spoilt.to_json()).status_code == 201
    with demonstrated.signed_in(CARYS) as carys:
        seat, own = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert post_json(carys, "/en/my/concerns/notes", own.to_json()).status_code == 409
        assert post_json(carys, "/en/my/concerns/notes?anew=yes", own.to_json()).status_code == 201
        assert {one["case"] for one in lanes_beside(carys, seat)} == {to_b64u(notes.case), to_b64u(own.case)}


def lanes_beside(visitor: Visitor, seat: Seat) -> list[Any]:
    found = post_json(visitor, "/en/my/concerns/lookup", look_up_json(locate_notes(seat, Lane.UNION_NOTES)))
    return list(found.json()["lanes"]) if found.status_code == 200 else []
