"""Collecting the answer: a sealed file for ninety days, by a fresh sign-in, by a code, or handed over on paper.

Every time that somebody takes it or looks into it is written down, for the worker to see.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import service as cases
from portal.cases.locking import hold
from portal.cases.models import Case
from portal.cases.rules import By, Relation
from portal.cases.turn import Desk, Turn, take_turn
from portal.core import ids
from portal.core.blobs import BlobStore
from portal.core.errors import NotFound, Refused
from portal.core.text import Words, msg, pmsg
from portal.subject_access.answering.models import Download, Pack
from portal.subject_access.answering.rules import PackState, Way
from portal.subject_access.asking.knowing import what_is_unknown
from portal.subject_access.asking.queries import has_receiver
from portal.subject_access.material.queries import outgoing
from portal.subject_access.models import Disclosure
from portal.subject_access.queries import find_disclosure, get_disclosure
from portal.subject_access.rules import CODE_LENGTH, MOST_WRONG_CODES, Given, State
from portal.subject_access.service import Sent, tell, was_sent
from portal.subject_access.steps import STEPS
from portal.subject_access.terms import terms_of

ASKING = {Relation.REQUESTER, Relation.REPRESENTATIVE}
OFFICERS = {Relation.OFFICER}
NOT_MADE_AGAIN = pmsg(
    "error", "The files of this answer were deleted after their time. A new request is free and finds what is held now"
)
HANDED = (Given.POST, Given.IN_PERSON, Given.OTHER)


@dataclass(frozen=True, slots=True)
class HandOver:
    """An answer that was handed over: how, when and to whom."""

    how: Given
    on: date
    to: Words


def make_code(session: Session, by: By, case: Case, *, desk: Desk) -> str:
    """A collection code for somebody without an account, shown to the officer once and kept as a hash.

    An earlier code stops working. The officer reads it out or posts it: it never goes the way the case code went.
    """
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None or not has_words(session, case, today=desk.today):
        raise NotFound
    _check_known(session, case, desk)
    code = ids.new_code(CODE_LENGTH)
    disclosure.code_hash, disclosure.wrong_codes = ids.token_hash(code), 0
    turn.tell("code_made", msg("A collection code was made"))
    return code


def has_words(session: Session, case: Case, *, today: date) -> bool:
    """Whether ten words may collect the answer: those of somebody without an account, or of who speaks for them."""
    return case.locator_hash is not None or has_receiver(session, case, today=today)


def is_right_code(session: Session, case: Case, typed: str) -> bool:
    """Whether this is the collection code; wrong tries are counted one by one, and after ten the code is void."""
    hold(session, case)
    disclosure = find_disclosure(session, case)
    if disclosure is None or disclosure.code_hash is None:
        return False
    if disclosure.wrong_codes >= MOST_WRONG_CODES:
        return False
    letters_only = "".join(sign for sign in typed.upper() if sign.isalnum())
    if ids.same(ids.token_hash(letters_only), disclosure.code_hash):
        return True
    disclosure.wrong_codes += 1
    return False


def collect(session: Session, by: By, case: Case, way: Way, *, desk: Desk) -> Disclosure:
    """Take the file: every time is noted, the first is a step of the case. NotFound once it was removed."""
    turn = take_turn(session, by, case, ASKING, desk=desk)
    disclosure = get_disclosure(session, case)
    if disclosure.blob_id is None or not _may_collect(turn):
        raise NotFound
    if case.state == State.READY_TO_COLLECT:
        turn.move(STEPS["collect"], said=msg("The data was downloaded"))
    disclosure.collected_at = disclosure.collected_at or desk.now
    _note(turn, disclosure.id, way)
    return disclosure


def _may_collect(turn: Turn) -> bool:
    """Asked again at every download. A sign-in says who somebody is; ten words and a code do not."""
    if turn.actor is not None:
        return True
    today = turn.desk.today
    if turn.role is Relation.REPRESENTATIVE and not has_receiver(turn.session, turn.case, today=today):
        return False
    return not what_is_unknown(turn.session, turn.case, today=today)


def _check_known(session: Session, case: Case, desk: Desk) -> None:
    for problem in what_is_unknown(session, case, today=desk.today):
        raise Refused(problem)


def look_into(session: Session, by: By, case: Case, disclosure: Disclosure, *, desk: Desk) -> Disclosure:
    """An officer opens the released answer, to check it or to print it. The worker sees that too."""
    turn = take_turn(session, by, case, OFFICERS, desk=desk)
    if disclosure.blob_id is None:
        raise NotFound
    _note(turn, disclosure.id, Way.OFFICER)
    return disclosure


def hand_over(session: Session, by: By, case: Case, handed: HandOver, sent: Sent, *, desk: Desk) -> Case:
    """Write down that the answer was handed over on paper or another way, as its slip says."""
    if was_sent(session, case, sent):
        return case
    disclosure = get_disclosure(session, case)
    _check_known(session, case, desk)
    cases.take_step(session, by, case, STEPS["collect"], desk=desk, form_id=sent.form_id)
    disclosure.handed, disclosure.handed_on = handed.how.value, handed.on
    disclosure.handed_to = desk.vault.seal(handed.to, context=handed_context(disclosure.id))
    disclosure.collected_at = desk.now
    tell(session, case, desk, "case_news")
    return case


def issue_again(session: Session, by: By, case: Case, *, desk: Desk) -> Disclosure:
    """As many days more as at first, free, in one press. A file that was removed is made again from the same contents.

    Refused once the material itself was deleted: then there is nothing to make it of.
    """
    turn = take_turn(session, by, case, ASKING | OFFICERS, desk=desk)
    disclosure = get_disclosure(session, case)
    disclosure.reminded = 0
    if disclosure.blob_id is not None:
        longer = desk.today + terms_of(session, case.body_id).files_kept
        disclosure.remove_on = max(disclosure.remove_on, longer)  # never sooner than was told
        said = msg("The answer can be collected longer, until this day: {date}", date=disclosure.remove_on)
        turn.tell("issue_again", said)
        return disclosure
    pack = session.get(Pack, disclosure.id)
    if pack is None or not can_be_made_again(session, case, disclosure):
        raise Refused(NOT_MADE_AGAIN)
    if pack.state is not PackState.BUILDING:
        pack.state, pack.is_again, pack.blob_id, pack.sha256 = PackState.WAITING, True, None, None
    turn.tell("issue_again", msg("The answer is being made again"))
    return disclosure


def can_be_made_again(session: Session, case: Case, disclosure: Disclosure) -> bool:
    """Whether what an answer was made of is still there."""
    return session.get(Pack, disclosure.id) is not None and bool(outgoing(session, case).copies)


def remove_file(blobs: BlobStore, disclosure: Disclosure, *, desk: Desk) -> None:
    """The file goes first, so that a failure only tries again."""
    if disclosure.blob_id is not None:
        blobs.delete(disclosure.blob_id)
    disclosure.blob_id, disclosure.removed_at, disclosure.code_hash = None, desk.now, None


def lapse(session: Session, case: Case, *, desk: Desk) -> None:
    """Nobody collected it in time: the request counts as answered, and a new copy is free."""
    if case.state == State.READY_TO_COLLECT:
        cases.take_step(session, Relation.PORTAL, case, STEPS["lapse"], desk=desk)
        tell(session, case, desk, "answer_lapsed")


def handed_context(disclosure_id: str) -> str:
    """What the name of who took an answer is bound to."""
    return f"disclosures.handed_to:{disclosure_id}"


def _note(turn: Turn, disclosure_id: str, way: Way) -> None:
    turn.session.add(
        Download(
            id=ids.new_id(),
            case_id=turn.case.id,
            disclosure_id=disclosure_id,
            at=turn.desk.now,
            way=way.value,
            actor_account_id=turn.account_id,
        )
    )
    record(
        turn.session,
        actor=turn.actor,
        event="access.downloaded",
        subject=turn.case.id,
        now=turn.desk.now,
        body_id=turn.case.body_id,
        facts={"disclosure": disclosure_id, "way": way.value},
    )
