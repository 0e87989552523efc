"""The verbs of the outcome: tell it, say what has to be put right, put it right, and say whether it happened.

``reviewing`` calls ``tell_outcome`` when a review is decided, so nothing here imports ``reviewing``.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.queries import facts_of
from portal.cases.rules import By, Relation
from portal.cases.sent import tell
from portal.cases.turn import MOVED_ON, Desk, Turn, take_turn
from portal.core import ids
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Locale, Words, msg, pmsg
from portal.decision_review.outcome.composing import FIRST_STAGE, NewRemedy, Telling, compose
from portal.decision_review.outcome.lastday import next_last_day
from portal.decision_review.outcome.models import OutcomeLetter, Paragraph, RemedyTask
from portal.decision_review.outcome.queries import (
    get_own_remedy,
    letter_context,
    list_approved,
    list_remedies,
    remedy_context,
    works_for,
)
from portal.decision_review.outcome.rules import WorkerSays, purposes_of
from portal.decision_review.rules import State
from portal.decision_review.steps import STEPS
from portal.decision_review.telling import write_to, write_to_officers
from portal.directory.helping import help_for
from portal.directory.models import Person
from portal.directory.queries import get_body, get_person
from portal.directory.rules import HelpKind
from portal.identity.actor import Actor

TELLERS = frozenset({Relation.REVIEWER, Relation.OFFICER, Relation.PORTAL})
ASKING = frozenset({Relation.REQUESTER, Relation.REPRESENTATIVE})
NOT_WRITTEN = pmsg("error", "Write the reasons in the worker’s language")
NO_OWNER = pmsg("error", "Choose somebody of the employer who can do it, and who may see this review")
IN_THE_PAST = pmsg("error", "The day must be today or later")
NOT_DONE = pmsg("error", "This has not been done yet. You can say whether it happened when it has been")
CLOSED = pmsg("error", "The review is closed")
SAY_WHAT = pmsg("error", "Write what was done")


def preview(session: Session, case: Case, telling: Telling) -> dict[Locale, Words]:
    """The letter as it would go out, in the worker's language first. Nothing is written."""
    _check(case, telling)
    chosen = _paragraphs(session, case, telling)
    body = get_body(session, case.body_id)
    name = Bilingual(body.name_cy, body.name_en)
    own = Locale(case.locale)
    advice = [one for one in help_for(session, body.id).lines if one.text.kind is HelpKind.ADVICE]
    wanted = [lang for lang in (own, own.other) if telling.reasons.get(lang)]
    return {lang: compose(telling, chosen, name, lang, advice) for lang in wanted}


def tell_outcome(
    session: Session, by: By, case: Case, telling: Telling, *, desk: Desk, set_by: str | None = None
) -> OutcomeLetter:
    """Send the letter of a review that has just been decided, and begin what has to be put right.

    Called in the transaction of the step that decided it. A second call gives the first letter. ``set_by`` is the
    account that set what is put right, where ``by`` is the portal. The letter of the first stage says the last day
    to ask for the second, and that day stands whatever the body sets later.
    """
    own = Locale(case.locale)
    known = session.get(OutcomeLetter, (case.id, telling.stage, own.value))
    if known is not None:
        return known
    turn = take_turn(session, by, case, TELLERS, desk=desk)
    if case.state != State.DECIDED:
        raise Conflict(MOVED_ON)
    if telling.stage == FIRST_STAGE:
        telling = replace(telling, ask_by=next_last_day(session, case, desk=desk))
    for lang, words in preview(session, case, telling).items():
        session.add(
            OutcomeLetter(
                case_id=case.id,
                stage=telling.stage,
                lang=lang.value,
                words=desk.vault.seal(words, context=letter_context(case.id, telling.stage, lang)),
                sent_by=turn.account_id,
                sent_at=desk.now,
                ask_by=telling.ask_by,
            )
        )
    session.flush()
    turn.record("outcome_told")
    _set_remedies(turn, telling.remedies, set_by or turn.account_id)
    tell(session, case, desk, "case_news")
    return session.get_one(OutcomeLetter, (case.id, telling.stage, own.value))


def add_remedies(session: Session, by: By, case: Case, remedies: tuple[NewRemedy, ...], *, desk: Desk) -> None:
    """Something more has to be put right. A second POST adds nothing."""
    turn = take_turn(session, by, case, {Relation.OFFICER, Relation.REVIEWER}, desk=desk)
    if case.state not in {State.DECIDED, State.IMPLEMENTING}:
        raise Conflict(MOVED_ON)
    new = tuple(one for one in remedies if session.get(RemedyTask, one.id) is None)
    if new:
        _set_remedies(turn, new, turn.account_id)
        tell(session, case, desk, "case_news")


