"""Reviews on which no officer may work any more, whether they were left out, asked themselves, or are gone."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from portal.cases.locking import each_alone
from portal.cases.models import Case, Exclusion
from portal.cases.officers import list_officers
from portal.cases.rules import CaseKind
from portal.cases.turn import Desk
from portal.core.db import Database
from portal.decision_review.models import NobodyLeft
from portal.decision_review.telling import tell_if_nobody
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays


def tell_of_reviews_without_officer(database: Database, settings: Settings, now: datetime) -> int:
    """Somebody outside the chain hears of each, once; what has an officer again is forgotten."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        found = list_in_question(session, today=desk.today)
    return each_alone(database, found, partial(_act, desk=desk))


def list_in_question(session: Session, *, today: date) -> list[str]:
    """Open reviews that have no officer and of which nobody was told; and those that were told and have one again."""
    told = exists().where(NobodyLeft.case_id == Case.id)
    bodies = session.scalars(select(Case.body_id).where(_OPEN).distinct().order_by(Case.body_id)).all()
    found: list[str] = []
    for body_id in bodies:
        lacks = _lacks(session, body_id, today)
        wanted = or_(and_(lacks, ~told), and_(~lacks, told))
        found += session.scalars(select(Case.id).where(_OPEN, Case.body_id == body_id, wanted).order_by(Case.id))
    return found


_OPEN = and_(Case.kind == CaseKind.REVIEW, Case.is_open)


def _lacks(session: Session, body_id: str, today: date) -> ColumnElement[bool]:
    """Every officer of the body asked for it or was left out of it."""
    officers = [one.id for one in list_officers(session, {body_id}, today=today)]
    kept_away = [
        or_(
            and_(Case.requester_person_id.is_not(None), Case.requester_person_id == one),
            exists().where(Exclusion.case_id == Case.id, Exclusion.person_id == one),
        )
        for one in officers
    ]
    return and_(true(), *kept_away)


def _act(session: Session, case: Case, *, desk: Desk) -> bool:
    return case.is_open and tell_if_nobody(session, case, desk=desk)
