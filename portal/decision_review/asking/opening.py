"""The review that somebody has in hand: their own by account, or the one that ten words open.

The words are the worker's own, or those of somebody who represents them: who asks for a review here says which part a
representative must have been given.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from anonymity.receipt import Mistyped, case_locator, locator_hash, read_code
from portal.cases import standing_in
from portal.cases.models import Case
from portal.cases.queries import find_by_code
from portal.cases.representing import Represented
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.speaking import Shared, Work
from portal.cases.standing_in import Opened, has_unseen_answer
from portal.cases.visits import desk_of
from portal.core.errors import BadRequest, NotFound
from portal.decision_review.lines import LINES
from portal.decision_review.queries import get_own
from portal.identity.actor import Actor
from portal.web.anonymous import Visit
from portal.web.fields import FieldBag


@dataclass(frozen=True, slots=True)
class InHand:
    """A review and in which capacity it is held. ``base`` is where its forms go, ``hidden`` what they carry."""

    case: Case
    by: By
    base: str
    hidden: dict[str, str]
    represented: Represented | None = None

    @property
    def back(self) -> str:
        return "/case" if self.hidden else f"/my/cases/{self.case.reference}"

    @property
    def is_worker(self) -> bool:
        """The worker themselves."""
        return self.represented is None

    @property
    def may_speak(self) -> bool:
        """The worker, or who may speak for them."""
        return Opened(self.case, self.represented).may_speak

    def sees(self, part: Shared) -> bool:
        """The worker sees everything, a representative what is shared."""
        return Opened(self.case, self.represented).sees(part)

    def is_open(self, session: Session) -> bool:
        """Whether something can still be added: for a representative, never after an outcome that they do not see."""
        unseen = self.represented is not None and has_unseen_answer(session, self.represented, LINES)
        return self.case.is_open and not unseen

    def do(self, session: Session, visit: Visit, work: Work, subject: str, verb: Callable[[], object]) -> None:
        """Do something in it; a representative only while they may speak, and with their mark on ``subject``."""
        opened = Opened(self.case, self.represented)
        standing_in.do_for(session, opened, (work, subject), verb, lines=LINES, desk=desk_of(visit))


def own(session: Session, actor: Actor, reference: str) -> InHand:
    """The actor's own review."""
    case = get_own(session, actor, reference)
    return InHand(case, actor, f"/my/review/{case.reference}", {})


def by_words(session: Session, fields: FieldBag) -> InHand:
    """The review of the worker's own ten words, that the page before carried; NotFound for any others."""
    case = find_by_code(session, _hash_of(fields))
    if case is None or case.kind is not CaseKind.REVIEW:
        raise NotFound
    return InHand(case, Relation.REQUESTER, "/review", {"words": fields.one("words")})


def for_all(session: Session, visit: Visit, fields: FieldBag, part: Shared | None) -> InHand:
    """The same, or that of a representative with whom ``part`` is shared; without a part, of one who speaks."""
    opened = standing_in.open_case(session, _hash_of(fields), CaseKind.REVIEW, desk_of(visit), part)
    return InHand(opened.case, opened.by, "/review", {"words": fields.one("words")}, opened.represented)


def for_all_to_read(session: Session, visit: Visit, fields: FieldBag, part: Shared | None) -> InHand:
    """The same for a page: before a representative reads it, it is written down that they looked."""
    held = for_all(session, visit, fields, part)
    standing_in.note_look(visit.database, session, Opened(held.case, held.represented), desk_of(visit))
    return held


def has_words(fields: FieldBag) -> None:
    """Ten words that could be somebody's; whose, is asked when the file is whole."""
    try:
        read_code(fields.one("words"))
    except Mistyped:
        raise BadRequest from None


def _hash_of(fields: FieldBag) -> bytes:
    try:
        return locator_hash(case_locator(read_code(fields.one("words"))))
    except Mistyped:
        raise NotFound from None
