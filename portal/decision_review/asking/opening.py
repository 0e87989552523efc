"""The review that somebody has in hand: their own by account, or the one that ten words open."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from anonymity.receipt import Mistyped, case_locator, locator_hash, read_code
from portal.cases.models import Case
from portal.cases.queries import find_by_code
from portal.cases.rules import By, CaseKind, Relation
from portal.core.errors import BadRequest, NotFound
from portal.decision_review.queries import get_own
from portal.identity.actor import Actor
from portal.web.fields import FieldBag


@dataclass(frozen=True, slots=True)
class InHand:
    """A review and in which capacity it is held. ``base`` is where its forms go, ``hidden`` what they carry."""

    case: Case
    by: By
    base: str
    hidden: dict[str, str]

    @property
    def back(self) -> str:
        return "/case" if self.hidden else f"/my/cases/{self.case.reference}"


def own(session: Session, actor: Actor, reference: str) -> InHand:
    """The actor's own review."""
    case = get_own(session, actor, reference)
    return InHand(case, actor, f"/my/review/{case.reference}", {})


def by_words(session: Session, fields: FieldBag) -> InHand:
    """The review of the ten words that the page before carried; NotFound for any others."""
    try:
        code = read_code(fields.one("words"))
    except Mistyped:
        raise NotFound from None
    case = find_by_code(session, locator_hash(case_locator(code)))
    if case is None or case.kind is not CaseKind.REVIEW:
        raise NotFound
    return InHand(case, Relation.REQUESTER, "/review", {"words": fields.one("words")})


def has_words(fields: FieldBag) -> None:
    """Ten words that could be somebody's; whose, is asked when the file is whole."""
    try:
        read_code(fields.one("words"))
    except Mistyped:
        raise BadRequest from None
