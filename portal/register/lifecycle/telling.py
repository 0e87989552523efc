"""Who is told of what: letters to the people a system affects, to its managers, to the unions. No letter holds a case.

A letter to staff goes to everybody who has an account and whom the published version affects; the sweep queues them
in batches, so that a notice to twenty thousand people keeps nobody waiting. The page shows the notice at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.core.clock import london_day
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.core.vault import Vault
from portal.directory.models import Engagement, Person, RoleHolding, Workplace
from portal.directory.queries import (
    engagement_is_current,
    holding_is_current,
    list_recognised_branches,
    list_role_holders,
)
from portal.directory.rules import RoleName
from portal.i18n.catalogue import say
from portal.i18n.formats import date_long
from portal.identity.actor import Actor
from portal.identity.models import Account
from portal.notifications.letters import Addressee, to_person
from portal.notifications.service import queue
from portal.register.lifecycle.models import StaffNotice
from portal.register.lifecycle.rules import CAUSES, Cause, Letter, Role
from portal.register.models import AffectedGroup, System, SystemStep, SystemVersion
from portal.register.parts import Both
from portal.register.rules import SystemState, kinds_read

BATCH = 200
TO_UNIONS, TO_MANAGERS = "system_union", "system_task"
TOLD_TO_UNIONS = frozenset(
    {
        SystemState.IN_CONSULTATION,
        SystemState.EMERGENCY,
        SystemState.UNDER_REVIEW,
        SystemState.SUSPENDED,
        SystemState.LIVE,
        SystemState.RETIRING,
        SystemState.REJECTED,
    }
)
"""The states whose beginning the recognised branches hear of at once."""
DESK_ROLES = {Role.MANAGER: RoleName.RESPONSIBLE_MANAGER, Role.OFFICER: RoleName.DATA_PROTECTION_OFFICER}


@dataclass(frozen=True, slots=True)
class Post:
    """What letters need: the vault that seals them, the portal's address, the instant."""

    vault: Vault
    public_url: str
    now: datetime

    @property
    def today(self) -> date:
        return london_day(self.now)


def words_of_step(line: SystemStep) -> Both:
    """Why, as staff read it: the cause in fixed words, then what somebody wrote."""
    cause = line.facts.get("cause")
    told = {Locale.CY: line.reason_cy, Locale.EN: line.reason_en}
    if cause:
        frame = CAUSES[Cause(cause)]
        told = {locale: f"{say(frame, locale)}. {told[locale]}".strip() for locale in Locale}
    return Both(cy=told[Locale.CY], en=told[Locale.EN])


def add_notice(
    session: Session,
    actor: Actor | None,
    system: System,
    letter: Letter,
    text: Both,
    post: Post,
    *,
    begins_on: date | None = None,
    notice_id: str | None = None,
) -> StaffNotice:
    """A notice on the page from now on; its letters follow with the sweep."""
    notice = StaffNotice(
        id=notice_id or new_id(),
        system_id=system.id,
        letter=letter,
        text_cy=text.cy,
        text_en=text.en,
        told_on=post.today,
        begins_on=begins_on,
        queued_at=post.now,
        account_id=actor.account_id if actor else None,
    )
    session.add(notice)
    session.flush()
    return notice


def queue_next_letters(session: Session, notice: StaffNotice, post: Post) -> int:
    """The next batch of a notice's letters; with the last one the notice is finished."""
    people = _affected_people(session, notice, post.today)
    values = _values(session, session.get_one(System, notice.system_id), post)
    begins = notice.begins_on or notice.told_on
    values |= {"date_cy": date_long(begins, Locale.CY), "date_en": date_long(begins, Locale.EN)}
    values |= {"text_cy": notice.text_cy, "text_en": notice.text_en}
    for person_id, email, locale in people:
        to = Addressee(email, Locale(locale) if locale else None, person_id)
        queue(session, vault=post.vault, to=to, template=notice.letter.value, values=values, now=post.now)
    notice.letters += len(people)
    if len(people) < BATCH:
        notice.finished_at = post.now
    else:
        notice.told_after = people[-1][0]
    session.flush()
    return len(people)


