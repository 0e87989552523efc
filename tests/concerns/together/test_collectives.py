"""Concerns are put together and taken apart by those who can open them; nobody learns of those that they cannot."""

import random
import re
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, func, select, update

from anonymity.encoding import to_b64u
from portal.audit.models import AuditEvent
from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import Theme
from portal.concerns.casework.turns import ANOTHER_BRANCH
from portal.concerns.together import joint_routes, routes
from portal.concerns.together.models import BandTold, CollectiveLink
from portal.concerns.together.queries import (
    Seen,
    get_collective,
    list_collectives,
    list_linked,
    list_of_thread,
)
from portal.concerns.together.service import (
    NOT_TAKEN,
    TOO_FEW,
    Cause,
    Outcome,
    link,
    open_collective,
    tell_band,
    unlink,
)
from portal.core.errors import NotFound, Refused
from portal.core.ids import new_id, random_bytes
from portal.mailbox.models import SealedGrant
from tests.concerns.casework.seated import Seated
from tests.concerns.together.conftest import Taken
from tests.visitors import CSRF, Visitor

PACE = Cause(Theme.PACE)


def begin(seated: Seated, who: str, *case_ids: bytes, cause: Cause = PACE) -> tuple[str, list[Outcome]]:
    made = new_id()
    with seated.database.writing() as session:
        outcomes = open_collective(session, seated.actor(who), cause, case_ids, collective_id=made, desk=seated.desk)
    return made, outcomes


def add(seated: Seated, who: str, collective_id: str, *case_ids: bytes) -> list[Outcome]:
    with seated.database.writing() as session:
        return link(session, seated.actor(who), collective_id, case_ids, desk=seated.desk)


def take_out(seated: Seated, who: str, collective_id: str, case_id: bytes) -> None:
    with seated.database.writing() as session:
        unlink(session, seated.actor(who), collective_id, case_id, desk=seated.desk)


def seen_by(seated: Seated, who: str, collective_id: str) -> Seen | None:
    with seated.database.reading() as session:
        return next((one for one in list_collectives(session, seated.actor(who)) if one.id == collective_id), None)


def told_by(seated: Seated, who: str, collective_id: str) -> int:
    with seated.database.writing() as session:
        return tell_band(session, seated.actor(who), collective_id, desk=seated.desk)


def test_what_is_taken_out_and_put_back_is_as_if_nothing_had_happened(seated: Seated, taken: Taken) -> None:
    first, second = taken("rep", "second"), taken("rep", "second")
    made, _outcomes = begin(seated, "rep", first, second)
    before = seen_by(seated, "second", made)
    take_out(seated, "rep", made, first)
    between = seen_by(seated, "second", made)
    add(seated, "second", made, first)
    after = seen_by(seated, "second", made)
    assert before is not None and after is not None and between is not None
    assert (between.linked, between.ever) == (1, 2)
    assert (after.linked, after.ever, after.since, after.to_tell) == (2, 2, before.since, before.to_tell)
    with seated.database.reading() as session:
        linked = list_linked(session, seated.actor("rep"), made)
        assert [one.is_linked for one in linked] == [True, True]
        assert [one.id for one in list_of_thread(session, seated.actor("rep"), first)] == [made]


def test_linking_twice_is_once_and_every_press_is_recorded_under_a_hash(seated: Seated, taken: Taken) -> None:
    case_id = taken("rep")
    made, _outcomes = begin(seated, "rep", case_id)
    add(seated, "rep", made, case_id)
    take_out(seated, "rep", made, case_id)
    take_out(seated, "rep", made, case_id)
    with seated.database.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.event.in_(["concern.linked", "concern.unlinked"])))
        rows = [(row.event, row.subject, row.body_id) for row in events]
    assert sorted(event for event, *_rest in rows) == ["concern.linked", "concern.unlinked"]
    assert len({subject for _event, subject, _body in rows}) == 1
    assert not any(case_id.hex() in subject for _event, subject, _body in rows)
    assert {body_id for *_rest, body_id in rows} == {None}


def test_what_nobody_took_on_or_another_home_works_on_is_not_put_anywhere(seated: Seated, taken: Taken) -> None:
    new, theirs = seated.came("rep"), taken("rep", "rival", home="other branch")
    _made, outcomes = begin(seated, "rep", new, theirs)
    assert {one.case_id: one.refused for one in outcomes} == {new: NOT_TAKEN, theirs: ANOTHER_BRANCH}
    with seated.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CollectiveLink)) == 0


