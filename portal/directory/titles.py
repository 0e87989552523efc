"""What readers see in place of the code words of roles."""

from collections.abc import Mapping

from portal.core.text import Message, pmsg
from portal.directory.rules import RoleName

ROLE_TITLES: Mapping[RoleName, Message] = {
    RoleName.ADMINISTRATOR: pmsg("role", "Administrator"),
    RoleName.DATA_PROTECTION_OFFICER: pmsg("role", "Data Protection Officer"),
    RoleName.REQUEST_HANDLER: pmsg("role", "Request handler"),
    RoleName.RESPONSIBLE_MANAGER: pmsg("role", "Responsible manager"),
    RoleName.REVIEWER: pmsg("role", "Reviewer"),
    RoleName.REGISTER_EDITOR: pmsg("role", "Register editor"),
    RoleName.OFF_SWITCH_HOLDER: pmsg("role", "Holder of the off-switch"),
    RoleName.INDEPENDENT_OFFICER: pmsg("role", "Independent officer"),
    RoleName.AUDIT_CHAIR: pmsg("role", "Chair of the audit committee"),
    RoleName.MATTER_OFFICER: pmsg("role", "Officer for named matters"),
    RoleName.ON_CALL: pmsg("role", "On call for danger to people"),
    RoleName.TRANSLATOR: pmsg("role", "Approved translator"),
    RoleName.SENIOR_INFORMATION_RISK_OWNER: pmsg("role", "Senior Information Risk Owner"),
    RoleName.UNION_REPRESENTATIVE: pmsg("role", "Union representative"),
    RoleName.UNION_ADMINISTRATOR: pmsg("role", "Union administrator"),
    RoleName.BRANCH_SECRETARY: pmsg("role", "Branch secretary"),
    RoleName.FULL_TIME_OFFICER: pmsg("role", "Full-time union officer"),
}


def role_title(role: RoleName) -> Message:
    """The name of a role, to be said in the reader's language."""
    return ROLE_TITLES[role]
