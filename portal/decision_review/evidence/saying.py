"""The worker's side: what is wrong in the records, what they say, and how long they take. And the answers to it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.sent import tell
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.decision_review.evidence.longer import wait_until
from portal.decision_review.evidence.models import Correction, EvidenceItem, Representation
from portal.decision_review.evidence.queries import (
    beside_context,
    correction_context,
    find_side,
    last_day,
    side_context,
)
from portal.decision_review.evidence.rules import CorrectionAnswer
from portal.decision_review.evidence.service import OFFICERS
from portal.decision_review.evidence.versions import OVER
from portal.decision_review.rules import LEAST_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER, State
from portal.decision_review.steps import ASKING, UNFINISHED
from portal.decision_review.telling import write_to_officers

NOT_OPEN = pmsg("error", "Your side is not open now")
DAYS = pmsg("error", "Choose between {least} and {most} days", least=LEAST_DAYS_TO_ANSWER, most=MOST_DAYS_TO_ANSWER)
LATER_THAN_DUE = pmsg("error", "Choose a later day than now, and one before the day by which we must answer")
SAY_WHY = pmsg("error", "Say why it stays as it is. The worker reads it")
ANSWERED = pmsg("error", "This was answered already")


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What is wrong and what is right, as typed. ``own_id`` is the form's id."""

    own_id: str
    wrong: Words
    right: Words
    lang: Locale
    paper_id: str | None = None


def correct(session: Session, by: By, case: Case, item: EvidenceItem, new: NewCorrection, *, desk: Desk) -> None:
    """Say what is wrong in one item. It stays as it was frozen; what the worker says stands beside it."""
    turn = take_turn(session, by, case, ASKING, desk=desk)
    known = session.get(Correction, new.own_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return
    if case.state not in UNFINISHED:
        raise Refused(OVER)
    session.add(
        Correction(
            id=new.own_id,
            case_id=case.id,
            item_id=item.id,
            wrong=desk.vault.seal(new.wrong, context=correction_context("wrong", new.own_id)),
            right=desk.vault.seal(new.right, context=correction_context("right", new.own_id)),
            lang=new.lang.value,
            paper_id=new.paper_id,
            made_at=desk.now,
        )
    )
    session.flush()
    turn.tell("record_corrected", msg("The worker says that something in the records is wrong"))
    write_to_officers(session, case, desk=desk)


def answer(
    session: Session,
    by: By,
    case: Case,
    row: Correction,
    said: CorrectionAnswer,
    words: Words | None,
    *,
    desk: Desk,
) -> None:
    """What became of a correction; a «no» has its reasons. The worker and the reviewer read it."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    session.refresh(row, with_for_update=True)
    if row.answer is not None:
        raise Refused(ANSWERED)
    if said is not CorrectionAnswer.ACCEPTED and not words:
        raise Refused(SAY_WHY)
    row.answer, row.answered_at, row.answered_by = said, desk.now, turn.account_id
    if words:
        row.answer_words = desk.vault.seal(words, context=correction_context("answer_words", row.id))
    session.flush()
    turn.tell("correction_answered", msg("What the worker says is wrong in the records was answered"))
    tell(session, case, desk, "case_news")


def choose_days(session: Session, by: By, case: Case, days: int, *, desk: Desk) -> None:
    """The worker takes between three and ten days for their side, counted from the day it opened."""
    turn, side = _side(session, by, case, desk)
    least = least_days(side, today=desk.today)
    if least > MOST_DAYS_TO_ANSWER:
        raise Refused(LATER_THAN_DUE)
    if not least <= days <= MOST_DAYS_TO_ANSWER:
        raise Refused(pmsg("error", "Choose between {least} and {most} days", least=least, most=MOST_DAYS_TO_ANSWER))
    side.days, side.until_on, side.longer_until = days, side.opened_on + timedelta(days=days), None
    session.flush()
    wait_until(turn, side, None)
    turn.tell(
        "days_chosen", msg("The worker chose how long they take for their side: until {date}", date=side.until_on)
    )


def least_days(side: Representation, *, today: date) -> int:
    """The fewest that can still be chosen: nobody ends their side on a day that is over."""
    return max(LEAST_DAYS_TO_ANSWER, (today - side.opened_on).days)


def take_longer(session: Session, by: By, case: Case, until: date, *, desk: Desk) -> None:
    """The worker takes until a later day. Our own target waits as long; it never moves the day of the law."""
    turn, side = _side(session, by, case, desk)
    if not last_day(side) < until < case.due_on:
        raise Refused(LATER_THAN_DUE)
    side.longer_until = until
    session.flush()
    wait_until(turn, side, until)
    turn.tell(
        "days_chosen",
        msg(
            "The worker takes longer for their side: until {date}. Our own target: {target}. By law: {due}",
            date=until,
            target=case.target_on,
            due=case.due_on,
        ),
    )


def say(session: Session, by: By, case: Case, words: Words, lang: Locale, *, desk: Desk) -> None:
    """What the worker says. Until they are done they can change it."""
    turn, side = _side(session, by, case, desk)
    first = side.words is None
    side.words, side.lang = desk.vault.seal(words, context=side_context(case.id)), lang.value
    session.flush()
    if first:
        turn.tell("side_said", msg("The worker wrote their side"))
    else:
        turn.record("side_changed")


def say_beside(session: Session, by: By, case: Case, words: Words, lang: Locale, *, desk: Desk) -> None:
    """What a representative says for the worker: beside the worker's own words, which stay as they are."""
    turn, side = _side(session, by, case, desk)
    first = side.beside is None
    side.beside, side.beside_lang = desk.vault.seal(words, context=beside_context(case.id)), lang.value
    session.flush()
    if first:
        turn.tell("side_said", msg("A representative wrote for the worker’s side"))
    else:
        turn.record("side_changed")


def be_done(session: Session, by: By, case: Case, *, desk: Desk) -> None:
    """The worker has said all: the review goes on at once."""
    turn, side = _side(session, by, case, desk)
    if side.longer_until is not None:
        wait_until(turn, side, max(side.until_on, desk.today))
    close_side(turn, side, desk)


def run_out(session: Session, case: Case, side: Representation, *, desk: Desk) -> bool:
    """The worker's days are over: the officers hear that a reviewer can be chosen."""
    turn = take_turn(session, Relation.PORTAL, case, {Relation.PORTAL}, desk=desk)
    session.refresh(side, with_for_update=True)
    if side.closed_at is not None or last_day(side) >= desk.today:
        return False
    close_side(turn, side, desk)
    return True


def close_side(turn: Turn, side: Representation, desk: Desk) -> None:
    """The worker's side is closed."""
    side.closed_at = desk.now
    turn.session.flush()
    turn.tell("side_closed", msg("The worker’s side is complete"))
    write_to_officers(turn.session, turn.case, desk=desk)


def _side(session: Session, by: By, case: Case, desk: Desk) -> tuple[Turn, Representation]:
    turn = take_turn(session, by, case, ASKING, desk=desk)
    side = find_side(session, case)
    if side is None or side.closed_at is not None or case.state != State.REPRESENTATIONS_OPEN:
        raise Refused(NOT_OPEN)
    session.refresh(side, with_for_update=True)
    if last_day(side) < desk.today:
        raise Refused(NOT_OPEN)
    return turn, side
