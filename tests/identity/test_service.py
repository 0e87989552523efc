"""Signing in, waiting, invitations, resets and leaving, on a real database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused, TooMany
from portal.core.ids import token_hash
from portal.directory import queries as directory_queries
from portal.directory import service as directory
from portal.directory.rules import RoleName
from portal.directory.service import RoleOffer
from portal.identity import queries, rules, service
from portal.identity.models import Account, Invitation, PasswordReset, SignInSession, SignInThrottle
from portal.identity.passwords import Passwords
from portal.identity.rules import AccountKind, InvitationPurpose
from portal.identity.service import SignedIn
from portal.settings.models import Settings
from tests.people import PASSWORD, Member, add_body, add_branch, add_member, passwords_of, times_of

EMAIL = "sian@taran.example"


@pytest.fixture
def sian(database: Database, settings: Settings, now: datetime) -> Member:
    with database.writing() as session:
        body = add_body(session)
        add_member(session, settings, now, email="arall@taran.example", body=body, roles=(RoleName.REVIEWER,))
        return add_member(session, settings, now, email=EMAIL, body=body, roles=(RoleName.ADMINISTRATOR,))


def attempt(
    database: Database, settings: Settings, now: datetime, password: str = PASSWORD, email: str = EMAIL, old: str = ""
) -> SignedIn | None:
    with database.reading() as session:
        check = service.check_password(session, passwords_of(settings), email, password, now=now)
    with database.writing() as session:
        return service.sign_in(session, check, times_of(settings), now=now, old_token=old)


def signed_in(database: Database, settings: Settings, now: datetime, **given: str) -> SignedIn:
    found = attempt(database, settings, now, **given)
    assert found is not None
    return found


def is_live(database: Database, token: str, now: datetime) -> bool:
    with database.reading() as session:
        return queries.find_actor(session, token, now=now) is not None


def test_the_right_password_makes_a_session_of_which_only_the_hash_is_kept(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    new = signed_in(database, settings, now, email=" Sian@Taran.example ")
    assert new.session.token_hash == token_hash(new.token)
    with database.reading() as session:
        found = queries.find_actor(session, new.token, now=now)
    assert found is not None
    actor, signed = found
    assert (actor.account_id, actor.kind, actor.body_id) == (sian.account.id, AccountKind.STAFF, sian.person.body_id)
    assert actor.holds(RoleName.ADMINISTRATOR, body_id=sian.person.body_id)
    assert not actor.holds(RoleName.REVIEWER)
    assert signed.display_name == "sian"


def test_finding_the_actor_is_one_query(database: Database, settings: Settings, now: datetime, sian: Member) -> None:
    token = signed_in(database, settings, now).token
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert is_live(database, token, now)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "pedwar gair arall"), (EMAIL, ""), ("neb@taran.example", PASSWORD), (EMAIL, PASSWORD + "x" * 500)],
)
def test_every_failure_is_the_same_nothing(
    database: Database, settings: Settings, now: datetime, sian: Member, email: str, password: str
) -> None:
    assert attempt(database, settings, now, email=email, password=password) is None


def test_an_unknown_account_takes_as_many_hashes_as_a_known_one(
    database: Database, settings: Settings, now: datetime, sian: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bool] = []
    real = Passwords.matches

    def counted(self: Passwords, stored: str | None, password: str) -> bool:
        checked.append(stored is None)
        return real(self, stored, password)

    monkeypatch.setattr(Passwords, "matches", counted)
    attempt(database, settings, now, password="pedwar gair arall")
    attempt(database, settings, now, email="neb@taran.example")
    assert checked == [False, True]


@pytest.mark.parametrize("email", [EMAIL, "neb@taran.example"])
def test_failures_make_known_and_unknown_wait_alike_and_lock_nobody_out(
    database: Database, settings: Settings, now: datetime, sian: Member, email: str
) -> None:
    for _ in range(rules.FREE_FAILURES + 1):
        assert attempt(database, settings, now, password="pedwar gair arall", email=email) is None
    with pytest.raises(TooMany) as wait:
        attempt(database, settings, now, email=email)
    assert wait.value.retry_after == 5
    later = now + timedelta(seconds=5)
    assert (attempt(database, settings, later, email=email) is not None) is (email == EMAIL)


def test_one_account_waiting_leaves_others_alone_and_success_clears_the_count(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    for _ in range(rules.FREE_FAILURES):
        attempt(database, settings, now, password="pedwar gair arall")
    assert attempt(database, settings, now, email="arall@taran.example") is not None
    assert attempt(database, settings, now) is not None
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInThrottle)) == 0


@pytest.mark.parametrize("email", [EMAIL, "neb@taran.example"])
def test_an_address_of_the_same_bucket_makes_known_and_unknown_wait_alike(
    database: Database, settings: Settings, now: datetime, sian: Member, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever finds a second address of the bucket would otherwise learn whether the first has an account."""
    monkeypatch.setattr(rules, "BUCKETS", 1)
    for _ in range(rules.FREE_FAILURES + 1):
        assert attempt(database, settings, now, email="arall.eto@taran.example") is None
    with pytest.raises(TooMany):
        attempt(database, settings, now, email=email)


