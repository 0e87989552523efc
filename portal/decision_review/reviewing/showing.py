"""What the page of a reviewer shows: nothing of a later part before the earlier one is done."""

from typing import Any

from sqlalchemy.orm import Session

from portal.cases.correspondence import open_message
from portal.cases.models import Case
from portal.cases.representing import view_living
from portal.cases.speaking import Work
from portal.cases.standing_in import written_for
from portal.cases.view import view_case
from portal.cases.visits import desk_of
from portal.core.text import Locale
from portal.decision_review.asking.queries import list_papers, open_paper_name
from portal.decision_review.evidence.queries import (
    find_side,
    list_corrections,
    list_items,
    list_shared,
    open_beside,
    open_side,
    view_item,
)
from portal.decision_review.evidence.rules import CORRECTIONS, KINDS
from portal.decision_review.outcome.forms import remedy_numbers, remedy_values
from portal.decision_review.outcome.proposed import list_proposed, once_each, open_proposed, view_proposed
from portal.decision_review.outcome.queries import list_approved
from portal.decision_review.outcome.rules import PURPOSES, REMEDIES, Purpose
from portal.decision_review.queries import find_class, view_review
from portal.decision_review.reviewing.concluding import list_chosen
from portal.decision_review.reviewing.models import Conclusion, Declaration, ReviewSeat
from portal.decision_review.reviewing.pool import find_independence, trained_on
from portal.decision_review.reviewing.queries import (
    find_conclusion,
    find_view,
    list_deciding,
    list_disposed,
    list_questions,
    list_seats,
    list_sources,
    open_question,
    open_view,
    sees_output,
)
from portal.decision_review.reviewing.rules import ASKED, QUALITIES, SEATS, SOURCES, Seat
from portal.decision_review.reviewing.talk import readable_questions, readable_talk
from portal.decision_review.reviewing.waiting import list_waiting
from portal.decision_review.rules import CLASSES, OUTCOMES, WANTED, is_under_old_rules
from portal.register.queries import get_system_by_id
from portal.web.dependencies import SignedIn
from portal.web.fields import FieldBag


def show(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat, typed: FieldBag) -> dict[str, Any]:
    """All values of the page. ``typed`` is what a refused form held."""
    declared = session.get(Declaration, (case.id, seat.person_id)) is not None
    values = _head(visit, session, case, seat) | {"declared": declared}
    if not declared:
        return values | {
            "part": "declare",
            "independence": find_independence(session, case, seat.person_id, today=visit.today, sits=True),
            "trained": trained_on(session, case, seat.person_id),
        }
    values |= _facts(visit, session, case, seat)
    if not sees_output(session, seat):
        return values | {"part": "view" if values["view"] is None else "reveal"}
    end = find_conclusion(session, seat)
    values |= _work(visit, session, case, seat) | _end(visit, session, case, seat, end)
    return values | _remedies(visit, session, case, seat, typed) | {"part": "issues" if end is None else "done"}


def _head(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat) -> dict[str, Any]:
    standing = find_class(session, case)
    return {
        "case": view_case(session, case, desk=desk_of(visit), for_requester=False, reader=seat.person_id),
        "system": get_system_by_id(session, case.system_id).name if case.system_id else None,
        "review_class": CLASSES[standing.review_class] if standing else None,
        "seat": SEATS[seat.seat],
        "represented": view_living(session, case, desk_of(visit)),
        "is_first": seat.seat is Seat.FIRST,
        "outcomes": [(one.value, said) for one, said in OUTCOMES.items()],
    }


