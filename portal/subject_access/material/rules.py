"""The words of deciding on what was found: what may be withheld, and why. Law: law.md 2.5."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.text import Message, msg, pmsg
from portal.documents.kinds import FileKind

OPINION_MONTHS = 6
"""How old the opinion of a health professional may be (Schedule 3)."""


class Decision(StrEnum):
    """What happens to an item."""

    RELEASE = "release"
    PART = "part"
    WITHHOLD = "withhold"


class ReporterAnswer(StrEnum):
    """Does it come from, or identify, somebody who raised a concern? Asked of every item."""

    NO = "no"
    YES = "yes"


class Exemption(StrEnum):
    """Why something is withheld: the exemptions that employers use."""

    NOT_ABOUT_THEM = "not_about_them"
    OTHER_PEOPLE = "other_people"  # Sch 2 para 16
    PRIVILEGE = "privilege"  # Sch 2 para 19
    CRIME_AND_TAX = "crime_and_tax"  # Sch 2 para 2
    RISK_ASSESSMENT = "risk_assessment"  # Sch 2 para 3
    PUBLIC_PROTECTION = "public_protection"  # Sch 2 paras 7 to 12
    MANAGEMENT_PLANNING = "management_planning"  # Sch 2 para 22
    NEGOTIATIONS = "negotiations"  # Sch 2 para 23
    REFERENCES = "references"  # Sch 2 para 24
    EXAM_MARKS = "exam_marks"  # Sch 2 para 25
    HEALTH = "health"  # Sch 3


class CutEntry(StrEnum):
    """A line of the redaction ledger."""

    CUT = "cut"
    UNDO = "undo"


class HealthAnswer(StrEnum):
    """What stands behind giving or withholding something about health (Schedule 3)."""

    OPINION = "opinion"  # a health professional said so within the last six months
    KNOWN = "known"  # the person knows it already
    NO_OPINION = "no_opinion"  # none could be had in time: it is withheld
    NOT_HEALTH = "not_health"  # it says nothing about health


@dataclass(frozen=True, slots=True)
class Balancing:
    """The three steps for other people's data, and what was said about health; kept sealed with the decision."""

    without_naming: str = ""
    consent: str = ""
    reasonable: str = ""
    health: HealthAnswer | None = None
    opinion_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Balancing()


class Show(StrEnum):
    """Which items of a list are shown."""

    ALL = "all"
    UNDECIDED = "undecided"
    WITHHELD = "withheld"
    FINDINGS = "findings"
    REPORTER = "reporter"


KINDS: Mapping[FileKind, Message] = {
    FileKind.PDF: pmsg("sort of file", "PDF document"),
    FileKind.IMAGE: pmsg("sort of file", "Picture"),
    FileKind.TEXT: pmsg("sort of file", "Text"),
    FileKind.TABLE: pmsg("sort of file", "Table (CSV)"),
    FileKind.WORKBOOK: pmsg("sort of file", "Spreadsheet"),
    FileKind.DOCUMENT: pmsg("sort of file", "Word document"),
    FileKind.MAIL: pmsg("sort of file", "Email"),
    FileKind.OTHER: pmsg("sort of file", "Another sort of file"),
}
DECISIONS: Mapping[Decision, Message] = {
    Decision.RELEASE: pmsg("decision on an item", "Give all of it"),
    Decision.PART: pmsg("decision on an item", "Give part of it"),
    Decision.WITHHOLD: pmsg("decision on an item", "Withhold it"),
}
REPORTER: Mapping[ReporterAnswer, Message] = {
    ReporterAnswer.NO: pmsg("about somebody who raised a concern", "No"),
    ReporterAnswer.YES: pmsg("about somebody who raised a concern", "Yes, or it could"),
}
SHOWS: Mapping[Show, Message] = {
    Show.ALL: pmsg("which items", "All"),
    Show.UNDECIDED: pmsg("which items", "Not decided"),
    Show.WITHHELD: pmsg("which items", "Withheld or cut"),
    Show.FINDINGS: pmsg("which items", "With findings"),
    Show.REPORTER: pmsg("which items", "About somebody who raised a concern"),
}
EXEMPTIONS: Mapping[Exemption, Message] = {
    Exemption.NOT_ABOUT_THEM: pmsg("exemption", "It is not about this person"),
    Exemption.OTHER_PEOPLE: pmsg("exemption", "It is about other people"),
    Exemption.PRIVILEGE: pmsg("exemption", "Legal advice or legal proceedings"),
    Exemption.CRIME_AND_TAX: pmsg("exemption", "Crime and taxation"),
    Exemption.RISK_ASSESSMENT: pmsg("exemption", "Assessing the risk of crime or tax evasion"),
    Exemption.PUBLIC_PROTECTION: pmsg("exemption", "Protecting the public: audit, regulators, ombudsman"),
    Exemption.MANAGEMENT_PLANNING: pmsg("exemption", "Management forecasts and planning"),
    Exemption.NEGOTIATIONS: pmsg("exemption", "Negotiations with this person"),
    Exemption.REFERENCES: pmsg("exemption", "A confidential reference"),
    Exemption.EXAM_MARKS: pmsg("exemption", "Examination marks that are not announced yet"),
    Exemption.HEALTH: pmsg("exemption", "Health: it could cause serious harm"),
}
TESTS: Mapping[Exemption, Message] = {
    Exemption.NOT_ABOUT_THEM: msg("It says nothing about them, so the right does not reach it."),
    Exemption.OTHER_PEOPLE: msg(
        "Three steps (Schedule 2, paragraph 16): can it be given without identifying anybody? Do they consent? If not,"
        " is it reasonable to give it all the same? All three are asked below."
    ),
    Exemption.PRIVILEGE: msg(
        "Confidential between a lawyer and the client, or made for legal proceedings (Schedule 2, paragraph 19). Ask"
        " your legal adviser: where it applies, there is no balancing."
    ),
    Exemption.CRIME_AND_TAX: msg(
        "Giving it would be likely to prejudice preventing or detecting crime, or collecting tax (Schedule 2,"
        " paragraph 2)."
    ),
    Exemption.RISK_ASSESSMENT: msg(
        "A risk classification for tax, benefits or crime that giving it would prejudice (Schedule 2, paragraph 3)."
    ),
    Exemption.PUBLIC_PROTECTION: msg(
        "Giving it would be likely to prejudice a function that protects the public (Schedule 2, paragraphs 7 to 12)."
    ),
    Exemption.MANAGEMENT_PLANNING: msg(
        "Giving it would prejudice forecasts or plans of the organisation that look ahead (Schedule 2, paragraph 22)."
        " Talks about the dismissal of one employee are not covered."
    ),
    Exemption.NEGOTIATIONS: msg(
        "It shows our intentions in negotiations with them, and giving it would prejudice these (Schedule 2,"
        " paragraph 23)."
    ),
    Exemption.REFERENCES: msg(
        "A reference given in confidence, by us or to us, for work, study or a service (Schedule 2, paragraph 24)."
    ),
    Exemption.EXAM_MARKS: msg(
        "Results that are not announced. They have a time limit of their own: five months from the request, or 40 days"
        " after they are announced (Schedule 2, paragraph 25)."
    ),
    Exemption.HEALTH: msg(
        "Giving it would be likely to cause serious harm to somebody (Schedule 3). It needs the opinion of a health"
        " professional from the last six months. Without one by the due day it is withheld."
    ),
}
HEALTH: Mapping[HealthAnswer, Message] = {
    HealthAnswer.OPINION: pmsg("about health", "A health professional gave an opinion in the last six months"),
    HealthAnswer.KNOWN: pmsg("about health", "The person knows it already"),
    HealthAnswer.NO_OPINION: pmsg("about health", "No opinion could be had in time, so it is withheld"),
    HealthAnswer.NOT_HEALTH: pmsg("about health", "It says nothing about health"),
}


