"""Every page of reviews, in the order in which their addresses are tried: literal ones before a reference."""

from fastapi import APIRouter

from portal.cases.noting import noting
from portal.decision_review.asking import desk as asking_desk
from portal.decision_review.asking import following, written_down
from portal.decision_review.asking import routes as asking
from portal.decision_review.desk import managed, one, queue, represented, several
from portal.decision_review.desk.looking import NOTES
from portal.decision_review.evidence import desk as records_desk
from portal.decision_review.evidence import officer_pages, owner_pages, worker
from portal.decision_review.holding import pages as holding
from portal.decision_review.learning import pages as learning
from portal.decision_review.outcome import desk as outcome_desk
from portal.decision_review.outcome import owner as remedy_pages
from portal.decision_review.outcome import panels
from portal.decision_review.outcome import worker as outcome_pages
from portal.decision_review.reviewing import asked_pages
from portal.decision_review.reviewing import desk as reviewers_desk
from portal.decision_review.reviewing import pages as look_pages
from portal.decision_review.taking import pages as taking

router = APIRouter()
PARTS = (
    asking,
    following,
    written_down,
    holding,
    asking_desk,
    owner_pages,
    worker,
    officer_pages,
    records_desk,
    reviewers_desk,
    look_pages,
    asked_pages,
    outcome_desk,
    outcome_pages,
    taking,
    learning,
    remedy_pages,
    managed,
    panels,
    queue,
    several,
    represented,
    one,
)
for part in PARTS:
    router.routes += [noting(route, NOTES) for route in part.router.routes]