def test_signing_in_replaces_the_session_the_browser_had(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    first = signed_in(database, settings, now).token
    second = signed_in(database, settings, now, old=first).token
    assert not is_live(database, first, now)
    assert is_live(database, second, now)


def test_a_session_ends_when_unused_and_in_any_case_after_its_longest(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    times = times_of(settings)
    new = signed_in(database, settings, now)
    assert is_live(database, new.token, now + times.idle - timedelta(seconds=1))
    assert not is_live(database, new.token, now + times.idle)
    at = now
    while at < now + times.absolute - times.idle:
        at += times.idle - timedelta(minutes=1)
        with database.writing() as session:
            service.touch(session, new.session.id, times, now=at)
        assert is_live(database, new.token, at)
    assert not is_live(database, new.token, now + times.absolute)


def test_an_ended_session_cannot_be_touched_back_to_life(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    times = times_of(settings)
    new = signed_in(database, settings, now)
    with database.writing() as session:
        service.touch(session, new.session.id, times, now=now + times.idle)
    assert not is_live(database, new.token, now + times.idle)


def test_last_use_is_due_once_a_minute(now: datetime) -> None:
    assert not service.is_due_for_touch(now, now=now + timedelta(seconds=59))
    assert service.is_due_for_touch(now, now=now + timedelta(seconds=60))


def test_changed_parameters_are_taken_over_at_the_next_sign_in(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    stronger = Passwords(memory_kib=128, passes=1)
    with database.reading() as session:
        check = service.check_password(session, stronger, EMAIL, PASSWORD, now=now)
    with database.writing() as session:
        assert service.sign_in(session, check, times_of(settings), now=now) is not None
    with database.reading() as session:
        stored = queries.get_account(session, sian.account.id).password_hash
    assert stored is not None
    assert not stronger.is_outdated(stored)


def test_a_password_changed_between_check_and_session_does_not_open(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    with database.reading() as session:
        check = service.check_password(session, passwords_of(settings), EMAIL, PASSWORD, now=now)
    with database.writing() as session:
        account = queries.get_account(session, sian.account.id)
        service.change_password(session, account, passwords_of(settings).hash("gair arall hollol"), keep_session_id="")
    with database.writing() as session:
        assert service.sign_in(session, check, times_of(settings), now=now) is None


def test_sessions_of_somebody_else_are_out_of_reach(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    others = signed_in(database, settings, now, email="arall@taran.example")
    with database.writing() as session:
        service.revoke_sessions(session, sian.account.id, only=others.session.id)
    assert is_live(database, others.token, now)


def test_an_invitation_works_once_and_only_in_its_time(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    with database.writing() as session:
        body_id = sian.person.body_id
        person = directory.add_person(session, body_id=body_id, display_name="Gwen", email="gwen@taran.example")
        account = service.open_account(session, person, AccountKind.STAFF, now=now)
        first = service.invite(session, account, InvitationPurpose.MAIL, now=now)
        second = service.invite(session, account, InvitationPurpose.SLIP, now=now)
        hashed = passwords_of(settings).hash(PASSWORD)
        with pytest.raises(NotFound):
            service.accept_invitation(session, first, hashed, now=now)
        with pytest.raises(NotFound):
            service.accept_invitation(session, second, hashed, now=now + rules.INVITATION_LIFE)
        service.accept_invitation(session, second, hashed, now=now)
        with pytest.raises(NotFound):
            service.accept_invitation(session, second, hashed, now=now)
        with pytest.raises(Conflict):
            service.invite(session, account, InvitationPurpose.MAIL, now=now)
    assert attempt(database, settings, now, email="gwen@taran.example") is not None


def test_a_reset_asks_the_same_of_the_database_for_known_and_unknown(
    database: Database, now: datetime, sian: Member
) -> None:
    def statements(email: str) -> list[str]:
        asked: list[str] = []

        def note(*given: object) -> None:
            asked.append(str(given[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        with database.writing() as session:
            service.ask_reset(session, email, now=now)
        event.remove(database.engine, "before_cursor_execute", note)
        return asked

    assert statements(EMAIL) == statements("neb@taran.example")


def test_a_reset_changes_the_password_ends_every_session_and_works_once(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    token = signed_in(database, settings, now).token
    with database.writing() as session:
        asked = service.ask_reset(session, EMAIL, now=now)
        again = service.ask_reset(session, EMAIL, now=now + timedelta(seconds=30))
    assert (asked.account is None, again.account is None) == (False, True), "one letter in two minutes"
    hashed = passwords_of(settings).hash("gair newydd hollol")
    with database.writing() as session:
        service.finish_reset(session, asked.token, hashed, now=now)
        with pytest.raises(NotFound):
            service.finish_reset(session, asked.token, hashed, now=now)
    assert not is_live(database, token, now)
    assert attempt(database, settings, now) is None
    assert attempt(database, settings, now, password="gair newydd hollol") is not None


def test_a_reset_for_an_unknown_address_has_no_way_on(database: Database, now: datetime, sian: Member) -> None:
    with database.writing() as session:
        asked = service.ask_reset(session, "neb@taran.example", now=now)
        assert asked.account is None
        assert queries.find_reset(session, asked.token, now=now) is None


def test_a_leaver_is_signed_out_and_their_duties_are_handed_back(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    token = signed_in(database, settings, now).token
    with database.writing() as session:
        person = directory_queries.get_person(session, sian.person.id)
        reset = service.ask_reset(session, EMAIL, now=now)
        duties = service.close(session, person, today=london_day(now), now=now)
        assert [duty.role for duty in duties] == [RoleName.ADMINISTRATOR]
        assert queries.find_reset(session, reset.token, now=now) is None
        assert directory_queries.list_holdings_of(session, person.id, today=london_day(now)) == []
        assert service.close(session, person, today=london_day(now), now=now) == []
        assert service.ask_reset(session, EMAIL, now=now + timedelta(hours=1)).account is None
    assert not is_live(database, token, now)
    assert attempt(database, settings, now) is None


def test_a_representatives_account_is_apart_from_staff(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    with database.writing() as session:
        branch = add_branch(session)
        roles = (RoleName.UNION_REPRESENTATIVE,)
        carys = add_member(session, settings, now, email="carys@unison.example", branch=branch, roles=roles)
        with pytest.raises(Refused):
            service.open_account(session, sian.person, AccountKind.REPRESENTATIVE, now=now)
        with pytest.raises(Conflict):
            directory.add_person(session, body_id=None, display_name="Siân", email=EMAIL)
        with pytest.raises(Refused):
            directory.assign_role(
                session, carys.person, RoleOffer(RoleName.UNION_REPRESENTATIVE, body_id="x"), today=london_day(now)
            )
    new = signed_in(database, settings, now, email="carys@unison.example")
    with database.reading() as session:
        found = queries.find_actor(session, new.token, now=now)
    assert found is not None
    assert (found[0].kind, found[0].body_id) == (AccountKind.REPRESENTATIVE, None)
    assert found[0].branches_where(RoleName.UNION_REPRESENTATIVE) == {branch.id}


def test_what_is_over_is_deleted_and_what_is_not_stays(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    signed_in(database, settings, now)
    attempt(database, settings, now, password="pedwar gair arall")
    with database.writing() as session:
        service.ask_reset(session, EMAIL, now=now)
        assert service.purge_expired(session, now=now) == 0
        assert service.purge_expired(session, now=now + timedelta(days=30)) == 3
        for table in (SignInSession, Invitation, PasswordReset, SignInThrottle):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(Account)) == 2


def test_people_sign_in_with_the_address_that_the_directory_has_now_even_after_a_swap(
    database: Database, settings: Settings, now: datetime, sian: Member
) -> None:
    with database.writing() as session:
        one = directory_queries.get_person(session, sian.person.id)
        other = directory_queries.find_person_by_email(session, "arall@taran.example")
        assert other is not None
        for person, email in ((one, "elsewhere"), (other, EMAIL), (one, "arall@taran.example")):
            person.email = email
            session.flush()
        service.follow_directory(session)
        service.follow_directory(session)
    new = signed_in(database, settings, now, email="arall@taran.example")
    assert new.session.account_id == sian.account.id
