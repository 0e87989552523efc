"""The closed vocabularies in which readers tell something about a thread, with their words; a thread's own stay sealed.

``Theme`` is also what the figures count and what a collective has in common. A value never leaves its vocabulary: what
somebody wants to say beyond it is written in the thread or in the notes beside it.
"""

from datetime import date, timedelta
from enum import StrEnum

from portal.core.text import Message, msg, pmsg

FAR = date(9999, 12, 31)
"""Stands where there is no day, so that lists by day have one order on both databases."""
CLAIM_MINUTES = 15
CLAIM_LASTS = timedelta(minutes=CLAIM_MINUTES)
WITHIN = (2, 5, 10, 20)
"""«Due within so many days», as it can be chosen; the second is what the lane shows."""
SOON = WITHIN[1]


class Side(StrEnum):
    """The two sides that may read a thread. The words are those of ``concerns.cards``."""

    EMPLOYER = "employer"
    UNION = "union"


class Theme(StrEnum):
    """What a concern is about, as it is counted."""

    PACE = "pace"
    HOURS = "hours"
    PAY = "pay"
    SURVEILLANCE = "surveillance"
    DISCIPLINE = "discipline"
    JOBS = "jobs"
    HIRING = "hiring"
    EQUALITY = "equality"
    HARASSMENT = "harassment"
    DATA = "data"
    SAFETY = "safety"
    CARE = "care"
    CONSULTATION = "consultation"
    WELSH = "welsh"
    WRONGDOING = "wrongdoing"
    OTHER = "other"


THEMES: dict[Theme, Message] = {
    Theme.PACE: pmsg("theme", "Pace, targets or workload"),
    Theme.HOURS: pmsg("theme", "Shifts, rotas and hours"),
    Theme.PAY: pmsg("theme", "Pay and allowances"),
    Theme.SURVEILLANCE: pmsg("theme", "Watching or tracking of people at work"),
    Theme.DISCIPLINE: pmsg("theme", "Discipline, absence or performance"),
    Theme.JOBS: pmsg("theme", "Jobs, tasks and skills"),
    Theme.HIRING: pmsg("theme", "Recruitment and promotion"),
    Theme.EQUALITY: pmsg("theme", "Unequal treatment"),
    Theme.HARASSMENT: pmsg("theme", "Harassment or bullying"),
    Theme.DATA: pmsg("theme", "Wrong or misused data"),
    Theme.SAFETY: pmsg("theme", "Health and safety at work"),
    Theme.CARE: pmsg("theme", "Safety of patients or the public"),
    Theme.CONSULTATION: pmsg("theme", "Nobody was told or asked"),
    Theme.WELSH: pmsg("theme", "Use of the Welsh language"),
    Theme.WRONGDOING: pmsg("theme", "A crime, a duty not kept, or public money"),
    Theme.OTHER: pmsg("theme", "Something else"),
}
JOINT_BY_DEFAULT = frozenset({Theme.JOBS, Theme.PACE, Theme.SURVEILLANCE, Theme.DISCIPLINE})
"""Looking at it together is proposed for these, where a union reads the thread (state_machines.json)."""


class Severity(StrEnum):
    """How much hangs on it."""

    HARM = "harm"
    SERIOUS = "serious"
    USUAL = "usual"
    SLIGHT = "slight"


SEVERITIES: dict[Severity, Message] = {
    Severity.HARM: pmsg("severity", "Somebody may come to harm"),
    Severity.SERIOUS: pmsg("severity", "Serious for one person or for many"),
    Severity.USUAL: pmsg("severity", "Needs an answer, no more pressing than others"),
    Severity.SLIGHT: pmsg("severity", "For information"),
}


class ToldState(StrEnum):
    """Where a thread stands in casework. ``NEW`` is a thread of which nothing is told: it has no row."""

    NEW = "new"
    TRIAGE = "triage"
    URGENT_SAFETY = "urgent_safety"
    NEEDS_INFO = "needs_info"
    WITH_ACCOUNTABLE = "with_accountable"
    JOINT_REVIEW = "joint_review"
    ACTION_AGREED = "action_agreed"
    OUTCOME_TOLD = "outcome_told"
    MONITORING = "monitoring"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OUT = "handed_out"


STATES: dict[ToldState, Message] = {
    ToldState.NEW: pmsg("concern state", "New"),
    ToldState.TRIAGE: pmsg("concern state", "Being looked at"),
    ToldState.URGENT_SAFETY: pmsg("concern state", "Making people safe"),
    ToldState.NEEDS_INFO: pmsg("concern state", "The worker was asked"),
    ToldState.WITH_ACCOUNTABLE: pmsg("concern state", "With who is responsible"),
    ToldState.JOINT_REVIEW: pmsg("concern state", "Both sides look at it together"),
    ToldState.ACTION_AGREED: pmsg("concern state", "It is agreed what will be done"),
    ToldState.OUTCOME_TOLD: pmsg("concern state", "The outcome was told"),
    ToldState.MONITORING: pmsg("concern state", "Looking whether it lasts"),
    ToldState.CLOSED: pmsg("concern state", "Closed"),
    ToldState.REOPENED: pmsg("concern state", "Taken up again"),
    ToldState.HANDED_OUT: pmsg("concern state", "Gone to somebody outside"),
}
ENDED = frozenset({ToldState.CLOSED, ToldState.HANDED_OUT})
QUIET = frozenset({ToldState.OUTCOME_TOLD, ToldState.MONITORING})
"""Open, and nobody waits for anything until a day comes or somebody writes."""