def is_recent(opinion_on: date, today: date) -> bool:
    """Whether an opinion is from the last six calendar months."""
    months = today.year * 12 + today.month - 1 - OPINION_MONTHS
    year, month = divmod(months, 12)
    return (year, month + 1, min(today.day, 28)) <= (opinion_on.year, opinion_on.month, opinion_on.day)


def listed(numbers: Iterable[int]) -> str:
    """Numbers of items, the first twenty of them."""
    all_of_them = list(numbers)
    shown = ", ".join(str(number) for number in all_of_them[:20])
    return f"{shown} …" if len(all_of_them) > 20 else shown


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an officer says about an item. ``has_reason`` stands for words that are kept sealed."""

    reporter: ReporterAnswer | None
    decision: Decision | None
    exemption: Exemption | None
    has_reason: bool
    balancing: Balancing


SAY_REPORTER = pmsg("error", "Say whether it comes from, or identifies, somebody who raised a concern")
CHOOSE_DECISION = pmsg("error", "Choose what happens to this item")
CHOOSE_EXEMPTION = pmsg("error", "Choose why it is withheld, or part of it")
WRITE_REASON = pmsg("error", "Write the reason in a way that somebody else could follow")
SAY_STEP = pmsg("error", "Say what you found at this step")
SAY_HEALTH = pmsg("error", "Say what stands behind this decision about health")
NO_OPINION_NO_RELEASE = pmsg("error", "Without an opinion, or knowing that they know it already, withhold it")
OPINION_DAY = pmsg("error", "Enter the day of the opinion")
OPINION_OLD = pmsg("error", "An opinion must be from the last six months. Ask for a new one")


def lacking(ruling: Ruling, *, is_health_place: bool, today: date) -> dict[str, Message]:
    """What a ruling lacks, by the field of its form, in the order of the form; empty when it can stand."""
    problems: dict[str, Message] = {}
    if ruling.reporter is None:
        problems["reporter"] = SAY_REPORTER
    if ruling.decision is None:
        problems["decision"] = CHOOSE_DECISION
    if ruling.decision in (Decision.PART, Decision.WITHHOLD):
        if ruling.exemption is None:
            problems["exemption"] = CHOOSE_EXEMPTION
        if not ruling.has_reason:
            problems["reason"] = WRITE_REASON
        if ruling.exemption is Exemption.OTHER_PEOPLE:
            steps = ("without_naming", "consent", "reasonable")
            problems |= {step: SAY_STEP for step in steps if not getattr(ruling.balancing, step)}
    is_about_health = ruling.exemption is Exemption.HEALTH or is_health_place
    if is_about_health and ruling.decision is not None:
        problems |= _lacking_health(ruling, today)
    return problems


def _lacking_health(ruling: Ruling, today: date) -> dict[str, Message]:
    """Schedule 3: nothing about health leaves without an opinion or knowing that the person knows it."""
    answer, gives = ruling.balancing.health, ruling.decision is not Decision.WITHHOLD
    if answer is None:
        return {"health": SAY_HEALTH} if gives or ruling.exemption is Exemption.HEALTH else {}
    if answer is HealthAnswer.NO_OPINION and gives:
        return {"health": NO_OPINION_NO_RELEASE}
    if answer is not HealthAnswer.OPINION:
        return {}
    if ruling.balancing.opinion_on is None:
        return {"opinion": OPINION_DAY}
    is_good = ruling.balancing.opinion_on <= today and is_recent(ruling.balancing.opinion_on, today)
    return {} if is_good else {"opinion": OPINION_OLD}
