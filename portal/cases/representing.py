"""«Tell my employer that X represents me»: naming somebody, taking it back, and what they do with their ten words.

It is a separate act of the person on their own review or complaint. (Access requests have theirs, with papers and the
collection of the answer: ``subject_access.asking``.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.locking import hold
from portal.cases.models import Case, CaseRepresentative, CaseShare, RepresentativeUse
from portal.cases.rules import By, CaseKind, Relation, Step
from portal.cases.speaking import MOST_NAMED, Scope, Shared, Standing, Use, is_living, standing_of
from portal.cases.turn import MOVED_ON, Desk, take_turn
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.text import Locale, Words, msg, pmsg
from portal.core.vault import Vault

TOO_MANY = pmsg("error", "You have named enough representatives. End one before you name another")
ABOUT_REPRESENTATIVES = ("represented", "representative_ended", "representative_over")
"""Lines of the timeline that are no news to the representatives themselves."""


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
    known = session.get(CaseRepresentative, new.own_id)
    if known is not None:
        if known.case_id != case.id:
            raise NotFound
        return known
    if session.scalar(select(CaseRepresentative.id).where(CaseRepresentative.locator_hash == new.locator_hash)):
        raise Conflict(MOVED_ON)  # ten words open one thing only: a form whose words were used is not sent again
    ended = {Standing.OVER, Standing.REVOKED}
    if sum(standing_of(one, desk.today) not in ended for one in list_of(session, case)) >= MOST_NAMED:
        raise Refused(TOO_MANY)
    row = _row(case, new, desk)
    session.add(row)
    session.flush()
    session.add_all(CaseShare(representative_id=row.id, part=part) for part in sorted(new.parts))
    turn.tell("represented", msg("The requester named a representative"))
    return row


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
    if row is None or not is_living(row, today):
        return None
    return Represented(session.get_one(Case, row.case_id), row, list_parts(session, row))


def note_use(session: Session, held: Represented, use: Use, *, desk: Desk) -> None:
    """Their person reads that the words were used: once a day for each use. NotFound if it was just taken back."""
    _hold_living(session, held, desk)
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


def speak(session: Session, held: Represented, writing: Writing, *, desk: Desk, step: Step | None = None) -> None:
    """Answer or write for the person. NotFound for who may only follow."""
    if not held.may_speak:
        raise NotFound
    note_use(session, held, Use.WROTE, desk=desk)
    correspondence.reply(session, Relation.REPRESENTATIVE, held.case, writing, desk=desk, step=step)


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
    return Named(
        own_id=row.id,
        name=open_said(row, "name", desk.vault).reveal(),
        reach=open_said(row, "reach", desk.vault).reveal(),
        scope=row.scope,
        from_on=row.from_on,
        until_on=row.until_on,
        standing=standing_of(row, desk.today),
        parts=tuple(part for part in Shared if part in parts),
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
    return vault.open_words(sealed, context=_context(column, row.id)) if sealed is not None else Words("")


def _hold_living(session: Session, held: Represented, desk: Desk) -> None:
    hold(session, held.case)
    session.refresh(held.row)
    if not is_living(held.row, desk.today):
        raise NotFound


def _row(case: Case, new: NewRepresentative, desk: Desk) -> CaseRepresentative:
    def sealed(column: str, words: Words | None) -> bytes | None:
        return desk.vault.seal(words, context=_context(column, new.own_id)) if words else None

    return CaseRepresentative(
        id=new.own_id,
        case_id=case.id,
        scope=new.scope,
        name=desk.vault.seal(new.name, context=_context("name", new.own_id)),
        reach=sealed("reach", new.reach),
        email=sealed("email", new.email),
        lang=new.locale.value if new.locale else None,
        locator_hash=new.locator_hash,
        from_on=new.from_on,
        until_on=new.until_on,
        given_at=desk.now,
    )


def _context(column: str, own_id: str) -> str:
    return f"case_representatives.{column}:{own_id}"
