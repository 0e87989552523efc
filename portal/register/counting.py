"""How the systems of a body stand today, as the register's own pages tell of each of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.register.models import System, SystemVersion
from portal.register.openness import is_open
from portal.register.positions import is_disputed, list_said
from portal.register.queries import IS_CURRENT, PublishedSystem, list_published
from portal.register.rules import IN_USE, SystemState, is_overdue


@dataclass(frozen=True, slots=True)
class Standings:
    """Numbers of published systems; those whose check is overdue, and those that a union does not agree to, by code."""

    in_use: int
    on_trial: int
    suspended: int
    overdue: tuple[str, ...]
    disputed: tuple[str, ...]


def count_standings(session: Session, body_id: str, *, today: date) -> Standings:
    """The systems of a body that anybody can read of, and that are not retired."""
    systems = list_published(session, body_id)
    said = list_said(session, [one.id for one in systems])
    current = [one for one in systems if one.state in IN_USE or one.state is SystemState.SUSPENDED]
    disputed = (one.short_code for one in current if is_disputed(one.record, said.get(one.id, {})))
    return Standings(
        in_use=sum(one.state in IN_USE for one in systems),
        on_trial=sum(one.state is SystemState.PILOT for one in systems),
        suspended=sum(one.state is SystemState.SUSPENDED for one in systems),
        overdue=tuple(sorted(one.short_code for one in current if _is_overdue(one, today))),
        disputed=tuple(sorted(disputed)),
    )


def _is_overdue(system: PublishedSystem, today: date) -> bool:
    """As its page says; not where the day is withheld."""
    if not is_open(system.record, "next_review_due"):
        return False
    return is_overdue(system.review_due_on or system.record.next_review_on, today=today)


def names_of(session: Session, codes: Collection[str]) -> dict[str, Bilingual]:
    """What published systems are called now, by their codes."""
    asked = (
        select(System.short_code, SystemVersion.name_cy, SystemVersion.name_en)
        .join(SystemVersion, IS_CURRENT)
        .where(System.short_code.in_(sorted(codes)))
    )
    return {code: Bilingual(cy, en) for code, cy, en in session.execute(asked)} if codes else {}
