"""Names, the union's own thread, who reads later, and the call for help: without script, as a reporter meets them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from anonymity.encoding import to_b64u
from anonymity.receipt import Code, Lane
from anonymity.submission import look_up_json
from portal.concerns.reporting.homecoming import open_thread
from portal.concerns.telling import answer_calls
from portal.directory.models import RepresentativeTie
from tests.concerns.test_form import SENTINEL, News, filled, open_form, values_of
from tests.demonstrated import CARYS, DYLAN, ELIN, LLINOS, OTHER_BODY, Demonstrated
from tests.tickets import work
from tests.visitors import Visitor

PRIVATE = "Peidiwch â dweud wrthyn nhw mai fi sydd yma"


@pytest.fixture
def news(demonstrated: Demonstrated) -> News:
    return News(demonstrated)


def union_of(world: Demonstrated, visitor: Visitor) -> str:
    """The branch that Carys speaks for."""
    with world.database.reading() as session:
        asked = text("SELECT branch_id FROM role_holdings WHERE person_id = :p AND branch_id IS NOT NULL")
        branch = str(session.scalar(asked, {"p": world.person(CARYS)}))
    assert branch in values_of(open_form(world, visitor).text, "union")
    return branch


def send(world: Demonstrated, visitor: Visitor, **changes: Any) -> tuple[Any, Code]:
    open_form(world, visitor)
    fields = filled(visitor, **changes)
    visitor.page = visitor.client.post("/cy/concern/form", data=fields)
    return visitor.page, Code(bytes.fromhex(fields["form_id"]))


def opened(world: Demonstrated, code: Code, lane: Lane) -> Any:
    with world.database.reading() as session:
        return open_thread(session, code, lane)


def come_back(visitor: Visitor, code: Code) -> str:
    return str(visitor.post("/cy/concern/return/form", {"words": " ".join(code.words("cy"))}).text)


def thread_fields(page: str, action: str, lane: str) -> dict[str, str]:
    """The hidden fields of one form of the thread page."""
    for form in re.findall(rf'<form action="[^"]*/{action}".*?</form>', page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        if fields.get("lane", lane) == lane:
            return fields
    raise AssertionError(f"no form for {action} in {lane}")


def test_a_name_for_the_union_alone_is_not_in_the_thread_with_everybody(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    union = union_of(demonstrated, visitor)
    changes = {"union": union, "consent": "yes", "whom": "union", "name": "Siân Prydderch", "private": PRIVATE}
    answer, code = send(demonstrated, visitor, **changes)
    assert answer.status_code == 200
    assert news("sealed_cases") == 2
    joint, beside = (opened(demonstrated, code, lane) for lane in (Lane.JOINT, Lane.UNION))
    assert joint.thread.opening.name is None
    assert beside.thread.opening.name.reveal() == "Siân Prydderch"
    assert beside.thread.opening.beside.case == joint.seat.case
    page = come_back(visitor, code)
    assert PRIVATE in page
    assert page.index(SENTINEL) < page.index(PRIVATE), "the thread with everybody stands first"
    union_keys = {one.key_id for one in beside.thread.granted}
    assert union_keys < {one.key_id for one in joint.thread.granted}


def test_a_name_alone_opens_the_unions_thread_with_a_sentence_in_the_language_of_the_concern(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    union = union_of(demonstrated, visitor)
    changes = {"union": union, "consent": "yes", "whom": "union", "name": "Siân", "lang": "en"}
    _answer, code = send(demonstrated, visitor, **changes)
    first = opened(demonstrated, code, Lane.UNION).thread.entries[0].item
    assert first.body.reveal().startswith("This is my name, for the union alone.")
    assert first.lang == "en"


@pytest.mark.parametrize("given", [{"whom": "union", "name": "Siân"}, {"private": PRIVATE}])
def test_what_is_for_a_union_of_which_everybody_was_left_out_is_not_lost_in_silence(
    demonstrated: Demonstrated, visitor: Visitor, news: News, given: dict[str, str]
) -> None:
    union = union_of(demonstrated, visitor)
    with demonstrated.database.reading() as session:
        asked = text("SELECT person_id FROM role_holdings WHERE branch_id = :b")
        left_out = list(session.scalars(asked, {"b": union}))
    answer, _code = send(demonstrated, visitor, union=union, consent="yes", **given, **{"left-out": left_out})
    assert answer.status_code == 422
    assert news("sealed_cases") == 0


def test_a_name_typed_before_nobody_was_chosen_goes_to_nobody(demonstrated: Demonstrated, visitor: Visitor) -> None:
    _answer, code = send(demonstrated, visitor, whom="nobody", name="Siân Prydderch")
    assert opened(demonstrated, code, Lane.JOINT).thread.opening.name is None


def test_the_short_answers_become_part_of_the_text_in_its_own_language(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    answers = {"when": " mis  Hydref ", "ongoing": "yes", "affected": ["public", "me"], "lang": "en"}
    _answer, code = send(demonstrated, visitor, **answers)
    said = opened(demonstrated, code, Lane.JOINT).thread.entries[0].item.body.reveal()
    assert said == (
        f"{SENTINEL}\n\nWhen, about: mis Hydref\nIs it still going on: Yes\n"
        "Who is affected: Patients, pupils, residents or others we serve; Me"
    )


def test_who_is_affected_is_not_asked_where_it_would_point_at_people(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    assert 'name="affected"' in open_form(demonstrated, visitor, "matter:safety").text
    for matter in ("money", "harassment", "wrongdoing"):
        assert 'name="affected"' not in open_form(demonstrated, visitor, f"matter:{matter}").text


def test_somebody_is_dropped_later_and_let_in_again_and_both_stand_in_the_thread(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    _answer, code = send(demonstrated, visitor)
    page = come_back(visitor, code)
    dylan = key_of(demonstrated, DYLAN)
    fields = thread_fields(page, "readers", "joint") | {"stay-joint": dylan}
    for _ in range(2):
        dropped = visitor.client.post("/cy/concern/return/form/readers", data=fields)
        assert dropped.status_code == 200
    assert "O hyn ymlaen dyma’r bobl sy’n darllen" in dropped.text
    now = opened(demonstrated, code, Lane.JOINT)
    assert now.seat.epoch == 1
    assert dylan not in {to_b64u(one.key_id) for one in now.thread.granted}
    adding = next(form for form in re.findall(r"<form.*?</form>", dropped.text, re.DOTALL) if 'value="add"' in form)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', adding)) | {"others-joint": dylan}
    assert visitor.client.post("/cy/concern/return/form/readers", data=fields).status_code == 200
    again = opened(demonstrated, code, Lane.JOINT)
    assert again.seat.epoch == 1
    assert dylan in {to_b64u(one.key_id) for one in again.thread.granted}
    assert again.thread.is_whole


def key_of(world: Demonstrated, email: str) -> str:
    with world.database.reading() as session:
        asked = text("SELECT key_id FROM recipient_keys WHERE person_id = :p AND ended_on IS NULL")
        return to_b64u(session.scalar(asked, {"p": world.person(email)}))


def test_the_last_reader_cannot_be_dropped(demonstrated: Demonstrated, visitor: Visitor) -> None:
    _answer, code = send(demonstrated, visitor)
    page = come_back(visitor, code)
    everybody = [to_b64u(one.key_id) for one in opened(demonstrated, code, Lane.JOINT).thread.granted]
    fields = thread_fields(page, "readers", "joint") | {"stay-joint": everybody}
    answer = visitor.client.post("/cy/concern/return/form/readers", data=fields)
    assert answer.status_code == 422
    assert opened(demonstrated, code, Lane.JOINT).seat.epoch == 0


def test_who_was_left_out_is_never_offered_to_be_let_in(demonstrated: Demonstrated, visitor: Visitor) -> None:
    _answer, code = send(demonstrated, visitor, **{"left-out": [demonstrated.person(DYLAN)]})
    page = come_back(visitor, code)
    assert key_of(demonstrated, DYLAN) not in page
    with_key = {"words": " ".join(code.words("cy")), "lane": "joint", "form_id": "ab" * 16, "go": "add"}
    ticket = thread_fields(page, "reply", "joint")["ticket"]
    forged = {**with_key, "ticket": ticket, "others-joint": key_of(demonstrated, DYLAN)}
    assert visitor.client.post("/cy/concern/return/form/readers", data=forged).status_code == 422


def test_what_the_union_read_alone_is_shared_later_with_everybody_but_those_unticked(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    union = union_of(demonstrated, visitor)
    _answer, code = send(demonstrated, visitor, union=union, consent="yes", scope="union")
    page = come_back(visitor, code)
    assert news("sealed_cases") == 1
    fields = thread_fields(page, "share", "union")
    offered = values_of(page, "share-with")
    elin, llinos = demonstrated.person(ELIN), demonstrated.person(LLINOS)
    assert {elin, llinos} <= set(offered)
    kept = [one for one in offered if one != elin]
    shared = visitor.client.post(
        "/cy/concern/return/form/share", data={**fields, "share-with": kept, "share-text": "I bawb nawr"}
    )
    assert shared.status_code == 200
    assert news("sealed_cases") == 2
    joint = opened(demonstrated, code, Lane.JOINT).thread
    assert elin in joint.left_out
    assert key_of(demonstrated, ELIN) not in {to_b64u(one.key_id) for one in joint.granted}
    assert "I bawb nawr" in come_back(visitor, code)
    assert 'action="/cy/concern/return/form/share"' not in visitor.page.text


def test_beside_a_representative_of_their_household_nobody_is_let_in_later(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    union = union_of(demonstrated, visitor)
    _answer, code = send(demonstrated, visitor, union=union, consent="yes", scope="union")
    carys, elin, dylan = (demonstrated.person(one) for one in (CARYS, ELIN, DYLAN))
    assert {elin, dylan} <= set(values_of(come_back(visitor, code), "share-with"))
    with demonstrated.database.writing() as session:
        session.add(RepresentativeTie(person_id=carys, tied_person_id=elin, declared_on=date(2026, 11, 23)))
    offered = values_of(come_back(visitor, code), "share-with")
    assert elin not in offered
    assert dylan in offered


def letters(world: Demonstrated) -> int:
    answer_calls(world.database, world.settings, world.settings.clock.now())
    with world.database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM outbox_letters WHERE template = 'concern_urgent'")) or 0)


def test_somebody_may_be_hurt_calls_exactly_those_who_can_open_it_and_without_a_word(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    left_out = [demonstrated.person(DYLAN)]
    answer, code = send(demonstrated, visitor, urgent="yes", ongoing="yes", **{"left-out": left_out})
    assert "ffoniwch 999" in answer.text
    assert letters(demonstrated) == len(opened(demonstrated, code, Lane.JOINT).thread.granted) == 3
    send(demonstrated, visitor)
    assert letters(demonstrated) == 3, "a concern without the tick calls nobody"


def test_a_device_calls_for_help_with_the_locator_alone_and_pays_for_it(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    _answer, code = send(demonstrated, visitor)
    box = "/cy/concern/box/urgent"
    asked = look_up_json(code.derive("joint:locator"))
    assert visitor.client.post(box, content=asked).status_code == 428
    assert visitor.client.post(box, content=asked, headers=work(visitor.client)).status_code == 201
    assert letters(demonstrated) == 4
    nobody = look_up_json(bytes(32))
    for nonsense in (nobody, b"{}", b""):
        assert visitor.client.post(box, content=nonsense, headers=work(visitor.client)).status_code == 404
    assert letters(demonstrated) == 4


def test_calls_for_help_are_bounded_and_say_so(
    demonstrated: Demonstrated, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.concerns.telling.MOST_AN_HOUR", 5)
    monkeypatch.setattr("portal.concerns.reporting.calling.MOST_WAITING", 1)
    send(demonstrated, visitor, urgent="yes")
    assert letters(demonstrated) == 4
    answer, _code = send(demonstrated, visitor, urgent="yes")
    assert "Nid oedd modd trefnu e-bost" not in answer.text
    assert "gall y negeseuon e-bost fod yn hwyr" in answer.text
    assert letters(demonstrated) == 4, "one more would be too many within the hour: it waits for its turn"
    answer, _code = send(demonstrated, visitor, urgent="yes")
    assert answer.status_code == 200
    assert "Nid oedd modd trefnu e-bost" in answer.text


def test_the_bound_of_one_body_keeps_no_other_waiting_and_ends_with_the_hour(
    demonstrated: Demonstrated, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.concerns.telling.MOST_AN_HOUR", 4)
    monkeypatch.setattr("portal.concerns.reporting.calling.MOST_WAITING", 1)
    for _ in range(2):
        send(demonstrated, visitor, urgent="yes")
        assert letters(demonstrated) == 4
    visitor.post("/cy/concern/form", {"body": OTHER_BODY, "about": "matter:safety"})
    elsewhere = visitor.client.post("/cy/concern/form", data=filled(visitor, urgent="yes"))
    assert "Nid oedd modd trefnu e-bost" not in elsewhere.text
    there = letters(demonstrated)
    assert 4 < there <= 8
    later = demonstrated.settings.clock.now() + timedelta(minutes=61)
    assert answer_calls(demonstrated.database, demonstrated.settings, later) == 1
    assert letters(demonstrated) == there + 4


def test_two_words_of_the_receipt_are_asked_for_and_checked(demonstrated: Demonstrated, visitor: Visitor) -> None:
    _answer, code = send(demonstrated, visitor)
    hidden = {name: visitor.hidden()[name] for name in ("form_id", "first", "second")}
    first, second = (int(hidden[name]) - 1 for name in ("first", "second"))
    right = {"word-first": code.words("en")[first].upper(), "word-second": f" {code.digits[second]} "}
    assert visitor.client.post("/cy/concern/form/proof", data={**hidden, **right}).status_code == 200
    wrong = visitor.client.post("/cy/concern/form/proof", data={**hidden, **right, "word-first": "mynydd"})
    assert wrong.status_code == 422
    assert all(word in wrong.text for word in code.words("cy"))
    for nonsense in ({"first": "0", "second": "99"}, {"first": "x", "second": ""}):
        assert visitor.client.post("/cy/concern/form/proof", data={**hidden, **nonsense}).status_code == 422
    unknown = {**hidden, "form_id": "00" * 13}
    assert visitor.client.post("/cy/concern/form/proof", data=unknown).status_code == 404


def test_the_page_says_how_long_a_thread_is_kept_and_when_it_is_held(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    _answer, code = send(demonstrated, visitor)
    assert "Caiff y sgwrs hon ei dileu yn yr wythnosau ar ôl:" in come_back(visitor, code)
    with demonstrated.database.writing() as session:
        session.execute(text("UPDATE sealed_cases SET held = true"))
    assert "nes bod mater cyfreithiol ar ben" in come_back(visitor, code)


@pytest.mark.parametrize("path", ["/cy/concern/safety", "/en/concern/safety", "/cy/safety", "/en/safety"])
def test_the_safety_page_says_who_learns_what_and_promises_nothing_it_cannot_keep(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 200
    assert page.text.count("<tr") == 9
    for word in ("quantum", "audited", "virus-checked", "deleted everywhere", "anonymous"):
        assert word not in page.text.split("<main")[1].lower()


def test_the_words_about_files_are_complete_and_without_a_trace(visitor: Visitor) -> None:
    answer = visitor.get("/en/concern/file-words")
    assert set(answer.json()) == {"found", "remains", "refused"}
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
