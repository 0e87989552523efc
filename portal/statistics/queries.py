"""Reads of reports: for whom, which quarters, and one report as it was told up to a day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.authz.permissions import READERS_OF_REPORTS, SIGNERS_OF_REPORTS
from portal.cases.periods import Quarter, read_quarter
from portal.directory.models import Body, BranchRecognition, Person, RoleHolding
from portal.directory.queries import holding_is_current
from portal.directory.rules import BODY_ROLES, UNION_ROLES
from portal.identity.actor import Actor
from portal.statistics.models import FigureEvent, ReportText
from portal.statistics.rules import FROZEN, Kind, Numbers, Report, Told


def list_bodies(session: Session, actor: Actor, *, signing: bool = False) -> Sequence[Body]:
    """The bodies whose report somebody reads, or signs for: those of their role, and those that recognise their
    branch; by name."""
    roles = SIGNERS_OF_REPORTS if signing else READERS_OF_REPORTS
    branches = actor.branches_where(*(role for role in roles if role in UNION_ROLES))
    recognising = select(BranchRecognition.body_id).where(BranchRecognition.branch_id.in_(sorted(branches)))
    own = Body.id.in_(sorted(actor.bodies_where(*(role for role in roles if role in BODY_ROLES))))
    return session.scalars(select(Body).where(or_(own, Body.id.in_(recognising))).order_by(Body.name_en)).all()


def list_people(session: Session, body_id: str, *, today: date) -> Sequence[Person]:
    """Everybody who reads the report of a body today."""
    branches = select(BranchRecognition.branch_id).where(BranchRecognition.body_id == body_id)
    for_body = and_(RoleHolding.role.in_(set(READERS_OF_REPORTS) & BODY_ROLES), RoleHolding.body_id == body_id)
    for_branch = and_(RoleHolding.role.in_(set(READERS_OF_REPORTS) & UNION_ROLES), RoleHolding.branch_id.in_(branches))
    holders = select(RoleHolding.person_id).where(or_(for_body, for_branch), holding_is_current(today))
    return session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.id)).all()


def list_quarters(session: Session, body_id: str) -> Sequence[Quarter]:
    """The quarters that were frozen, newest first."""
    asked = select(FigureEvent.quarter).where(FigureEvent.body_id == body_id, FigureEvent.kind == Kind.REPORT)
    found = (read_quarter(written) for written in session.scalars(asked.order_by(FigureEvent.quarter.desc())))
    return [quarter for quarter in found if quarter is not None]


def list_unfrozen(session: Session, newest: Quarter) -> Sequence[tuple[str, Quarter]]:
    """Bodies without a report of this quarter, each with the first quarter that it lacks; a body's first report is of
    this one."""
    frozen = (
        select(FigureEvent.body_id, func.max(FigureEvent.quarter).label("last"))
        .where(FigureEvent.kind == Kind.REPORT)
        .group_by(FigureEvent.body_id)
        .subquery()
    )
    asked = (
        select(Body.id, frozen.c.last)
        .outerjoin(frozen, frozen.c.body_id == Body.id)
        .where(or_(frozen.c.last.is_(None), frozen.c.last < newest.written))
        .order_by(Body.id)
    )
    return [(body_id, _after(last) or newest) for body_id, last in session.execute(asked)]


def _after(written: str | None) -> Quarter | None:
    quarter = read_quarter(written) if written is not None else None
    return quarter.following if quarter is not None else None


def find_report(session: Session, body_id: str, quarter: Quarter, *, as_at: date | None = None) -> Report | None:
    """The report of a quarter; None where none was frozen, or not by the end of that day. Made of events alone."""
    frozen = _frozen_on(session, body_id, quarter, as_at)
    if frozen is None:
        return None
    earlier = quarter.before
    has_before = _frozen_on(session, body_id, earlier, as_at) is not None
    return Report(
        body_id=body_id,
        quarter=quarter,
        frozen_on=frozen,
        told=_told(session, body_id, quarter),
        before=_told(session, body_id, earlier) if has_before else None,
    )


def _frozen_on(session: Session, body_id: str, quarter: Quarter, as_at: date | None) -> date | None:
    asked = select(FigureEvent.frozen_on).where(
        FigureEvent.body_id == body_id,
        FigureEvent.quarter == quarter.written,
        FigureEvent.kind == Kind.REPORT,
        FigureEvent.key == FROZEN,
    )
    return session.scalars(asked if as_at is None else asked.where(FigureEvent.frozen_on <= as_at)).one_or_none()


def _told(session: Session, body_id: str, quarter: Quarter) -> Told:
    asked = select(FigureEvent.kind, FigureEvent.key, FigureEvent.told).where(
        FigureEvent.body_id == body_id,
        FigureEvent.quarter == quarter.written,
        FigureEvent.of_quarter == quarter.written,
        FigureEvent.kind != Kind.REPORT,
    )
    return {(kind, key): told for kind, key, told in session.execute(asked)}


def find_counted(session: Session, body_id: str, quarters: Sequence[Quarter]) -> Mapping[Kind, Mapping[str, Numbers]]:
    """By part, quarter and key: what every report so far has counted of these quarters; of a quarter whose own report
    was never frozen nothing."""
    names = [quarter.written for quarter in quarters]
    own = select(FigureEvent.quarter).where(FigureEvent.body_id == body_id, FigureEvent.kind == Kind.REPORT)
    asked = (
        select(FigureEvent.kind, FigureEvent.of_quarter, FigureEvent.key, func.sum(FigureEvent.number))
        .where(FigureEvent.body_id == body_id, FigureEvent.of_quarter.in_(names), FigureEvent.of_quarter.in_(own))
        .group_by(FigureEvent.kind, FigureEvent.of_quarter, FigureEvent.key)
    )
    found: dict[Kind, dict[str, dict[str, int]]] = {kind: {} for kind in Kind}
    for kind, name, key, number in session.execute(asked):
        found[kind].setdefault(name, {})[key] = int(number)
    for name in found[Kind.REPORT]:
        for kind in Kind:
            found[kind].setdefault(name, {})
    return found


def find_text(session: Session, body_id: str, quarter: Quarter, *, as_at: date | None = None) -> ReportText | None:
    """The newest text that was signed, or had been by the end of a day."""
    return next((one for one in _texts(session, body_id, quarter) if _was_signed(one, as_at)), None)


def find_draft(session: Session, body_id: str, quarter: Quarter) -> ReportText | None:
    """The newest text, if nobody has signed it yet."""
    newest = next(_texts(session, body_id, quarter), None)
    return newest if newest is not None and newest.signed_on is None else None


def _texts(session: Session, body_id: str, quarter: Quarter) -> Iterator[ReportText]:
    asked = select(ReportText).where(ReportText.body_id == body_id, ReportText.quarter == quarter.written)
    return iter(session.scalars(asked.order_by(ReportText.number.desc())))


def _was_signed(text: ReportText, as_at: date | None) -> bool:
    return text.signed_on is not None and (as_at is None or text.signed_on <= as_at)
