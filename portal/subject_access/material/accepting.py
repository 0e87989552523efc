"""Letting a finding stand, by name and with a reason. What nobody can look into here takes two people."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By
from portal.cases.turn import MOVED_ON, Desk
from portal.core.errors import Conflict, Refused
from portal.core.text import Words, pmsg
from portal.subject_access.material.models import Material, ScanFinding
from portal.subject_access.material.queries import finding_context
from portal.subject_access.material.service import hold, note
from portal.subject_access.material.wording import ACCEPTED_SEEN, NEVER_ACCEPTED
from portal.subject_access.searching.seconds import tell_seconds

NOT_ACCEPTABLE = pmsg("error", "This cannot be accepted. Change what is cut, or withhold the item")
LOOK_FIRST = pmsg("error", "Say who opened this file and what is in it, or withhold the item")
ANOTHER = pmsg("error", "You let this stand. Another officer has to say yes or no")


def accept(
    session: Session,
    by: By,
    case: Case,
    item: Material,
    finding: ScanFinding,
    because: Words,
    *,
    looked: Words | None = None,
    desk: Desk,
) -> ScanFinding:
    """Let one finding stand; never words of the ledger or exports of the sealed channel.

    What nobody can look into here stands only when somebody ``looked`` elsewhere, says who did and what it is, and
    another officer has said yes to that.
    """
    turn = hold(session, by, case, item, desk=desk)
    session.refresh(finding)
    if finding.code in NEVER_ACCEPTED:
        raise Refused(NOT_ACCEPTABLE)
    if finding.code in ACCEPTED_SEEN:
        if looked is None:
            raise Refused(LOOK_FIRST)
        because = Words(f"{looked.reveal()}\n{because.reveal()}")
    if finding.accepted_by is None:
        finding.accepted_by, finding.accepted_at = turn.account_id, desk.now
        context = finding_context("accepted_because", finding.id)
        finding.accepted_because = desk.vault.seal(because, context=context)
        finding.needs_second = finding.code in ACCEPTED_SEEN
        session.flush()
        note(turn, "finding_accepted", item)
        if finding.needs_second:
            tell_seconds(session, case, turn.account_id, desk=desk)
    return finding


def confirm(
    session: Session, by: By, case: Case, item: Material, finding: ScanFinding, *, is_yes: bool, desk: Desk
) -> ScanFinding:
    """The second officer says yes, and it stands; or no, and it is as if nobody had. The first may take it back."""
    turn = hold(session, by, case, item, desk=desk)
    session.refresh(finding)
    if not is_waiting(finding):
        raise Conflict(MOVED_ON)
    if not is_yes:
        finding.accepted_by = finding.accepted_at = finding.accepted_because = None
        finding.needs_second = False
        session.flush()
        note(turn, "finding_not_accepted", item)
        return finding
    if turn.account_id is None or turn.account_id == finding.accepted_by:
        raise Refused(ANOTHER)
    finding.second_by, finding.second_at = turn.account_id, desk.now
    session.flush()
    note(turn, "finding_confirmed", item)
    return finding


def is_waiting(finding: ScanFinding) -> bool:
    """Whether one officer let it stand, and another has not said so yet."""
    return finding.accepted_by is not None and finding.needs_second and finding.second_by is None
