"""The next version of the records: asked of an owner, or put together by an officer who got records another way."""

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.sent import Sent, was_sent
from portal.cases.turn import Desk, take_turn
from portal.core import ids
from portal.core.errors import Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.evidence.models import EvidenceItem, EvidencePack
from portal.decision_review.evidence.queries import find_unfrozen, find_version_on, item_context, list_packs
from portal.decision_review.evidence.rules import KINDS, ItemKind
from portal.decision_review.queries import get_request
from portal.decision_review.rules import PACK_WORKING_DAYS
from portal.decision_review.steps import STEPS, UNFINISHED
from portal.directory.models import Person

OPEN_ALREADY = pmsg("error", "One version is being put together already. Add to that one, or wait until it is frozen")
OVER = pmsg("error", "The review is over")
BEGUN = msg("An officer adds records of the decision")


def begin_own(session: Session, by: By, case: Case, sent: Sent, *, desk: Desk) -> EvidencePack | None:
    """An officer adds records that reached them another way: as the first version, or as a later one beside what is
    frozen. Nobody is asked for it. A second POST gives the first."""
    if was_sent(session, case, sent):
        return find_unfrozen(session, case)
    turn = take_turn(session, by, case, {Relation.OFFICER}, desk=desk)
    if find_unfrozen(session, case) is not None:
        raise Refused(OPEN_ALREADY)
    if case.state not in UNFINISHED:
        raise Refused(OVER)
    pack = new_pack(session, case, None, desk)
    step = STEPS["request_pack"]
    if case.state in step.froms:
        cases.take_step(session, by, case, step, said=BEGUN, desk=desk, form_id=sent.form_id)
    else:
        turn.tell("records_begun", BEGUN, event_id=sent.form_id)
    return pack


def new_pack(session: Session, case: Case, owner: Person | None, desk: Desk) -> EvidencePack:
    """Ask an owner for the next version; without one, an officer puts it together."""
    number = len(list_packs(session, case)) + 1
    pack = EvidencePack(
        id=ids.new_id(),
        case_id=case.id,
        number=number,
        owner_id=owner.id if owner is not None else None,
        asked_at=desk.now,
        due_on=desk.calendar.later(desk.today, PACK_WORKING_DAYS),
    )
    session.add(pack)
    session.flush()
    if number == 1 and case.system_id is not None:
        _add_version(session, case, pack, desk)
    return pack


def _add_version(session: Session, case: Case, pack: EvidencePack, desk: Desk) -> None:
    """What the register said on the day of the decision: found by the portal, so that nobody has to look for it."""
    version = find_version_on(session, case.system_id or "", get_request(session, case).decided_on)
    if version is None:
        return
    own_id, lang = ids.new_id(), Locale(case.locale)
    label = KINDS[ItemKind.REGISTER_VERSION].msgid
    session.add(
        EvidenceItem(
            id=own_id,
            pack_id=pack.id,
            kind=ItemKind.REGISTER_VERSION,
            position=0,
            label=desk.vault.seal(Words(label), context=item_context("label", own_id)),
            lang=lang.value,
            register_version_id=version,
            as_of=get_request(session, case).decided_on,
            added_at=desk.now,
        )
    )
    session.flush()
