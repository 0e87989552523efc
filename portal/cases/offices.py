"""Which office of the rule book (``routing.people``) each role of the directory fills."""

from collections.abc import Mapping

from portal.cases.routing.people import Office
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
