"""Reading the forms of material: what a file is, what is decided, what is cut, why a finding is accepted."""

from collections.abc import Sequence
from datetime import date

from portal.core.text import Message, Words, pmsg
from portal.documents.cuts import AreaCut, CellsCut, Cut, PageCut, SheetCut, WordsCut
from portal.subject_access.material.rules import (
    CHOOSE_EXEMPTION,
    OPINION_DAY,
    WRITE_REASON,
    Balancing,
    Decision,
    Exemption,
    HealthAnswer,
    ReporterAnswer,
    lacking,
)
from portal.subject_access.material.service import About, Decided
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, text

SAID_LIMIT, REASON_LIMIT, WORDS_LIMIT = 500, 4000, 500
MOST_PAGE = 100_000
SORTS = ("words", "area", "page", "sheet", "cells")

END_BEFORE_START = pmsg("error", "The last day must not be before the first day")
WRITE_WORDS = pmsg("error", "Enter the words to cut")
ENTER_PAGE = pmsg("error", "Enter the number of the page")
ENTER_BOX = pmsg("error", "Enter the four edges in per cent, from 0 to 100. The box must have a size")
CHOOSE_SHEET = pmsg("error", "Choose the sheet")
ENTER_CELLS = pmsg("error", "Enter cells such as B2:B90, a column such as C:C, or a row such as 4:4")
WRITE_ACCEPTANCE = pmsg("error", "Write why this may stay in the copy")
WRITE_OPENED_BY = pmsg("error", "Write who opened the file, where, and with which program")
WRITE_CONTENT = pmsg("error", "Write what is in the file, as the person who opened it saw")


def read_about(fields: FieldBag, problems: Problems, *, task_id: str | None = None) -> About:
    """What a file is, and which days it covers."""
    said = text(fields, "said", problems, most=SAID_LIMIT)
    first, last = day(fields, "from", problems), day(fields, "to", problems)
    if first is not None and last is not None and last < first:
        problems["to"] = END_BEFORE_START
    return About(Words(said), first, last, task_id)


def read_decided(fields: FieldBag, problems: Problems, *, is_health_place: bool, today: date) -> Decided:
    """A decision with everything that must stand behind it."""
    reporter = choice(fields, "reporter", problems, allowed=list(ReporterAnswer))
    decision = choice(fields, "decision", problems, allowed=list(Decision))
    exemption = choice(fields, "exemption", problems, allowed=list(Exemption))
    health = choice(fields, "health", problems, allowed=list(HealthAnswer))
    found: Problems = Problems()
    steps = {name: text(fields, name, found, most=REASON_LIMIT) for name in ("without_naming", "consent", "reasonable")}
    reason = text(fields, "reason", found, most=REASON_LIMIT)
    opinion_on = day(fields, "opinion", found, required=OPINION_DAY if health == HealthAnswer.OPINION else None)
    balancing = Balancing(
        **steps, health=HealthAnswer(health) if health else None, opinion_on=opinion_on if health else None
    )
    decided = Decided(
        ReporterAnswer(reporter) if reporter else None,
        Decision(decision) if decision else None,
        Exemption(exemption) if exemption and decision != Decision.RELEASE else None,
        Words(reason),
        balancing,
    )
    problems.update(lacking(decided.ruling, is_health_place=is_health_place, today=today))
    problems.update(found)
    return decided


def read_cut(fields: FieldBag, problems: Problems, sheets: Sequence[str]) -> Cut | None:
    """What is to be cut, by its sort; None with problems noted."""
    sort = choice(fields, "sort", problems, allowed=SORTS)
    if sort == "area":
        return _read_area(fields, problems)
    if sort == "page":
        number = _number(fields.one("page"))
        return PageCut(number) if number else _wrong(problems, "page", ENTER_PAGE)
    if sort in ("sheet", "cells"):
        return _read_cells(fields, problems, sheets, whole=sort == "sheet")
    words = text(fields, "words", problems, most=WORDS_LIMIT, required=WRITE_WORDS)
    return WordsCut(words, whole=fields.one("parts") != "1") if words and "words" not in problems else None


def _read_cells(fields: FieldBag, problems: Problems, sheets: Sequence[str], *, whole: bool) -> Cut | None:
    place = fields.one("sheet")
    if not (place.isascii() and place.isdigit() and len(place) < 5 and int(place) < len(sheets)):
        return _wrong(problems, "sheet", CHOOSE_SHEET)
    name = sheets[int(place)]
    if whole:
        return SheetCut(name)
    cells = "".join(fields.one("cells").upper().split())
    if not cells or len(cells) > 40 or not all(sign.isascii() and (sign.isalnum() or sign in ":$") for sign in cells):
        return _wrong(problems, "cells", ENTER_CELLS)
    return CellsCut(name, cells.replace("$", ""))


def _read_area(fields: FieldBag, problems: Problems) -> Cut | None:
    number = _number(fields.one("page"))
    if not number:
        return _wrong(problems, "page", ENTER_PAGE)
    edges = [_share(fields.one(name)) for name in ("left", "top", "right", "bottom")]
    left, top, right, bottom = (edge if edge is not None else -1.0 for edge in edges)
    if any(edge is None for edge in edges) or left >= right or top >= bottom:
        return _wrong(problems, "left", ENTER_BOX)
    return AreaCut(number, left, top, right, bottom)


def _wrong(problems: Problems, name: str, problem: Message) -> Cut | None:
    problems[name] = problem
    return None


def _number(typed: str) -> int:
    """A whole number from 1 on; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def _share(typed: str) -> float | None:
    """A number of per cent as a share of one; a comma is a decimal point."""
    plain = typed.replace(",", ".").removesuffix("%").strip()
    if not plain or len(plain) > 8 or not all(sign.isascii() and (sign.isdigit() or sign == ".") for sign in plain):
        return None
    try:
        share = float(plain) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def read_why(fields: FieldBag, problems: Problems) -> tuple[Exemption | None, Words]:
    """Under which exemption and why something is cut."""
    exemption = choice(fields, "exemption", problems, allowed=list(Exemption), required=CHOOSE_EXEMPTION)
    reason = text(fields, "reason", problems, most=REASON_LIMIT, required=WRITE_REASON)
    return Exemption(exemption) if exemption else None, Words(reason)


def read_acceptance(fields: FieldBag, problems: Problems) -> tuple[Words, Words | None]:
    """Why a finding may stay; and of a file that nobody can look into here, who opened it and what it is."""
    looked = None
    if fields.one("unseen") == "1":
        opened_by = text(fields, "opened_by", problems, most=SAID_LIMIT, required=WRITE_OPENED_BY)
        content = text(fields, "content", problems, most=REASON_LIMIT, required=WRITE_CONTENT)
        looked = Words(f"{opened_by}\n{content}") if opened_by and content else None
    return Words(text(fields, "because", problems, most=REASON_LIMIT, required=WRITE_ACCEPTANCE)), looked
