"""Every page of reviews, in the order in which their addresses are tried: literal ones before a reference."""

from fastapi import APIRouter

from portal.decision_review.asking import routes as asking
from portal.decision_review.desk import pages as desk

router = APIRouter()
PARTS = (asking, desk)
for part in PARTS:
    router.routes += part.router.routes
