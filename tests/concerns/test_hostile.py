"""What somebody with bad intentions tries: each was a hole, or might have been one."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from anonymity.attachment import ENDINGS, Attachment
from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.notes import locate_notes
from anonymity.plaintext import Plaintext
from anonymity.readership import start_epoch
from anonymity.receipt import Code, Lane, locator_hash
from anonymity.submission import look_up_json
from portal.concerns.cards import list_cards
from portal.concerns.models import ConcernCall
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.multipart import MOST_PARTS, read_parts
from portal.concerns.telling import answer_calls
from portal.core.errors import BadRequest
from portal.core.ids import random_bytes
from portal.directory.models import Body, RoleHolding
from portal.directory.rules import RoleName
from tests.concerns.raised import TODAY, csrf_of, post_json, put, raised, read
from tests.concerns.seats import IDRIS, SPOKEN, at_box, notes_of, readers_seat, reporters_seat, stay_in
from tests.concerns.test_attaching import saved
from tests.concerns.test_form import filled, open_form
from tests.concerns.test_keyrings import live, press
from tests.concerns.test_sealed_files import CONTENT, frame_of, sealed, send
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, LLINOS, Demonstrated
from tests.visitors import Visitor


def test_a_reader_cannot_send_a_reporter_a_programme_under_an_ending_of_their_choice(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    with demonstrated.signed_in(ELIN) as elin:
        seat, found = readers_seat(demonstrated, elin, ELIN, made)
        attachment, file = sealed(b"MZ" + CONTENT, seat.recipient)
        attachment = replace(attachment, name="answer.exe", type="application/pdf")
        token = csrf_of(elin)
        frame = frame_of(attachment, made.sent.case, file)
        assert elin.client.post(f"/en/my/concerns/{made.case}/files", content=frame, headers=token).status_code == 201
        item = seat.write(read(seat, found), Plaintext(""), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE,
                          files=[attachment])  # fmt: skip
        reply = seat.reply(item).to_json()
        assert post_json(elin, f"/en/my/concerns/{made.case}/items", reply).status_code == 201
    words = " ".join(made.code.words("cy"))
    given = saved(visitor, words, "answer.exe")
    assert given.headers["content-disposition"] == 'attachment; filename="answer.pdf"'
    assert "feirysau" in visitor.post("/cy/concern/return/form", {"words": words}).text


def test_every_type_of_file_has_its_own_ending() -> None:
    assert len(set(ENDINGS.values())) == len(ENDINGS)


def test_a_reader_of_the_employer_cannot_take_the_place_of_the_unions_notes(demonstrated: Demonstrated) -> None:
    made = raised(demonstrated)
    with demonstrated.signed_in(ELIN) as elin:
        put(elin, made.sent.to_json())
        seat, own = notes_of(demonstrated, elin, ELIN, made, Lane.EMPLOYER_NOTES, LLINOS)
        theirs = locate_notes(seat, Lane.UNION_NOTES)
        squatted = replace(own, locator_hash=locator_hash(theirs))
        assert post_json(elin, "/en/my/concerns/notes", squatted.to_json()).status_code == 201
    with demonstrated.signed_in(CARYS) as carys:
        _seat, notes = notes_of(demonstrated, carys, CARYS, made, Lane.UNION_NOTES, IDRIS)
        assert post_json(carys, "/en/my/concerns/notes", notes.to_json()).status_code == 201
        found = post_json(carys, "/en/my/concerns/lookup", look_up_json(theirs))
        assert [one["case"] for one in found.json()["lanes"]] == [to_b64u(notes.case)]


def test_who_was_dropped_cannot_tell_a_thread_that_goes_on_from_one_that_never_was(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    with demonstrated.signed_in(DYLAN) as dylan:
        seat, _found = readers_seat(demonstrated, dylan, DYLAN, made)
        _attachment, file = sealed(CONTENT, seat.recipient)
        own, found = reporters_seat(visitor, made)
        change = start_epoch(own, read(own, found), stay_in(demonstrated, made, DYLAN), SPOKEN)
        assert at_box(visitor, change) == 201
        token = csrf_of(dylan)
        answers = []
        for case in (made.sent.case, random_bytes(16)):
            address = f"/en/my/concerns/{to_b64u(case)}"
            frame = random_bytes(16) + case + file
            said = [
                dylan.client.post(f"{address}/files", content=frame, headers=token),
                dylan.get(f"{address}/thread"),
                dylan.get(f"{address}/files/{to_b64u(random_bytes(16))}"),
                dylan.client.post(f"{address}/hold", content=b'{"held":true,"v":1}', headers=token),
                dylan.client.post(f"{address}/readers", content=change.to_json(), headers=token),
                dylan.get(f"/en/my/concerns/openings?case={to_b64u(case)}"),
            ]
            answers.append([(one.status_code, one.content, sorted(one.headers)) for one in said])
        assert answers[0] == answers[1]


def test_rubbish_for_a_thread_does_not_keep_its_reporters_files_out(
    demonstrated: Demonstrated, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("filing", "service"):
        monkeypatch.setattr(f"portal.mailbox.{module}.MOST_CASE_FILES", 200_000)
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    seat, found = reporters_seat(visitor, made)
    for _ in range(4):
        attachment, file = sealed(CONTENT, seat.recipient)
        assert send(visitor, frame_of(attachment, made.sent.case, file)).status_code == 201
    files = [sealed(CONTENT, seat.recipient) for _ in range(4)]
    for attachment, file in files:
        assert send(visitor, frame_of(attachment, made.sent.case, file)).status_code == 201

    def write(named: list[tuple[Attachment, bytes]]) -> bytes:
        chosen = [attachment for attachment, _file in named]
        item = seat.write(read(seat, found), Plaintext(""), lang="cy", day=TODAY, sealed_by=SealedBy.DEVICE,
                          files=chosen)  # fmt: skip
        return seat.reply(item).to_json()

    assert put(visitor, write(files), "/cy/concern/box/reply").status_code == 413, "more than the thread may hold"
    assert put(visitor, write(files[:2]), "/cy/concern/box/reply").status_code == 201
    with demonstrated.database.reading() as session:
        waiting = text("SELECT count(*) FROM sealed_files WHERE waiting_since IS NOT NULL AND case_id = :c")
        assert session.scalar(waiting, {"c": made.sent.case}) == 6


def test_two_new_keys_cannot_confirm_each_other_where_a_side_has_a_confirmed_one(demonstrated: Demonstrated) -> None:
    def leave_confirmed(*emails: str) -> None:
        with demonstrated.database.writing() as session:
            session.execute(text("UPDATE recipient_keys SET confirmed_for = NULL"))
            for email in emails:
                side = "(SELECT id FROM bodies WHERE slug = :s)"
                changed = text(f"UPDATE recipient_keys SET confirmed_for = {side} WHERE person_id = :p")
                session.execute(changed, {"p": demonstrated.person(email), "s": BODY})

    leave_confirmed(DYLAN)
    key = to_b64u(live(demonstrated, LLINOS).key_id)
    with demonstrated.signed_in(ELIN) as elin:
        assert press(elin, "/confirm", key=key, compared="yes") == 422
        assert live(demonstrated, LLINOS).confirmed_for is None
        leave_confirmed()
        assert press(elin, "/confirm", key=key, compared="yes") == 303, "somebody has to be the first"
    assert live(demonstrated, LLINOS).confirmed_for is not None


def test_a_key_that_one_side_confirmed_is_new_where_its_owner_gets_another_duty(demonstrated: Demonstrated) -> None:
    """An administrator could otherwise make an officer whom nobody of that side has compared."""
    with demonstrated.database.writing() as session:
        holding = session.scalars(
            select(RoleHolding).where(
                RoleHolding.person_id == demonstrated.person(IDRIS), RoleHolding.role == RoleName.UNION_REPRESENTATIVE
            )
        ).one()
        body_id = session.scalars(select(Body.id).where(Body.slug == BODY)).one()
        holding.role, holding.branch_id, holding.body_id = RoleName.INDEPENDENT_OFFICER, None, body_id
    key_id = live(demonstrated, IDRIS).key_id
    with demonstrated.database.reading() as session:
        about = get_about(session, BODY, "matter:safety")
        reader = next(one for one in find_channel(session, about, today=TODAY).readers if one.key_id == key_id)
        card = next(one for one in list_cards(session, body_id, today=TODAY) if one.key_id == key_id)
    assert (reader.is_confirmed, card.state) == (False, "unconfirmed")
    with demonstrated.signed_in(ELIN) as elin:
        assert press(elin, "/confirm", key=to_b64u(key_id), compared="yes") == 303
    with demonstrated.database.reading() as session:
        card = next(one for one in list_cards(session, body_id, today=TODAY) if one.key_id == key_id)
    assert card.state == "confirmed"


def test_a_hundred_thousand_empty_parts_are_not_read_to_their_end() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n'
    with pytest.raises(BadRequest):
        list(read_parts(iter([part * (MOST_PARTS + 1), b"--b--\r\n"]), b"b"))


@pytest.mark.parametrize("path", ["/cy/concern/safety", "/en/concern/safety"])
def test_a_form_sent_again_shows_its_words_and_the_page_about_safety_says_so(
    demonstrated: Demonstrated, visitor: Visitor, path: str
) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor)
    first = visitor.client.post("/cy/concern/form", data=fields)
    again = visitor.client.post("/cy/concern/form", data=fields)
    assert " ".join(Code(bytes.fromhex(fields["form_id"])).words("cy")).split()[0] in again.text
    assert first.status_code == again.status_code == 200
    page = visitor.get(path).text
    assert ("botwm Yn ôl" if path.startswith("/cy") else "Back button") in page


MARK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_markup_in_text_name_and_file_name_stays_text(demonstrated: Demonstrated, visitor: Visitor) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor, text=MARK, whom="everybody", name=MARK, **{"file-names": "yes"})
    attached = [("files", (f"a{MARK}.txt".replace("/", ""), b"yes", "text/html"))]
    page = visitor.client.post("/cy/concern/form", data=fields, files=attached)
    assert page.status_code == 200
    words = " ".join(Code(bytes.fromhex(fields["form_id"])).words("cy"))
    thread = visitor.post("/cy/concern/return/form", {"words": words}).text
    for shown in (page.text, thread):
        assert "alert(1)" in shown or shown is page.text
        assert "<script>alert" not in shown and "<img src=x" not in shown


def test_a_call_for_help_in_a_thread_that_is_forgotten_meanwhile_keeps_no_other_waiting(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made = raised(demonstrated)
    put(visitor, made.sent.to_json())
    with demonstrated.database.writing() as session:
        session.add(ConcernCall(case_id=bytes(16)))
        session.add(ConcernCall(case_id=made.sent.case))
    assert answer_calls(demonstrated.database, demonstrated.settings, demonstrated.settings.clock.now()) == 1
    with demonstrated.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM concern_calls")) == 0
