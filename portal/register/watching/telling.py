"""Letters to who follows: what is new is looked for by the sweep, so that publishing knows nothing of followers.

All of one thing's letters and its mark are written together: a process that dies in between has told nobody, and one
that comes again tells nobody twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.clock import london_day
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.directory.models import Person, StaffGroup, Workplace
from portal.identity.models import Account
from portal.notifications.letters import Addressee
from portal.notifications.service import queue
from portal.register.corrections.models import Correction
from portal.register.models import AffectedGroup, System, SystemStep, SystemVersion
from portal.register.queries import IS_CURRENT
from portal.register.watching import queries
from portal.register.watching.models import Watch, WatchMark, WatchWaiting
from portal.register.watching.queries import Happening
from portal.register.watching.rules import KEEP_MARKS, LOOK_BACK, News, weekly_day

MOST_AT_ONCE = 20
LETTER, WITH_REASON, WEEKLY = "system_changed", "system_state", "systems_changed_week"


def list_untold(session: Session, *, now: datetime) -> list[Happening]:
    """What happened lately and has not been told, the oldest first: what a few of one pass can be."""
    since, today = now - LOOK_BACK, london_day(now)
    found = [
        *queries.list_versions(
            session,
            SystemVersion.recorded_at >= since,
            SystemVersion.published_on >= today - LOOK_BACK,
            _is_untold(News.VERSION, SystemVersion.id),
            most=MOST_AT_ONCE,
        ),
        *queries.list_steps(
            session,
            SystemStep.at >= since,
            _is_untold(News.STATE, SystemStep.id),
            most=MOST_AT_ONCE,
        ),
        *queries.list_answers(
            session,
            Correction.answered_on >= today - LOOK_BACK,
            _is_untold(News.CORRECTION, Correction.id),
            most=MOST_AT_ONCE,
        ),
    ]
    return sorted(found, key=lambda one: (one.on, one.news, one.number))


def tell(session: Session, happening: Happening, *, vault: Vault, address: str, now: datetime) -> int:
    """Tell everybody who follows the system, or a place, group or employer that it affects."""
    today = london_day(now)
    session.add(WatchMark(news=happening.news, source_id=happening.id, told_on=today))
    people = session.execute(_followers(session, happening)).all()
    if happening.is_minor:
        _wait(session, [account for account, *_rest in people], happening.system_id, weekly_day(today))
        return 0
    values = {
        "name_cy": happening.name.cy,
        "name_en": happening.name.en,
        "headline_cy": happening.headline.cy,
        "headline_en": happening.headline.en,
        "code": happening.short_code,
        "address": address,
    }
    if happening.why is not None:
        values |= {"why_cy": happening.why.cy, "why_en": happening.why.en}
    template = LETTER if happening.why is None else WITH_REASON
    for _account, email, locale, person_id in people:
        to = Addressee(email, Locale(locale) if locale else None, person_id)
        queue(session, vault=vault, to=to, template=template, values=values, now=now)
    session.flush()
    return len(people)


def tell_weekly(session: Session, *, vault: Vault, address: str, now: datetime, most: int = 200) -> int:
    """The letter of the week to the next accounts for which something waits."""
    due = WatchWaiting.due_on <= london_day(now)
    accounts = session.scalars(select(WatchWaiting.account_id).where(due).distinct().limit(most)).all()
    letters = 0
    for account_id in accounts:
        letters += _tell_week(session, account_id, due, vault=vault, address=address, now=now)
    session.flush()
    return letters


def forget(session: Session, *, today: date) -> int:
    """What closed accounts followed, and marks that nothing can need any more."""
    closed = select(Account.id).where(Account.closed_at.is_not(None))
    connection = session.connection()
    waiting = connection.execute(delete(WatchWaiting).where(WatchWaiting.account_id.in_(closed))).rowcount
    watches = connection.execute(delete(Watch).where(Watch.account_id.in_(closed))).rowcount
    marks = connection.execute(delete(WatchMark).where(WatchMark.told_on < today - KEEP_MARKS)).rowcount
    return waiting + watches + marks


def _is_untold(news: News, source: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return ~exists().where(WatchMark.news == news, WatchMark.source_id == source)


def _followers(session: Session, happening: Happening) -> Select[str, str, str | None, str]:
    """Accounts that are open and followed before it happened, each once."""
    began = Watch.began_at <= happening.at if happening.at else None
    asked = (
        select(Account.id, Account.email, Person.locale, Person.id)
        .join(Watch, Watch.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(Account.closed_at.is_(None), or_(*_reasons(session, happening.system_id)))
        .distinct()
        .order_by(Account.id)
    )
    return asked if began is None else asked.where(began)


def _reasons(session: Session, system_id: str) -> list[ColumnElement[bool]]:
    """The system itself; its employer; the places and staff groups whose people its current version affects."""
    asked = (
        select(AffectedGroup)
        .join(SystemVersion, SystemVersion.id == AffectedGroup.version_id)
        .join(System, IS_CURRENT)
        .where(System.id == system_id)
    )
    groups = session.scalars(asked).all()
    bodies = {group.body_id for group in groups} | {session.get_one(System, system_id).body_id}
    return [
        Watch.system_id == system_id,
        Watch.body_id.in_(bodies),
        Watch.workplace_id.in_(_places(session, groups)),
        Watch.staff_group_id.in_(_staff_groups(session, groups)),
    ]


def _places(session: Session, groups: Sequence[AffectedGroup]) -> set[str]:
    """Every workplace that these groups reach: those named with all inside them, or all of an employer."""
    everywhere = {group.body_id for group in groups if group.workplace_id is None}
    named = {group.workplace_id for group in groups if group.workplace_id is not None}
    asked = select(Workplace.id, Workplace.parent_id, Workplace.body_id)
    rows = session.execute(asked.where(Workplace.body_id.in_({group.body_id for group in groups}))).all()
    found = named | {place for place, _parent, body_id in rows if body_id in everywhere}
    grew = True
    while grew:
        more = {place for place, parent, _body in rows if parent in found} - found
        found, grew = found | more, bool(more)
    return found


def _staff_groups(session: Session, groups: Sequence[AffectedGroup]) -> set[str]:
    everyone = {group.body_id for group in groups if group.staff_group_id is None}
    named = {group.staff_group_id for group in groups if group.staff_group_id is not None}
    return named | set(session.scalars(select(StaffGroup.id).where(StaffGroup.body_id.in_(everyone))))


def _wait(session: Session, accounts: Iterable[str], system_id: str, due_on: date) -> None:
    inserting = insert_on_sqlite if session.get_bind().dialect.name == "sqlite" else insert_on_postgresql
    rows = [{"account_id": account_id, "system_id": system_id, "due_on": due_on} for account_id in accounts]
    if rows:
        session.execute(inserting(WatchWaiting).on_conflict_do_nothing(), rows)


def _tell_week(
    session: Session, account_id: str, due: ColumnElement[bool], *, vault: Vault, address: str, now: datetime
) -> int:
    mine = due & (WatchWaiting.account_id == account_id)
    asked = (
        select(System.short_code, SystemVersion.name_cy, SystemVersion.name_en)
        .join(WatchWaiting, WatchWaiting.system_id == System.id)
        .join(SystemVersion, IS_CURRENT)
        .where(mine)
        .order_by(SystemVersion.sort_en)
    )
    rows = session.execute(asked).all()
    session.execute(delete(WatchWaiting).where(mine))
    account = session.get_one(Account, account_id)
    if account.closed_at is not None or not rows:
        return 0
    locale = session.get_one(Person, account.person_id).locale
    values = {
        "list_cy": "\n\n".join(f"{cy}\n{address}/cy/s/{code}/history" for code, cy, _en in rows),
        "list_en": "\n\n".join(f"{en}\n{address}/en/s/{code}/history" for code, _cy, en in rows),
        "address": address,
    }
    to = Addressee(account.email, Locale(locale) if locale else None, account.person_id)
    queue(session, vault=vault, to=to, template=WEEKLY, values=values, now=now)
    return 1
