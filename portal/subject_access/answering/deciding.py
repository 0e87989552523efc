"""The second of two people: approving what was proposed, or sending it back with a comment."""

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import correspondence
from portal.cases import service as cases
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import By, Relation
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, msg, pmsg
from portal.directory.queries import get_body
from portal.identity.models import Account
from portal.subject_access import letters
from portal.subject_access.answering.contents import gather
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.proposing import SEARCH_FIRST, step_of
from portal.subject_access.answering.queries import (
    find_pack,
    find_waiting,
    get_pack,
    open_words,
    who_answered_before,
    words_context,
)
from portal.subject_access.answering.rules import Outcome, PackState
from portal.subject_access.asking.knowing import what_is_unknown
from portal.subject_access.material import service as material
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import get_request
from portal.subject_access.rules import EXTENSIONS, ExtensionGround, Given, RefusalGround
from portal.subject_access.searching.queries import count_undone
from portal.subject_access.service import Sent, tell, was_sent
from portal.subject_access.steps import STEPS
from portal.subject_access.terms import terms_of

OFFICERS = {Relation.OFFICER}
ANOTHER = pmsg("error", "You proposed this answer. Another officer has to approve it or send it back")
FOR_OTHERS = pmsg("error", "You answered this request before. Somebody else has to decide this time")
PROPOSER_LEFT_OUT = pmsg(
    "error", "Whoever proposed this was left out of the request since. Send it back, so that it is proposed anew"
)
NOT_BUILT = pmsg("error", "The pack is not ready yet. Wait until it is, and look into it before you approve")
NOT_THIS_PACK = pmsg("error", "The pack is not the one that you saw. Look at it again before you approve")
HAS_CHANGED = pmsg(
    "error", "The material has changed since the pack was made. Send the answer back, so that it is proposed anew"
)
PACK_TYPE = "application/zip"


def approve(
    session: Session, by: By, case: Case, sign_off: SignOff, sent: Sent, *, desk: Desk, pack_hash: str = ""
) -> SignOff:
    """Say yes as another officer: the answer is final, the requester is told, the clock stops today.

    Of a release, ``pack_hash`` is the SHA-256 of the pack that the approver's page showed: that one is released, and no
    other. More time is taken here, and refused here if notice would come too late.
    """
    if was_sent(session, case, sent):
        return sign_off
    turn = _turn_of_second(session, by, case, sign_off, desk)
    if _is_left_out(session, case, sign_off.proposed_by):
        raise Refused(PROPOSER_LEFT_OUT)
    pack = _checked_pack(session, case, sign_off, pack_hash, desk) if sign_off.outcome is Outcome.RELEASE else None
    if sign_off.outcome in (Outcome.RELEASE, Outcome.NOTHING_HELD):
        _check_searched(session, case)
    if sign_off.outcome is not Outcome.EXTENSION:
        _check_known(session, case, desk)
    _decide(turn, sign_off, is_approved=True)
    _write(session, by, case, sign_off, sent, desk)
    if pack is not None:
        _release(session, case, pack, desk)
        tell(session, case, desk, "answer_ready")
    else:
        tell(session, case, desk, "case_news")
    return sign_off


def send_back(
    session: Session, by: By, case: Case, sign_off: SignOff, comment: Words, sent: Sent, *, desk: Desk
) -> SignOff:
    """Say no, with what has to be different. The pack is thrown away."""
    if was_sent(session, case, sent):
        return sign_off
    turn = _turn_of_second(session, by, case, sign_off, desk)
    _decide(turn, sign_off, is_approved=False)
    sign_off.comment = desk.vault.seal(comment, context=words_context("comment", sign_off.id))
    if sign_off.outcome is Outcome.EXTENSION:
        said = msg("The second person did not approve more time")
        turn.tell("send_back_extension", said, visible=False, event_id=sent.form_id)
        return sign_off
    cases.take_step(session, by, case, STEPS["send_back"], desk=desk, form_id=sent.form_id)
    pack = find_pack(session, sign_off)
    if pack is not None:
        pack.state, pack.holder, pack.held_until = PackState.REMOVED, None, None
    return sign_off


