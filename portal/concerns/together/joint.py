"""The joint room of two unions: words about a cause that one branch proposes and another agrees to, in both languages.

They are said about a theme of one employer. A text names no thread and no collective, so that neither branch learns of
the other's concerns; whoever puts concerns of that cause together finds what was agreed beside them. No employer's
reader reaches any of it.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases.turn import Desk
from portal.concerns.together.models import Collective, JointText
from portal.core.db import NO_KEY
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Bilingual, Words, pmsg
from portal.core.vault import Vault
from portal.directory.models import BranchRecognition, Union, UnionBranch
from portal.directory.rules import BRANCH_READERS
from portal.identity.actor import Actor

LONGEST = 2000
MOST_TEXTS = 50
TOO_MANY = pmsg("error", "As many texts as can be kept wait between your branches. End one first")
CHANGED = pmsg("error", "This was ended since you opened the page")


@dataclass(frozen=True, slots=True)
class Opened:
    """A text with its words."""

    row: JointText
    text: Bilingual
    from_name: Bilingual
    to_name: Bilingual
    is_ours: bool

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def is_agreed(self) -> bool:
        return self.row.agreed_on is not None


def branches_of(actor: Actor) -> list[str]:
    """The branches for which somebody reads; nobody of an employer has one."""
    return sorted(actor.branches_where(*BRANCH_READERS))


def other_branches(session: Session, actor: Actor, body_id: str) -> list[tuple[str, Bilingual, str]]:
    """The branches of a body to which a text can be proposed: id, name, union."""
    rows = session.execute(
        select(UnionBranch.id, UnionBranch.name_cy, UnionBranch.name_en, Union.name)
        .join(Union, Union.id == UnionBranch.union_id)
        .join(BranchRecognition, BranchRecognition.branch_id == UnionBranch.id)
        .where(BranchRecognition.body_id == body_id, UnionBranch.id.not_in(branches_of(actor)))
        .order_by(Union.name, UnionBranch.name_en)
    )
    return [(branch_id, Bilingual(cy, en), union) for branch_id, cy, en, union in rows]


def list_texts(session: Session, actor: Actor, vault: Vault) -> list[Opened]:
    """What the actor's branches proposed or were asked to agree to, newest first."""
    own = branches_of(actor)
    return _opened(session, actor, vault, or_(JointText.from_branch.in_(own), JointText.to_branch.in_(own)))


def list_agreed(session: Session, actor: Actor, vault: Vault, collective: Collective) -> list[Opened]:
    """What was agreed about the cause of a collective, by its branch and another one."""
    if collective.home_id not in branches_of(actor):
        return []
    about = JointText.body_id == collective.body_id, JointText.theme == collective.theme
    system = JointText.system_id.is_not_distinct_from(collective.system_id)
    parties = or_(JointText.from_branch == collective.home_id, JointText.to_branch == collective.home_id)
    return _opened(session, actor, vault, *about, system, parties, JointText.agreed_on.is_not(None))


def propose(
    session: Session, actor: Actor, collective: Collective, to_branch: str, text: Bilingual, *, text_id: str, desk: Desk
) -> JointText:
    """Propose words about the cause of a collective to another branch. The same form again makes nothing more."""
    own = branches_of(actor)
    others = {branch_id for branch_id, *_name in other_branches(session, actor, collective.body_id)}
    if collective.home_id not in own or to_branch not in others:
        raise NotFound
    known = session.get(JointText, text_id)
    if known is not None:
        if known.from_branch not in own:
            raise NotFound
        return known
    waiting = select(JointText.id).where(JointText.from_branch.in_(own), JointText.ended_on.is_(None))
    if len(session.scalars(waiting.limit(MOST_TEXTS)).all()) >= MOST_TEXTS:
        raise Refused(TOO_MANY)
    made = JointText(
        id=text_id,
        body_id=collective.body_id,
        theme=collective.theme,
        system_id=collective.system_id,
        from_branch=collective.home_id,
        to_branch=to_branch,
        text_cy=_seal(desk.vault, "text_cy", text_id, text.cy),
        text_en=_seal(desk.vault, "text_en", text_id, text.en),
        written_by=actor.person_id,
        written_on=desk.today,
    )
    session.add(made)
    session.flush()
    _note(session, actor, "concern.joint_text_proposed", made, desk)
    return made


def agree(session: Session, actor: Actor, text_id: str, *, desk: Desk) -> None:
    """The branch that was asked agrees; twice is once. Words that are agreed stay as they are."""
    row = _get(session, actor, text_id)
    if row.to_branch not in branches_of(actor):
        raise NotFound
    if row.agreed_on is None:
        row.agreed_by, row.agreed_on = actor.person_id, desk.today
        _note(session, actor, "concern.joint_text_agreed", row, desk)


def end(session: Session, actor: Actor, text_id: str, *, desk: Desk) -> None:
    """Either branch takes a text away: what was proposed, or what both agreed to say until now."""
    row = _get(session, actor, text_id)
    row.ended_on = desk.today
    _note(session, actor, "concern.joint_text_ended", row, desk)


def _get(session: Session, actor: Actor, text_id: str) -> JointText:
    own = branches_of(actor)
    found = session.get(JointText, text_id, with_for_update=NO_KEY)
    if found is None or not {found.from_branch, found.to_branch} & set(own):
        raise NotFound
    if found.ended_on is not None:
        raise Conflict(CHANGED)
    return found


def _opened(session: Session, actor: Actor, vault: Vault, *which: ColumnElement[bool]) -> list[Opened]:
    rows = session.scalars(
        select(JointText)
        .where(JointText.ended_on.is_(None), *which)
        .order_by(JointText.written_on.desc(), JointText.id)
    ).all()
    names = _names(session, {one for row in rows for one in (row.from_branch, row.to_branch)})
    own = set(branches_of(actor))
    return [
        Opened(row, _text(vault, row), names[row.from_branch], names[row.to_branch], row.from_branch in own)
        for row in rows
    ]


def _names(session: Session, branch_ids: set[str]) -> dict[str, Bilingual]:
    asked = select(UnionBranch.id, UnionBranch.name_cy, UnionBranch.name_en).where(UnionBranch.id.in_(branch_ids))
    return {branch_id: Bilingual(cy, en) for branch_id, cy, en in session.execute(asked)}


def _text(vault: Vault, row: JointText) -> Bilingual:
    return Bilingual(
        vault.open_words(row.text_cy, context=_context("text_cy", row.id)).reveal(),
        vault.open_words(row.text_en, context=_context("text_en", row.id)).reveal(),
    )


def _seal(vault: Vault, column: str, text_id: str, said: str) -> bytes:
    return vault.seal(Words(said), context=_context(column, text_id))


def _context(column: str, text_id: str) -> str:
    return f"joint_texts.{column}:{text_id}"


def _note(session: Session, actor: Actor, event: str, row: JointText, desk: Desk) -> None:
    record(session, actor=actor, event=event, subject=row.id, now=desk.now)
