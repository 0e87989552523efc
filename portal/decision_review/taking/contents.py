"""What is in the file that a worker takes with them: all that their own pages show, and what files they may read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.turn import Desk
from portal.cases.view import CaseView, view_case
from portal.core.text import Bilingual, Locale
from portal.decision_review.asking.queries import list_papers, open_class, open_paper_name, paper_context
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.queries import (
    ItemView,
    find_side,
    item_context,
    list_corrections,
    list_items,
    list_shared,
    open_beside,
    open_side,
    view_item,
)
from portal.decision_review.evidence.rules import KINDS
from portal.decision_review.models import ReviewDecision
from portal.decision_review.outcome.queries import (
    find_second,
    list_chair_views,
    list_letters,
    list_remedies,
    open_chair_view,
    open_letter,
    open_remedy,
    open_second,
)
from portal.decision_review.outcome.rules import REMEDIES, SAYS
from portal.decision_review.queries import find_class, view_review
from portal.decision_review.reviewing.queries import list_views
from portal.decision_review.reviewing.rules import SEATS
from portal.decision_review.rules import CLASSES, OUTCOMES, WANTED
from portal.directory.queries import get_body
from portal.register.queries import get_system_by_id

MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One file: its name in the ZIP, the sealed file, and what it is bound to."""

    name: str
    blob_id: str
    context: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The values of the page, and the files beside it."""

    view: CaseView
    values: dict[str, Any]
    files: tuple[TakenFile, ...]


def gather(session: Session, case: Case, locale: Locale, *, desk: Desk) -> Taken:
    """Everything that the worker may read of their review, opened. The caller knows that it is theirs."""
    view = view_case(session, case, desk=desk, for_requester=True)
    body = get_body(session, case.body_id)
    system = get_system_by_id(session, case.system_id) if case.system_id else None
    review = view_review(session, case, desk.vault)
    files = [*_papers(session, case, desk), *_records(session, case, desk)]
    return Taken(
        view,
        {
            "case": view,
            "body": Bilingual(body.name_cy, body.name_en),
            "system": system.name if system else None,
            "review": review,
            "wanted": [WANTED[one] for one in review.wanted],
            "files": [one.name for one in files],
            "packs": _packs(session, case, desk),
            "locale": locale.value,
        }
        | _said(session, case, desk)
        | _ended(session, case, desk),
        tuple(files),
    )


def _said(session: Session, case: Case, desk: Desk) -> dict[str, Any]:
    standing = find_class(session, case)
    side = find_side(session, case)
    words = open_side(side, desk.vault) if side else None
    return {
        "review_class": CLASSES[standing.review_class] if standing else None,
        "class_reasons": open_class(standing, "reasons", desk.vault) if standing else None,
        "class_lang": standing.lang if standing else "",
        "side": words,
        "beside": open_beside(side, desk.vault) if side else None,
        "beside_lang": side.beside_lang if side else "",
        "corrections": list_corrections(session, case, desk.vault, with_output=True),
    }


def _ended(session: Session, case: Case, desk: Desk) -> dict[str, Any]:
    """Nothing of what a reviewer thinks leaves the portal before the review is decided."""
    is_decided = session.get(ReviewDecision, case.id) is not None
    second = find_second(session, case)
    return {
        "views": [
            (SEATS[one.seat], OUTCOMES[one.leaning], one.words, one.lang.value)
            for one in (list_views(session, case, desk.vault) if is_decided else [])
        ],
        "letters": [(one, open_letter(one, desk.vault)) for one in list_letters(session, case)],
        "remedies": [
            (
                one,
                REMEDIES[one.kind],
                open_remedy(one, "words", desk.vault),
                open_remedy(one, "done_words", desk.vault),
                SAYS[one.worker_says] if one.worker_says else None,
            )
            for one in list_remedies(session, case)
        ],
        "second": second,
        "why": open_second(second, "why", desk.vault) if second else None,
        "second_views": [
            (OUTCOMES[one.leaning], open_chair_view(one, desk.vault), one.lang)
            for one in (list_chair_views(session, case) if second and second.decided_at else [])
        ],
    }


def _packs(session: Session, case: Case, desk: Desk) -> list[tuple[int, str, list[tuple[Any, ItemView]]]]:
    return [
        (
            pack.number,
            (pack.fingerprint or b"").hex(),
            [
                (KINDS[item.kind], view_item(session, item, desk.vault, whole=False))
                for item in list_items(session, pack, with_output=True)
            ],
        )
        for pack in list_shared(session, case)
    ]


def _papers(session: Session, case: Case, desk: Desk) -> Iterator[TakenFile]:
    for number, paper in enumerate(list_papers(session, case), start=1):
        name = open_paper_name(paper, desk.vault).reveal()
        yield TakenFile(f"p{number:02d}-{_plain(name)}", paper.blob_id, paper_context("blob_id", paper.id))


def _records(session: Session, case: Case, desk: Desk) -> Iterator[TakenFile]:
    number = 0
    for pack in list_shared(session, case):
        for item in list_items(session, pack, with_output=True):
            found = _readable(item)
            if found is None:
                continue
            number += 1
            view = view_item(session, item, desk.vault, whole=False)
            name = view.file_name.reveal() if view.file_name else ""
            column, blob_id = found
            yield TakenFile(f"r{number:02d}-{_plain(name)}", blob_id, item_context(column, item.id))


def _readable(item: EvidenceItem) -> tuple[str, str] | None:
    """The file that the worker may read: never one that is withheld, nor the whole one of a file that was cut."""
    if item.is_withheld or item.blob_id is None:
        return None
    if item.shared_blob_id is not None:
        return "shared_blob_id", item.shared_blob_id
    return "blob_id", item.blob_id


def _plain(name: str) -> str:
    """A name that no system reads as a folder, a device or an option."""
    return re.sub(r"[^\w. -]", "_", name).strip(". ")[-MOST_NAME:] or "file"