def _turn_of_second(session: Session, by: By, case: Case, sign_off: SignOff, desk: Desk) -> Turn:
    """Hold the case and the proposal; another officer than who proposed, and nobody who answered it before."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    session.refresh(sign_off)
    waiting = find_waiting(session, case, is_extension=sign_off.outcome is Outcome.EXTENSION)
    if waiting is None or waiting.id != sign_off.id:
        raise Conflict(MOVED_ON)
    if turn.account_id is None or turn.account_id == sign_off.proposed_by:
        raise Refused(ANOTHER)
    if turn.account_id in who_answered_before(session, case):
        raise Refused(FOR_OTHERS)
    return turn


def _is_left_out(session: Session, case: Case, account_id: str) -> bool:
    """Whether who holds an account was left out of the case since."""
    account = session.get(Account, account_id)
    return account is not None and account.person_id in facts_of(session, case).excluded


def _checked_pack(session: Session, case: Case, sign_off: SignOff, pack_hash: str, desk: Desk) -> Pack:
    pack = get_pack(session, sign_off)
    if pack.state is not PackState.READY or pack.sha256 is None:
        raise Refused(NOT_BUILT)
    if pack_hash != pack.sha256.hex():
        raise Refused(NOT_THIS_PACK)
    for problem in material.problems(session, case):
        raise Refused(problem)
    if gather(session, case, sign_off, desk.vault).fingerprint != pack.fingerprint:
        raise Refused(HAS_CHANGED)
    return pack


def _check_searched(session: Session, case: Case) -> None:
    """A search may have been added while the answer waited."""
    if count_undone(session, case):
        raise Refused(SEARCH_FIRST)


def _check_known(session: Session, case: Case, desk: Desk) -> None:
    """An authority may have ended while the answer waited."""
    for problem in what_is_unknown(session, case, today=desk.today):
        raise Refused(problem)


def _decide(turn: Turn, sign_off: SignOff, *, is_approved: bool) -> None:
    sign_off.decided_by, sign_off.decided_at, sign_off.is_approved = turn.account_id, turn.desk.now, is_approved
    turn.session.flush()
    record(
        turn.session,
        actor=turn.actor,
        event="access.sign_off_decided",
        subject=turn.case.id,
        now=turn.desk.now,
        body_id=turn.case.body_id,
        facts={
            "sign_off": sign_off.id,
            "outcome": sign_off.outcome.value,
            "approved": "yes" if is_approved else "no",
            "proposed_by": sign_off.proposed_by,
        },
    )


def letter_of(session: Session, case: Case, sign_off: SignOff, desk: Desk) -> Words:
    """The letter as the requester will read it, with all that the law wants in it."""
    words, lang = open_words(sign_off, "words", desk.vault), Locale(sign_off.lang)
    if sign_off.outcome is Outcome.RELEASE:
        about = open_words(sign_off, "supplementary", desk.vault)
        return letters.disclosure(words, about, desk.today + terms_of(session, case.body_id).files_kept, lang)
    if sign_off.outcome is Outcome.NOTHING_HELD:
        return letters.nothing_held(words, lang)
    if sign_off.outcome is Outcome.EXTENSION:
        return letters.extension(_extension_ground(sign_off), words, lang)
    body = get_body(session, case.body_id)
    return letters.refusal(_refusal_ground(sign_off), words, Bilingual(body.name_cy, body.name_en), lang)


def _extension_ground(sign_off: SignOff) -> ExtensionGround:
    if sign_off.extension_ground is None:
        raise NotFound
    return sign_off.extension_ground


def _refusal_ground(sign_off: SignOff) -> RefusalGround:
    if sign_off.refusal_ground is None:
        raise NotFound
    return sign_off.refusal_ground


def _write(session: Session, by: By, case: Case, sign_off: SignOff, sent: Sent, desk: Desk) -> None:
    writing = Writing(sent.form_id, letter_of(session, case, sign_off, desk), Locale(sign_off.lang))
    step = step_of(case, sign_off.outcome)
    if sign_off.outcome is Outcome.EXTENSION:
        because = EXTENSIONS[_extension_ground(sign_off)]
        correspondence.extend(session, by, case, writing, because=because, desk=desk, step=step)
        return
    correspondence.write_letter(session, by, case, writing, desk=desk, step=step)
    if sign_off.outcome is Outcome.REFUSAL:
        get_request(session, case).refusal_ground = _refusal_ground(sign_off)


def _release(session: Session, case: Case, pack: Pack, desk: Desk) -> Disclosure:
    """The pack becomes the answer under its own id: what its file is bound to does not change."""
    name = Words(f"{case.reference}.zip")
    disclosure = Disclosure(
        id=pack.id,
        case_id=case.id,
        given=Given.PORTAL,
        blob_id=pack.blob_id,
        file_name=desk.vault.seal(name, context=f"disclosures.file_name:{pack.id}"),
        media_type=PACK_TYPE,
        size=pack.size,
        released_at=desk.now,
        remove_on=desk.today + terms_of(session, case.body_id).files_kept,
    )
    session.add(disclosure)
    session.flush()
    return disclosure
