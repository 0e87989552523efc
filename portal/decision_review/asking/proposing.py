"""What needs two people: more time, a refusal, and the explanation that ends a review of class D."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case
from portal.cases.rules import By, Relation, Step
from portal.cases.sent import Sent, tell, was_sent
from portal.cases.timekeeping import get_time_limit
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Locale, Message, Words, msg, pmsg
from portal.decision_review import letters
from portal.decision_review.asking.models import ReviewProposal
from portal.decision_review.asking.queries import find_waiting, get_proposal, proposal_context
from portal.decision_review.asking.rules import Proposed
from portal.decision_review.models import ReviewDecision
from portal.decision_review.queries import find_class, get_request
from portal.decision_review.rules import EXTENSIONS, ExtensionGround, Outcome, RefusalGround, ReviewClass
from portal.decision_review.steps import STEPS, extend_step
from portal.decision_review.telling import write_to_officers
from portal.directory.queries import get_body
from portal.identity.models import Account
from portal.timelimits.rules import refusal_of_extension

OFFICERS = frozenset({Relation.OFFICER})
ANOTHER = pmsg("error", "You proposed this. Another officer has to approve it or send it back")
WAITS_ALREADY = pmsg("error", "This was proposed already and waits for the second person")
NOT_CLASS_D = pmsg("error", "Only where no decision of a system was found does an explanation end the review")
SETTLE_FIRST = pmsg("error", "The worker contests the kind of review. Another officer has to settle that first")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to send, as typed, with its ground."""

    kind: Proposed
    words: Words
    lang: Locale
    refusal_ground: RefusalGround | None = None
    extension_ground: ExtensionGround | None = None


def propose(session: Session, by: By, case: Case, proposal: Proposal, sent: Sent, *, desk: Desk) -> ReviewProposal:
    """Hand it to a second person. It changes nothing until they approve. A second POST gives the first."""
    if was_sent(session, case, sent):
        return get_proposal(session, case, sent.form_id)
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    against = what_stands_against(session, case, proposal.kind, desk=desk)
    if against is not None:
        raise Refused(against)
    row = ReviewProposal(
        id=sent.form_id,
        case_id=case.id,
        kind=proposal.kind,
        refusal_ground=proposal.refusal_ground,
        extension_ground=proposal.extension_ground,
        words=desk.vault.seal(proposal.words, context=proposal_context("words", sent.form_id)),
        lang=proposal.lang.value,
        proposed_by=turn.account_id or "",
        proposed_at=desk.now,
    )
    session.add(row)
    session.flush()
    turn.tell(f"propose_{proposal.kind}", _PROPOSED[proposal.kind], visible=False, event_id=sent.form_id)
    write_to_officers(session, case, desk=desk)
    return row


def what_stands_against(session: Session, case: Case, kind: Proposed, *, desk: Desk) -> Message | None:
    """Why it cannot be proposed now, or None."""
    if find_waiting(session, case, kind) is not None:
        return WAITS_ALREADY
    return _against_sending(session, case, kind, desk)


def approve(session: Session, by: By, case: Case, row: ReviewProposal, sent: Sent, *, desk: Desk) -> ReviewProposal:
    """Say yes as another officer: the letter goes out, and with it the step. Refused if it has become impossible."""
    if was_sent(session, case, sent):
        return row
    turn = _second(session, by, case, row, desk)
    against = _against_sending(session, case, row.kind, desk)
    if against is not None:
        raise Refused(against)
    row.decided_by, row.decided_at, row.is_approved = turn.account_id, desk.now, True
    session.flush()
    words = desk.vault.open_words(row.words, context=proposal_context("words", row.id))
    _send(session, by, case, row, words, sent, desk)
    if row.kind is Proposed.EXPLANATION:
        _keep(session, case, row, words, desk)
    tell(session, case, desk, "case_news")
    return row


def send_back(
    session: Session, by: By, case: Case, row: ReviewProposal, comment: Words, sent: Sent, *, desk: Desk
) -> ReviewProposal:
    """Say no, with what has to be different."""
    if was_sent(session, case, sent):
        return row
    turn = _second(session, by, case, row, desk)
    row.decided_by, row.decided_at, row.is_approved = turn.account_id, desk.now, False
    row.comment = desk.vault.seal(comment, context=proposal_context("comment", row.id))
    session.flush()
    turn.tell("send_back", msg("The second person sent it back"), visible=False, event_id=sent.form_id)
    write_to_officers(session, case, desk=desk)
    return row


def step_of(case: Case, kind: Proposed) -> Step:
    """The step that the second person's yes takes."""
    if kind is Proposed.EXTENSION:
        return extend_step(case.state)
    return STEPS["refuse" if kind is Proposed.REFUSAL else "explain"]


_PROPOSED: dict[Proposed, Message] = {
    Proposed.EXTENSION: msg("More time was proposed to a second person"),
    Proposed.REFUSAL: msg("A refusal was proposed to a second person"),
    Proposed.EXPLANATION: msg("An explanation was proposed to a second person"),
}


def _against_sending(session: Session, case: Case, kind: Proposed, desk: Desk) -> Message | None:
    if case.state not in step_of(case, kind).froms:
        return MOVED_ON
    if kind is Proposed.EXTENSION:
        return refusal_of_extension(get_time_limit(session, case, desk.calendar, as_at=desk.today), on=desk.today)
    if kind is Proposed.EXPLANATION:
        standing = find_class(session, case)
        if standing is None or standing.review_class is not ReviewClass.NOT_FOUND:
            return NOT_CLASS_D
        if standing.contested_at is not None and standing.settled_at is None:
            return SETTLE_FIRST
    return None


def _second(session: Session, by: By, case: Case, row: ReviewProposal, desk: Desk) -> Turn:
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    session.refresh(row, with_for_update=True)
    if row.case_id != case.id:
        raise NotFound
    if row.decided_at is not None:
        raise Conflict(MOVED_ON)
    if turn.account_id is None or turn.account_id == row.proposed_by:
        raise Refused(ANOTHER)
    return turn


def _keep(session: Session, case: Case, row: ReviewProposal, words: Words, desk: Desk) -> None:
    """The outcome stands where every outcome stands: what was explained, and by which two officers."""
    first, second = (session.get_one(Account, own_id).person_id for own_id in (row.proposed_by, row.decided_by))
    column = f"reasons_{row.lang}"
    session.add(
        ReviewDecision(
            case_id=case.id,
            outcome=Outcome.EXPLAINED,
            decided_by=first,
            second_by=second,
            decided_at=desk.now,
            proposal_id=row.id,
            **{column: desk.vault.seal(words, context=f"review_decisions.{column}:{case.id}")},
        )
    )
    session.flush()


def _send(session: Session, by: By, case: Case, row: ReviewProposal, words: Words, sent: Sent, desk: Desk) -> None:
    lang, step = Locale(row.lang), step_of(case, row.kind)
    if row.extension_ground is not None:
        letter = letters.extension(row.extension_ground, words, lang)
        because = EXTENSIONS[row.extension_ground]
        correspondence.extend(
            session, by, case, Writing(sent.form_id, letter, lang), because=because, desk=desk, step=step
        )
        return
    if row.refusal_ground is not None:
        body = get_body(session, case.body_id)
        letter = letters.refusal(row.refusal_ground, words, Bilingual(body.name_cy, body.name_en), lang)
        get_request(session, case).refusal_ground = row.refusal_ground
    else:
        letter = letters.explanation(words, lang)
    correspondence.write_letter(session, by, case, Writing(sent.form_id, letter, lang), desk=desk, step=step)