class Waiting(StrEnum):
    """Whose turn it is, as one side told it."""

    US = "us"
    WORKER = "worker"
    NOBODY = "nobody"


WAITINGS: dict[Waiting, Message] = {
    Waiting.US: pmsg("waiting", "Us"),
    Waiting.WORKER: pmsg("waiting", "The worker"),
    Waiting.NOBODY: pmsg("waiting", "Nobody"),
}


class Lane(StrEnum):
    """Where a thread stands on somebody's desk; each open one stands in one of the first four."""

    NEW = "new"
    WORKER = "worker"
    US = "us"
    QUIET = "quiet"
    ENDED = "ended"


class Shown(StrEnum):
    """What the desk can show: the lanes, what is due soon out of all of them, and everything."""

    ALL = "all"
    NEW = "new"
    DUE = "due"
    WORKER = "worker"
    US = "us"
    QUIET = "quiet"
    ENDED = "ended"


SHOWN: dict[Shown, Message] = {
    Shown.ALL: pmsg("lane", "All open"),
    Shown.NEW: pmsg("lane", "New"),
    Shown.DUE: pmsg("lane", "Due soon"),
    Shown.WORKER: pmsg("lane", "Waiting for the worker"),
    Shown.US: pmsg("lane", "Waiting for us"),
    Shown.QUIET: pmsg("lane", "Outcome told"),
    Shown.ENDED: pmsg("lane", "Closed"),
}


class Sort(StrEnum):
    """By which day a list is ordered."""

    DUE = "due"
    NEXT = "next"


class NextStep(StrEnum):
    """What one side means to do next, on its own next day."""

    READ = "read"
    ASK_WORKER = "ask_worker"
    ANSWER = "answer"
    TALK_TO_WORKER = "talk_to_worker"
    FIND_OUT = "find_out"
    TALK_TO_OTHER_SIDE = "talk_to_other_side"
    TAKE_ADVICE = "take_advice"
    AGREE = "agree"
    DO_AS_AGREED = "do_as_agreed"
    TELL_OUTCOME = "tell_outcome"
    LOOK_AGAIN = "look_again"


NEXT_STEPS: dict[NextStep, Message] = {
    NextStep.READ: pmsg("next step", "Read it"),
    NextStep.ASK_WORKER: pmsg("next step", "Ask the worker"),
    NextStep.ANSWER: pmsg("next step", "Answer the worker"),
    NextStep.TALK_TO_WORKER: pmsg("next step", "Talk to the worker"),
    NextStep.FIND_OUT: pmsg("next step", "Find out what happened"),
    NextStep.TALK_TO_OTHER_SIDE: pmsg("next step", "Talk to the other side"),
    NextStep.TAKE_ADVICE: pmsg("next step", "Take advice"),
    NextStep.AGREE: pmsg("next step", "Agree what will be done"),
    NextStep.DO_AS_AGREED: pmsg("next step", "Do what was agreed"),
    NextStep.TELL_OUTCOME: pmsg("next step", "Tell the outcome"),
    NextStep.LOOK_AGAIN: pmsg("next step", "Look whether it lasts"),
}


class Purpose(StrEnum):
    """What an approved reply is for."""

    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    NEWS = "news"
    TOGETHER = "together"
    OUTCOME = "outcome"
    CHECK_IN = "check_in"
    CLOSING = "closing"


PURPOSES: dict[Purpose, Message] = {
    Purpose.ACKNOWLEDGE: pmsg("reply", "To say that it was read"),
    Purpose.ASK: pmsg("reply", "To ask for more"),
    Purpose.NEWS: pmsg("reply", "To say how it goes on"),
    Purpose.TOGETHER: pmsg("reply", "To everybody with the same cause"),
    Purpose.OUTCOME: pmsg("reply", "To tell the outcome"),
    Purpose.CHECK_IN: pmsg("reply", "To ask how things are since the outcome"),
    Purpose.CLOSING: pmsg("reply", "To say that it is closed"),
}

NOT_TOLD = msg("Not told")


def lane_of(
    state: ToldState, state_since: date | None, waiting: Waiting, waiting_since: date | None, came: tuple[date, int]
) -> Lane:
    """Where a thread stands for one side. ``came``: the newest day of the thread, and how much came on that day.

    Who wrote what the server does not know. Something that came on a later day than a reader's press is taken for the
    worker's. So is a second thing of that very day: to look once too often is better than never. What ended and was
    written in since waits for somebody to take it up again, or to say that nobody waits.
    """
    if state in (ToldState.NEW, ToldState.REOPENED):
        return Lane.NEW
    if state in ENDED:
        ended = max((day for day in (state_since, waiting_since) if day is not None), default=None)
        return Lane.US if ended is not None and _came_after(ended, came) else Lane.ENDED
    if waiting is not Waiting.US:
        lane, since = (Lane.WORKER if waiting is Waiting.WORKER else Lane.QUIET), waiting_since
    elif state in QUIET:
        lane, since = Lane.QUIET, state_since
    elif state is ToldState.NEEDS_INFO:
        lane, since = Lane.WORKER, state_since
    else:
        return Lane.US
    return Lane.US if since is None or _came_after(since, came) else lane


def _came_after(since: date, came: tuple[date, int]) -> bool:
    newest, number = came
    return newest > since or (newest == since and number > 1)
