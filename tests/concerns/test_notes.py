"""Notes of one side beside a thread: found by those who hold them, and refused with anybody of the other side."""

from dataclasses import replace

from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.notes import locate_notes
from anonymity.plaintext import Plaintext
from anonymity.receipt import Lane
from anonymity.seat import reader_seat
from anonymity.submission import look_up_json
from tests.concerns.raised import TODAY, delivery_of, open_box, post_json, put, raised, read, texts
from tests.concerns.seats import IDRIS, PATRICK, body_of, key_of, notes_of
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, Demonstrated


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
        assert found.json()["case"] == to_b64u(notes.case)
