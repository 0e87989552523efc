"""Several threads at once, on PostgreSQL: two presses of one form, two colleagues on one thread, and the way back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from portal.concerns.casework import bulk
from portal.concerns.casework.acts import Act, Wanted
from portal.concerns.casework.models import BulkAct, ToldEvent, ToldThread
from portal.core.db import Database
from portal.core.ids import new_id
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat
from tests.concerns.casework.test_asking_to_look import ask, asked, letters
from tests.concerns.casework.test_several_at_once import TAKE, ahead, do, done, undo
from tests.core.test_db import together
from tests.postgres import empty

pytestmark = pytest.mark.postgres


@pytest.fixture
def seated(postgres_database: Database, settings: Settings) -> Iterator[Seated]:
    yield seat(postgres_database, settings)
    empty(postgres_database)


def number_of(seated: Seated, model: type[ToldThread] | type[ToldEvent] | type[BulkAct]) -> int:
    with seated.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_form_pressed_twice_at_once_is_done_once(seated: Seated) -> None:
    case_ids, act_id = [seated.came("rep", "second") for _ in range(4)], new_id()
    actor, desk = seated.actor("rep"), seated.desk
    assert together(lambda: bulk.do(seated.database, actor, case_ids, TAKE, act_id=act_id, desk=desk), 2) == []
    assert len(done(seated, "rep", act_id).done) == 4
    assert (number_of(seated, ToldThread), number_of(seated, ToldEvent), number_of(seated, BulkAct)) == (4, 4, 1)


def test_two_colleagues_on_the_same_threads_wait_for_each_other_and_not_for_ever(seated: Seated) -> None:
    case_ids = [seated.came("rep", "second", "head") for _ in range(6)]
    turns = iter((("rep", case_ids), ("second", case_ids[::-1]), ("head", case_ids)))
    acts = iter((new_id(), new_id(), new_id()))

    def press() -> None:
        who, chosen = next(turns)
        bulk.do(seated.database, seated.actor(who), chosen, TAKE, act_id=next(acts), desk=seated.desk)

    assert together(press, 3) == []
    assert number_of(seated, ToldEvent) == 6, "each was taken on once"


def test_what_is_looked_at_before_leaves_nothing_and_what_was_done_is_put_back(seated: Seated) -> None:
    case_id = seated.came("rep", "second")
    assert ahead(seated, "rep", [case_id], TAKE).done
    assert number_of(seated, ToldThread) == 0
    taken = do(seated, "rep", [case_id], TAKE)
    assert do(seated, "rep", [case_id], Wanted(Act.THEME, "pace")).done
    assert [item.is_undone for item in undo(seated, "rep", taken.act_id).items] == [False]
    ask(seated, "rep", case_id, "second")
    ask(seated, "rep", case_id, "second")
    assert len(asked(seated, "second")) == len(letters(seated)) == 1
