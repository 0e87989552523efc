"""What the queue of requests is asked, with the states that a request can have."""

from collections.abc import Iterable

from portal.cases import asked
from portal.cases.asked import REOPENED, Asked
from portal.subject_access.rules import State
from portal.web.forms import Problems

STATE_NAMES = frozenset(state.value for state in State) - {REOPENED}


def read_asked(pairs: Iterable[tuple[str, str]], problems: Problems | None = None) -> Asked:
    """From the parameters of an address."""
    return asked.read_asked(pairs, STATE_NAMES, problems)


def read_query(query: str) -> Asked:
    """From the query of an address, as a saved view or a form carries it."""
    return asked.read_query(query, STATE_NAMES)
