"""What a version of the second standard has to follow: its own gaps, the standard before, and an account of changes."""

from datetime import date, datetime
from typing import Any

import pytest

from portal.core.db import Database
from portal.core.errors import Refused
from portal.register import queries, service
from portal.register.completeness import gaps
from portal.register.models import System, SystemVersion
from portal.register.parts import Both
from portal.register.publishing import needs_account
from portal.register.record import Record, digest_of
from portal.register.rules import ChangeClass
from portal.register.terms import Standard
from tests.register.changing import changed
from tests.register.test_completeness import full

__all__ = ["full"]
DAY = date(2026, 11, 22)
OTHER = Both(cy="Pennaeth arall", en="Another head")


def published(database: Database, record: Record, now: datetime) -> int:
    with database.writing() as session:
        system = session.get_one(System, queries.get_system(session, "K7RT3M").id)
        return service.publish(session, None, system, record, published_on=DAY, now=now).number


@pytest.mark.parametrize(
    ("update", "needs"),
    [
        ({"responsible": OTHER}, True),
        ({"team": OTHER}, False),
        ({"state": "suspended"}, False),
        ({"standard": Standard.FIRST, "responsible": OTHER}, False),
    ],
)
def test_a_material_difference_needs_its_own_account(full: Record, update: dict[str, Any], needs: bool) -> None:
    assert needs_account(full, full.model_copy(update=update)) is needs
    assert needs_account(full, full.model_copy(update={**update, "change": None})) is needs
    assert not needs_account(full, changed(full, **update))


def test_a_minor_change_accounts_for_nothing_that_matters(full: Record) -> None:
    told = changed(full, responsible=OTHER)
    assert told.change is not None
    minor = told.change.model_copy(update={"change_class": ChangeClass.MINOR})
    assert needs_account(full, told.model_copy(update={"change": minor}))


def test_it_is_refused_without_and_published_with_the_account(register: Database, full: Record, now: datetime) -> None:
    with pytest.raises(Refused, match="changes for them"):
        published(register, full.model_copy(update={"responsible": OTHER}), now)
    assert published(register, changed(full, responsible=OTHER), now) == 3


def test_half_an_account_is_a_gap(register: Database, full: Record, now: datetime) -> None:
    told = changed(full, responsible=OTHER)
    assert told.change is not None
    half = told.change.model_copy(update={"what_changes_for_you": Both(en="Nothing")})
    with pytest.raises(Refused) as refused:
        published(register, told.model_copy(update={"change": half}), now)
    assert refused.value.message.values["gaps"] == "change.what_changes_for_you.cy"


def test_a_version_never_goes_back_to_an_older_standard(register: Database, now: datetime) -> None:
    with register.reading() as session:
        thin = queries.get_system(session, "K7RT3M", number=1).whole
    with pytest.raises(Refused, match="newer standard"):
        published(register, thin, now)


def test_old_versions_stay_readable_and_as_they_were(register: Database) -> None:
    with register.reading() as session:
        former = queries.get_system(session, "K7RT3M", number=1)
        stored = session.get_one(SystemVersion, former.version_id)
        assert former.record.standard is Standard.FIRST and "porth-fields" not in stored.record
        assert digest_of(stored.record) == stored.digest == former.record.digest()
        assert queries.list_altered_versions(session) == []


@pytest.mark.parametrize(("code", "day"), [("K7RT3M", date(2026, 11, 2)), ("RT4S7K", date(2026, 10, 5))])
def test_two_systems_of_the_demonstration_are_of_the_second_standard(register: Database, code: str, day: date) -> None:
    with register.reading() as session:
        system = queries.get_system(session, code)
    assert (system.number, system.published_on, system.whole.standard) == (2, day, Standard.SECOND)
    change = system.record.change
    assert change is not None and change.change_class is ChangeClass.MATERIAL and change.effective_on == day
    assert change.what_changes_for_you.cy and change.what_changes_for_you.en


def test_a_new_draft_begins_with_the_newest_standard_and_no_change(register: Database) -> None:
    with register.reading() as session:
        thin = queries.get_system(session, "K7RT3M", number=1).whole
    begun = thin.for_next_version()
    assert (begun.standard, begun.change, begun.summary) == (Standard.SECOND, None, thin.summary)
    assert "risk_class" in {gap.path for gap in gaps(begun)}
