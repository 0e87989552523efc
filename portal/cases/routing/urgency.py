"""Somebody may be hurt now (routing.md D2.14): who is telephoned, one after the other, until one of them answers.

The reporter was told that this flag leaves the seal; who they are and what they wrote stays sealed. The server cannot
know whom the reporter left out, so of a sealed concern it calls nobody but those who hold a key: everybody on call
stood on the reporter's page, with a box to leave them out.
"""

from collections.abc import Collection

from portal.cases.routing.destinations import rungs, union_seats
from portal.cases.routing.exclusions import Affair, bans
from portal.cases.routing.given import Given, Why, once_each
from portal.cases.routing.people import Office, World

ACT_WITHIN_HOURS = 4


def called(world: World, affair: Affair, *, holders: Collection[str] | None = None) -> tuple[Given, ...]:
    """Everybody who is called, in their order: those on call, then whoever would receive it anyway, then the branch.

    Who is away comes last and is not left out: in danger a holiday is no reason.
    """
    barred = bans(world, affair)
    on_call = [Given(seat, Why.ON_CALL) for seat in world.seats_of([Office.ON_CALL], affair.body_id)]
    others = [Given(seat, rung.why) for rung in rungs(world, affair) for seat in rung.seats]
    union = [Given(seat, Why.UNION) for seat in union_seats(world, affair, barred)]
    chain = [*union] if affair.union_alone else [*on_call, *others, *union]
    free = [
        one for one in once_each(chain) if one.person_id not in barred and (holders is None or one.person_id in holders)
    ]
    return tuple(sorted(free, key=lambda one: world.standing(one.person_id).is_away))
