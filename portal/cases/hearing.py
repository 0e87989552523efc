"""What representatives hear because time passed: that there is news, and no more; and that their time is over."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.locking import each_alone
from portal.cases.models import Case, CaseEvent, CaseRepresentative
from portal.cases.news import has_shown_news
from portal.cases.representing import ABOUT_REPRESENTATIVES, open_said
from portal.cases.rules import CaseKind, Relation
from portal.cases.sent import tell
from portal.cases.speaking import Lines
from portal.cases.turn import Desk, take_turn
from portal.core.db import Database
from portal.core.text import Locale, msg
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

MOST_AT_ONCE = 200


def tell_named(
    database: Database, settings: Settings, now: datetime, *, lines: Mapping[CaseKind, Lines] = MappingProxyType({})
) -> int:
    """Whom somebody named on a review or complaint hears that there is news, while their time runs.

    What is shared with them is news, and no other; nor is what the representative did themselves. ``lines`` says for
    each kind of case what its timeline tells of.
    """
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    with database.reading() as session:
        named = session.scalars(select(CaseRepresentative.case_id).where(*_waits(desk)).limit(MOST_AT_ONCE))
        found = list(dict.fromkeys(named))
    return each_alone(database, found, lambda session, case: _tell(session, case, desk, lines.get(case.kind)))


def end_named(database: Database, settings: Settings, now: datetime) -> int:
    """The last day of a representative is over: the address goes, and the timeline and the person are told."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    over = select(CaseRepresentative.case_id).where(*_is_over(desk)).limit(MOST_AT_ONCE)
    with database.reading() as session:
        found = list(dict.fromkeys(session.scalars(over)))
    return each_alone(database, found, lambda session, case: _end(session, case, desk))


def _tell(session: Session, case: Case, desk: Desk, lines: Lines | None) -> bool:
    own = CaseRepresentative.case_id == case.id
    told = session.scalars(select(CaseRepresentative).where(own, *_waits(desk))).all()
    newest = session.scalar(select(func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id))
    heard = [one for one in told if lines is None or has_shown_news(session, one, lines, ABOUT_REPRESENTATIVES)]
    for one in heard:
        to = Addressee(open_said(one, "email", desk.vault).reveal(), Locale(one.lang) if one.lang else None)
        queue(session, vault=desk.vault, to=to, template="representative_news", values={}, now=desk.now)
        record(session, actor=None, event=f"{case.kind}.representative_told", subject=case.id, now=desk.now)
    for one in told:
        one.told_at = newest  # not now: what is being written this moment is news of the next pass
    return bool(heard)


def _end(session: Session, case: Case, desk: Desk) -> bool:
    over = session.scalars(
        select(CaseRepresentative).where(CaseRepresentative.case_id == case.id, *_is_over(desk))
    ).all()
    if over:
        turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
        tell(session, case, desk, "case_news")
        for one in over:
            one.ended_on, one.email = desk.today, None
            if one.is_asker:  # the address that came with the request was theirs
                case.contact_email = None
            turn.tell("representative_over", msg("The time of a representative is over"))
    return bool(over)


def _is_over(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    return (
        CaseRepresentative.ended_on.is_(None),
        CaseRepresentative.revoked_at.is_(None),
        CaseRepresentative.until_on < desk.today,
    )


def hears(row: Any, desk: Desk) -> tuple[ColumnElement[bool], ...]:
    """Rows of a table of people who speak for somebody: those whose time runs and whose address is known."""
    return (
        row.email.is_not(None),
        row.revoked_at.is_(None),
        row.from_on <= desk.today,
        row.until_on >= desk.today,
    )


def has_news(row: Any, quiet: Collection[str]) -> ColumnElement[bool]:
    """Something came that they have not heard of, besides the steps that are about themselves."""
    return exists().where(
        CaseEvent.case_id == row.case_id,
        CaseEvent.visible_to_requester,
        CaseEvent.role != Relation.REPRESENTATIVE.value,
        CaseEvent.step.not_in(quiet),
        CaseEvent.at > func.coalesce(row.told_at, row.given_at),
    )


def _waits(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    return (*hears(CaseRepresentative, desk), has_news(CaseRepresentative, ABOUT_REPRESENTATIVES))
