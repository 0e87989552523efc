"""What the pages of material show of an item: its facts, its ledger, its copy, and what is inside the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.text import Bilingual, Message, msg
from portal.core.vault import Vault
from portal.directory.queries import get_person
from portal.documents.cuts import AreaCut, CellsCut, Cut, PageCut, SheetCut, WordsCut
from portal.documents.findings import Finding
from portal.documents.kinds import FileKind
from portal.documents.matching import Folded
from portal.documents.reading import Part
from portal.i18n.formats import file_size
from portal.identity.queries import get_account
from portal.subject_access.material import listing, queries, reporters
from portal.subject_access.material.accepting import is_waiting
from portal.subject_access.material.models import Material, MaterialCopy, RedactionEntry, ScanFinding
from portal.subject_access.material.rules import (
    DECISIONS,
    EXEMPTIONS,
    KINDS,
    REPORTER,
    CutEntry,
)
from portal.subject_access.material.service import problems_of
from portal.subject_access.material.wording import ACCEPTED_SEEN, NEVER_ACCEPTED, said
from portal.subject_access.searching.models import SearchPlace
from portal.subject_access.searching.queries import list_tasks, name_of

ROWS_SHOWN, COLUMNS_SHOWN, SIGNS_SHOWN = 100, 40, 6000
SORTS: Mapping[FileKind, tuple[str, ...]] = {
    FileKind.PDF: ("words", "area", "page"),
    FileKind.IMAGE: ("area",),
    FileKind.TEXT: ("words",),
    FileKind.TABLE: ("words", "cells"),
    FileKind.WORKBOOK: ("words", "cells", "sheet"),
    FileKind.DOCUMENT: ("words",),
    FileKind.MAIL: ("words",),
    FileKind.OTHER: (),
}
"""What can be cut from which sort of file."""


@dataclass(frozen=True, slots=True)
class View:
    """One screenful of a file: a picture, words, or cells with their letters and numbers."""

    at: int  # which screenful, from 0
    of: int
    name: str = ""
    is_hidden: bool = False
    picture: int = 0  # the number of the page
    text: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[tuple[int, Sequence[str]]] = ()
    is_cut_off: bool = False  # more columns than fit


def views(parts: Sequence[Part]) -> list[View]:
    """A file as screenfuls, in order."""
    found: list[View] = []
    for part in parts:
        if part.has_picture:
            found.append(View(0, 0, part.name, picture=int(part.name), text=part.text[:SIGNS_SHOWN]))
        elif part.rows:
            found += _table_views(part)
        else:
            pieces = range(0, max(len(part.text), 1), SIGNS_SHOWN)
            found += [View(0, 0, part.name, part.is_hidden, text=part.text[at : at + SIGNS_SHOWN]) for at in pieces]
    return found


def placed(view: View, at: int, of: int) -> View:
    """A screenful that knows which of how many it is."""
    return replace(view, at=at, of=of)


def _table_views(part: Part) -> list[View]:
    wide = max((len(row) for row in part.rows), default=0)
    columns = [get_column_letter(number) for number in range(1, min(wide, COLUMNS_SHOWN) + 1)]
    return [
        View(
            0,
            0,
            part.name,
            part.is_hidden,
            columns=columns,
            rows=[
                (number, [*row[:COLUMNS_SHOWN], *[""] * (len(columns) - len(row[:COLUMNS_SHOWN]))])
                for number, row in enumerate(part.rows[at : at + ROWS_SHOWN], at + 1)
            ],
            is_cut_off=wide > COLUMNS_SHOWN,
        )
        for at in range(0, len(part.rows), ROWS_SHOWN)
    ]


def count_words(parts: Sequence[Part], words: str, *, whole: bool) -> int:
    """How often words stand in what a file shows."""
    texts = [part.text for part in parts if part.text]
    texts += [cell for part in parts for row in part.rows for cell in row if cell]
    return sum(len(Folded(text).spans(words, whole=whole)) for text in texts)


def rows_of(session: Session, case: Case, items: Sequence[Material], vault: Vault) -> list[dict[str, Any]]:
    """The items of a list: how many reads it takes does not depend on how many there are."""
    behind, places = queries.standing_of_all(session, case), places_of(session, case)
    twins = listing.list_twins(session, case)
    return [
        {
            **row_of(item, behind.get(item.id, queries.Standing()), places.get(item.task_id or ""), vault),
            "twins": twins.get(item.number, ()),
        }
        for item in items
    ]


def row_of(item: Material, behind: queries.Standing, place: Bilingual | None, vault: Vault) -> dict[str, Any]:
    """An item in the list."""
    words = queries.open_words(item, "said", vault)
    return {
        "number": item.number,
        "name": queries.file_name(item, vault),
        "said": words.reveal() if words else "",
        "place": place,
        "from": item.period_from,
        "to": item.period_to,
        "decision": DECISIONS[item.decision] if item.decision else None,
        "code": item.decision.value if item.decision else "",
        "problems": problems_of(item, behind) if item.decision else (),
    }


def places_of(session: Session, case: Case) -> dict[str, Bilingual]:
    """What the place of each search of the case is called, by the search."""
    tasks = list_tasks(session, case)
    return {task.id: name_of(session, session.get_one(SearchPlace, task.place_id)) for task in tasks}


def who(session: Session, account_id: str | None) -> str:
    """Somebody of the staff by name: colleagues work on this together."""
    return get_person(session, get_account(session, account_id).person_id).display_name if account_id else ""


def facts_of(session: Session, case: Case, item: Material, vault: Vault) -> dict[str, Any]:
    """Everything that the page of an item says about it."""
    before, after = listing.find_neighbours(session, item)
    behind = queries.standing_of(session, item)
    copy, ledger = behind.copy, behind.ledger
    reason = queries.open_words(item, "reason", vault)
    return {
        **row_of(item, behind, places_of(session, case).get(item.task_id or ""), vault),
        "item": item,
        "kind": KINDS[item.kind],
        "size": file_size(item.size),
        "twins": listing.list_twins(session, case).get(item.number, ()),
        "added_by": who(session, item.added_by),
        "reporter": REPORTER[item.reporter] if item.reporter else None,
        "reporter_by": who(session, item.reporter_said_by),
        "answers": [
            (REPORTER[line.answer], who(session, line.said_by), line.said_at)
            for line in reporters.list_answers(session, item)
        ],
        "cleared_by": who(session, item.cleared_by),
        "exemption": EXEMPTIONS[item.exemption] if item.exemption else None,
        "reason": reason.reveal() if reason else "",
        "balancing": queries.open_balancing(item, vault),
        "decided_by": who(session, item.decided_by),
        "before": before,
        "after": after,
        "stands": problems_of(item, behind),
        "cuts": len(queries.standing(ledger)),
        "can_cut": bool(SORTS[item.kind]),
        "newest": copy_facts(session, item, copy, ledger, vault) if copy is not None else None,
    }


def copy_facts(
    session: Session, item: Material, copy: MaterialCopy, ledger: Sequence[RedactionEntry], vault: Vault
) -> dict[str, Any]:
    """What is said of a copy, with its findings."""
    findings = [finding_facts(session, one, vault) for one in queries.list_findings(session, copy)]
    return {
        "number": copy.number,
        "name": queries.copy_name(item, copy, vault),
        "size": file_size(copy.size),
        "made_at": copy.made_at,
        "pictured": copy.pictured,
        "is_current": queries.is_current(item, copy, ledger),
        "is_cut": copy.ledger_number > 0,
        "findings": findings,
        "can_fix": any(one["can_fix"] and not one["accepted_by"] for one in findings),
    }


def finding_facts(session: Session, finding: ScanFinding, vault: Vault) -> dict[str, Any]:
    """A finding in words, and who let it stand."""
    place = queries.open_place(finding, vault)
    return {
        "id": finding.id,
        "said": said(Finding(finding.code, place, finding.number, finding.can_fix)),
        "can_fix": finding.can_fix,
        "can_accept": finding.code not in NEVER_ACCEPTED,
        "is_unseen": finding.code in ACCEPTED_SEEN,
        "accepted_by": who(session, finding.accepted_by),
        "accepted_at": finding.accepted_at,
        "is_waiting": is_waiting(finding),
        "second_by": who(session, finding.second_by),
        "second_at": finding.second_at,
        "because": queries.open_acceptance(finding, vault),
    }


def ledger_rows(session: Session, item: Material, vault: Vault) -> list[dict[str, Any]]:
    """Every line of the ledger in words, newest last."""
    ledger = queries.list_ledger(session, item)
    stands = {line.id for line in queries.standing(ledger)}
    numbers = {line.id: line.number for line in ledger}
    rows = []
    for line in ledger:
        is_cut = line.entry is CutEntry.CUT
        what = cut_said(queries.open_cut(line, vault)) if is_cut else _undo_said(numbers.get(line.undoes_id or "", 0))
        rows.append(
            {
                "id": line.id,
                "number": line.number,
                "said": what,
                "exemption": EXEMPTIONS[line.exemption] if line.exemption else None,
                "reason": queries.open_reason(line, vault),
                "by": who(session, line.made_by),
                "at": line.made_at,
                "stands": line.id in stands,
            }
        )
    return rows


def _undo_said(number: int) -> Message:
    return msg("Undone: line {n}", n=number)


def cut_said(cut: Cut) -> Message:
    """A cut in words."""
    if isinstance(cut, WordsCut):
        return (
            msg("Words, everywhere: “{words}”", words=cut.words)
            if cut.whole
            else msg("Words, also inside longer words: “{words}”", words=cut.words)
        )
    if isinstance(cut, PageCut):
        return msg("The whole of page {n}", n=cut.page)
    if isinstance(cut, SheetCut):
        return msg("The whole of sheet “{sheet}”", sheet=cut.sheet)
    if isinstance(cut, CellsCut):
        if not cut.sheet:
            return msg("Cells {cells}", cells=cut.cells)
        return msg("Cells {cells} of sheet “{sheet}”", cells=cut.cells, sheet=cut.sheet)
    return msg("A box on page {n}", n=cut.page)


def boxes_on(session: Session, item: Material, page: int, vault: Vault) -> list[tuple[float, float, float, float]]:
    """The boxes that stand on a page, as shares of its width and height."""
    cuts = [queries.open_cut(line, vault) for line in queries.standing(queries.list_ledger(session, item))]
    return [(cut.left, cut.top, cut.right, cut.bottom) for cut in cuts if isinstance(cut, AreaCut) and cut.page == page]
