"""The desk opens for who was granted, and for nobody who was left out or holds no duty."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from anonymity.encoding import to_b64u
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.seat import reader_seat
from anonymity.submission import Reply
from portal.concerns.models import RecipientKey
from portal.core.ids import random_bytes
from portal.directory.models import Person
from tests.concerns.raised import SAID, TODAY, csrf_of, delivery_of, keys_json, post_json, put, raised, read, texts
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, SIAN, Demonstrated

ANSWERED = "Diolch. Rydym yn newid y rota heddiw – 90210"


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
