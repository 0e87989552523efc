"""Somebody who was left out comes in again: because the person who asked takes their wish back, or two officers say so.

The person takes back words, not names: whom an officer found behind «my manager» is not told to them.
"""

from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from portal.cases.excluding import renew
from portal.cases.models import Case, Exclusion
from portal.cases.rules import By
from portal.cases.turn import Desk, Turn, take_turn
from portal.core.errors import NotFound
from portal.core.text import msg
from portal.subject_access.asking.leaving import ASKING
from portal.subject_access.asking.models import LeftOut, LeftOutFor, Wish
from portal.subject_access.asking.rules import Ground


def let_in_again(session: Session, by: By, case: Case, wish: Wish, *, desk: Desk) -> None:
    """Whoever was left out for these words alone may see the request again; a second time changes nothing.

    Who was left out for other words too, or by the body for a reason of its own, stays away. Words that nobody had
    answered are taken back with it. The next pass tells the officers, and gives the request to one if nobody has it.
    """
    turn = take_turn(session, by, case, ASKING, desk=desk)
    session.refresh(wish)
    if wish.let_in_at is not None:
        return
    kept_away = list_for(session, wish)
    if not case.is_open or not kept_away:
        raise NotFound
    wish.let_in_at, wish.told_at = desk.now, None
    if wish.outcome is None:
        wish.taken_back_at = wish.taken_back_at or desk.now
    session.execute(delete(LeftOutFor).where(LeftOutFor.wish_id == wish.id))
    turn.record("left_out_lifted")
    for left_out in kept_away:
        if left_out.ground is Ground.ASKED and not is_wished(session, left_out):
            open_to(turn, left_out)


def open_to(turn: Turn, left_out: LeftOut) -> None:
    """Nothing keeps them away any more. They get nothing back that went to somebody else."""
    session, case_id, person_id = turn.session, left_out.case_id, left_out.person_id
    session.delete(left_out)
    session.flush()
    session.execute(delete(Exclusion).where(Exclusion.case_id == case_id, Exclusion.person_id == person_id))
    renew(turn)
    turn.tell("let_in", msg("Somebody who was left out of the request may see it again"))


def list_for(session: Session, wish: Wish) -> Sequence[LeftOut]:
    """Who is left out for these words, if anybody."""
    link = exists().where(
        LeftOutFor.case_id == LeftOut.case_id,
        LeftOutFor.person_id == LeftOut.person_id,
        LeftOutFor.wish_id == wish.id,
    )
    return session.scalars(select(LeftOut).where(LeftOut.case_id == wish.case_id, link)).all()


def is_wished(session: Session, left_out: LeftOut) -> bool:
    """Whether the person who asks still wants them left out."""
    link = exists().where(LeftOutFor.case_id == left_out.case_id, LeftOutFor.person_id == left_out.person_id)
    return bool(session.scalar(select(link)))
