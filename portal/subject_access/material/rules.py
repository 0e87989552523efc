"""The words of deciding on what was found: what may be withheld, and why. Law: law.md 2.5."""

from enum import StrEnum


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