def test_what_the_other_side_took_on_is_put_together_all_the_same(seated: Seated, taken: Taken) -> None:
    case_id = taken("head", "rep", home="body")
    made, outcomes = begin(seated, "rep", case_id)
    assert [one.refused for one in outcomes] == [None]
    with seated.database.reading() as session:
        found = get_collective(session, seated.actor("rep"), made)
        assert found.collective.home_id == seated.homes["branch"]
    assert seen_by(seated, "head", made) is None


def test_a_thread_that_somebody_does_not_hold_is_as_if_it_did_not_exist(seated: Seated, taken: Taken) -> None:
    ours, hers = taken("rep", "second"), taken("second")
    made, _outcomes = begin(seated, "rep", ours)
    assert add(seated, "rep", made, hers, random_bytes(16)) == []
    for case_id in (hers, random_bytes(16)):
        with pytest.raises(NotFound):
            take_out(seated, "rep", made, case_id)
    add(seated, "second", made, hers)
    mine = seen_by(seated, "rep", made)
    assert mine is not None
    assert (mine.linked, mine.ever) == (1, 1)


@pytest.mark.parametrize("who", ["head", "outside", "elsewhere", "rival"])
def test_no_other_side_or_branch_finds_a_collective(seated: Seated, taken: Taken, who: str) -> None:
    case_id = taken("rep", "head", "rival")
    made, _outcomes = begin(seated, "rep", case_id)
    with seated.database.writing() as session:
        actor = seated.actor(who)
        assert list_collectives(session, actor) == []
        assert list_of_thread(session, actor, case_id) == []
        for act in (
            lambda: get_collective(session, actor, made),
            lambda: link(session, actor, made, [case_id], desk=seated.desk),
            lambda: unlink(session, actor, made, case_id, desk=seated.desk),
            lambda: tell_band(session, actor, made, desk=seated.desk),
            lambda: open_collective(session, actor, PACE, [case_id], collective_id=made, desk=seated.desk),
        ):
            with pytest.raises(NotFound):
                act()


def test_whoever_loses_the_last_thread_loses_the_collective(seated: Seated, taken: Taken) -> None:
    case_id = taken("rep", "second")
    made, _outcomes = begin(seated, "rep", case_id)
    with seated.database.writing() as session:
        session.execute(delete(SealedGrant).where(SealedGrant.key_id == seated.keys["second"]))
    assert seen_by(seated, "second", made) is None
    assert seen_by(seated, "rep", made) is not None


def test_reporters_are_told_from_ten_on_and_never_less_later(seated: Seated, taken: Taken) -> None:
    case_ids = [taken("rep") for _ in range(9)]
    made, _outcomes = begin(seated, "rep", *case_ids)
    with pytest.raises(Refused) as refused:
        told_by(seated, "rep", made)
    assert refused.value.message is TOO_FEW
    case_ids += [taken("rep") for _ in range(11)]
    add(seated, "rep", made, *case_ids)
    told, drawn = [told_by(seated, "rep", made)], random.Random(3)
    for case_id in drawn.sample(case_ids, 5):
        take_out(seated, "rep", made, case_id)
        told.append(told_by(seated, "rep", made))
    assert set(told) == {20}
    with seated.database.reading() as session:
        assert session.scalars(select(BandTold.band)).all() == [20]


def test_who_holds_fewer_sees_no_band_that_they_could_not_count(seated: Seated, taken: Taken) -> None:
    both, mine = [taken("rep", "second") for _ in range(4)], [taken("rep") for _ in range(8)]
    made, _outcomes = begin(seated, "rep", *both, *mine)
    assert told_by(seated, "rep", made) == 10
    hers = seen_by(seated, "second", made)
    assert hers is not None
    assert (hers.linked, hers.ever, dict(hers.told), hers.to_tell) == (4, 4, {}, 0)
    with pytest.raises(Refused):
        told_by(seated, "second", made)


@pytest.fixture
def app(seated: Seated) -> FastAPI:
    return seated.serve(joint_routes.router, routes.router)


HERE = "/en/my/concerns/together"


def csrf_of(visitor: Visitor) -> dict[str, str]:
    """The token of a page without a form of its own."""
    found = CSRF.search(visitor.get("/en/my/profile").text)
    assert found is not None
    return {"csrf": found.group(1)}


