"""«Tell my employer that X represents me»: naming somebody, taking it back, and what they do with their ten words.

It is a separate act of the person on their own review or complaint. (Access requests have theirs, with papers and the
collection of the answer: ``subject_access.asking``.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.cases.locking import hold
from portal.cases.models import (
    Case,
    CaseEvent,
    CaseRepresentative,
    CaseShare,
    RepresentativeAuthority,
    RepresentativeEnding,
    RepresentativeUse,
)
from portal.cases.rules import By, CaseKind, Relation
from portal.cases.speaking import MOST_NAMED, Scope, Shared, Standing, Use, is_living, standing_of
from portal.cases.turn import MOVED_ON, Desk, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.core.vault import Vault

TOO_MANY = pmsg("error", "You have named enough representatives. End one before you name another")
ABOUT_REPRESENTATIVES = (
    "represented",
    "represented_on_paper",
    "asked_for",
    "authority_seen",
    "representative_ended",
    "representative_ended_here",
    "representative_over",
)
"""Lines of the timeline that are no news to the representatives themselves."""
WITHDRAWN, UNDONE = "withdraw", "undo_withdrawal"
"""The steps with which the person takes a case back, and goes on with it, in every room."""


@dataclass(frozen=True, slots=True)
class NewRepresentative:
    """Whom the person names. ``own_id`` is the form's id. Letters go out in ``locale``, without one in both."""

    own_id: str
    scope: Scope
    parts: frozenset[Shared]
    name: Words
    locator_hash: bytes
    from_on: date
    until_on: date
    reach: Words | None = None
    email: Words | None = None
    locale: Locale | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A representative as pages show them. Where letters go is shown to nobody."""

    own_id: str
    name: str
    reach: str
    scope: Scope
    from_on: date
    until_on: date
    standing: Standing
    parts: tuple[Shared, ...]
    is_asker: bool
    is_on_paper: bool
    shown: str  # what an officer saw as their authority
    shown_lang: str
    shown_on: date | None
    because: str  # why an officer ended it
    because_lang: str

    @property
    def is_unproven(self) -> bool:
        """They asked for the person, and nobody has seen yet that they may."""
        return self.is_asker and self.shown_on is None


@dataclass(frozen=True, slots=True)
class Represented:
    """The case that a representative's ten words open, and what its person shares with them."""

    case: Case
    row: CaseRepresentative
    parts: frozenset[Shared]

    @property
    def may_speak(self) -> bool:
        """Whether they may answer and write for the person."""
        return self.row.scope is Scope.SPEAK


def name_one(session: Session, by: By, case: Case, new: NewRepresentative, *, desk: Desk) -> CaseRepresentative:
    """The person of the case names somebody. A second POST gives the first. Refused when five are named."""
    if case.kind is CaseKind.ACCESS:
        raise NotFound
    turn = take_turn(session, by, case, {Relation.REQUESTER}, desk=desk)
    known = find_known(session, case, new.own_id)
    if known is not None:
        return known
    if session.scalar(select(CaseRepresentative.id).where(CaseRepresentative.locator_hash == new.locator_hash)):
        raise Conflict(MOVED_ON)  # ten words open one thing only: a form whose words were used is not sent again
    row = add_row(session, case, new, desk=desk)
    turn.tell("represented", msg("The requester named a representative"))
    return row


def find_known(session: Session, case: Case, own_id: str) -> CaseRepresentative | None:
    """What the same form named before. NotFound for a form of another case."""
    known = session.get(CaseRepresentative, own_id)
    if known is not None and known.case_id != case.id:
        raise NotFound
    return known


def add_row(
    session: Session,
    case: Case,
    new: NewRepresentative,
    *,
    desk: Desk,
    is_asker: bool = False,
    is_on_paper: bool = False,
) -> CaseRepresentative:
    """The row and its parts, of a case that is held. Refused when there are enough."""
    ended = {Standing.OVER, Standing.REVOKED}
    if sum(standing_of(one, desk.today) not in ended for one in list_of(session, case)) >= MOST_NAMED:
        raise Refused(TOO_MANY)
    row = _row(case, new, desk)
    row.is_asker, row.is_on_paper = is_asker, is_on_paper
    session.add(row)
    session.flush()
    add_parts(session, row, new.parts)
    return row


def add_parts(session: Session, row: CaseRepresentative, parts: frozenset[Shared]) -> None:
    """Share these parts too."""
    new = sorted(parts - list_parts(session, row))
    session.add_all(CaseShare(representative_id=row.id, part=part) for part in new)
    session.flush()


def take_back(session: Session, by: By, case: Case, row: CaseRepresentative, *, desk: Desk) -> None:
    """From this moment their ten words open nothing, and their address is forgotten. Again changes nothing."""
    turn = take_turn(session, by, case, {Relation.REQUESTER}, desk=desk)
    session.refresh(row)
    if row.revoked_at is None and row.ended_on is None:
        row.revoked_at, row.email = desk.now, None
        turn.tell("representative_ended", msg("The requester took back what a representative may do"))


def find_held(session: Session, locator_hash: bytes, *, today: date) -> Represented | None:
    """What these ten words open: a case, on a day of its time, while it is not taken back; else nothing at all."""
    found = select(CaseRepresentative).where(CaseRepresentative.locator_hash == locator_hash)
    row = session.scalars(found).one_or_none()
    if row is None or not is_living(row, today) or is_withdrawn(session, row):
        return None
    return Represented(session.get_one(Case, row.case_id), row, list_parts(session, row))


