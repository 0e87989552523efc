"""What a decision lacks, and findings in words."""

from datetime import date

import pytest

from portal.core.text import Locale
from portal.documents.findings import Finding, FindingCode
from portal.documents.kinds import FileKind
from portal.i18n.catalogue import Catalogue
from portal.subject_access.material.rules import (
    DECISIONS,
    EXEMPTIONS,
    HEALTH,
    KINDS,
    TESTS,
    Balancing,
    Decision,
    Exemption,
    HealthAnswer,
    ReporterAnswer,
    Ruling,
    is_recent,
    lacking,
    listed,
)
from portal.subject_access.material.wording import FINDINGS, said

TODAY = date(2026, 11, 23)
NO, YES = ReporterAnswer.NO, ReporterAnswer.YES
GIVE, PART, KEEP = Decision.RELEASE, Decision.PART, Decision.WITHHOLD
STEPS = Balancing("a", "b", "c")


def health(answer: HealthAnswer, on: date | None = None) -> Balancing:
    return Balancing(health=answer, opinion_on=on)


def of(year: int, month: int, day: int) -> Balancing:
    return health(HealthAnswer.OPINION, date(year, month, day))


@pytest.mark.parametrize(
    ("ruling", "is_health", "lacks"),
    [
        (Ruling(None, None, None, False, Balancing()), False, ["reporter", "decision"]),
        (Ruling(NO, GIVE, None, False, Balancing()), False, []),
        (Ruling(YES, GIVE, None, False, Balancing()), False, []),
        (Ruling(NO, KEEP, None, False, Balancing()), False, ["exemption", "reason"]),
        (Ruling(NO, PART, Exemption.PRIVILEGE, True, Balancing()), False, []),
        (
            Ruling(NO, KEEP, Exemption.OTHER_PEOPLE, True, Balancing("a")),
            False,
            ["consent", "reasonable"],
        ),
        (Ruling(NO, KEEP, Exemption.OTHER_PEOPLE, True, STEPS), False, []),
        (Ruling(NO, KEEP, Exemption.HEALTH, True, Balancing()), False, ["health"]),
        (Ruling(NO, KEEP, Exemption.HEALTH, True, health(HealthAnswer.NO_OPINION)), False, []),
        (Ruling(NO, KEEP, Exemption.HEALTH, True, health(HealthAnswer.OPINION)), False, ["opinion"]),
        (Ruling(NO, KEEP, Exemption.HEALTH, True, of(2026, 5, 22)), False, ["opinion"]),
        (
            Ruling(NO, KEEP, Exemption.HEALTH, True, of(2026, 11, 24)),
            False,
            ["opinion"],
        ),
        (Ruling(NO, KEEP, Exemption.HEALTH, True, of(2026, 5, 23)), False, []),
        (Ruling(NO, GIVE, None, False, Balancing()), True, ["health"]),
        (Ruling(NO, GIVE, None, False, health(HealthAnswer.NO_OPINION)), True, ["health"]),
        (Ruling(NO, GIVE, None, False, health(HealthAnswer.KNOWN)), True, []),
        (Ruling(NO, KEEP, Exemption.PRIVILEGE, True, Balancing()), True, []),
    ],
)
def test_a_ruling_lacks_exactly_this(ruling: Ruling, is_health: bool, lacks: list[str]) -> None:
    assert list(lacking(ruling, is_health_place=is_health, today=TODAY)) == lacks


def test_everything_has_its_words() -> None:
    assert set(EXEMPTIONS) == set(TESTS) == set(Exemption)
    assert set(FINDINGS) == set(FindingCode)
    assert (set(KINDS), set(DECISIONS), set(HEALTH)) == (set(FileKind), set(Decision), set(HealthAnswer))


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (Finding(FindingCode.HIDDEN_SHEET, "Data", 1204), "Sheet “Data” is hidden and has 1,204 rows"),
        (Finding(FindingCode.HIDDEN_SHEET, "Data", 1), "Sheet “Data” is hidden and has 1 row"),
        (Finding(FindingCode.HIDDEN_ROWS, "Rota", 3), "Hidden rows. Sheet: “Rota”. Number: 3"),
        (Finding(FindingCode.TEXT_UNDER_BOX, "4", 11),
         "Words that nobody sees, such as under a black box. Page: 4. Signs: 11"),
        (Finding(FindingCode.COMMENT), "Comments or notes"),
        (Finding(FindingCode.COMMENT, number=2), "Comments or notes. Number: 2"),
        (Finding(FindingCode.EMBEDDED_FILE, "a.txt"), "Another file inside this one. Place: a.txt"),
    ],
)  # fmt: skip
def test_a_finding_is_told_by_name_place_and_number(finding: Finding, words: str) -> None:
    assert Catalogue.for_locale(Locale.EN).say(said(finding)) == words


def test_six_months_are_calendar_months_and_long_lists_end() -> None:
    assert is_recent(date(2026, 8, 28), date(2027, 2, 28))
    assert not is_recent(date(2026, 8, 27), date(2027, 2, 28))
    assert listed(range(1, 4)) == "1, 2, 3"
    assert listed(range(1, 30)).endswith("20 …")
