"""The union's desk: the systems of the bodies that recognise one's branch, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from portal.core.paging import PAGE, Cut, read_cursor, write_cursor
from portal.core.text import Bilingual, Message, msg
from portal.directory.models import Body, BranchRecognition, UnionBranch
from portal.directory.rules import RoleName
from portal.identity.actor import Actor
from portal.register.models import System, SystemVersion
from portal.register.positions import UnionStatement
from portal.register.rules import Position, SystemState
from portal.register.talks import TalkInvitation, UnionOffer, UnionTalk
from portal.register.voices.models import UnionCondition
from portal.register.voices.rules import ConditionState


@dataclass(frozen=True, slots=True)
class UnionLine:
    """One system and one branch: where the branch stands, what waits for it, and by when."""

    short_code: str
    slug: str
    name: Bilingual
    body: Bilingual
    branch: Bilingual
    state: SystemState
    position: Position | None
    signed_on: date | None
    waits: Sequence[Message]
    due_on: date | None


def list_union_lines(session: Session, actor: Actor, *, cursor: str | None = None) -> Cut[UnionLine]:
    """A page of the systems that a representative's branches may speak about, in the order of their lasting names."""
    held = sorted(actor.branches_where(RoleName.UNION_REPRESENTATIVE))
    asked = (
        select(System, Body, UnionBranch, SystemVersion.name_cy, SystemVersion.name_en)
        .join(Body, Body.id == System.body_id)
        .join(BranchRecognition, BranchRecognition.body_id == System.body_id)
        .join(UnionBranch, UnionBranch.id == BranchRecognition.branch_id)
        .outerjoin(
            SystemVersion,
            and_(SystemVersion.system_id == System.id, SystemVersion.number == System.current_number),
        )
        .where(UnionBranch.id.in_(held))
        .order_by(System.slug, System.id, UnionBranch.id)
        .limit(PAGE + 1)
    )
    place = read_cursor(cursor, 3)
    if place is not None:
        asked = asked.where(tuple_(System.slug, System.id, UnionBranch.id) > tuple_(*(str(one) for one in place)))
    rows = session.execute(asked).all()
    shown = rows[:PAGE]
    matters = _Matters(session, [row[0].id for row in shown])
    lines = [
        _line(system, body, branch, Bilingual(cy or system.short_code, en or system.short_code), matters)
        for system, body, branch, cy, en in shown
    ]
    last = shown[-1] if len(rows) > PAGE else None
    return Cut(lines, write_cursor(last[0].slug, last[0].id, last[2].id) if last else None)


class _Matters:
    """What is open about several systems, by system and branch: read at once for a page."""

    def __init__(self, session: Session, system_ids: list[str]) -> None:
        asked = select(UnionStatement).where(UnionStatement.system_id.in_(system_ids)).order_by(UnionStatement.number)
        self.signed = {(one.system_id, one.branch_id): one for one in session.scalars(asked)}
        talks = (
            select(UnionTalk, TalkInvitation.branch_id)
            .join(TalkInvitation, TalkInvitation.talk_id == UnionTalk.id)
            .where(UnionTalk.system_id.in_(system_ids), UnionTalk.closed_on.is_(None))
        )
        self.talks = {(talk.system_id, branch_id): talk for talk, branch_id in session.execute(talks)}
        done = select(UnionCondition.system_id, UnionCondition.branch_id).where(
            UnionCondition.system_id.in_(system_ids), UnionCondition.state == ConditionState.SAID_DONE
        )
        self.done = {(system_id, branch_id) for system_id, branch_id in session.execute(done)}
        open_offers = select(UnionOffer.system_id, UnionOffer.branch_id).where(
            UnionOffer.system_id.in_(system_ids), UnionOffer.is_taken.is_(None)
        )
        self.offers = {(system_id, branch_id) for system_id, branch_id in session.execute(open_offers)}


def _line(system: System, body: Body, branch: UnionBranch, name: Bilingual, matters: _Matters) -> UnionLine:
    key = (system.id, branch.id)
    signed, talk = matters.signed.get(key), matters.talks.get(key)
    waits: list[Message] = []
    due_on = None
    if talk is not None and (signed is None or signed.signed_on < talk.opened_on):
        waits.append(msg("Your branch’s statement"))
        due_on = talk.answers_by
    elif signed is not None and signed.version_number != system.current_number:
        waits.append(msg("The entry has changed since your branch signed"))
    if key in matters.done:
        waits.append(msg("A condition: is it met?"))
    if key in matters.offers:
        waits.append(msg("An offer: was it taken up?"))
    return UnionLine(
        system.short_code,
        branch.slug,
        name,
        Bilingual(body.name_cy, body.name_en),
        Bilingual(branch.name_cy, branch.name_en),
        system.state,
        signed.position if signed else None,
        signed.signed_on if signed else None,
        waits,
        due_on,
    )
