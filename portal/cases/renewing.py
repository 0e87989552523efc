"""Time and the directory move on: whoever has come near to somebody who was left out is left out as well, and whoever
is near to nobody any more comes in again. Only cases where one of the two is so are taken up."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Exists, Select, Subquery, exists, or_, select, union, union_all
from sqlalchemy.orm import aliased

from portal.cases.excluding import renew
from portal.cases.locking import each_alone
from portal.cases.models import Assignment, Case, Exclusion, ExclusionLift
from portal.cases.rules import Duty, ExclusionSource, Relation
from portal.cases.turn import Desk, Turn
from portal.core.db import Database
from portal.directory.models import Engagement, RepresentativeTie
from portal.directory.queries import engagement_is_current
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def renew_exclusions(database: Database, settings: Settings, now: datetime) -> int:
    """Renew what follows from who was left out, wherever it is not what it would be today."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        asked = union(_lacking(desk.today), _over(desk.today)).limit(MOST_AT_ONCE)
        found: list[str] = list(session.execute(asked).scalars())

    def take_up(session: Any, case: Case) -> bool:
        renew(Turn(session, Relation.PORTAL, case, Relation.PORTAL, desk))
        return True

    return each_alone(database, found, take_up)


def _wanted(today: date) -> Subquery:
    """Every open case with each person who has to be left out of it because of somebody else."""
    left_out = select(Exclusion.case_id, Exclusion.person_id).where(Exclusion.source == ExclusionSource.REQUESTER)
    sent = select(Case.id.label("case_id"), Case.requester_person_id.label("person_id")).where(Case.is_open)
    beside = select(Assignment.case_id, Assignment.person_id).where(
        Assignment.duty == Duty.REPRESENTATIVE, Assignment.ended_at.is_(None)
    )
    pairs = union(
        _joined(left_out, _lines(today)),
        _joined(union_all(left_out, sent), _ties()),
        _joined(beside, _managers(today)),
    )
    return pairs.subquery("wanted")


def _joined(core: Any, near: Any) -> Select[Any, Any]:
    who, whom = core.subquery(), near.subquery()
    return select(who.c.case_id, whom.c.other).join(whom, whom.c.one == who.c.person_id)


def _managers(today: date) -> Select[Any, Any]:
    return select(Engagement.person_id.label("one"), Engagement.manager_person_id.label("other")).where(
        Engagement.manager_person_id.is_not(None), engagement_is_current(today)
    )


def _lines(today: date) -> CompoundSelect[Any]:
    down = select(Engagement.manager_person_id.label("one"), Engagement.person_id.label("other")).where(
        Engagement.manager_person_id.is_not(None), engagement_is_current(today)
    )
    return union_all(_managers(today), down)


def _ties() -> CompoundSelect[Any]:
    one, other = RepresentativeTie.person_id, RepresentativeTie.tied_person_id
    return union_all(select(one.label("one"), other.label("other")), select(other.label("one"), one.label("other")))


def _lacking(today: date) -> Select[Any]:
    """Somebody is to be left out and is not: neither who asked, nor who stands beside them, nor who was let in."""
    wanted = _wanted(today)
    return (
        select(Case.id)
        .join(wanted, wanted.c.case_id == Case.id)
        .where(
            Case.is_open,
            or_(Case.requester_person_id.is_(None), Case.requester_person_id != wanted.c.other),
            ~_stands(Exclusion, wanted.c.other),
            ~exists().where(
                ExclusionLift.case_id == Case.id,
                ExclusionLift.person_id == wanted.c.other,
                ExclusionLift.lifted_at.is_not(None),
            ),
            ~exists().where(
                Assignment.case_id == Case.id,
                Assignment.person_id == wanted.c.other,
                Assignment.duty == Duty.REPRESENTATIVE,
                Assignment.ended_at.is_(None),
            ),
        )
    )


def _stands(row: Any, person_id: Any) -> Exists:
    return exists().where(row.case_id == Case.id, row.person_id == person_id)


def _over(today: date) -> Select[Any]:
    """Somebody is left out because of something that is no more."""
    wanted, derived = _wanted(today), aliased(Exclusion)
    still = exists().where(wanted.c.case_id == derived.case_id, wanted.c.other == derived.person_id)
    return select(Case.id).join(derived, derived.case_id == Case.id).where(Case.is_open, derived.is_derived, ~still)
