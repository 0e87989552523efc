"""The words of the directory and the pure decisions about who holds what, when."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class BodyKind(StrEnum):
    """What sort of employer a body is."""

    HEALTH_BOARD = "health_board"
    COUNCIL = "council"
    FIRE_AND_RESCUE = "fire_and_rescue"
    OTHER = "other"


class RoleName(StrEnum):
    """A role that somebody holds for a body, or for a union branch."""

    ADMINISTRATOR = "administrator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    REQUEST_HANDLER = "request_handler"
    RESPONSIBLE_MANAGER = "responsible_manager"
    REVIEWER = "reviewer"
    REGISTER_EDITOR = "register_editor"
    OFF_SWITCH_HOLDER = "off_switch_holder"
    INDEPENDENT_OFFICER = "independent_officer"
    AUDIT_CHAIR = "audit_chair"
    MATTER_OFFICER = "matter_officer"
    ON_CALL = "on_call"
    TRANSLATOR = "translator"
    SENIOR_INFORMATION_RISK_OWNER = "senior_information_risk_owner"
    UNION_REPRESENTATIVE = "union_representative"
    UNION_ADMINISTRATOR = "union_administrator"
    BRANCH_SECRETARY = "branch_secretary"
    FULL_TIME_OFFICER = "full_time_officer"


class EngagementKind(StrEnum):
    """How somebody works, or worked, or hopes to work, for a body."""

    EMPLOYEE = "employee"
    FIXED_TERM = "fixed_term"
    BANK = "bank"
    AGENCY = "agency"
    CONTRACTOR = "contractor"
    VOLUNTEER = "volunteer"
    TRAINEE = "trainee"
    APPLICANT = "applicant"
    FORMER = "former"


class Matter(StrEnum):
    """What a concern may be about besides a system of the register."""

    SAFETY = "safety"
    HARASSMENT = "harassment"
    WRONGDOING = "wrongdoing"
    MONEY = "money"
    UNLISTED_SYSTEM = "unlisted-system"
    BESIDE = "beside"
    OTHER = "other"


class AwaySource(StrEnum):
    """How the portal knows that somebody is away; the reason is nobody's business here."""

    CALENDAR = "calendar"
    SELF = "self"
    STAFF_RECORDS = "staff_records"
    INFERRED = "inferred"


class HelpKind(StrEnum):
    """What sort of place it is that somebody can turn to besides the employer."""

    EMERGENCY = "emergency"
    OWN_UNION = "own_union"
    ADVICE = "advice"
    REGULATOR = "regulator"
    PRESCRIBED = "prescribed"


class Prescribed(StrEnum):
    """Whether a disclosure to it is protected by name in the law's own list, as far as somebody has looked."""

    YES = "yes"
    NO = "no"
    UNVERIFIED = "unverified"


SEATED = (Matter.WRONGDOING, Matter.MONEY, Matter.SAFETY, Matter.HARASSMENT, Matter.OTHER)
"""The matters for which a body names who receives them. A tool in no register has its own officers, and what goes to
the union alone has none of the employer's."""
UNION_ROLES = frozenset(
    {
        RoleName.UNION_REPRESENTATIVE,
        RoleName.UNION_ADMINISTRATOR,
        RoleName.BRANCH_SECRETARY,
        RoleName.FULL_TIME_OFFICER,
    }
)
BODY_ROLES = frozenset(RoleName) - UNION_ROLES
SYSTEM_ROLES = frozenset({RoleName.RESPONSIBLE_MANAGER, RoleName.OFF_SWITCH_HOLDER})
OUTSIDE_THE_LINE = (RoleName.INDEPENDENT_OFFICER, RoleName.AUDIT_CHAIR)
"""Who reads a body's concerns from outside the management that they may be about."""
BODY_READERS = (RoleName.RESPONSIBLE_MANAGER, RoleName.MATTER_OFFICER, *OUTSIDE_THE_LINE, RoleName.ON_CALL)
"""Who may read sealed concerns for a body. Translators, and whoever answers for information at the top, hold no key."""
BRANCH_READERS = (RoleName.UNION_REPRESENTATIVE, RoleName.BRANCH_SECRETARY, RoleName.FULL_TIME_OFFICER)
"""Who may read sealed concerns for a union branch; its administrator alone may not."""


def is_current(started_on: date, ended_on: date | None, *, today: date) -> bool:
    """True from the first day up to, and without, the day it ended on."""
    return started_on <= today and (ended_on is None or today < ended_on)


def fits_role(role: RoleName, *, body_id: str | None, branch_id: str | None, system_slug: str | None) -> bool:
    """A union role belongs to a branch, every other to a body; only those of ``SYSTEM_ROLES`` may name a system."""
    if role in UNION_ROLES:
        return branch_id is not None and body_id is None and system_slug is None
    return body_id is not None and branch_id is None and (system_slug is None or role in SYSTEM_ROLES)


def read_networks(typed: str) -> tuple[tuple[Network, ...], list[str]]:
    """Address ranges, one a line, and the lines that are none."""
    found: list[Network] = []
    wrong = []
    for line in filter(None, (part.strip() for part in typed.splitlines())):
        try:
            found.append(ip_network(line, strict=False))
        except ValueError:
            wrong.append(line[:60])
    return tuple(found), wrong


def is_in_networks(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the ranges; what is no address lies in none."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)
