"""Two quarterly reports of each body of the demonstration, frozen on their days. Figures alone are left of what they
count: nobody in the demonstration is behind them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.periods import Quarter
from portal.cases.turn import Desk
from portal.complaints.models import ComplaintFigure
from portal.complaints.rules import Outcome as OfComplaint
from portal.complaints.rules import Theme as AboutData
from portal.concerns.casework.rules import Theme
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.decision_review.learning.models import ReviewFigure
from portal.decision_review.rules import Outcome
from portal.directory.models import Body
from portal.directory.queries import find_person_by_email
from portal.home.figures import count_all, counted_concerns
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.models import System
from portal.register.queries import list_decision_points
from portal.settings.models import Settings
from portal.statistics.rules import SETTLED, Kind, newest_told
from portal.statistics.service import NewText, freeze, sign_text, write_text
from portal.timelimits.calendar import WorkingDays

TEXT = Path(__file__).resolve().parent / "demo" / "report.json"
BOARD = "glannau-ogwen"
WRITES, SIGNS = "elin.haf.morris@glannau-ogwen.example", "llinos.dafis@glannau-ogwen.example"
REVIEWS: Mapping[str, Mapping[Outcome, int]] = {
    "e-rostering": {Outcome.OVERTURNED: 5, Outcome.CHANGED: 5, Outcome.UPHELD: 14},
    "absence-triggers": {Outcome.OVERTURNED: 7, Outcome.UPHELD: 10},
}
CONCERNS: tuple[Mapping[Theme, int], ...] = (
    {Theme.HOURS: 9, Theme.PACE: 6, Theme.DISCIPLINE: 2},
    {Theme.HOURS: 17, Theme.PACE: 8, Theme.SURVEILLANCE: 6, Theme.DISCIPLINE: 3, Theme.WELSH: 1},
)
COMPLAINTS = (9, 13)


def seed_reports(database: Database, settings: Settings) -> None:
    """The last two quarters that are known for good, with the text beside the later one."""
    now = settings.clock.now()
    newest = newest_told(london_day(now))
    with database.writing() as session:
        bodies = session.scalars(select(Body).order_by(Body.slug)).all()
        for place, quarter in enumerate((newest.before, newest)):
            for body in bodies:
                _report(session, body, quarter, place)
        board = next(body for body in bodies if body.slug == BOARD)
        _text(session, board, newest, Desk(WorkingDays(settings.extra_holidays), settings.vault, now))


def _report(session: Session, body: Body, quarter: Quarter, place: int) -> None:
    frozen = datetime.combine(quarter.last + SETTLED + timedelta(days=1), time(6), UTC)
    if body.slug == BOARD:
        _complaints(session, body, quarter, COMPLAINTS[place])
        if place:
            for slug, outcomes in REVIEWS.items():
                _reviews(session, body, quarter, slug, outcomes)
    counted = count_all(session, body.id, quarter, today=london_day(frozen))
    if body.slug == BOARD:
        numbers = dict.fromkeys(counted[Kind.CONCERNS].numbers, 0) | {
            theme.value: number for theme, number in CONCERNS[place].items()
        }
        numbers.pop(counted[Kind.CONCERNS].total or "")
        counted[Kind.CONCERNS] = counted_concerns(numbers)
    freeze(session, body.id, quarter, counted, now=frozen)


def _complaints(session: Session, body: Body, quarter: Quarter, number: int) -> None:
    outcomes, themes = tuple(OfComplaint), tuple(AboutData)
    for at in range(number):
        received_on = quarter.first + timedelta(days=3 * at)
        session.add(
            ComplaintFigure(
                id=ids.new_id(),
                body_id=body.id,
                received_on=received_on,
                finished_on=received_on + timedelta(days=24),
                outcome=outcomes[at % len(outcomes)].value,
                theme=themes[at % len(themes)].value,
                acknowledged_in_time=True,
                days=24,
            )
        )
    session.flush()


def _reviews(session: Session, body: Body, quarter: Quarter, slug: str, outcomes: Mapping[Outcome, int]) -> None:
    system = session.scalars(select(System).where(System.slug == slug, System.body_id == body.id)).one()
    point = list_decision_points(session, system.id)[0].key
    ended = [outcome for outcome, number in outcomes.items() for _ in range(number)]
    for at, outcome in enumerate(ended):
        finished_on = quarter.first + timedelta(days=14 + at)
        session.add(
            ReviewFigure(
                id=ids.new_id(),
                body_id=body.id,
                system_id=system.id,
                decision_point=point,
                received_on=finished_on - timedelta(days=11),
                finished_on=finished_on,
                working_days=6 + at % 5,
                in_time=True,
                outcome=outcome,
                nobody_alone=True,
                nobody_alone_at_point=True,
            )
        )
    session.flush()


def _text(session: Session, board: Body, quarter: Quarter, desk: Desk) -> None:
    new = NewText(ids.new_id(), **json.loads(TEXT.read_text(encoding="utf-8")))
    text = write_text(session, _actor(session, WRITES, desk), board.id, quarter, new, desk=desk)
    sign_text(session, _actor(session, SIGNS, desk), board.id, quarter, text.id, desk=desk)


def _actor(session: Session, email: str, desk: Desk) -> Actor:
    person = find_person_by_email(session, email)
    if person is None:
        raise LookupError(email)
    return get_actor_of(session, person.id, today=desk.today)
