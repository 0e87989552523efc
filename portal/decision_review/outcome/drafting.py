"""The decision of the second stage: a view of one's own first, then the records whole, the draft, and the signatures.

As a reviewer does, whoever decides writes down what they think on the facts and the worker's side before they see what
the system gave out, the first letter, and what the other chair wrote. A panel decides by two signatures under the same
words; another body by those who work on reviews there.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import Relation
from portal.cases.turn import Desk, Turn
from portal.core.errors import Conflict, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.outcome.chairs import find_gone, hold_panel
from portal.decision_review.outcome.composing import SECOND_STAGE, NewRemedy, Telling
from portal.decision_review.outcome.models import ChairView, StageTwo
from portal.decision_review.outcome.proposed import list_proposed, open_proposed, replace_proposed
from portal.decision_review.outcome.queries import chair_context, find_chair_view, open_second, second_context
from portal.decision_review.outcome.rules import Way
from portal.decision_review.outcome.service import NOT_WRITTEN, check_remedies, tell_outcome
from portal.decision_review.rules import Outcome
from portal.decision_review.steps import STEPS
from portal.identity.actor import Actor

REWRITTEN = pmsg("error", "The decision was written anew while you read it. Read it again before you sign")
WRITE_FIRST = pmsg("error", "There is nothing to sign yet. Write the outcome and its reasons")
VIEW_FIRST = pmsg("error", "Write your own view first. What the system gave out is shown after that")


def write_view(
    session: Session, actor: Actor, case_id: str, leaning: Outcome, words: Words, lang: Locale, *, desk: Desk
) -> ChairView:
    """Write down one's own view; what the system gave out is shown from then on. A second one is the first."""
    case, _row = hold_panel(session, actor, case_id, today=desk.today)
    known = find_chair_view(session, case, actor.person_id)
    if known is not None:
        return known
    view = ChairView(
        case_id=case.id,
        person_id=actor.person_id,
        leaning=leaning,
        words=desk.vault.seal(words, context=chair_context(case.id, actor.person_id)),
        lang=lang.value,
        written_at=desk.now,
    )
    session.add(view)
    session.flush()
    said = msg("Who decides the second stage wrote down a view of their own, before they saw what the system gave out")
    Turn(session, actor, case, Relation.REVIEWER, desk).tell("second_view_written", said)
    return view


def write(
    session: Session,
    actor: Actor,
    case_id: str,
    outcome: Outcome,
    reasons: Mapping[Locale, Words],
    *,
    desk: Desk,
    remedies: Sequence[NewRemedy] = (),
) -> StageTwo:
    """Write the outcome, its reasons and what is put right, and sign them. The other chair's signature falls away: the
    words are new.

    A panel's decision is made by the second signature, as long as both can still decide. Another body reads its letter
    once more and then sends it.
    """
    case, row = _writing(session, actor, case_id, desk)
    if not reasons.get(Locale(case.locale)):
        raise Refused(NOT_WRITTEN)
    check_remedies(session, case, remedies, today=desk.today)
    row.outcome, row.earlier_at = outcome, None
    for lang in Locale:
        words = reasons.get(lang)
        name = f"reasons_{lang.value}"
        setattr(row, name, desk.vault.seal(words, context=second_context(name, case.id)) if words else None)
    replace_proposed(session, case, remedies, desk=desk)
    row.employer_signed_at = row.union_signed_at = None
    return _signed(session, actor, case, row, desk, may_send=row.way is Way.JOINT_PANEL)


def sign(session: Session, actor: Actor, case_id: str, *, seen: str, desk: Desk) -> StageTwo:
    """Sign what the other chair wrote; in another body, send what was written there. ``seen`` is the mark of the words
    that were read: nobody signs others."""
    case, row = _writing(session, actor, case_id, desk)
    if row.outcome is None:
        raise Refused(WRITE_FIRST)
    if seen != mark_of(session, case, row):
        raise Conflict(REWRITTEN)
    return _signed(session, actor, case, row, desk, may_send=True)


def mark_of(session: Session, case: Case, row: StageTwo) -> str:
    """Another one whenever the decision is written anew: words are never sealed twice alike."""
    wanted = [octets for one in list_proposed(session, case) for octets in (one.id.encode(), one.words)]
    sealed = [one for one in (row.reasons_cy, row.reasons_en) if one]
    return sha256(b"".join((*sealed, *wanted))).hexdigest()


def telling_of(session: Session, case: Case, row: StageTwo, desk: Desk) -> Telling | None:
    """The letter that would go out, or None while nothing is written."""
    if row.outcome is None:
        return None
    found = {lang: open_second(row, f"reasons_{lang.value}", desk.vault) for lang in Locale}
    remedies = tuple(open_proposed(one, desk.vault) for one in list_proposed(session, case))
    reasons = {lang: words for lang, words in found.items() if words}
    return Telling(row.outcome, reasons, remedies, stage=SECOND_STAGE)


def _writing(session: Session, actor: Actor, case_id: str, desk: Desk) -> tuple[Case, StageTwo]:
    case, row = hold_panel(session, actor, case_id, today=desk.today)
    if find_chair_view(session, case, actor.person_id) is None:
        raise Refused(VIEW_FIRST)
    return case, row


def _signed(session: Session, actor: Actor, case: Case, row: StageTwo, desk: Desk, *, may_send: bool) -> StageTwo:
    if actor.person_id == row.employer_chair_id:
        row.employer_signed_at = desk.now
    if actor.person_id == row.union_chair_id:
        row.union_signed_at = desk.now
    session.flush()
    Turn(session, actor, case, Relation.REVIEWER, desk).record("second_stage_signed")
    is_signed = row.way is Way.OTHER_BODY or (row.employer_signed_at and row.union_signed_at)
    is_whole = is_signed and not find_gone(session, case, row, today=desk.today)
    telling = telling_of(session, case, row, desk)
    if may_send and is_whole and telling is not None:
        row.decided_at = desk.now
        cases.take_step(session, Relation.PORTAL, case, STEPS["decide_again"], desk=desk)
        tell_outcome(session, Relation.PORTAL, case, telling, desk=desk, set_by=actor.account_id)
    return row
