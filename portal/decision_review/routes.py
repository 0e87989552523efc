"""Every page of reviews, in the order in which their addresses are tried: literal ones before a reference."""

from fastapi import APIRouter

from portal.decision_review.asking import desk as asking_desk
from portal.decision_review.asking import following, written_down
from portal.decision_review.asking import routes as asking
from portal.decision_review.desk import pages as desk
from portal.decision_review.evidence import desk as records_desk
from portal.decision_review.evidence import owner_pages, worker
from portal.decision_review.holding import pages as holding

router = APIRouter()
PARTS = (asking, following, written_down, holding, asking_desk, owner_pages, worker, records_desk, desk)
for part in PARTS:
    router.routes += part.router.routes
