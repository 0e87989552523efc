"""Blind first, on every page and in whatever order: the output comes after the reviewer's own view."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.errors import Conflict, NotAllowed, NotFound, Refused
from portal.core.text import Locale, Words
from portal.decision_review.evidence.models import EvidenceItem
from portal.decision_review.evidence.queries import BLIND as BLIND_KINDS
from portal.decision_review.evidence.queries import list_corrections, list_items, list_shared
from portal.decision_review.reviewing import blind, concluding, seating
from portal.decision_review.reviewing.concluding import Ending
from portal.decision_review.reviewing.models import ProvisionalView
from portal.decision_review.reviewing.queries import sees_output
from portal.decision_review.rules import Outcome
from tests.decision_review.conftest import MAIR, MELERI, Reviews
from tests.decision_review.deciding_way import URL, begun, disposed
from tests.decision_review.deciding_way import given as give_to
from tests.decision_review.recording import BLIND
from tests.decision_review.reviewing.looking import CORRECTED, DECLARED, VIEW, crawl, give, look, reviewing


def secrets_in(page: str) -> list[str]:
    return [words for words in (*BLIND.values(), CORRECTED) if words in page]


def item_ids(reviews: Reviews) -> list[str]:
    with reviews.world.database.reading() as session:
        return list(session.scalars(select(EvidenceItem.id).where(EvidenceItem.kind.in_(BLIND_KINDS))))


@pytest.mark.parametrize("acts", [[], [DECLARED], [DECLARED, {"act": "reveal"}], [DECLARED, VIEW]])
def test_no_page_and_no_download_shows_the_output_before_the_view_stands_and_is_shown(
    reviews: Reviews, reference: str, acts: list[dict[str, Any]]
) -> None:
    give(reviews, reference)
    with reviewing(reviews, reference) as meleri:
        for fields in acts:
            meleri.get(look(reference))
            meleri.post(look(reference), fields)
        desk = f"/en/my/desk/reviews/{reference}"
        starts = [
            "/en/my",
            look(reference),
            look(reference, "cy"),
            *(f"{desk}/{one}" for one in ("records", "outcome")),
        ]
        found = dict(crawl(meleri, *starts))
        assert look(reference) in found
        assert not [path for path, page in found.items() if secrets_in(page)]
        for item_id in item_ids(reviews):
            for path in (f"{desk}/look/{item_id}", f"{desk}/records/{item_id}", f"/en/my/records/x/{item_id}"):
                assert meleri.client.get(path).status_code == 404


ACTS = ("begin", "view", "reveal", "dispose", "conclude", "hand_back")


def do(session: Session, reviews: Reviews, case: Case, act: str) -> None:
    meleri, desk = reviews[MELERI], reviews.desk
    if act == "begin":
        begun(session, meleri, case, desk=desk)
    elif act == "view":
        blind.write_view(session, meleri, case, Outcome.CHANGED, Words("x"), Locale.CY, desk=desk)
    elif act == "reveal":
        blind.reveal(session, meleri, case, desk=desk)
    elif act == "dispose":
        disposed(session, meleri, case, Outcome.CHANGED, desk=desk)
    elif act == "conclude":
        concluding.conclude(session, meleri, case, Ending(URL), desk=desk)
    else:
        seating.hand_back(session, meleri, case, None, desk=desk)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=8))
def test_in_whatever_order_a_reviewer_acts_the_output_comes_after_the_view(
    reviews: Reviews, reference: str, acts: list[str]
) -> None:
    vault = reviews.world.settings.vault
    with reviews.world.database.reading() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        seat = give_to(session, reviews[MAIR], reviews[MELERI], case, desk=reviews.desk)
        for act in acts:
            with suppress(Refused, Conflict, NotFound, NotAllowed):
                do(session, reviews, case, act)
            sees = sees_output(session, seat)
            assert not sees or session.get(ProvisionalView, seat.id) is not None
            read = [item for pack in list_shared(session, case) for item in list_items(session, pack, with_output=sees)]
            assert sees or not [item for item in read if item.kind.is_blind]
            assert sees or not list_corrections(session, case, vault, with_output=sees)
        session.rollback()
