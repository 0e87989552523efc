"""Who acts, as frozen data: made once a request, handed to every predicate and service, tied to no session."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.text import Locale
from portal.directory.rules import RoleName
from portal.identity.rules import AccountKind


@dataclass(frozen=True, slots=True)
class Holding:
    """One role held today; with ``system_slug`` for that system of the body alone, else for all of them.

    ``system_id`` is that system's row; it stays None while the register has none of this slug.
    """

    role: RoleName
    body_id: str | None = None
    branch_id: str | None = None
    system_id: str | None = None
    is_deputy: bool = False
    system_slug: str | None = None

    def covers(self, *, body_id: str | None, system_id: str | None) -> bool:
        """True when the holding is for the body asked about (if any) and for the system asked about (if any)."""
        if body_id is not None and self.body_id != body_id:
            return False
        is_for_all = self.system_id is None and self.system_slug is None
        return system_id is None or is_for_all or self.system_id == system_id


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. ``body_id`` is their employer's; a union representative has none."""

    account_id: str
    person_id: str
    kind: AccountKind
    body_id: str | None
    holdings: frozenset[Holding]
    locale: Locale | None

    def holds(self, role: RoleName, *, body_id: str | None = None, system_id: str | None = None) -> bool:
        """True when they hold the role, for that body and that system where these are given."""
        return any(held.covers(body_id=body_id, system_id=system_id) for held in self._of((role,)))

    def bodies_where(self, *roles: RoleName) -> frozenset[str]:
        """The bodies for which they hold one of the roles."""
        return frozenset(held.body_id for held in self._of(roles) if held.body_id is not None)

    def branches_where(self, *roles: RoleName) -> frozenset[str]:
        """The union branches for which they hold one of the roles."""
        return frozenset(held.branch_id for held in self._of(roles) if held.branch_id is not None)

    def _of(self, roles: tuple[RoleName, ...]) -> Iterator[Holding]:
        return (held for held in self.holdings if held.role in roles)
