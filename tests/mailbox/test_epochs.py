"""Readers come and go: who is added holds what is granted, who is dropped finds nothing, of two makers one waits."""

from dataclasses import replace

import pytest

from portal.core.db import Database
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.ids import random_bytes
from portal.mailbox import queries
from portal.mailbox.epochs import IncomingChange, IncomingGrant, change_readers, is_done, require_turn
from portal.mailbox.models import SealedCase
from portal.mailbox.rules import MOST_MESSAGES, REPORTER_KEY
from portal.mailbox.service import IncomingCase, IncomingItem
from tests.core.test_db import together
from tests.mailbox.test_service import OTHER_READER, READER, TODAY, a_case, add, an_item, files, head, put

THIRD = b"\x03" * 32


def with_two(database: Database, *, is_notes: bool = False) -> IncomingCase:
    case = a_case(grants={READER: b"one", OTHER_READER: b"two"}, is_notes=is_notes)
    put(database, case)
    return case


def added(case: IncomingCase, *keys: bytes, epoch: int = 0, item: IncomingItem | None = None) -> IncomingChange:
    grants = tuple(IncomingGrant(key, n, b"grant %d" % n) for key in keys for n in range(epoch + 1))
    return IncomingChange(epoch, case.recipient, None, grants, item or an_item(head(case.item)))


def next_epoch(
    case: IncomingCase, *keys: bytes, reporter: bytes | None = b"reporter", epoch: int = 1
) -> IncomingChange:
    grants = tuple(IncomingGrant(key, epoch, b"fresh") for key in keys)
    return IncomingChange(epoch, f"age1pq1{epoch}", reporter, grants, an_item(head(case.item)))


def make(database: Database, case: IncomingCase, change: IncomingChange) -> None:
    with database.writing() as session:
        stored = session.get_one(SealedCase, case.case_id)
        if is_done(session, stored, change):
            return
        require_turn(session, stored, change)
        change_readers(session, stored, change, queries.list_present(session, stored), today=TODAY)


def can_open(database: Database, case: IncomingCase, key: bytes) -> bool:
    with database.reading() as session:
        try:
            queries.get_case_for_key(session, case.case_id, [key])
        except NotFound:
            return False
        return True


def grants_of(database: Database, case: IncomingCase, key: bytes) -> list[tuple[int, bytes]]:
    with database.reading() as session:
        return [(grant.epoch, grant.file) for grant in queries.list_grants(session, case.case_id, [key])]


def test_who_is_let_in_holds_the_epochs_that_were_granted(either_database: Database) -> None:
    case = with_two(either_database)
    assert not can_open(either_database, case, THIRD)
    make(either_database, case, added(case, THIRD))
    assert can_open(either_database, case, THIRD)
    assert grants_of(either_database, case, THIRD) == [(0, b"grant 0")]
    assert len(files(either_database, case.case_id)) == 2


def test_a_change_sent_twice_is_made_once(either_database: Database) -> None:
    case = with_two(either_database)
    change = next_epoch(case, READER)
    make(either_database, case, change)
    make(either_database, case, change)
    assert len(files(either_database, case.case_id)) == 2


def test_who_is_dropped_finds_nothing_and_who_stays_goes_on(either_database: Database) -> None:
    case = with_two(either_database)
    make(either_database, case, next_epoch(case, READER))
    assert [can_open(either_database, case, key) for key in (READER, OTHER_READER)] == [True, False]
    assert grants_of(either_database, case, READER) == [(0, b"one"), (1, b"fresh")]
    assert grants_of(either_database, case, REPORTER_KEY) == [(1, b"reporter")]
    with either_database.reading() as session:
        stored = session.get_one(SealedCase, case.case_id)
        assert (stored.epoch, stored.recipient) == (1, "age1pq11")
        assert queries.list_present(session, stored) == {READER}
        assert queries.list_cases(session, [OTHER_READER], cursor=None).items == []
        assert queries.list_openings(session, [case.case_id], [OTHER_READER]) == []
        assert len(queries.list_openings(session, [case.case_id], [READER])) == 1
        assert set(queries.list_keys(session, case.case_id)) == {READER, OTHER_READER}


