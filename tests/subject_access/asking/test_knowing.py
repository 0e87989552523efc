"""Nothing is said about somebody before it is known who asks, and that who speaks for them may."""

import pytest
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words
from portal.subject_access import service
from portal.subject_access.answering import releasing
from portal.subject_access.answering.rules import Way
from portal.subject_access.asking import knowing
from portal.subject_access.asking.queries import list_authorities
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope
from portal.subject_access.asking.service import Asked, Speaker, ask_all, name_speaker, revoke, see_authority
from portal.subject_access.officer.acts import offers
from portal.subject_access.queries import get_request
from portal.subject_access.rules import Channel, IdentityCheck, State
from tests.subject_access.answering.answers import NOTHING, REFUSAL, approved, proposed, released, started
from tests.subject_access.conftest import World, sent

PAPER = {"channel": Channel.LETTER}
KNOWN = IdentityCheck.KNOWN


def recognise(world: World, session: Session, case: Case, days: int = 0) -> None:
    desk = world.after(days)
    knowing.record_identity(session, world["rhodri"], case, KNOWN, sent(), on=desk.today, desk=desk)


def offered(session: Session, case: Case, world: World) -> set[str]:
    return {one.name for one in offers(session, case, get_request(session, case), today=world.desk.today)}


def by_another(world: World, session: Session, scope: AuthorityScope = AuthorityScope.RECEIVE) -> Case:
    speaker = Speaker(
        AuthorityKind.SOLICITOR, scope, Words("Mair"), Words("mair@example.org"), b"s" * 32, world.after(60).today
    )
    new = world.new(requester_person_id=None, name=Words("Siân"))
    (case,) = ask_all(session, Relation.REPRESENTATIVE, [Asked(new)], desk=world.desk, speaker=speaker)
    return case


@pytest.mark.parametrize("proposal", [NOTHING, REFUSAL])
def test_what_an_officer_wrote_down_for_somebody_says_nothing_before_they_are_recognised(
    world: World, proposal: object
) -> None:
    with world.database.writing() as session:
        case = started(world, session, by=world["rhodri"], **PAPER)
        assert "identity" in offered(session, case, world)
        with pytest.raises(Refused, match="identity was checked"):
            proposed(world, session, case, proposal)  # type: ignore[arg-type]
        recognise(world, session, case)
        assert "identity" not in offered(session, case, world)
        approved(world, session, case, proposed(world, session, case, proposal))  # type: ignore[arg-type]


def test_who_signed_in_to_ask_is_asked_for_nothing(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session)
        assert knowing.what_is_unknown(session, case, today=world.desk.today) == ()
        assert "identity" not in offered(session, case, world)


def test_no_doubt_and_identity_go_round_no_authority(world: World) -> None:
    with world.database.writing() as session:
        case = by_another(world, session)
        assert "no_doubt" not in offered(session, case, world)
        with pytest.raises(Refused, match="authority of the representative"):
            knowing.drop_doubt(session, world["rhodri"], case, sent(), desk=world.desk)
        recognise(world, session, case)
        assert case.state == State.IDENTITY_WAIT
        (authority,) = list_authorities(session, case)
        see_authority(session, world["rhodri"], case, authority, on=world.desk.today, desk=world.desk)
        assert case.state == State.SCOPING
        assert knowing.what_is_unknown(session, case, today=world.desk.today) == ()


def test_an_authority_that_ended_meanwhile_stops_the_answer_until_the_person_is_recognised(world: World) -> None:
    with world.database.writing() as session:
        case = by_another(world, session)
        (authority,) = list_authorities(session, case)
        see_authority(session, world["rhodri"], case, authority, on=world.desk.today, desk=world.desk)
        recognise(world, session, case)
        one = proposed(world, session, case, NOTHING)
        revoke(session, world["rhodri"], case, authority, desk=world.after(2))
        world.desk = world.after(3)
        with pytest.raises(Refused, match="authority is over"):
            approved(world, session, case, one)
        assert "identity" in offered(session, case, world)
        with pytest.raises(Refused, match="This authority is over"):
            authority.shown_on = None
            see_authority(session, world["rhodri"], case, authority, on=world.desk.today, desk=world.desk)
        recognise(world, session, case)
        approved(world, session, case, one)


@pytest.mark.parametrize("how", ["revoked", "over", "may only follow"])
def test_a_representative_collects_only_while_their_authority_stands(world: World, how: str) -> None:
    reference = released(world)
    with world.database.writing() as session:
        case = session.query(Case).filter_by(reference=reference).one()
        scope = AuthorityScope.ASK_AND_FOLLOW if how == "may only follow" else AuthorityScope.RECEIVE
        speaker = Speaker(AuthorityKind.FAMILY, scope, Words("Mair"), Words("07700"), b"s" * 32, world.after(5).today)
        authority = name_speaker(session, world["sian"], case, speaker, "a" * 26, desk=world.desk)
        if scope is AuthorityScope.RECEIVE:
            releasing.collect(session, Relation.REPRESENTATIVE, case, Way.CODE, desk=world.desk)
        if how == "revoked":
            revoke(session, world["sian"], case, authority, desk=world.desk)
        desk = world.after(6 if how == "over" else 0)
        with pytest.raises(NotFound):
            releasing.collect(session, Relation.REPRESENTATIVE, case, Way.CODE, desk=desk)


def test_ten_words_do_not_collect_what_nobody_was_recognised_for(world: World) -> None:
    reference = released(world)
    with world.database.writing() as session:
        case = session.query(Case).filter_by(reference=reference).one()
        case.requester_person_id, case.locator_hash = None, b"l" * 32
        session.flush()
        assert service.may_not_doubt(get_request(session, case), case) is False
        with pytest.raises(NotFound):
            releasing.collect(session, Relation.REQUESTER, case, Way.CODE, desk=world.desk)
        with pytest.raises(Refused, match="identity was checked"):
            releasing.make_code(session, world["rhodri"], case, desk=world.desk)


def test_a_person_who_was_recognised_is_not_doubted_again_to_move_the_day(world: World) -> None:
    with world.database.writing() as session:
        case = started(world, session, by=world["rhodri"], **PAPER)
        assert "doubt" in offered(session, case, world)
        recognise(world, session, case)
        assert "doubt" not in offered(session, case, world)
        with pytest.raises(Refused, match="checked already"):
            service.doubt_identity(
                session, world["rhodri"], case, Words("Pwy?"), sent(), lang=Locale.CY, desk=world.desk
            )
