"""To whom a concern goes, before it is sent: the page’s readers are the rule book’s, and the form says them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from portal.cases.routing.destinations import readers
from portal.cases.routing.exclusions import Affair, Kind
from portal.cases.routing.people import World
from portal.cases.worlds import world_of
from portal.concerns.few import unit_of
from portal.concerns.models import RecipientKey
from portal.concerns.queries import find_channel, get_about
from portal.concerns.rules import ON_CALL, UNION, Channel, Matter, chosen_readers
from portal.core.ids import new_id
from portal.directory.models import Engagement, RepresentativeTie
from portal.directory.queries import list_bodies
from portal.register.queries import list_published
from tests.concerns.test_form import News, filled, open_form
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, Demonstrated
from tests.visitors import Visitor


def with_keys(session: Session, world: World) -> World:
    held = set(session.scalars(select(RecipientKey.person_id).where(RecipientKey.ended_on.is_(None))))
    return replace(world, seats=tuple(seat for seat in world.seats if seat.person_id in held))


def everything(session: Session) -> list[tuple[str, str, Affair]]:
    """Every subject that a concern can have in the demonstration, as a page names it and as the rule book has it."""
    found = []
    for body in list_bodies(session):
        for one in list_published(session, body.id):
            found.append((body.slug, f"system:{one.short_code}", Affair(Kind.CONCERN, body.id, system_id=one.id)))
        for matter in set(Matter) - {Matter.BESIDE}:
            affair = Affair(Kind.CONCERN, body.id, matter=matter.value)
            if matter is Matter.UNLISTED_SYSTEM:
                affair = Affair(Kind.UNLISTED, body.id)
            found.append((body.slug, f"matter:{matter.value}", affair))
    return found


def employers(channel: Channel) -> list[str]:
    return [one.person_id for one in channel.readers if not one.group.startswith(UNION)]


def test_everywhere_in_the_demonstration_the_page_offers_whom_the_rule_book_names(demonstrated: Demonstrated) -> None:
    today = demonstrated.settings.clock.today()
    with demonstrated.database.reading() as session:
        for slug, about, affair in everything(session):
            subject = get_about(session, slug, about)
            channel = find_channel(session, subject, today=today)
            world = with_keys(session, world_of(session, [affair.body_id], today=today))
            unit = unit_of(session, affair.body_id, affair.system_id, subject.told, world.people, today=today)
            asked = replace(affair, is_urgent=True, unit=unit)
            assert {one.person_id for one in readers(world, asked)} == set(employers(channel))
            for branch in channel.branches:
                own = with_keys(session, world_of(session, [], today=today, branch_id=branch.id))
                asked = replace(affair, branch_id=branch.id, union_alone=True)
                offered = [one.person_id for one in channel.readers if one.group == branch.group]
                assert {one.person_id for one in readers(own, asked)} == set(offered)


def channel_of(demonstrated: Demonstrated, session: Session) -> Channel:
    about = get_about(session, BODY, f"system:{demonstrated.code_of('e-rostering')}")
    return find_channel(session, about, today=demonstrated.settings.clock.today())


def test_somebody_engaged_for_another_firm_alone_reads_no_concern(demonstrated: Demonstrated) -> None:
    elin = demonstrated.person(ELIN)
    with demonstrated.database.writing() as session:
        assert elin in employers(channel_of(demonstrated, session))
        for one in session.scalars(select(Engagement).where(Engagement.person_id == elin)):
            session.execute(text("UPDATE engagements SET kind = 'agency' WHERE id = :id"), {"id": one.id})
        assert elin not in employers(channel_of(demonstrated, session))


def test_who_is_close_by_another_way_shares_the_word_of_the_line(demonstrated: Demonstrated) -> None:
    with demonstrated.database.writing() as session:
        before = channel_of(demonstrated, session)
        rep = next(one for one in before.readers if one.group.startswith(UNION))
        assert rep.near is None
        session.execute(
            text("UPDATE engagements SET manager_person_id = :head WHERE person_id = :rep"),
            {"head": rep.person_id, "rep": demonstrated.person(ELIN)},
        )
        after = {one.person_id: one.near for one in channel_of(demonstrated, session).readers}
        assert after[rep.person_id] == after[demonstrated.person(ELIN)] == after[demonstrated.person(DYLAN)] == "line"


@pytest.mark.parametrize("how", ["over", "household"])
def test_nobody_reads_beside_a_representative_who_works_under_them_or_is_of_their_household(
    demonstrated: Demonstrated, how: str
) -> None:
    elin, carys = demonstrated.person(ELIN), demonstrated.person(CARYS)
    with demonstrated.database.writing() as session:
        channel = channel_of(demonstrated, session)
        group = next(one.group for one in channel.readers if one.person_id == carys)
        assert {elin, carys} <= sent_to(channel, group)
        if how == "over":
            carys_works = (
                "INSERT INTO engagements (id, person_id, body_id, workplace_id, staff_group_id, kind, started_on,"
            )
            carys_works += (
                " manager_person_id) SELECT :id, :rep, body_id, workplace_id, staff_group_id, kind, started_on,"
            )
            carys_works += " :head FROM engagements WHERE person_id = :head LIMIT 1"
            session.execute(text(carys_works), {"id": new_id(), "rep": carys, "head": elin})
        else:
            session.add(RepresentativeTie(person_id=carys, tied_person_id=elin, declared_on=date(2026, 11, 23)))
        session.flush()
        channel = channel_of(demonstrated, session)
        assert elin not in sent_to(channel, group)
        assert carys in sent_to(channel, group)
        other = next(one.group for one in channel.branches if one.readers and one.group != group)
        assert elin in sent_to(channel, other)
        assert elin in sent_to(channel, "")


def sent_to(channel: Channel, group: str) -> set[str]:
    union = group.removeprefix(UNION)
    return {one.person_id for one in chosen_readers(channel, union=union, only_union=False, left_out=())}


def test_all_readers_are_found_in_a_handful_of_questions(demonstrated: Demonstrated) -> None:
    asked: list[str] = []
    with demonstrated.database.reading() as session:
        about = get_about(session, BODY, f"system:{demonstrated.code_of('e-rostering')}")

        @event.listens_for(session.connection().engine, "before_cursor_execute")
        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        find_channel(session, about, today=demonstrated.settings.clock.today())
    assert len(asked) == 7, asked


def test_the_form_says_in_words_to_whom_it_goes_and_to_whom_not_and_sends_nothing(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    news = News(demonstrated)
    open_form(demonstrated, visitor, locale="en")
    fields = filled(visitor, look="yes", **{"left-out": [demonstrated.person(DYLAN)]})
    page = visitor.post("/en/concern/form", fields).text
    shown = page[: page.index("Who will be able to open it")]
    goes, _, not_to = shown.partition("It does not go to")
    assert "Nothing has been sent" in goes and "Head of Workforce Systems" in goes and "Board Secretary" in goes
    assert "Deputy" in not_to and "Deputy" not in goes
    assert news("sealed_cases") == 0
    again = filled(visitor, **{"left-out": [demonstrated.person(DYLAN)]})
    assert visitor.post("/en/concern/form", again).status_code == 200
    assert news("sealed_cases") == 1


def test_who_is_on_call_has_a_number_on_the_page_and_reads_it_only_if_the_reporter_says_so(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    with demonstrated.database.reading() as session:
        [on_call] = [one for one in channel_of(demonstrated, session).readers if one.group == ON_CALL]
    assert on_call.telephone
    for says_so, grants in (("", 4), ("yes", 5)):
        news = News(demonstrated)
        page = open_form(demonstrated, visitor, locale="en").text
        assert on_call.telephone in page
        visitor.post("/en/concern/form", filled(visitor, **{"on-call": says_so}))
        assert news("sealed_grants") == grants, "the reporter’s own and each reader’s"
