"""Answers of the demonstration that were released: one waits to be collected, one was handed over; and older figures.

A pack is built by the portal's builder, from what stands in the database: so this comes in three moves.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.periods import Quarter, quarter_of
from portal.cli.access_papers import PLAIN
from portal.cli.access_seeds import TEAM, Board, forget_letters, list_letters, seed_access
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Locale, Words
from portal.settings.models import Settings
from portal.subject_access.after.models import AccessFigure
from portal.subject_access.after.rules import Outcome as Ending
from portal.subject_access.answering.deciding import approve
from portal.subject_access.answering.packing import build_waiting
from portal.subject_access.answering.proposing import Proposal, propose
from portal.subject_access.answering.queries import find_waiting, get_pack
from portal.subject_access.answering.releasing import HandOver, hand_over
from portal.subject_access.answering.rules import Outcome
from portal.subject_access.material import redacting
from portal.subject_access.material import service as material
from portal.subject_access.material.queries import copy_context
from portal.subject_access.material.redacting import Made
from portal.subject_access.material.rules import Balancing, Decision, ReporterAnswer
from portal.subject_access.material.service import Decided
from portal.subject_access.rules import Given
from portal.subject_access.service import Sent

COLLECTS = "ffion.gwenllian.jenkins"
"""Somebody with an account whose answer waits."""
ENDINGS = (
    *[(Ending.DATA, 24, True)] * 19,
    *[(Ending.DATA, 27, False)] * 6,
    *[(Ending.NOTHING_HELD, 12, False)] * 7,
    *[(Ending.REFUSED, 20, False)] * 2,
    *[(Ending.WITHDRAWN, 9, False)] * 5,
)
"""How the requests of a quarter ended, after how many days, and whether the search took an hour."""


def seed_access_desk(database: Database, settings: Settings) -> None:
    """The health board's access requests: everything that the desk's pages show."""
    now = settings.clock.now()
    with database.writing() as session:
        letters = list_letters(session)
        board = seed_access(session, settings, now)
        _figures(board)
        waits, handed = board.ask(COLLECTS, 24), board.log(100)
        _propose(board, waits, 20)
        board.recognise(handed, 97)
        _propose(board, handed, 92)
        released = ((waits.id, 3), (handed.id, 80))
    build_waiting(database, settings, now)
    with database.writing() as session:
        board = Board(session, settings, now)
        for case_id, days_ago in released:
            _release(board, session.get_one(Case, case_id), days_ago)
        _hand_over(board, session.get_one(Case, released[1][0]), 75)
        forget_letters(session, letters)


def _propose(board: Board, case: Case, days_ago: float) -> None:
    """Searched, one file that hides nothing, and the letter with what the law wants told."""
    session, lang = board.session, Locale(case.locale)
    officer, desk = board.prepare(case, days_ago), board.desk(days_ago - 3)
    (item,) = board.add_files(case, officer, (PLAIN,), days_ago - 3)
    decided = Decided(ReporterAnswer.NO, Decision.RELEASE, None, Words(""), Balancing())
    material.decide(session, officer, case, item, decided, desk=desk, version=item.version)
    order = redacting.draw_up(session, item, vault=desk.vault, blobs=board.blobs)
    made = Made(order, order.kind, order.media_type, order.data, (), ())
    own = ids.new_id()
    blob_id = board.blobs.put([order.data], context=copy_context(own))
    redacting.keep(session, officer, case, item, made, own, blob_id, desk=desk)
    proposal = Proposal(Outcome.RELEASE, board.words("cover", lang), lang, board.words("about", lang), Words(""))
    propose(session, officer, case, proposal, Sent(ids.new_id()), desk=desk)


def _release(board: Board, case: Case, days_ago: float) -> None:
    """The second person approves the pack that was built."""
    sign_off = find_waiting(board.session, case)
    if sign_off is None:
        raise RuntimeError("nothing waits for a second person")
    pack = get_pack(board.session, sign_off)
    team = [board.actor(name) for name in TEAM]
    second = next(actor for actor in team if actor.account_id != sign_off.proposed_by)
    seen = (pack.sha256 or b"").hex()
    approve(board.session, second, case, sign_off, Sent(ids.new_id()), desk=board.desk(days_ago), pack_hash=seen)


def _hand_over(board: Board, case: Case, days_ago: float) -> None:
    desk = board.desk(days_ago)
    handed = HandOver(Given.IN_PERSON, desk.today, Words(board.told["names"][0]))
    hand_over(board.session, board.actor(TEAM[0]), case, handed, Sent(ids.new_id()), desk=desk)


def _figures(board: Board) -> None:
    """Figures alone are left of the requests of the two quarters before this one."""
    quarter = quarter_of(board.today)
    for round_, late in ((0, 2), (1, 6)):
        quarter = quarter.before
        for number, (ending, days, is_long) in enumerate(ENDINGS[round_ * 3 :]):
            _figure(board.session, board, quarter, number, (ending, days, is_long), is_late=number < late)


def _figure(
    session: Session, board: Board, quarter: Quarter, number: int, how: tuple[Ending, int, bool], *, is_late: bool
) -> None:
    ending, days, is_long = how
    took = days + 16 * is_late + number % 4
    finished_on = quarter.first + timedelta(days=took + number % 40)
    session.add(
        AccessFigure(
            id=ids.new_id(),
            body_id=board.actor(TEAM[0]).body_id,
            received_on=finished_on - timedelta(days=took),
            finished_on=finished_on,
            outcome=ending.value,
            in_time=not is_late,
            extended=False,
            days=took,
            paused_days=0,
            minutes=(60 if is_long else 20) + 5 * (number % 3),
        )
    )
