"""The days by which somebody has to do something, of every feature: joined here, because features do not know each
other. Each asks for itself what its actor may know of; of a case that they may not see there is no day."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

import portal.concerns.casework.days as concerns
import portal.register.corrections.queries as corrections
import portal.register.unlisted.queries as unlisted
import portal.subject_access.officer.queries as access
from portal.authz.permissions import Permission, permits
from portal.complaints.queries import is_settled, list_own_work
from portal.decision_review.evidence.queries import list_own_packs
from portal.decision_review.outcome.chairs import list_panels
from portal.decision_review.outcome.queries import list_own_remedies
from portal.identity.actor import Actor
from portal.subject_access.searching.queries import list_own_tasks


def list_days(session: Session, actor: Actor, *, today: date) -> list[date]:
    """Each day as often as something is due on it."""
    return sorted([*_of_cases(session, actor, today), *_of_duties(session, actor, today)])


def _of_cases(session: Session, actor: Actor, today: date) -> Iterator[date]:
    """What was given to them in a case, or is asked of them."""
    yield from (on for _kind, _reference, on, _is_stopped in access.list_own_days(session, actor))
    yield from (task.due_on for task in list_own_tasks(session, actor) if task.due_on is not None)
    yield from (work.due_on for work, case in list_own_work(session, actor) if not is_settled(work, case))
    yield from (pack.due_on for _case, pack in list_own_packs(session, actor))
    yield from (task.due_on for task in list_own_remedies(session, actor))
    yield from (case.due_on for case, _stage in list_panels(session, actor, today=today))


def _of_duties(session: Session, actor: Actor, today: date) -> Iterator[date]:
    """What waits at a desk of theirs: the first page of it."""
    if permits(actor, Permission.CONCERNS_DESK):
        yield from concerns.list_own_days(session, actor)
    if permits(actor, Permission.REGISTER_EDIT):
        yield from (one.row.due_on for one in corrections.list_waiting(session, actor, today=today).items)
    if permits(actor, Permission.REGISTER_QUESTIONS):
        found = unlisted.list_at_desk(session, actor, today=today, answered=False)
        yield from (line.row.due_on for line in found.items)
