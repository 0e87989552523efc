"""What readers see in place of the code words of roles."""

from collections.abc import Mapping

from portal.core.text import Message, msg, pmsg
from portal.directory.rules import HelpKind, Matter, Prescribed, RoleName

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


MATTER_NAMES: Mapping[Matter, Message] = {
    Matter.SAFETY: msg("Health and safety, or danger to patients or the public"),
    Matter.HARASSMENT: msg("Sexual harassment, bullying or discrimination"),
    Matter.WRONGDOING: msg("A crime, a legal duty not kept, or something being covered up"),
    Matter.MONEY: msg("Public money, fraud or corruption"),
    Matter.UNLISTED_SYSTEM: msg("A computer system at work that is not on the register"),
    Matter.BESIDE: msg("I want a union beside me with a request I made"),
    Matter.OTHER: msg("Something else"),
}
"""Each reaches whom the body named for it, and those outside the line of management; a tool that is not in the register
reaches whoever answers for all of the body's systems. ``BESIDE`` reaches the union alone: nobody of the employer is
offered as a reader of it."""
HELP_KINDS: Mapping[HelpKind, Message] = {
    HelpKind.EMERGENCY: msg("In danger"),
    HelpKind.OWN_UNION: msg("A union"),
    HelpKind.ADVICE: msg("Advice"),
    HelpKind.PRESCRIBED: msg("Regulators that may receive a disclosure"),
    HelpKind.REGULATOR: msg("Other regulators and commissioners"),
}
"""In the order in which a list shows them."""
PRESCRIBED: Mapping[Prescribed, Message] = {
    Prescribed.YES: msg("A prescribed person: telling them can be a protected disclosure"),
    Prescribed.UNVERIFIED: msg("Perhaps a prescribed person: nobody has verified it. Ask for advice first"),
    Prescribed.NO: msg("Not a prescribed person"),
}


def role_title(role: RoleName) -> Message:
    """The name of a role, to be said in the reader's language."""
    return ROLE_TITLES[role]
