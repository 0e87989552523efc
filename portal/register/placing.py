"""Where in the directory an affected group stands. Whoever places many groups asks the directory for each name once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.models import Body, StaffGroup, Workplace
from portal.register.record import Affected


@dataclass(frozen=True, slots=True)
class Placed:
    """An affected group whose names were looked up in the directory."""

    body_id: str
    workplace_id: str | None
    staff_group_id: str | None


def place(session: Session, affected: Affected) -> Placed | str:
    """Where in the directory an affected group stands, or the name of the field that the directory does not know."""
    return Places(session).find(affected)


class Places:
    """The directory as far as it was asked for in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._bodies: dict[str, str | None] = {}
        self._workplaces: dict[tuple[str, str], str | None] = {}
        self._staff_groups: dict[tuple[str, str], str | None] = {}

    def body_id(self, slug: str) -> str | None:
        """The body of that slug, None if the directory has no such body."""
        if slug not in self._bodies:
            self._bodies[slug] = self._session.scalar(select(Body.id).where(Body.slug == slug))
        return self._bodies[slug]

    def find(self, affected: Affected) -> Placed | str:
        """Where an affected group stands, or the name of the field that the directory does not know."""
        body_id = self.body_id(affected.body)
        if body_id is None:
            return "body"
        workplace_id = staff_group_id = None
        if affected.workplace is not None:
            workplace_id = self._workplace_id(body_id, affected.workplace)
            if workplace_id is None:
                return "workplace"
        if affected.staff_group is not None:
            staff_group_id = self._staff_group_id(body_id, affected.staff_group)
            if staff_group_id is None:
                return "staff_group"
        return Placed(body_id, workplace_id, staff_group_id)

    def _workplace_id(self, body_id: str, slug: str) -> str | None:
        if (body_id, slug) not in self._workplaces:
            asked = select(Workplace.id).where(Workplace.body_id == body_id, Workplace.slug == slug)
            self._workplaces[body_id, slug] = self._session.scalar(asked)
        return self._workplaces[body_id, slug]

    def _staff_group_id(self, body_id: str, code: str) -> str | None:
        if (body_id, code) not in self._staff_groups:
            asked = select(StaffGroup.id).where(StaffGroup.body_id == body_id, StaffGroup.code == code)
            self._staff_groups[body_id, code] = self._session.scalar(asked)
        return self._staff_groups[body_id, code]
