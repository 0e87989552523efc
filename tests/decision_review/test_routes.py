"""Reviews as their people meet them: asking, giving, declaring, deciding; and everybody else, who meets nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.decision_review.reviewing.models import Declaration, ReviewDecision
from portal.decision_review.rules import State
from portal.register.models import System
from portal.register.queries import list_decision_points
from portal.timelimits.calendar import WorkingDays
from tests.decision_review.walking import walk_to
from tests.demonstrated import GWYNFOR, OTHER_BODY, SIAN, Demonstrated
from tests.visitors import Visitor

MAIR, EMYR = "mair.tudur@dyffryn-cledwen.example", "emyr.wyn.daniel@dyffryn-cledwen.example"
MELERI, DAVID = "meleri.haf.ifans@dyffryn-cledwen.example", "david.okafor@dyffryn-cledwen.example"
RHODRI, OWEN = "rhodri.vaughan@glannau-ogwen.example", "owen.parry.owen@glannau-ogwen.example"
REASONS = "Nid oedd y map yn gywir; mae’r sgôr wedi’i dileu. 41414"
DECISION = {"outcome": "overturned", "reasons-cy": REASONS, "reasons-en": "", "remedy-cy": "", "remedy-en": ""}


@pytest.fixture
def reference(demonstrated: Demonstrated) -> str:
    """The demonstration's review: Gwynfor's, about telematics, in Welsh; ready to be given to a reviewer."""
    desk = Desk(WorkingDays(), demonstrated.settings.vault, demonstrated.settings.clock.now())
    with demonstrated.database.writing() as session:
        case = session.scalars(select(Case).where(Case.kind == "review")).one()
        walk_to(session, demonstrated.actor(MAIR), case, State.REPRESENTATIONS_OPEN, desk=desk)
        return case.reference


def state(world: Demonstrated, reference: str) -> str:
    with world.database.reading() as session:
        return session.scalars(select(Case.state).where(Case.reference == reference)).one()


def act(visitor: Visitor, reference: str, verb: str, **fields: str) -> Any:
    """One act at the desk, with the token and version of the page as it stands."""
    page = visitor.get(f"/en/my/desk/reviews/{reference}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    seen = {"version": version.group(1)} if version else {}
    return visitor.post(f"/en/my/desk/reviews/{reference}/{verb}", {**seen, **fields})


def give(world: Demonstrated, reference: str, email: str = MELERI) -> Any:
    with world.signed_in(MAIR) as mair:
        return act(mair, reference, "give", reviewer=world.person(email))


def begin(world: Demonstrated, reference: str, email: str = MELERI) -> Any:
    with world.signed_in(email) as reviewer:
        return act(reviewer, reference, "begin", declared="yes")


def test_from_the_officer_to_the_reviewer_to_the_worker(demonstrated: Demonstrated, reference: str) -> None:
    assert give(demonstrated, reference).status_code == 303
    assert begin(demonstrated, reference).status_code == 303
    with demonstrated.signed_in(MELERI) as meleri:
        assert "Allt-y-coed" in meleri.get(f"/cy/my/desk/reviews/{reference}").text
        assert act(meleri, reference, "decide", **DECISION).status_code == 303
    assert state(demonstrated, reference) == "decided"
    with demonstrated.signed_in(GWYNFOR) as gwynfor:
        page = gwynfor.get(f"/en/my/cases/{reference}").text
        assert REASONS in page
        assert 'lang="cy"' in page
    on_disk = b"".join(path.read_bytes() for path in demonstrated.folder.glob("porth.sqlite3*"))
    assert REASONS.encode() not in on_disk


def responsible(world: Demonstrated, email: str) -> None:
    """Make somebody the responsible manager of telematics as well."""
    with world.database.writing() as session:
        session.execute(
            text("UPDATE role_holdings SET person_id = :who WHERE person_id = :emyr"),
            {"who": world.person(email), "emyr": world.person(EMYR)},
        )


def test_a_reviewer_who_is_not_independent_is_not_offered_and_is_refused_by_hand(
    demonstrated: Demonstrated, reference: str
) -> None:
    responsible(demonstrated, MELERI)
    with demonstrated.signed_in(MAIR) as mair:
        page = mair.get(f"/en/my/desk/reviews/{reference}").text
        assert demonstrated.person(MELERI) not in page
        assert demonstrated.person(DAVID) in page
        assert act(mair, reference, "give", reviewer=demonstrated.person(MELERI)).status_code == 422
        for nobody in (demonstrated.person(GWYNFOR), demonstrated.person(OWEN), "z" * 26):
            assert act(mair, reference, "give", reviewer=nobody).status_code == 404
        assert act(mair, reference, "give", reviewer="").status_code == 422
    assert state(demonstrated, reference) == "representations_open"


def test_a_reviewer_who_lost_independence_after_it_was_given_cannot_begin(
    demonstrated: Demonstrated, reference: str
) -> None:
    give(demonstrated, reference)
    responsible(demonstrated, MELERI)
    assert begin(demonstrated, reference).status_code == 422
    assert state(demonstrated, reference) == "assigned"


def test_a_reviewer_who_lost_independence_after_beginning_cannot_decide(
    demonstrated: Demonstrated, reference: str
) -> None:
    give(demonstrated, reference)
    begin(demonstrated, reference)
    responsible(demonstrated, MELERI)
    with demonstrated.signed_in(MELERI) as meleri:
        assert act(meleri, reference, "decide", **DECISION).status_code == 422
    assert state(demonstrated, reference) == "in_review"


def test_beginning_needs_the_declaration_and_keeps_it(demonstrated: Demonstrated, reference: str) -> None:
    give(demonstrated, reference)
    with demonstrated.signed_in(MELERI) as meleri:
        assert act(meleri, reference, "begin").status_code == 422
        assert act(meleri, reference, "decide", **DECISION).status_code in {403, 409, 422}
        assert act(meleri, reference, "begin", declared="yes").status_code == 303
    assert state(demonstrated, reference) == "in_review"
    with demonstrated.database.reading() as session:
        assert session.scalars(select(Declaration.person_id)).all() == [demonstrated.person(MELERI)]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"reasons-cy": ""}, "Only in English 515"),
        ({"reasons-cy": "", "reasons-en": "Only in English 515"}, "Only in English 515"),
        ({"outcome": ""}, REASONS),
        ({"outcome": "invented"}, REASONS),
        ({"reasons-cy": "ŵ" * 4001}, "ŵ" * 4001),
    ],
)
def test_a_decision_needs_an_outcome_and_reasons_in_the_workers_language(
    demonstrated: Demonstrated, reference: str, changes: dict[str, str], kept: str
) -> None:
    give(demonstrated, reference)
    begin(demonstrated, reference)
    with demonstrated.signed_in(MELERI) as meleri:
        answer = act(meleri, reference, "decide", **{**DECISION, "reasons-en": "Only in English 515", **changes})
        assert answer.status_code == 422
        assert kept in answer.text
    assert state(demonstrated, reference) == "in_review"


def test_a_decision_sent_twice_is_one_decision_and_one_letter(demonstrated: Demonstrated, reference: str) -> None:
    give(demonstrated, reference)
    begin(demonstrated, reference)
    with demonstrated.signed_in(MELERI) as meleri:
        page = meleri.get(f"/en/my/desk/reviews/{reference}").text
        hidden = {name: value for name, value in meleri.hidden().items() if name in {"csrf", "version"}}
        assert hidden["csrf"] in page
        path = f"/en/my/desk/reviews/{reference}/decide"
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version is not None
        fields = {**DECISION, "csrf": hidden["csrf"], "version": version.group(1)}
        letters = count(demonstrated, "outbox_letters")
        assert [meleri.client.post(path, data=fields).status_code for _ in range(2)] == [303, 303]
        second = {**fields, "outcome": "upheld", "reasons-cy": "Na"}
        meleri.client.post(path, data=second)
    assert count(demonstrated, "outbox_letters") == letters + 1
    with demonstrated.database.reading() as session:
        assert session.scalars(select(ReviewDecision.outcome)).all() == ["overturned"]


def count(world: Demonstrated, table: str) -> int:
    with world.database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_an_old_page_decides_nothing(demonstrated: Demonstrated, reference: str) -> None:
    give(demonstrated, reference)
    begin(demonstrated, reference)
    with demonstrated.signed_in(MELERI) as meleri:
        for version in ("1", "0", "", "x", "-1", "9" * 5000):
            answer = act(meleri, reference, "decide", **{**DECISION, "version": version})
            assert answer.status_code == 422
            assert REASONS in answer.text
    assert state(demonstrated, reference) == "in_review"


def test_a_review_handed_back_does_not_come_again(demonstrated: Demonstrated, reference: str) -> None:
    give(demonstrated, reference)
    with demonstrated.signed_in(MELERI) as meleri:
        assert act(meleri, reference, "hand-back").status_code == 303
        assert meleri.get(f"/en/my/desk/reviews/{reference}").status_code == 404
        assert reference not in meleri.get("/en/my/desk/reviews").text
    assert state(demonstrated, reference) == "representations_open"
    with demonstrated.signed_in(MAIR) as mair:
        assert demonstrated.person(MELERI) not in mair.get(f"/en/my/desk/reviews/{reference}").text
        assert act(mair, reference, "give", reviewer=demonstrated.person(MELERI)).status_code == 404


@pytest.mark.parametrize("email", [RHODRI, OWEN, DAVID, EMYR, GWYNFOR, SIAN])
def test_who_has_nothing_to_do_with_a_review_meets_what_was_never_there(
    demonstrated: Demonstrated, reference: str, email: str
) -> None:
    give(demonstrated, reference)
    with demonstrated.signed_in(email) as visitor:
        there, never = (visitor.client.get(f"/en/my/desk/reviews/{one}") for one in (reference, "RV-2222-2222"))
        assert there.status_code == never.status_code == 404
        assert len(there.content) == len(never.content)
        for verb in ("give", "begin", "hand-back", "decide"):
            visitor.get("/en/my")
            answer = visitor.post(f"/en/my/desk/reviews/{reference}/{verb}", {**DECISION, "declared": "yes"})
            assert answer.status_code == 404, verb
    assert state(demonstrated, reference) == "assigned"


def test_the_officer_gives_but_never_decides(demonstrated: Demonstrated, reference: str) -> None:
    give(demonstrated, reference)
    begin(demonstrated, reference)
    with demonstrated.signed_in(MAIR) as mair:
        for verb in ("begin", "decide", "hand-back"):
            assert act(mair, reference, verb, declared="yes", **DECISION).status_code == 404
    assert state(demonstrated, reference) == "in_review"


# Asking, without an account.


@pytest.fixture
def asker(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as visitor:
        yield visitor


def answers(world: Demonstrated, visitor: Visitor, **changes: str) -> dict[str, str]:
    visitor.get("/cy/review/start")
    with world.database.reading() as session:
        system = session.scalars(select(System).where(System.slug == "telematics")).one()
        point = list_decision_points(session, system.id)[0].id
        code = system.short_code
    return {
        "form_id": visitor.hidden()["form_id"], "body": OTHER_BODY, "system": code, "point": point,
        "day-day": "3", "day-month": "11", "day-year": "2026", "what": "Cefais fy marcio i lawr 31313",
        "wanted": "human", "wanted-words": "", "name": "Cai", "contact": "Gyrrwr yn Nepo Pen-y-lan", "email": "",
        "go": "send", **changes,
    }  # fmt: skip


def test_somebody_without_an_account_gets_ten_words_that_open_the_review(
    demonstrated: Demonstrated, asker: Visitor
) -> None:
    fields = answers(demonstrated, asker)
    first, second = (asker.client.post("/cy/review/ask", data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert count(demonstrated, "review_requests") == 2
    found = re.findall(r"RV-[0-9A-Z]{4}-[0-9A-Z]{4}", first.text)
    assert found
    assert found[0] in second.text
    assert b"31313" not in b"".join(one.read_bytes() for one in demonstrated.folder.glob("porth.sqlite3*"))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (("31", "2", "2026"), "real date"),
        (("23", "11", "2026"), "today or in the past"),
        (("24", "5", "2018"), "on or after"),
        (("", "", ""), "day the decision was made"),
        (("x", "y", "z"), "real date"),
    ],
)
def test_a_day_that_cannot_be_is_asked_again_with_everything_kept(
    demonstrated: Demonstrated, asker: Visitor, day: tuple[str, str, str], said: str
) -> None:
    parts = dict(zip(("day-day", "day-month", "day-year"), day, strict=True))
    answer = asker.client.post("/en/review/ask", data=answers(demonstrated, asker, **parts))
    assert answer.status_code == 422
    assert said in answer.text
    assert "31313" in answer.text
    assert count(demonstrated, "review_requests") == 1


@pytest.mark.parametrize(
    "changes",
    [{"body": "none"}, {"system": "ZZZZZZ"}, {"point": "z" * 26}, {"wanted": "money"}, {"what": ""}, {"name": ""},
     {"what": "x" * 4001}, {"email": "not an address"}],
)  # fmt: skip
def test_an_answer_that_was_not_offered_opens_nothing(
    demonstrated: Demonstrated, asker: Visitor, changes: dict[str, str]
) -> None:
    answer = asker.client.post("/cy/review/ask", data=answers(demonstrated, asker, **changes))
    assert answer.status_code == 422
    assert count(demonstrated, "review_requests") == 1


@pytest.mark.parametrize("form_id", ["", "zz", "00" * 12, "00" * 14, "a" * 26 + "!"])
def test_a_form_that_we_did_not_give_out_opens_nothing(
    demonstrated: Demonstrated, asker: Visitor, form_id: str
) -> None:
    answer = asker.client.post("/cy/review/ask", data=answers(demonstrated, asker, form_id=form_id))
    assert answer.status_code in {403, 404, 422}
    assert count(demonstrated, "review_requests") == 1


def test_a_form_of_somebody_else_does_not_show_their_case(demonstrated: Demonstrated) -> None:
    """The id of a signed-in form is a case's key: whoever guesses or finds it gets nothing by it."""
    with demonstrated.database.reading() as session:
        own_id = session.scalars(select(Case.id).where(Case.kind == "review")).one()
    with demonstrated.signed_in(EMYR) as emyr:
        fields = answers(demonstrated, emyr, form_id=own_id)
        emyr.get("/cy/my/review/start")
        answer = emyr.post("/cy/my/review/ask", {name: value for name, value in fields.items() if name != "csrf"})
        assert answer.status_code == 404
    assert count(demonstrated, "review_requests") == 1
