"""From a visit to what the verbs of cases need."""

from portal.cases.turn import Desk
from portal.web.anonymous import Visit


def desk_of(visit: Visit) -> Desk:
    """The desk of one request: calendar with the settings' one-off days, vault, instant."""
    return Desk(visit.calendar, visit.vault, visit.now)