def test_who_was_dropped_may_be_let_in_again_and_keeps_the_grant_of_before(either_database: Database) -> None:
    case = with_two(either_database)
    first = next_epoch(case, READER)
    make(either_database, case, first)
    again = added(case, OTHER_READER, epoch=1, item=an_item(head(first.item)))
    make(either_database, case, replace(again, recipient="age1pq11"))
    assert grants_of(either_database, case, OTHER_READER) == [(0, b"two"), (1, b"grant 1")]


def test_of_two_makers_one_has_to_read_again(either_database: Database) -> None:
    case = with_two(either_database)
    changes = [next_epoch(case, READER), next_epoch(case, OTHER_READER), added(case, THIRD)]
    failures = together(lambda: make(either_database, case, changes.pop()), 3)
    assert [type(failure) for failure in failures] == [Conflict] * 2
    assert len(files(either_database, case.case_id)) == 2


@pytest.mark.parametrize("epoch", [2, 3, 999])
def test_an_epoch_that_is_not_next_is_a_conflict(either_database: Database, epoch: int) -> None:
    case = with_two(either_database)
    with pytest.raises(Conflict):
        make(either_database, case, next_epoch(case, READER, epoch=epoch))


def test_an_epoch_that_has_passed_is_a_conflict(either_database: Database) -> None:
    case = with_two(either_database)
    first = next_epoch(case, READER)
    make(either_database, case, first)
    with pytest.raises(Conflict):
        make(either_database, case, added(case, THIRD, item=an_item(head(first.item))))


def test_what_is_no_change_of_this_thread_is_refused(database: Database) -> None:
    case, notes = with_two(database), with_two(database, is_notes=True)
    fine = next_epoch(case, READER)
    wrong = [
        replace(added(case, THIRD), recipient="age1pq1another"),
        replace(added(case, THIRD), reporter=b"reporter"),
        next_epoch(case, READER, reporter=None),
        next_epoch(case, READER, THIRD),
        next_epoch(case),
        replace(fine, recipient=case.recipient),
        replace(fine, grants=(*fine.grants, IncomingGrant(OTHER_READER, 0, b"old epoch"))),
    ]
    for change in wrong:
        with pytest.raises(Refused):
            make(database, case, change)
    with pytest.raises(Refused):
        make(database, notes, next_epoch(notes, READER))
    make(database, notes, next_epoch(notes, READER, reporter=None))
    assert len(files(database, case.case_id)) == 1


def test_a_grant_that_is_held_cannot_be_replaced_by_rubbish(either_database: Database) -> None:
    case = with_two(either_database)
    make(either_database, case, added(case, READER, OTHER_READER, THIRD))
    assert grants_of(either_database, case, READER) == [(0, b"one")]
    assert grants_of(either_database, case, OTHER_READER) == [(0, b"two")]


def test_a_thread_full_of_messages_still_lets_somebody_be_dropped(database: Database) -> None:
    case = with_two(database)
    last = case.item
    for _ in range(MOST_MESSAGES - 1):
        following = an_item(head(last), random_bytes(40))
        add(database, case.case_id, following)
        last = following
    with pytest.raises(Conflict):
        add(database, case.case_id, an_item(head(last)))
    make(database, case, replace(next_epoch(case, READER), item=an_item(head(last))))
    assert not can_open(database, case, OTHER_READER)


def test_a_lane_of_readers_is_no_concern_of_the_list(either_database: Database) -> None:
    notes, case = with_two(either_database, is_notes=True), with_two(either_database)
    with either_database.reading() as session:
        listed = queries.list_cases(session, [READER], cursor=None).items
        assert [line.case_id for line in listed] == [case.case_id]
    assert can_open(either_database, notes, READER)
