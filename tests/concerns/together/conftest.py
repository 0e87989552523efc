"""Two branches and a body’s readers with concerns to put together."""

from collections.abc import Callable, Iterator

import pytest

from portal.concerns.casework.rows import make_side, make_thread
from portal.concerns.casework.rules import Side, Theme, Waiting
from portal.concerns.casework.told import get_told
from portal.core.db import Database
from portal.settings.models import Settings
from tests.concerns.casework.seated import Seated, seat

Taken = Callable[..., bytes]


@pytest.fixture
def seated(database: Database, settings: Settings) -> Iterator[Seated]:
    yield seat(database, settings)


@pytest.fixture
def taken(seated: Seated) -> Taken:
    """A thread that the first of its holders has taken on for their home."""

    def make(*holders: str, home: str = "branch", theme: Theme | None = None) -> bytes:
        case_id = seated.came(*holders)
        with seated.database.writing() as session:
            told = get_told(session, seated.actor(holders[0]), case_id)
            make_thread(session, told, today=seated.desk.today).theme = theme
            side = Side.EMPLOYER if home == "body" else Side.UNION
            make_side(session, case_id, side, seated.homes[home]).waiting = Waiting.US
        return case_id

    return make
