"""Who of those who read a thread answers for what it is about: the rule book asked about its holders alone.

Nobody is added: nobody can be, for only a grant opens it. What the reporter said of whom it must not reach, the server
does not know; the device kept to it when it sealed.
"""

from portal.cases.routing.destinations import choose, rungs
from portal.cases.routing.exclusions import Affair, Kind, bans
from portal.cases.routing.people import Standing, World
from portal.concerns.casework.rows import make_side
from portal.concerns.casework.rules import Side
from portal.concerns.casework.turns import Turn
from portal.concerns.offering import seats_of
from portal.core.text import Locale
from portal.directory.queries import list_away


def accountable(turn: Turn) -> str | None:
    """The reader of the employer's side who comes first; one who is away only where all are."""
    employers = [one for one in turn.holders if one.side is Side.EMPLOYER]
    away = list_away(turn.session, {one.person_id for one in employers}, today=turn.desk.today)
    seats = seats_of([one.duty for one in employers], turn.told.body_id)
    world = World(seats, {one: Standing(one, is_away=True) for one in away})
    thread = turn.open_thread()
    affair = Affair(
        Kind.CONCERN,
        turn.told.body_id,
        system_id=thread.system_id,
        lang=Locale.EN if thread.lang is None else thread.lang,
    )
    found = choose(world, affair, rungs(world, affair), bans(world, affair))
    if found is not None:
        return found.person_id
    return next((one.person_id for one in employers), None)


def pass_on(turn: Turn) -> None:
    """The employer's side has somebody who works on it: whoever has it already, else who answers for it."""
    is_own = turn.side_name is Side.EMPLOYER
    row = turn.side if is_own else make_side(turn.session, turn.told.case_id, Side.EMPLOYER, turn.told.body_id)
    if row.assignee_id is None or (is_own and row.assignee_id == turn.actor.person_id):
        row.assignee_id = accountable(turn) or row.assignee_id
    if is_own:
        turn.line("passed_on", both=False, said={"assignee_id": row.assignee_id})
    else:
        turn.line_of_other(row, "passed_on")
