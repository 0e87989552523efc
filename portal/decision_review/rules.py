"""The words and steps of a review. Nothing stops its clock: Article 12A(5) is for access requests alone."""

from datetime import date
from enum import StrEnum

from portal.cases.rules import Relation, Steps, steps_of
from portal.cases.rules import Step as CaseStep
from portal.core.text import Message, msg, pmsg
from portal.timelimits.events import EventKind

NEW_RULES_FROM = date(2026, 2, 5)
"""Articles 22A to 22D apply to decisions taken from this day; older ones fall under the old Article 22 (law.md 2.1)."""

SCHEME_BEGINS = date(2018, 5, 25)
"""The first day of the UK GDPR's predecessor: no decision before it can be reviewed under data protection law."""

TEXT_LIMIT = 4000


class Outcome(StrEnum):
    """How a review can end."""

    OVERTURNED = "overturned"
    CHANGED = "changed"
    UPHELD = "upheld"
    FRESH_DECISION = "fresh_decision"
    EXPLAINED = "explained"


OUTCOMES: dict[Outcome, Message] = {
    Outcome.OVERTURNED: pmsg("outcome of a review", "The decision was overturned"),
    Outcome.CHANGED: pmsg("outcome of a review", "The decision was changed"),
    Outcome.UPHELD: pmsg("outcome of a review", "The decision stands"),
    Outcome.FRESH_DECISION: pmsg("outcome of a review", "A person will decide afresh"),
    Outcome.EXPLAINED: pmsg(
        "outcome of a review", "There was no decision of a system here; what happened is explained"
    ),
}


class Wanted(StrEnum):
    """The four safeguards of Article 22C(2)."""

    INFORMATION = "information"
    MY_SIDE = "my_side"
    HUMAN = "human"
    CONTEST = "contest"


WANTED: dict[Wanted, Message] = {
    Wanted.INFORMATION: msg("Explain the decision to me"),
    Wanted.MY_SIDE: msg("Hear my side"),
    Wanted.HUMAN: msg("Have a person decide"),
    Wanted.CONTEST: msg("I challenge the decision: change it"),
}

OPEN = frozenset({"submitted", "assigned", "in_review"})

STEPS: Steps = steps_of(
    CaseStep(
        name="assign",
        froms=frozenset({"submitted", "assigned", "in_review"}),
        to="assigned",
        who=frozenset({Relation.OFFICER}),
        said=msg("The request was given to an independent reviewer"),
        label=pmsg("button", "Give to this reviewer"),
    ),
    CaseStep(
        name="decline",
        froms=frozenset({"assigned", "in_review"}),
        to="submitted",
        who=frozenset({Relation.REVIEWER}),
        said=msg("The reviewer handed the request back; another one will be found"),
        label=pmsg("button", "Hand the review back"),
    ),
    CaseStep(
        name="open",
        froms=frozenset({"assigned"}),
        to="in_review",
        who=frozenset({Relation.REVIEWER}),
        said=msg("A reviewer who is independent of the decision has begun"),
        label=pmsg("button", "Declare and begin"),
    ),
    CaseStep(
        name="decide",
        froms=frozenset({"in_review"}),
        to="decided",
        who=frozenset({Relation.REVIEWER}),
        said=msg("The review was decided"),
        label=pmsg("button", "Decide and tell the worker"),
        clock=EventKind.FINISHED,
    ),
    CaseStep(
        name="withdraw",
        froms=OPEN,
        to="withdrawn",
        who=frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE}),
        said=msg("The request was taken back"),
        label=pmsg("button", "Take my request back"),
        clock=EventKind.FINISHED,
    ),
)

STATES: dict[str, Message] = {
    "submitted": pmsg("state of a review", "Waiting for a reviewer"),
    "assigned": pmsg("state of a review", "Given to a reviewer"),
    "in_review": pmsg("state of a review", "Being reviewed"),
    "decided": pmsg("state of a review", "Decided"),
    "withdrawn": pmsg("state of a review", "Withdrawn"),
}


def is_under_old_rules(decided_on: date) -> bool:
    """Whether the decision was taken before Articles 22A to 22D (SI 2026/82 reg 5)."""
    return decided_on < NEW_RULES_FROM
