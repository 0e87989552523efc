"""The line in the board's month tells of no concern."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.cases.board import BoardAddress
from portal.cases.routing.ladders import TO_BOARD
from portal.concerns.timing.boards import FEWEST, band_of, tell_boards
from portal.concerns.timing.models import ConcernClock
from portal.core.ids import new_id
from portal.notifications.models import OutboxLetter
from portal.notifications.service import open_letter
from tests.concerns.timing.conftest import CAME, Desk
from tests.core.test_db import together

JANUARY = datetime(2027, 1, 4, 10, tzinfo=UTC)


@pytest.fixture
def board(desk: Desk) -> Desk:
    with desk.database.writing() as session:
        session.add(BoardAddress(id=new_id(), body_id=desk.body_id, email="board@x.example"))
    return desk


def silent(desk: Desk, number: int, *holders: str) -> None:
    for _ in range(number):
        desk.came(*holders)
    desk.on(CAME + timedelta(days=1))
    with desk.database.writing() as session:
        session.execute(update(ConcernClock).values(step=TO_BOARD))


def told(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        rows = session.scalars(select(OutboxLetter).where(OutboxLetter.template == "concern_board"))
        return [open_letter(row, desk.settings.vault).text for row in rows]


@pytest.mark.parametrize(
    ("number", "words"), [(0, FEWEST.en), (4, FEWEST.en), (5, "five or more"), (9, "five or more"), (10, "ten or more")]
)
def test_fewer_than_five_are_told_as_none_is(number: int, words: str) -> None:
    assert band_of(number).en == words


def test_a_board_with_a_concern_and_one_without_read_the_same_letter(board: Desk) -> None:
    assert tell_boards(board.database, board.settings, JANUARY) == 1
    without = told(board)
    silent(board, 4, "head", "outside")
    february = datetime(2027, 2, 1, 9, tzinfo=UTC)
    assert tell_boards(board.database, board.settings, february) == 1
    assert told(board) == without * 2


def test_what_a_union_alone_can_open_is_not_counted(board: Desk) -> None:
    silent(board, 7, "rep")
    assert tell_boards(board.database, board.settings, JANUARY) == 1
    assert FEWEST.en in told(board)[0]
    silent(board, 5, "rep", "head")
    assert tell_boards(board.database, board.settings, JANUARY + timedelta(days=28)) == 1
    assert any("five or more" in text for text in told(board))


@pytest.mark.parametrize(("day", "hour", "letters"), [(1, 8, 0), (1, 9, 1), (7, 23, 1), (8, 10, 0), (31, 10, 0)])
def test_the_letter_comes_in_the_first_days_of_a_month(board: Desk, day: int, hour: int, letters: int) -> None:
    assert tell_boards(board.database, board.settings, datetime(2027, 1, day, hour, tzinfo=UTC)) == letters
    assert tell_boards(board.database, board.settings, datetime(2027, 1, day, hour, 30, tzinfo=UTC)) == 0


def test_two_processes_write_it_once(board: Desk) -> None:
    assert together(lambda: tell_boards(board.database, board.settings, JANUARY), 3) == []
    assert len(told(board)) == 1
