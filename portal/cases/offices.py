"""Which office of the rule book (``routing.people``) each role of the directory fills."""

from collections.abc import Mapping
from typing import Any

from portal.cases.routing.people import Office, Seat
from portal.core.text import Bilingual
from portal.directory.rules import RoleName

OFFICES: Mapping[RoleName, Office] = {
    RoleName.RESPONSIBLE_MANAGER: Office.SYSTEM_MANAGER,
    RoleName.INDEPENDENT_OFFICER: Office.INDEPENDENT,
    RoleName.AUDIT_CHAIR: Office.AUDIT_CHAIR,
    RoleName.SENIOR_INFORMATION_RISK_OWNER: Office.INFORMATION_RISK,
    RoleName.DATA_PROTECTION_OFFICER: Office.DATA_PROTECTION,
    RoleName.REQUEST_HANDLER: Office.REQUEST_HANDLER,
    RoleName.REVIEWER: Office.REVIEWER,
    RoleName.REGISTER_EDITOR: Office.REGISTER,
    RoleName.MATTER_OFFICER: Office.MATTER_OFFICER,
    RoleName.ON_CALL: Office.ON_CALL,
    RoleName.TRANSLATOR: Office.TRANSLATOR,
    RoleName.UNION_REPRESENTATIVE: Office.REPRESENTATIVE,
    RoleName.BRANCH_SECRETARY: Office.BRANCH_SECRETARY,
    RoleName.FULL_TIME_OFFICER: Office.FULL_TIME_OFFICER,
}
"""Administrators and holders of an off-switch receive nothing. Who is named for complaints about the data protection
officers themselves (``Office.NAMED_HANDLER``) is named in the room of complaints and holds no role for it.
"""


def seat_of(row: Any, place: int, home: str) -> Seat:
    """One role that somebody holds, as the rule book has it. ``home`` is the body, where it is not held for a branch.
    A system that the register does not know yet is no other system."""
    return Seat(
        person_id=row.person_id,
        office=OFFICES[row.role],
        home=row.branch_id or home,
        post=Bilingual(row.post_cy, row.post_en),
        system_id=None if row.system_slug is None else row.system_id or f"not registered: {row.system_slug}",
        matter=row.matter.value if row.matter is not None else None,
        is_deputy=row.is_deputy,
        place=place,
    )
