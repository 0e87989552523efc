"""The labels that one side gave to a thread: put on and taken off, and never asked for another side."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.casework.homes import side_and_homes
from portal.concerns.casework.labels import list_usable
from portal.concerns.casework.models import SideLabel, ToldLabel
from portal.concerns.casework.told import tellable
from portal.concerns.casework.turns import MOVED_ON, Turn, begin_turn
from portal.core.errors import Refused
from portal.core.text import pmsg
from portal.identity.actor import Actor

NOT_OF_THIS_SIDE = pmsg("error", "Choose labels from the list")
Labels = frozenset[str]


def labels_of(session: Session, actor: Actor, case_ids: Collection[bytes]) -> dict[bytes, list[SideLabel]]:
    """The labels that the actor's side gave to threads that the actor holds, by name."""
    side, homes = side_and_homes(actor)
    rows = session.execute(
        select(ToldLabel.case_id, SideLabel)
        .join(SideLabel, SideLabel.id == ToldLabel.label_id)
        .where(
            ToldLabel.case_id.in_(case_ids),
            ToldLabel.side == side,
            SideLabel.home_id.in_(homes),
            SideLabel.ended_on.is_(None),
            tellable(actor, ToldLabel.case_id),
        )
        .order_by(SideLabel.name_cy, SideLabel.id)
    )
    found: defaultdict[bytes, list[SideLabel]] = defaultdict(list)
    for case_id, label in rows:
        found[case_id].append(label)
    return dict(found)


def put_label(session: Session, actor: Actor, case_id: bytes, label_id: str, *, desk: Desk) -> tuple[Labels, Labels]:
    """Put one more label on a thread; what it carried before and after."""
    return _change(begin_turn(session, actor, case_id, desk=desk), on={label_id})


def take_label(session: Session, actor: Actor, case_id: bytes, label_id: str, *, desk: Desk) -> tuple[Labels, Labels]:
    """Take one label off a thread; what it carried before and after."""
    return _change(begin_turn(session, actor, case_id, desk=desk), off={label_id})


def set_labels(
    session: Session, actor: Actor, case_id: bytes, label_ids: Collection[str], *, desk: Desk, seen: str | None = None
) -> tuple[Labels, Labels]:
    """Let a thread carry these labels of the actor's home and no others of it; what it carried before and after."""
    turn = begin_turn(session, actor, case_id, desk=desk, seen=seen)
    return _change(turn, on=label_ids, off=_usable(turn) - set(label_ids))


def undo_labels(session: Session, actor: Actor, case_id: bytes, before: Labels, after: Labels, *, desk: Desk) -> None:
    """Put the labels back; Refused when anybody changed them since. What was ended meanwhile stays off."""
    turn = begin_turn(session, actor, case_id, desk=desk)
    usable = _usable(turn)
    if _carried(turn) & usable != after & usable:
        raise Refused(MOVED_ON)
    _change(turn, on=before & usable, off=usable - before)


def _change(turn: Turn, *, on: Collection[str] = (), off: Collection[str] = ()) -> tuple[Labels, Labels]:
    """Only labels of the reader's own home are put on or taken off; any other one meets what nonsense meets."""
    turn.open_thread()
    if not {*on, *off} <= _usable(turn):
        raise Refused(NOT_OF_THIS_SIDE)
    had = _carried(turn)
    has = (had | frozenset(on)) - frozenset(off)
    if has == had:
        return had, had
    case_id, side = turn.told.case_id, turn.side_name
    ours = delete(ToldLabel).where(ToldLabel.case_id == case_id, ToldLabel.side == side)
    turn.session.connection().execute(ours.where(ToldLabel.label_id.in_(sorted(had - has))))
    turn.session.add_all(ToldLabel(case_id=case_id, side=side, label_id=one) for one in sorted(has - had))
    turn.line("labelled", both=False, said={"on": sorted(has - had), "off": sorted(had - has)})
    turn.end("labelled")
    return had, has


def _carried(turn: Turn) -> Labels:
    ours = select(ToldLabel.label_id).where(ToldLabel.case_id == turn.told.case_id, ToldLabel.side == turn.side_name)
    return frozenset(turn.session.scalars(ours))


def _usable(turn: Turn) -> Labels:
    """The approved labels of the home that keeps this thread, if it is the reader's."""
    return frozenset(one.id for one in list_usable(turn.session, turn.actor) if one.home_id == turn.side.home_id)
