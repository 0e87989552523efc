"""Asking of several bodies, speaking for somebody, and taking back, on real rows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case, CaseEvent
from portal.cases.rules import Relation
from portal.cases.turn import Desk
from portal.core import ids
from portal.core.db import Database
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.directory.models import Engagement, StaffGroup, Workplace
from portal.directory.rules import EngagementKind
from portal.notifications.models import OutboxLetter
from portal.subject_access import service as requests
from portal.subject_access.asking import service
from portal.subject_access.asking.duties import end_authorities, wait_for_proof
from portal.subject_access.asking.models import Authority, LinkedRequest
from portal.subject_access.asking.queries import find_opened, list_linked
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope
from portal.subject_access.asking.service import Asked, Speaker, ask_all, id_for
from tests.subject_access.conftest import World, sent

WORDS = bytes(31) + b"r"


def works_at(world: World, name: str, slug: str) -> None:
    """One more engagement, in another body."""
    with world.database.writing() as session:
        body = world.bodies[slug]
        place = Workplace(id=ids.new_id(), body_id=body.id, slug="depo", name_cy="Depo", name_en="Depot")
        group = StaffGroup(id=ids.new_id(), body_id=body.id, code="d", name_cy="Gyrwyr", name_en="Drivers")
        session.add_all([place, group])
        session.flush()
        session.add(
            Engagement(
                id=ids.new_id(),
                person_id=world[name].person_id,
                body_id=body.id,
                workplace_id=place.id,
                staff_group_id=group.id,
                kind=EngagementKind.BANK,
                started_on=date(2020, 1, 1),
            )
        )


def speaker(**changes: Any) -> Speaker:
    return replace(
        Speaker(
            AuthorityKind.SOLICITOR,
            AuthorityScope.ASK_AND_FOLLOW,
            Words("Ann Hywel"),
            Words("ann@hywel.example"),
            WORDS,
            date(2027, 5, 23),
        ),
        **changes,
    )


def asked_by_other(world: World, session: Session, **changes: Any) -> Case:
    new = world.new(requester_person_id=None, name=Words("Siân"), email=Words("ann@hywel.example"))
    return ask_all(session, Relation.REPRESENTATIVE, [Asked(new)], desk=world.desk, speaker=speaker(**changes))[0]


def test_two_employers_get_a_case_each_and_a_second_post_opens_no_more(world: World) -> None:
    works_at(world, "sian", "mynach")
    form = ids.new_id()
    for _ in range(2):
        with world.database.writing() as session:
            asked = [Asked(world.new(case_id=id_for(form, body.id), body_id=body.id)) for body in world.bodies.values()]
            cases = ask_all(session, world["sian"], asked, desk=world.desk)
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        assert session.scalar(select(func.count()).select_from(LinkedRequest)) == 2
        first = session.get_one(Case, cases[0].id)
        assert {case.body_id for case in list_linked(session, first)} == {body.id for body in world.bodies.values()}


def test_the_ids_of_linked_cases_tell_nothing_of_each_other(world: World) -> None:
    form = ids.new_id()
    made = {id_for(form, body.id) for body in world.bodies.values()} | {form}
    assert len(made) == 3 and all(len(one) == 26 for one in made)


def test_who_asks_for_somebody_else_waits_until_their_authority_was_seen(world: World) -> None:
    with world.database.writing() as session:
        case = asked_by_other(world, session)
        assert (case.state, case.waiting_on) == ("identity_wait", world.desk.today)
        assert case.locator_hash is None
        authority = session.scalars(select(Authority)).one()
        on = world.after(5)
        service.see_authority(session, world["rhodri"], case, authority, on=on.today, desk=on)
        assert (case.state, case.waiting_on, case.due_on) == ("scoping", None, date(2026, 12, 29))
        assert authority.shown_on == on.today


def test_ten_words_of_a_representative_open_the_case_until_the_last_day_or_until_it_is_taken_back(world: World) -> None:
    with world.database.writing() as session:
        case = asked_by_other(world, session)
        opened = find_opened(session, WORDS, today=date(2027, 5, 23))
        assert opened is not None and (opened.case.id, opened.by) == (case.id, Relation.REPRESENTATIVE)
        assert not opened.may_receive
        assert find_opened(session, WORDS, today=date(2027, 5, 24)) is None
        authority = session.scalars(select(Authority)).one()
        service.revoke(session, world["rhodri"], case, authority, desk=world.desk)
        assert find_opened(session, WORDS, today=world.desk.today) is None
        assert case.contact_email is None


def test_only_a_seen_authority_to_receive_opens_the_answer(world: World) -> None:
    with world.database.writing() as session:
        case = asked_by_other(world, session, scope=AuthorityScope.RECEIVE)
        opened = find_opened(session, WORDS, today=world.desk.today)
        assert opened is not None and not opened.may_receive
        authority = session.scalars(select(Authority)).one()
        service.see_authority(session, world["rhodri"], case, authority, on=world.desk.today, desk=world.desk)
        opened = find_opened(session, WORDS, today=world.desk.today)
        assert opened is not None and opened.may_receive


def test_the_worker_names_a_representative_and_nobody_else_can(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        form = ids.new_id()
        for _ in range(2):
            made = service.name_speaker(session, world["sian"], case, speaker(), form, desk=world.desk)
        assert made.shown_on == world.desk.today
        assert session.scalar(select(func.count()).select_from(Authority)) == 1
        with pytest.raises(NotAllowed):
            service.name_speaker(session, world["rhodri"], case, speaker(), ids.new_id(), desk=world.desk)
        with pytest.raises(NotFound):
            service.revoke(session, world["gwen"], case, made, desk=world.desk)
        other = world.request(session, by=world["gwen"], requester_person_id=world["gwen"].person_id)
        with pytest.raises(NotFound):
            service.name_speaker(session, world["gwen"], other, speaker(), form, desk=world.desk)


def test_enough_representatives_are_enough(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        for number in range(service.MOST_REPRESENTATIVES):
            one = speaker(locator_hash=bytes(31) + bytes([number]))
            service.name_speaker(session, world["sian"], case, one, ids.new_id(), desk=world.desk)
        with pytest.raises(Refused):
            service.name_speaker(session, world["sian"], case, speaker(), ids.new_id(), desk=world.desk)


def test_no_word_about_a_union_or_an_account_of_a_representative_is_kept() -> None:
    columns = set(Authority.__table__.columns.keys())
    assert not any("union" in name or "branch" in name or "person" in name or "account" in name for name in columns)


@pytest.mark.parametrize(("days", "may"), [(0, True), (7, True), (8, False)])
def test_a_withdrawal_can_be_undone_for_seven_days(world: World, days: int, may: bool) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        due_on = case.due_on
        requests.withdraw(session, world["sian"], case, desk=world.desk)
        assert service.may_undo(case, world.after(days).today) is may
        if not may:
            with pytest.raises(Refused):
                service.undo_withdrawal(session, world["sian"], case, desk=world.after(days))
            return
        service.undo_withdrawal(session, world["sian"], case, desk=world.after(days))
        assert (case.state, case.due_on, case.is_open) == ("scoping", due_on, True)
        with pytest.raises(Conflict):
            service.undo_withdrawal(session, world["sian"], case, desk=world.after(days))


def test_undoing_goes_back_to_the_question_that_was_open(world: World) -> None:
    with world.database.writing() as session:
        case = world.request(session)
        requests.start(session, world["rhodri"], case, sent(), desk=world.desk)
        words = Words("Pa rai?")
        requests.clarify(session, world["rhodri"], case, words, words, sent(), lang=Locale.CY, desk=world.desk)
        requests.withdraw(session, world["sian"], case, desk=world.after(2))
        service.undo_withdrawal(session, world["sian"], case, desk=world.after(3))
        assert (case.state, case.paused_on) == ("clarification_wait", world.desk.today)
        correspondence.reply(
            session, world["sian"], case, Writing(ids.new_id(), words, Locale.CY), desk=world.after(4)
        )  # fmt: skip
        assert case.paused_on is None


def on(database: Database, world: World, desk: Desk) -> int:
    return wait_for_proof(database, world.settings, desk.now)


def test_proof_that_does_not_come_is_asked_for_twice_and_then_the_request_ends_and_comes_back_in_one_press(
    world: World,
) -> None:
    with world.database.writing() as session:
        case = asked_by_other(world, session)
    done = {days: on(world.database, world, world.after(days)) for days in (0, 9, 10, 11, 20, 29, 30, 31)}
    assert done == {0: 0, 9: 0, 10: 1, 11: 0, 20: 1, 29: 0, 30: 1, 31: 0}
    with world.database.writing() as session:
        case = session.get_one(Case, case.id)
        assert (case.state, case.is_open) == ("not_verified", False)
        told = session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == case.id)).all()
        assert told.count("proof_reminder") == 2
        assert session.scalar(select(func.count()).select_from(OutboxLetter)) == 4
        service.revive(session, Relation.REPRESENTATIVE, case, desk=world.after(40))
        assert (case.state, case.is_open, case.waiting_on) == ("identity_wait", True, world.desk.today)
    assert on(world.database, world, world.after(41)) == 0
    assert on(world.database, world, world.after(50)) == 1


def test_letters_to_a_representative_end_with_their_authority(world: World) -> None:
    with world.database.writing() as session:
        case = asked_by_other(world, session)
    last = world.on(date(2027, 5, 23)).now
    assert end_authorities(world.database, world.settings, last) == 0
    assert end_authorities(world.database, world.settings, last + timedelta(days=1)) == 1
    with world.database.reading() as session:
        assert session.get_one(Case, case.id).contact_email is None
        assert session.scalar(select(func.count()).select_from(AuditEvent)) is not None