def finish_remedy(session: Session, actor: Actor, remedy_id: str, words: Words, *, desk: Desk) -> RemedyTask:
    """Its owner writes down what was done. A second time changes nothing, unless the worker said it did not happen."""
    case, row = get_own_remedy(session, actor, remedy_id)
    hold(session, case)
    session.refresh(row, with_for_update=True)
    if row.done_at is not None:
        return row
    if case.state == State.CLOSED:
        raise Conflict(CLOSED)
    if not words:
        raise Refused(SAY_WHAT)
    row.done_by, row.done_at = actor.account_id, desk.now
    row.done_words = desk.vault.seal(words, context=remedy_context("done_words", row.id))
    row.worker_says, row.said_at, row.checked_on = None, None, None
    session.flush()
    Turn(session, actor, case, Relation.OWNER, desk).tell("remedy_done", msg("Something was put right"))
    tell(session, case, desk, "case_news")
    return row


def say_of_remedy(session: Session, by: By, case: Case, row: RemedyTask, says: WorkerSays, *, desk: Desk) -> RemedyTask:
    """The worker says whether it happened. «It did not» opens it again: its owner and the officers hear of it.

    When everything has happened, the review is closed.
    """
    turn = take_turn(session, by, case, ASKING, desk=desk)
    session.refresh(row, with_for_update=True)
    if row.case_id != case.id:
        raise NotFound
    if row.worker_says is says:
        return row
    if row.done_at is None or row.worker_says is not None:
        raise Refused(NOT_DONE)
    row.worker_says, row.said_at = says, desk.now
    if says is WorkerSays.DID_NOT:
        row.done_at, row.done_by, row.done_words, row.chased_on = None, None, None, None
    session.flush()
    if says is WorkerSays.HAPPENED:
        turn.tell("remedy_confirmed", msg("The worker says that it happened"))
        if case.state in {State.DECIDED, State.IMPLEMENTING} and all_happened(session, case):
            cases.take_step(session, by, case, STEPS["close"], desk=desk)
    else:
        turn.tell("remedy_contested", msg("The worker says that it did not happen"))
        write_to(session, session.get_one(Person, row.owner_id), "review_remedy", desk=desk)
        write_to_officers(session, case, desk=desk)
    return row


def all_happened(session: Session, case: Case) -> bool:
    """Whether the worker said of everything that it happened."""
    rows = list_remedies(session, case)
    return bool(rows) and all(one.worker_says is WorkerSays.HAPPENED for one in rows)


def may_own(session: Session, case: Case, person: Person, *, today: date) -> bool:
    """Whether somebody can be given a remedy: works for the body today, and is not kept away from the review."""
    facts = facts_of(session, case)
    is_kept_away = person.id in facts.excluded | {facts.requester_person_id}
    return not is_kept_away and works_for(session, case.body_id, person, today=today)


def check_remedies(session: Session, case: Case, remedies: Iterable[NewRemedy], *, today: date) -> None:
    """Refused where somebody cannot be given one, or its day is gone by."""
    for one in remedies:
        owner = session.get(Person, one.owner_id)
        if owner is None or not may_own(session, case, owner, today=today):
            raise Refused(NO_OWNER)
        if one.due_on < today:
            raise Refused(IN_THE_PAST)


def _set_remedies(turn: Turn, remedies: tuple[NewRemedy, ...], set_by: str | None) -> None:
    session, case, desk = turn.session, turn.case, turn.desk
    check_remedies(session, case, remedies, today=desk.today)
    for one in remedies:
        session.add(
            RemedyTask(
                id=one.id or ids.new_id(),
                case_id=case.id,
                kind=one.kind,
                words=desk.vault.seal(one.words, context=remedy_context("words", one.id)),
                lang=one.lang.value,
                owner_id=one.owner_id,
                set_by=set_by,
                set_at=desk.now,
                due_on=one.due_on,
            )
        )
        write_to(session, get_person(session, one.owner_id), "review_remedy", desk=desk)
    session.flush()
    if remedies and case.state == State.DECIDED:
        cases.take_step(session, turn.by, case, STEPS["start_remedy"], desk=desk)
    elif remedies:
        turn.tell("remedy_added", msg("Something more will be put right"))


def _check(case: Case, telling: Telling) -> None:
    if not telling.reasons.get(Locale(case.locale)):
        raise Refused(NOT_WRITTEN)


def _paragraphs(session: Session, case: Case, telling: Telling) -> list[Paragraph]:
    """Those that were chosen, as far as they are approved and belong into such a letter."""
    purposes = purposes_of(telling.outcome, has_remedies=bool(telling.remedies))
    chosen = frozenset(telling.paragraphs)
    return [one for one in list_approved(session, case.body_id, purposes) if one.id in chosen]
