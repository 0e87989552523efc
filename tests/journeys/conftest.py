"""What journeys share: people who arrive at the worker's one portal."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.walker import Arrive, walking
from tests.serving import Server


@pytest.fixture
def arrive(chromium: Any, fresh_portal: Server) -> Iterator[Arrive]:
    """Opens a browser for somebody; nothing may go wrong on the server while they are here."""
    with walking(chromium, fresh_portal) as opened:
        yield opened