def _facts(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat) -> dict[str, Any]:
    """The facts and the worker's side. The output is in it only for who was shown it."""
    shown = sees_output(session, seat)
    review, side, view = view_review(session, case, visit.vault), find_side(session, case), find_view(session, seat)
    said = open_side(side, visit.vault) if side else None
    beside = open_beside(side, visit.vault) if side else None
    packs = [
        (
            pack,
            [
                view_item(session, item, visit.vault, whole=False)
                for item in list_items(session, pack, with_output=shown)
            ],
        )
        for pack in list_shared(session, case)
    ]
    view_of_case = view_case(session, case, desk=desk_of(visit), for_requester=False)
    return {
        "waits": {one.about: one for one in list_waiting(session, case, visit.calendar, today=visit.today)},
        "asked_worker": [
            (one, open_message(one, visit.vault))
            for one in readable_questions(session, case, seat, visit.actor.account_id)
        ],
        "talk": readable_talk(session, case, seat, visit.actor.account_id, view_of_case.timeline),
        "review": review,
        "wanted": [WANTED[one] for one in review.wanted],
        "old_rules": is_under_old_rules(review.decided_on),
        "side": said.reveal() if said else "",
        "side_lang": side.lang if side else None,
        "beside": beside.reveal() if beside else "",
        "beside_lang": side.beside_lang if side else None,
        "given": written_for(session, case, Work.FILE, Work.CORRECTION),
        "papers": [(one.id, open_paper_name(one, visit.vault).reveal()) for one in list_papers(session, case)],
        "packs": packs,
        "kinds": KINDS,
        "corrections": list_corrections(session, case, visit.vault, with_output=shown),
        "said_of": CORRECTIONS,
        "view": view,
        "view_words": open_view(view, visit.vault).reveal() if view else "",
        "leaning": OUTCOMES[view.leaning] if view else None,
    }


def _work(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat) -> dict[str, Any]:
    """Issues, sources, questions, and what the end may hold."""
    own = Locale(case.locale)
    items = [item for pack in list_shared(session, case) for item in list_items(session, pack, with_output=True)]
    named = [view_item(session, item, visit.vault, whole=False) for item in items]
    asked = [
        (row, ASKED[row.asked_of], open_question(row, "words", visit.vault), open_question(row, "answer", visit.vault))
        for row in list_questions(session, case)
        if row.seat_id == seat.id
    ]
    return {
        "issues": list_disposed(session, case, seat, visit.vault),
        "languages": [own, own.other],
        "qualities": [(one.value, said) for one, said in QUALITIES.items()],
        "sources": [(one.value, said) for one, said in SOURCES.items()],
        "item_sources": named,
        "considered": sorted(list_sources(session, seat)),
        "asked": asked,
        "asked_of": [(one.value, said) for one, said in ASKED.items()],
        "said_outcome": OUTCOMES,
        "paragraphs": [
            (one.id, one.text_cy if own is Locale.CY else one.text_en, PURPOSES[one.purpose])
            for one in list_approved(session, case.body_id, list(Purpose))
        ],
    }


def _remedies(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat, typed: FieldBag) -> dict[str, Any]:
    """The part of a form that says what is put right. Who is one of the two who decide begins with what both wanted."""
    deciding = list_deciding(session, case)
    settles = seat.id in {one.id for one in deciding}
    wanted = once_each(
        open_proposed(row, visit.vault) for one in deciding for row in list_proposed(session, case, seat_id=one.id)
    )
    is_new = settles and typed.one("act") != "settle"
    return {
        "settles": settles,
        "remedy_kinds": [(one.value, said) for one, said in REMEDIES.items()],
        "remedy_numbers": remedy_numbers(len(wanted) if settles else 0),
        "remedy_value": FieldBag(remedy_values(session, wanted)).one if is_new else typed.one,
        "chosen": list_chosen(session, deciding) if is_new else typed.many("paragraphs"),
    }


def _end(visit: SignedIn, session: Session, case: Case, seat: ReviewSeat, end: Conclusion | None) -> dict[str, Any]:
    """What this seat concluded; and only then, what the others decided on the same issues."""
    if end is None:
        return {"concluded": None, "others": []}
    others = [
        (
            SEATS[one.seat],
            list_disposed(session, case, one, visit.vault),
            view_proposed(session, case, visit.vault, seat_id=one.id),
        )
        for one in list_seats(session, case)
        if one.id != seat.id and find_conclusion(session, one) is not None
    ]
    own = view_proposed(session, case, visit.vault, seat_id=seat.id)
    return {"concluded": OUTCOMES[end.outcome], "others": others, "own": own, "is_open": case.is_open}
