"""Reviews that differ in one part alone, for tests of what a representative sees: who cannot see that part must not be
able to tell them apart."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from anonymity.receipt import Code, case_locator, draw_code, locator_hash
from portal.cases import correspondence, representing
from portal.cases.correspondence import Writing
from portal.cases.models import Case, CaseRepresentative
from portal.cases.representing import NewRepresentative
from portal.cases.service import take_step
from portal.cases.speaking import Scope, Shared
from portal.core import ids
from portal.core.text import Locale, Message, Words
from portal.decision_review.asking.service import undo_withdrawal
from portal.decision_review.evidence import saying
from portal.decision_review.evidence.queries import list_items, list_shared
from portal.decision_review.evidence.saying import NewCorrection
from portal.decision_review.outcome import second
from portal.decision_review.outcome.composing import Telling
from portal.decision_review.outcome.service import tell_outcome
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from tests.decision_review.conftest import MAIR, MELERI, Reviews
from tests.decision_review.outcome.deciding import REASONS, decide_now, remedy
from tests.decision_review.recording import shared
from tests.demonstrated import GWYNFOR


@dataclass(frozen=True)
class World:
    """What one review holds in each part."""

    asked: str = "Nid oedd y map yn gywir."
    comes_soon: bool = False
    letter: str = "Mae’r gwaith yn mynd rhagddo."
    was_taken_back: bool = False
    correction: str = ""
    outcome: Outcome = Outcome.UPHELD
    is_put_right: bool = False
    has_second: bool = False


WORLDS: Mapping[Shared, tuple[World, ...]] = {
    Shared.ASKED: (World(asked="Newidiodd y sgôr.", comes_soon=True),),
    Shared.HISTORY: (World(was_taken_back=True),),
    Shared.LETTERS: (World(letter="Llythyr arall."),),
    Shared.RECORDS: (World(correction="Mae’r map yn hen."),),
    Shared.OUTCOME: (
        World(outcome=Outcome.OVERTURNED, is_put_right=True),
        World(outcome=Outcome.CHANGED, has_second=True),
    ),
}


def build(reviews: Reviews, session: Session, world: World) -> Case:
    """A review from its asking to its outcome, and further where the world says so."""
    desk, gwynfor = reviews.desk, reviews[GWYNFOR]
    soon = desk.today + timedelta(days=4) if world.comes_soon else None
    case = reviews.asked(session, what_happened=Words(world.asked), effect_on=soon)
    if world.was_taken_back:
        take_step(session, gwynfor, case, STEPS["withdraw"], desk=desk)
        undo_withdrawal(session, gwynfor, case, desk=desk)
    letter = Writing(ids.new_id(), Words(world.letter), Locale.CY)
    correspondence.write_letter(session, reviews[MAIR], case, letter, desk=desk)
    shared(session, reviews, case)
    if world.correction:
        item = list_items(session, list_shared(session, case)[0], with_output=True)[0]
        new = NewCorrection(ids.new_id(), Words(world.correction), Words("x"), Locale.CY)
        saying.correct(session, gwynfor, case, item, new, desk=desk)
    decide_now(reviews, session, case)
    remedies = (remedy(reviews),) if world.is_put_right else ()
    tell_outcome(session, reviews[MELERI], case, Telling(world.outcome, REASONS, remedies), desk=desk)
    if world.has_second:
        second.ask(session, gwynfor, case, Words("Na."), Locale.CY, desk=desk)
    return case


def name(
    reviews: Reviews, session: Session, case: Case, parts: frozenset[Shared], scope: Scope = Scope.SPEAK
) -> tuple[CaseRepresentative, str]:
    """Somebody with whom these parts are shared, and their ten words."""
    code: Code = draw_code()
    new = NewRepresentative(
        own_id=ids.new_id(),
        scope=scope,
        parts=parts,
        name=Words("Carys Bowen"),
        locator_hash=locator_hash(case_locator(code)),
        from_on=reviews.desk.today,
        until_on=reviews.desk.today + timedelta(days=30),
    )
    row = representing.name_one(session, reviews[GWYNFOR], case, new, desk=reviews.desk)
    return row, " ".join(code.words("cy"))


def plain(value: Any) -> Any:
    """Values as they would be read, to be compared."""
    if isinstance(value, Words):
        return value.reveal()
    if isinstance(value, Message):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value