def test_from_the_desk_to_a_cause_and_back(seated: Seated, taken: Taken, app: FastAPI) -> None:
    keys = [to_b64u(one) for one in (taken("rep", theme=Theme.PACE), taken("rep"), seated.came("rep"))]
    with seated.signed_in("rep", app) as rep:
        rep.get(f"{HERE}/choose?case={keys[0]}")
        token, made = rep.hidden()["csrf"], rep.hidden()["form_id"]

        def press(verb: str, **fields: str | list[str]) -> Any:
            return rep.client.post(f"{HERE}/{verb}", data={"csrf": token, **fields})

        assert 'name="case" value="' in press("choose", case=keys).text
        again = press("link", case=keys, form_id=made)
        assert again.status_code == 422
        assert "Choose where to put them" in again.text
        some = press("link", case=keys, form_id=made, where="new", theme="pace")
        assert some.status_code == 200
        assert "Nobody has taken this concern on yet" in some.text
        page = rep.get(f"{HERE}/{made}")
        assert [key in page.text for key in keys] == [True, True, False]
        assert press(f"{made}/unlink", case=keys[0]).headers["location"] == f"{HERE}/{made}"
        found = rep.client.get(f"{HERE}/{made}/threads").json()
        assert (found["threads"], found["band"], found["text"]) == ([{"case": keys[1], "lang": ""}], 0, None)
        assert press(f"{made}/back", case=keys[0]).status_code == 303
        assert press(f"{made}/told").status_code == 422
        assert "Pace, targets or workload" in rep.get(HERE).text
        part = rep.client.get(f"{HERE}/{made}", headers={"HX-Request": "true"}).text
        assert "<h1" not in part
        assert "Take it out" in part
    with seated.signed_in("head", app) as head:
        for path in (f"/{made}", f"/{made}/threads", f"/{new_id()}", "/texts"):
            assert head.client.get(f"{HERE}{path}").status_code == 404


def test_the_sheet_counts_what_its_reader_can_open_and_was_told_before_the_quarter(
    seated: Seated, taken: Taken, app: FastAPI
) -> None:
    for _ in range(11):
        taken("rep", "second", theme=Theme.PACE)
    with seated.signed_in("rep", app) as rep:
        assert "or more</td>" not in rep.get(f"{HERE}/report").text
    with seated.database.writing() as session:
        session.execute(update(ToldThread).values(told_on=date(2026, 9, 30)))
    for who in ("rep", "second"):
        with seated.signed_in(who, app) as reader:
            page = reader.get(f"{HERE}/report").text
            assert page.count("10 or more</td>") == 1
    with seated.signed_in("head", app) as head:
        assert "or more</td>" not in head.get(f"{HERE}/report").text


def test_two_unions_agree_what_to_say_and_no_employer_finds_it(seated: Seated, taken: Taken, app: FastAPI) -> None:
    made, _outcomes = begin(seated, "rep", taken("rep", "head"))
    theirs, _outcomes = begin(seated, "rival", taken("rival", "head", home="other branch"))
    with seated.signed_in("rep", app) as rep:
        rep.get(f"{HERE}/{made}")
        said = {"branch": seated.homes["other branch"], "text_cy": "Mae’r cyflymder yn ormod.", "text_en": ""}
        wrong = rep.post(f"{HERE}/{made}/texts", {**rep.hidden(), **said})
        assert wrong.status_code == 422
        assert "Mae’r cyflymder yn ormod." in wrong.text
        sent = rep.post(f"{HERE}/{made}/texts", {**rep.hidden(), **said, "text_en": "Too fast."})
        assert sent.status_code == 303
        room = rep.get(f"{HERE}/texts").text
        assert "Too fast." in room
        assert "We agree" not in room
    with seated.signed_in("rival", app) as rival:
        assert "Too fast." not in rival.get(f"{HERE}/{theirs}").text
        page = rival.get(f"{HERE}/texts").text
        text_id = re.findall(r"texts/([a-z0-9]{26})/agree", page)[0]
        assert made not in page
        assert rival.post(f"{HERE}/texts/{text_id}/agree", rival.hidden()).status_code == 303
        assert "Too fast." in rival.get(f"{HERE}/{theirs}").text
    with seated.signed_in("rep", app) as rep:
        assert "Both agree" in rep.get(f"{HERE}/texts").text
        found = rep.client.get(f"{HERE}/{made}/threads").json()
        assert found["text"] == {"cy": "Mae’r cyflymder yn ormod.", "en": "Too fast."}
    with seated.signed_in("head", app) as head:
        token = csrf_of(head)
        for verb in ("agree", "end"):
            answer = head.client.post(f"{HERE}/texts/{text_id}/{verb}", data=token)
            assert answer.status_code == 404
