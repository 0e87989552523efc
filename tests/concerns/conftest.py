"""A browser on the demonstration, for whoever raises a concern."""

from collections.abc import Iterator

import pytest

from tests.demonstrated import Demonstrated
from tests.visitors import Visitor


@pytest.fixture
def visitor(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made
