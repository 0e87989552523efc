"""The step table of a told concern (the machine ``concern``): from where, to where, by which side, read by whom.

Buttons, the verbs and the tests all read this table. It runs over told rows: the server knows no concern but what
readers tell of it. Where the machine of the design was wrong, or could not be so here:

* ``submitted`` and ``acknowledged`` are a thread of which nothing is told; who answered it stands in its clock;
* ``linked`` and ``escalated`` are marks, no states: a concern can be both and still be worked on;
* harm turns up at any time, and not in triage alone;
* a thread that only a union reads led nowhere: ``decide`` agrees there what will be done;
* somebody who writes that nothing was done, soon after the outcome, waited for the first check-in: ``reopen`` starts
  from there too;
* what is with somebody outside could not come back: ``reopen`` does that as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.concerns.casework.rules import ENDED, Side, ToldState, Waiting
from portal.core.text import Message, msg, pmsg
from portal.timelimits.calendar import months_later

REOPEN_MONTHS = 12
ANY = frozenset(Side)
EMPLOYER, UNION = frozenset({Side.EMPLOYER}), frozenset({Side.UNION})
NOBODY: frozenset[Side] = frozenset()


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One row. ``needs`` are sides that must read the thread, ``without`` sides that must not. ``both``: each side
    that reads has to press. ``waits`` is whose turn it is then, for the side that pressed. A step of the portal alone
    has no label."""

    name: str
    froms: frozenset[ToldState]
    to: ToldState
    who: frozenset[Side]
    said: Message
    label: Message | None
    needs: frozenset[Side] = NOBODY
    without: frozenset[Side] = NOBODY
    by_portal: bool = False
    both: bool = False
    waits: Waiting = Waiting.US

    def is_open_to(self, side: Side, within: frozenset[Side]) -> bool:
        """Whether this side may take it in a thread that these sides read."""
        return side in self.who and self.needs <= within and self.without.isdisjoint(within)


S = ToldState
WORKED_ON = frozenset({S.TRIAGE, S.NEEDS_INFO, S.WITH_ACCOUNTABLE, S.JOINT_REVIEW})
OPEN = frozenset(ToldState) - ENDED - {S.NEW}

_ROWS = (
    ToldStep(
        "take",
        frozenset({S.NEW, S.REOPENED}),
        S.TRIAGE,
        ANY,
        msg("It was taken on"),
        pmsg("button", "Take this concern on"),
    ),
    ToldStep(
        "harm_now",
        WORKED_ON,
        S.URGENT_SAFETY,
        ANY,
        msg("Somebody may come to harm: making people safe comes first"),
        pmsg("button", "Somebody may come to harm now"),
    ),
    ToldStep(
        "made_safe",
        frozenset({S.URGENT_SAFETY}),
        S.TRIAGE,
        ANY,
        msg("People were made safe"),
        pmsg("button", "People are safe now"),
    ),
    ToldStep(
        "ask",
        frozenset({S.TRIAGE}),
        S.NEEDS_INFO,
        ANY,
        msg("The worker was asked for more"),
        pmsg("button", "I asked the worker for more"),
        waits=Waiting.WORKER,
    ),
    ToldStep(
        "answered",
        frozenset({S.NEEDS_INFO}),
        S.TRIAGE,
        ANY,
        msg("The worker has answered"),
        pmsg("button", "The worker has answered"),
    ),
    ToldStep(
        "route",
        frozenset({S.TRIAGE}),
        S.WITH_ACCOUNTABLE,
        ANY,
        msg("It went to who is responsible, among those who read it"),
        pmsg("button", "Pass it to who is responsible"),
        needs=EMPLOYER,
    ),
    ToldStep(
        "decide",
        frozenset({S.TRIAGE}),
        S.ACTION_AGREED,
        UNION,
        msg("It was decided what will be done"),
        pmsg("button", "We decided what will be done"),
        without=EMPLOYER,
    ),
    ToldStep(
        "invite_union",
        frozenset({S.WITH_ACCOUNTABLE}),
        S.JOINT_REVIEW,
        EMPLOYER,
        msg("The union was asked to look at it together"),
        pmsg("button", "Look at it together with the union"),
        needs=UNION,
    ),
    ToldStep(
        "join",
        frozenset({S.WITH_ACCOUNTABLE}),
        S.JOINT_REVIEW,
        UNION,
        msg("The union looks at it together with the employer"),
        pmsg("button", "Look at it together with the employer"),
        needs=EMPLOYER,
    ),
    ToldStep(
        "agree",
        frozenset({S.WITH_ACCOUNTABLE, S.JOINT_REVIEW}),
        S.ACTION_AGREED,
        ANY,
        msg("It was agreed what will be done"),
        pmsg("button", "We agree to what will be done"),
        both=True,
    ),
    ToldStep(
        "tell",
        frozenset({S.ACTION_AGREED}),
        S.OUTCOME_TOLD,
        ANY,
        msg("The worker was told the outcome"),
        pmsg("button", "I told the worker the outcome"),
        waits=Waiting.NOBODY,
    ),
    ToldStep(
        "watch",
        frozenset({S.OUTCOME_TOLD}),
        S.MONITORING,
        NOBODY,
        msg("The worker was asked how things are since the outcome"),
        None,
        by_portal=True,
        waits=Waiting.NOBODY,
    ),
    ToldStep(
        "close",
        frozenset({S.MONITORING}),
        S.CLOSED,
        ANY,
        msg("It was closed"),
        pmsg("button", "Close it"),
        by_portal=True,
        waits=Waiting.NOBODY,
    ),
    ToldStep(
        "reopen",
        frozenset({S.OUTCOME_TOLD, S.MONITORING, S.CLOSED, S.HANDED_OUT}),
        S.REOPENED,
        ANY,
        msg("It was taken up again"),
        pmsg("button", "Take it up again"),
    ),
    ToldStep(
        "hand_out",
        OPEN,
        S.HANDED_OUT,
        ANY,
        msg("It went to somebody outside, with the worker’s yes"),
        pmsg("button", "It went outside, with the worker’s yes"),
        waits=Waiting.NOBODY,
    ),
)
STEPS: Mapping[str, ToldStep] = {step.name: step for step in _ROWS}


def allowed(state: ToldState, side: Side, within: frozenset[Side]) -> tuple[ToldStep, ...]:
    """What one side may press in a thread that these sides read. Pages make their buttons from this."""
    return tuple(step for step in STEPS.values() if state in step.froms and step.is_open_to(side, within))


def may_reopen(state: ToldState, since: date, today: date) -> bool:
    """Whether something ended can still be taken up again: within a year of its end; as long as it is open, always."""
    return state not in ENDED or today <= months_later(since, REOPEN_MONTHS)
