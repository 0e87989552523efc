"""The first of two people: proposing an answer, a refusal or more time to another officer of the body."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.rules import By, Relation, Step
from portal.cases.timekeeping import get_time_limit
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core import ids
from portal.core.errors import Conflict, Refused
from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.subject_access.answering.models import Pack, SignOff
from portal.subject_access.answering.queries import (
    find_waiting,
    get_sign_off,
    when_answered_before,
    who_answered_before,
    words_context,
)
from portal.subject_access.answering.rules import GAP, Outcome, PackState
from portal.subject_access.asking.knowing import what_is_unknown
from portal.subject_access.material import service as material
from portal.subject_access.material.queries import is_something_held
from portal.subject_access.rules import ExtensionGround, RefusalGround
from portal.subject_access.searching.queries import count_undone
from portal.subject_access.service import Sent, was_sent
from portal.subject_access.steps import STEPS, WITHDRAWABLE, extend_step
from portal.timelimits.rules import refusal_of_extension

OFFICERS = {Relation.OFFICER}
FILL_GAPS = pmsg(
    "error", "Fill in every place marked {gap}: the register does not say it, and the law wants it told", gap=GAP
)
SEARCH_FIRST = pmsg("error", "Every search must be answered, or left out with a reason, before you answer")
FOUND_AFTER_ALL = pmsg(
    "error", "Something was found. Decide on each item: only what is not about this person leaves nothing held"
)
FOR_OTHERS = pmsg("error", "You answered this request before. Somebody else has to look again")
WAITS_ALREADY = pmsg("error", "More time was proposed already and waits for the second person")
PROPOSES: dict[Outcome, str] = {
    Outcome.RELEASE: "finish",
    Outcome.NOTHING_HELD: "propose_nothing",
    Outcome.REFUSAL: "propose_refusal",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to answer, as typed. ``supplementary`` and ``glossary`` belong to a release."""

    outcome: Outcome
    words: Words
    lang: Locale
    supplementary: Words | None = None
    glossary: Words | None = None
    refusal_ground: RefusalGround | None = None
    extension_ground: ExtensionGround | None = None


def propose(session: Session, by: By, case: Case, proposal: Proposal, sent: Sent, *, desk: Desk) -> SignOff:
    """Hand an answer to a second person. A second POST gives the first proposal; Refused while something is missing.

    More time changes no state; it waits beside whatever else is going on.
    """
    if was_sent(session, case, sent):
        return get_sign_off(session, case, sent.form_id)
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if turn.account_id is None or turn.account_id in who_answered_before(session, case):
        raise Refused(FOR_OTHERS)
    for problem in what_stands_against(session, case, proposal.outcome, desk=desk):
        raise Refused(problem)
    if GAP in proposal.words.reveal() + (proposal.supplementary.reveal() if proposal.supplementary else ""):
        raise Refused(FILL_GAPS)
    sign_off = _row(turn.account_id, case, proposal, sent, desk)
    session.add(sign_off)
    session.flush()
    if proposal.outcome is Outcome.EXTENSION:
        _note_extension(turn, sent)
    else:
        cases.take_step(session, by, case, STEPS[PROPOSES[proposal.outcome]], desk=desk, form_id=sent.form_id)
    if proposal.outcome is Outcome.RELEASE:
        session.add(Pack(id=ids.new_id(), case_id=case.id, sign_off_id=sign_off.id, state=PackState.WAITING))
        session.flush()
    return sign_off


def what_stands_against(session: Session, case: Case, outcome: Outcome, *, desk: Desk) -> tuple[Message, ...]:
    """Everything that has to be done before this can be proposed; empty when it can."""
    if outcome is Outcome.EXTENSION:
        return _against_extension(session, case, desk)
    if outcome is Outcome.RELEASE and case.state in WITHDRAWABLE:
        return (SEARCH_FIRST,)
    if case.state not in STEPS[PROPOSES[outcome]].froms:
        return (MOVED_ON,)
    unknown = what_is_unknown(session, case, today=desk.today)
    if outcome is Outcome.REFUSAL:
        return unknown
    undone = (SEARCH_FIRST,) if count_undone(session, case) else ()
    if outcome is Outcome.NOTHING_HELD:
        found = is_something_held(session, case, since=when_answered_before(session, case))
        return undone + unknown + ((FOUND_AFTER_ALL,) if found else ())
    return undone + unknown + material.problems(session, case)


def _against_extension(session: Session, case: Case, desk: Desk) -> tuple[Message, ...]:
    if case.state not in extend_step(case.state).froms:
        return (MOVED_ON,)
    if find_waiting(session, case, is_extension=True) is not None:
        return (WAITS_ALREADY,)
    late = why_too_late(session, case, desk)
    return (late,) if late is not None else ()


def why_too_late(session: Session, case: Case, desk: Desk) -> Message | None:
    """Why two more months cannot be taken today, or None if they can."""
    return refusal_of_extension(get_time_limit(session, case, desk.calendar, as_at=desk.today), on=desk.today)


def step_of(case: Case, outcome: Outcome) -> Step:
    """The step that the second person's yes takes."""
    if outcome is Outcome.EXTENSION:
        return extend_step(case.state)
    names = {Outcome.RELEASE: "approve", Outcome.NOTHING_HELD: "approve_nothing", Outcome.REFUSAL: "approve_refusal"}
    return STEPS[names[outcome]]


def _note_extension(turn: Turn, sent: Sent) -> None:
    if turn.case.state not in extend_step(turn.case.state).froms:
        raise Conflict(MOVED_ON)
    said = msg("More time was proposed to a second person")
    turn.tell("propose_extension", said, visible=False, event_id=sent.form_id)


def _row(account_id: str, case: Case, proposal: Proposal, sent: Sent, desk: Desk) -> SignOff:
    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=words_context(column, sent.form_id)) if words else None

    return SignOff(
        id=sent.form_id,
        case_id=case.id,
        outcome=proposal.outcome,
        refusal_ground=proposal.refusal_ground,
        extension_ground=proposal.extension_ground,
        lang=proposal.lang.value,
        words=desk.vault.seal(proposal.words, context=words_context("words", sent.form_id)),
        supplementary=sealed("supplementary", proposal.supplementary),
        glossary=sealed("glossary", proposal.glossary),
        proposed_by=account_id,
        proposed_at=desk.now,
    )
