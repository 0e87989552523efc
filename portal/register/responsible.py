"""Who answers for a system: roles name systems by slug, and those given after the register was filled are tied here."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.directory.models import RoleHolding
from portal.register.models import System


def link_responsible(session: Session) -> None:
    """Tie every role that names a system by slug to the system of that slug in its body; safe to run again."""
    named = select(System.id).where(System.body_id == RoleHolding.body_id, System.slug == RoleHolding.system_slug)
    session.execute(
        update(RoleHolding)
        .where(RoleHolding.system_slug.is_not(None))
        .values(system_id=named.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
