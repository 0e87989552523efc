"""Whom a worker named to speak for them hears that there is news, in their language, while their authority stands."""

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.core import ids
from portal.core.text import Locale, Words
from portal.notifications.models import OutboxLetter
from portal.subject_access import service as requests
from portal.subject_access.asking.duties import tell_representatives
from portal.subject_access.asking.queries import get_authority
from portal.subject_access.asking.rules import AuthorityKind, AuthorityScope
from portal.subject_access.asking.service import Speaker, name_speaker, revoke
from tests.subject_access.conftest import World, sent

NEWS = "representative_news"


def told(world: World, days: int) -> list[str | None]:
    """The languages of the letters of one pass, so many days on."""
    chosen = select(OutboxLetter).where(OutboxLetter.template == NEWS)
    with world.database.reading() as session:
        before = {one.id for one in session.scalars(chosen)}
    tell_representatives(world.database, world.settings, world.after(days).now)
    with world.database.reading() as session:
        return [one.locale for one in session.scalars(chosen) if one.id not in before]


def named(world: World, locale: Locale | None, *, email: str = "ann@hywel.example") -> tuple[str, str]:
    """The case, and the authority of who may follow it for a month."""
    with world.database.writing() as session:
        case = world.request(session)
        own = ids.new_id()
        speaker = Speaker(
            AuthorityKind.OTHER, AuthorityScope.ASK_AND_FOLLOW, Words("Ann"), Words("07700"), ids.token_hash(own),
            world.after(30).today, Words(email) if email else None, locale,
        )  # fmt: skip
        return case.id, name_speaker(session, world["sian"], case, speaker, own, desk=world.desk).id


def write(world: World, case_id: str, days: int) -> None:
    with world.database.writing() as session:
        case, words = session.get_one(Case, case_id), Words("Newyddion")
        requests.write(session, world["rhodri"], case, words, sent(), lang=Locale.CY, desk=world.after(days))


@pytest.mark.parametrize("locale", [Locale.CY, None])
def test_each_piece_of_news_is_told_once_in_the_language_that_was_chosen(world: World, locale: Locale | None) -> None:
    case_id, _own = named(world, locale)
    assert told(world, 1) == [], "that they were named they hear from the worker"
    write(world, case_id, 1)
    write(world, case_id, 1)
    assert told(world, 2) == [locale.value if locale else None]
    assert told(world, 3) == []
    write(world, case_id, 4)
    assert len(told(world, 5)) == 1


def test_nobody_hears_after_it_was_taken_back_or_is_over_or_without_an_address(world: World) -> None:
    addresses = ("a@b.example", "c@d.example", "")
    (ended, own), (over, _), (silent, _) = (named(world, Locale.EN, email=one) for one in addresses)
    for case_id in (ended, over, silent):
        write(world, case_id, 1)
    with world.database.writing() as session:
        case = session.get_one(Case, ended)
        revoke(session, world["sian"], case, get_authority(session, case, own), desk=world.after(1))
    assert told(world, 31) == []
    assert told(world, 2) == ["en"], "the one that still stands on that day"


def test_what_the_representative_did_themselves_is_no_news_to_them(world: World) -> None:
    case_id, _own = named(world, Locale.EN)
    with world.database.writing() as session:
        requests.withdraw(session, Relation.REPRESENTATIVE, session.get_one(Case, case_id), desk=world.after(1))
    assert told(world, 2) == []
