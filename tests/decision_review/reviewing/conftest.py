"""A review that waits for its reviewer."""

import pytest

from portal.core import ids
from portal.core.text import Locale, Words
from portal.decision_review.evidence import saying, service
from portal.decision_review.evidence.queries import list_items
from portal.decision_review.evidence.rules import ItemKind
from portal.decision_review.evidence.saying import NewCorrection
from portal.decision_review.rules import ReviewClass
from tests.decision_review.conftest import MAIR, Reviews, sent
from tests.decision_review.recording import asked, frozen
from tests.decision_review.reviewing.looking import CORRECTED
from tests.demonstrated import GWYNFOR


@pytest.fixture
def reference(reviews: Reviews) -> str:
    """A review with its records and the worker's side, and a correction of what the system gave out."""
    with reviews.world.database.writing() as session:
        case = reviews.asked(session)
        pack = asked(session, reviews, case, ReviewClass.INFLUENCED)
        frozen(session, reviews, case, pack)
        service.share(session, reviews[MAIR], case, pack, sent(case), desk=reviews.desk)
        output = next(one for one in list_items(session, pack, with_output=True) if one.kind is ItemKind.OUTPUT)
        new = NewCorrection(ids.new_id(), Words(CORRECTED), Words("63"), Locale.CY)
        saying.correct(session, reviews[GWYNFOR], case, output, new, desk=reviews.desk)
        saying.be_done(session, reviews[GWYNFOR], case, desk=reviews.desk)
        return case.reference
