"""Four questions to somebody who is not signed in: employer, workplace, staff group, kind of contract. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.core.text import Bilingual
from portal.directory.rules import EngagementKind
from portal.register.matching import Names, Work

NOT_LISTED = "none"
"""The answer «not sure, or not listed»: then only what affects every place or every group is found."""


class Question(StrEnum):
    """What is still to be asked; the value is the name of its parameter in the address."""

    EMPLOYER = "employer"
    WORKPLACE = "workplace"
    STAFF_GROUP = "staff_group"
    KIND = "kind"

    @property
    def number(self) -> int:
        return list(Question).index(self) + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address says, unchecked. Nothing of it is stored anywhere."""

    employer: str = ""
    workplace: str = ""
    staff_group: str = ""
    kind: str = ""
    asked: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """The answers so far, for an address or hidden fields."""
        told = [(question.value, getattr(self, question.value)) for question in Question]
        return [(name, value) for name, value in told if value]

    def without(self, question: Question) -> "Choice":
        """The answers with one taken back; another employer has other workplaces and staff groups."""
        if question is Question.EMPLOYER:
            return Choice(kind=self.kind)
        return replace(self, **{question.value: "", "asked": ""})


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the directory: its id, the name in addresses, its name for people."""

    id: str
    slug: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Facts:
    """What the directory knows of a choice. Places: the workplace first, then what it lies in."""

    body: Named | None = None
    places: tuple[Named, ...] = ()
    staff_group: Named | None = None

    @property
    def names(self) -> Names:
        body = self.body.name if self.body else Bilingual("", "")
        places = {place.id: place.name for place in self.places}
        return Names(body, places, self.staff_group.name if self.staff_group else None)


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question, and whether the address already gave an answer that the directory does not know."""

    question: Question
    is_unknown: bool
    is_unanswered: bool


def next_question(choice: Choice, facts: Facts) -> Asked | None:
    """The first question without a known answer; None when all four are answered."""
    known = {
        Question.EMPLOYER: facts.body is not None,
        Question.WORKPLACE: choice.workplace == NOT_LISTED or bool(facts.places),
        Question.STAFF_GROUP: choice.staff_group == NOT_LISTED or facts.staff_group is not None,
        Question.KIND: choice.kind in set(EngagementKind),
    }
    for question, is_known in known.items():
        if not is_known:
            told = bool(getattr(choice, question.value))
            return Asked(question, is_unknown=told, is_unanswered=not told and choice.asked == question.value)
    return None


def work_of(choice: Choice, facts: Facts, *, on: date) -> Work:
    """The work that a full choice describes, for matching on that day."""
    if facts.body is None:
        raise ValueError("the employer was not asked yet")
    return Work(
        body_id=facts.body.id,
        places=tuple(place.id for place in facts.places),
        staff_group_id=facts.staff_group.id if facts.staff_group else None,
        kind=EngagementKind(choice.kind),
        on=on,
    )
