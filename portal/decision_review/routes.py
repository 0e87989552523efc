"""Every page of reviews, in the order in which their addresses are tried: literal ones before a reference."""

from fastapi import APIRouter

from portal.decision_review.asking import desk as asking_desk
from portal.decision_review.asking import following, written_down
from portal.decision_review.asking import routes as asking
from portal.decision_review.desk import pages as desk
from portal.decision_review.evidence import desk as records_desk
from portal.decision_review.evidence import owner_pages, worker
from portal.decision_review.holding import pages as holding
from portal.decision_review.outcome import desk as outcome_desk
from portal.decision_review.outcome import owner as remedy_pages
from portal.decision_review.outcome import panels
from portal.decision_review.outcome import worker as outcome_pages

router = APIRouter()
PARTS = (
    asking,
    following,
    written_down,
    holding,
    asking_desk,
    owner_pages,
    worker,
    records_desk,
    outcome_desk,
    outcome_pages,
    remedy_pages,
    panels,
    desk,
)
for part in PARTS:
    router.routes += part.router.routes