def is_withdrawn(session: Session, row: CaseRepresentative) -> bool:
    """The person took the whole case back, which ends what others may see of it. Who asked for them sees that."""
    asked = select(CaseEvent.step).where(
        CaseEvent.case_id == row.case_id, or_(CaseEvent.step == WITHDRAWN, CaseEvent.step == UNDONE)
    )
    last = session.scalars(asked.order_by(CaseEvent.number.desc()).limit(1)).first()
    return last == WITHDRAWN and not row.is_asker


def note_use(session: Session, held: Represented, use: Use, *, desk: Desk) -> None:
    """Their person reads that the words were used: once a day for each use. NotFound if it was just taken back."""
    hold_living(session, held, desk)
    key = (held.row.id, desk.today, use)
    if session.get(RepresentativeUse, key) is not None:
        return
    session.add(RepresentativeUse(representative_id=held.row.id, on_day=desk.today, use=use))
    session.flush()
    take_turn(session, Relation.REPRESENTATIVE, held.case, {Relation.REPRESENTATIVE}, desk=desk).record(
        "representative_used"
    )


def was_noted(session: Session, held: Represented, use: Use, today: date) -> bool:
    """Whether that use of today is written down."""
    return session.get(RepresentativeUse, (held.row.id, today, use)) is not None


def hold_living(session: Session, held: Represented, desk: Desk) -> None:
    """The case's row held; NotFound if what the representative may do has just ended."""
    hold(session, held.case)
    session.refresh(held.row)
    if not is_living(held.row, desk.today) or is_withdrawn(session, held.row):
        raise NotFound


def list_of(session: Session, case: Case) -> Sequence[CaseRepresentative]:
    """Everybody who was ever named on a case, the last one first."""
    found = select(CaseRepresentative).where(CaseRepresentative.case_id == case.id)
    return session.scalars(found.order_by(CaseRepresentative.given_at.desc(), CaseRepresentative.id)).all()


def list_living(session: Session, case: Case, today: date) -> list[CaseRepresentative]:
    """Who represents the person of a case today."""
    return [one for one in list_of(session, case) if is_living(one, today)]


def view_of(session: Session, row: CaseRepresentative, desk: Desk) -> Named:
    """Somebody who was named, with their words opened."""
    parts = list_parts(session, row)
    authority = session.get(RepresentativeAuthority, row.id)
    ending = session.get(RepresentativeEnding, row.id)
    return Named(
        own_id=row.id,
        name=open_said(row, "name", desk.vault).reveal(),
        reach=open_said(row, "reach", desk.vault).reveal(),
        scope=row.scope,
        from_on=row.from_on,
        until_on=row.until_on,
        standing=standing_of(row, desk.today),
        parts=tuple(part for part in Shared if part in parts),
        is_asker=row.is_asker,
        is_on_paper=row.is_on_paper,
        shown=_opened(authority.shown, "shown", row.id, desk) if authority else "",
        shown_lang=authority.lang if authority else "",
        shown_on=authority.shown_on if authority else None,
        because=_opened(ending.because, "because", row.id, desk) if ending else "",
        because_lang=ending.lang if ending else "",
    )


def view_living(session: Session, case: Case, desk: Desk) -> list[Named]:
    """Who represents the person of a case today, for the people who work on it too."""
    return [view_of(session, one, desk) for one in list_living(session, case, desk.today)]


def get_of(session: Session, case: Case, own_id: str) -> CaseRepresentative:
    """One of a case."""
    found = session.get(CaseRepresentative, own_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return found


def list_parts(session: Session, row: CaseRepresentative) -> frozenset[Shared]:
    """What is shared with somebody."""
    return frozenset(session.scalars(select(CaseShare.part).where(CaseShare.representative_id == row.id)))


def list_uses(session: Session, case: Case) -> Sequence[tuple[RepresentativeUse, CaseRepresentative]]:
    """When a representative looked or wrote, the latest day first."""
    rows = session.execute(
        select(RepresentativeUse, CaseRepresentative)
        .join(CaseRepresentative, CaseRepresentative.id == RepresentativeUse.representative_id)
        .where(CaseRepresentative.case_id == case.id)
        .order_by(RepresentativeUse.on_day.desc(), CaseRepresentative.given_at, RepresentativeUse.use)
    )
    return [(use, row) for use, row in rows]


def open_said(row: CaseRepresentative, column: str, vault: Vault) -> Words:
    """``name``, ``reach`` or ``email`` of somebody; nothing where nothing was given."""
    sealed: bytes | None = getattr(row, column)
    return vault.open_words(sealed, context=said_context(column, row.id)) if sealed is not None else Words("")


def _row(case: Case, new: NewRepresentative, desk: Desk) -> CaseRepresentative:
    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=said_context(column, new.own_id)) if words else None

    return CaseRepresentative(
        id=new.own_id,
        case_id=case.id,
        scope=new.scope,
        name=desk.vault.seal(new.name, context=said_context("name", new.own_id)),
        reach=sealed("reach", new.reach),
        email=sealed("email", new.email),
        lang=new.locale.value if new.locale else None,
        locator_hash=new.locator_hash,
        from_on=new.from_on,
        until_on=new.until_on,
        given_at=desk.now,
    )


def _opened(sealed: bytes, column: str, own_id: str, desk: Desk) -> str:
    return desk.vault.open_words(sealed, context=said_context(column, own_id)).reveal()


def said_context(column: str, own_id: str) -> str:
    """What the words about somebody are bound to: their name, their reach, what they showed, why it ended."""
    return f"case_representatives.{column}:{own_id}"