def tell_managers(session: Session, system: System, post: Post) -> int:
    """A letter without content: something waits on the desk. With nobody in charge it goes to who keeps watch."""
    found = _holders(session, system, RoleName.RESPONSIBLE_MANAGER, post.today)
    if not found:
        found = _holders(session, system, RoleName.DATA_PROTECTION_OFFICER, post.today)
        found += _holders(session, system, RoleName.REGISTER_EDITOR, post.today)
    return _send(session, found, TO_MANAGERS, _values(session, system, post), post)


def ask_for_signature(session: Session, system: System, roles: Iterable[Role], post: Post) -> int:
    """Tell those who can sign second that a signature waits for theirs."""
    found = [person for role in roles for person in _holders(session, system, DESK_ROLES[role], post.today)]
    return _send(session, found, TO_MANAGERS, _values(session, system, post), post)


def tell_unions(session: Session, system: System, post: Post, *, only_branch: str | None = None) -> int:
    """Tell the representatives of the recognised branches, or of one of them, that there is something to read."""
    branches = [branch.id for branch, _union in list_recognised_branches(session, system.body_id)]
    wanted = [branch for branch in branches if only_branch in {None, branch}]
    asked = (
        select(Person)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(
            RoleHolding.branch_id.in_(wanted),
            RoleHolding.role == RoleName.UNION_REPRESENTATIVE,
            holding_is_current(post.today),
        )
        .distinct()
    )
    return _send(session, list(session.scalars(asked)), TO_UNIONS, _values(session, system, post), post)


def _holders(session: Session, system: System, role: RoleName, today: date) -> list[Person]:
    held = list_role_holders(session, role=role, body_id=system.body_id, today=today, system_id=system.id)
    return [person for _holding, person in held]


def _send(session: Session, people: Iterable[Person], template: str, values: dict[str, str], post: Post) -> int:
    told = {person.id: person for person in people}
    for person in told.values():
        to = to_person(person)
        queue(session, vault=post.vault, to=to, template=template, values=values, now=post.now)
    return len(told)


def _values(session: Session, system: System, post: Post) -> dict[str, str]:
    """Name and address of a system. Before it is published it has only its code."""
    asked = select(SystemVersion.name_cy, SystemVersion.name_en).where(
        SystemVersion.system_id == system.id, SystemVersion.number == system.current_number
    )
    found = session.execute(asked).one_or_none()
    name_cy, name_en = found if found is not None else (system.short_code, system.short_code)
    return {
        "name_cy": name_cy,
        "name_en": name_en,
        "code": system.short_code,
        "address": post.public_url.rstrip("/"),
    }


def _affected_people(session: Session, notice: StaffNotice, today: date) -> list[tuple[str, str, str | None]]:
    """The next people with an account whom the published version affects, by id."""
    asked = (
        select(AffectedGroup)
        .join(SystemVersion, SystemVersion.id == AffectedGroup.version_id)
        .join(System, System.id == SystemVersion.system_id)
        .where(System.id == notice.system_id, System.current_number == SystemVersion.number)
    )
    clauses = [_works_in(session, group) for group in session.scalars(asked)]
    if not clauses:
        return []
    people = (
        select(Person.id, Person.email, Person.locale)
        .join(Account, Account.person_id == Person.id)
        .join(Engagement, Engagement.person_id == Person.id)
        .where(
            Person.id > notice.told_after,
            Account.closed_at.is_(None),
            engagement_is_current(today),
            or_(*clauses),
        )
        .distinct()
        .order_by(Person.id)
        .limit(BATCH)
    )
    return [(person_id, email, locale) for person_id, email, locale in session.execute(people)]


def _works_in(session: Session, group: AffectedGroup) -> ColumnElement[bool]:
    """The WHERE clause of ``matching.affects``, turned round: whose work lies in this group."""
    clause = (Engagement.body_id == group.body_id) & Engagement.kind.in_(kinds_read(group.kinds))
    if group.staff_group_id is not None:
        clause = clause & (Engagement.staff_group_id == group.staff_group_id)
    if group.workplace_id is not None:
        clause = clause & Engagement.workplace_id.in_(_within(session, group.body_id, group.workplace_id))
    return clause


def _within(session: Session, body_id: str, workplace_id: str) -> set[str]:
    """A workplace and all that lies in it."""
    places = list(session.execute(select(Workplace.id, Workplace.parent_id).where(Workplace.body_id == body_id)))
    found, grew = {workplace_id}, True
    while grew:
        more = {place for place, parent in places if parent in found} - found
        found, grew = found | more, bool(more)
    return found
