"""What a representative does for the person of a case: whether they may, and the mark that it was they who did it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.cases import correspondence
from portal.cases.correspondence import Writing
from portal.cases.models import Case, CaseEvent, CaseRepresentative, RepresentativeWork
from portal.cases.queries import find_by_code
from portal.cases.representing import Represented, find_held, hold_living, note_use, was_noted
from portal.cases.rules import By, CaseKind, Relation, Step
from portal.cases.speaking import Lines, Shared, Use, Work
from portal.cases.turn import Desk
from portal.core.db import Database
from portal.core.errors import NotFound, Refused
from portal.core.text import pmsg

ANSWERED = pmsg("error", "This was answered. The outcome is not shared with you, so you can add nothing more")


@dataclass(frozen=True, slots=True)
class Opened:
    """The case of ten words, as whom, and for a representative what they may."""

    case: Case
    represented: Represented | None = None

    @property
    def by(self) -> By:
        return Relation.REQUESTER if self.represented is None else Relation.REPRESENTATIVE

    @property
    def may_speak(self) -> bool:
        """The person themselves, or who may speak for them."""
        return self.represented is None or self.represented.may_speak

    def sees(self, part: Shared) -> bool:
        """The person sees everything, a representative what is shared."""
        return self.represented is None or part in self.represented.parts


def open_case(session: Session, locator_hash: bytes, kind: CaseKind, desk: Desk, part: Shared | None) -> Opened:
    """The case that these words open: the person's own, or a representative's with whom ``part`` is shared.

    With no ``part`` a representative has to be one who speaks. NotFound for any others.
    """
    case = find_by_code(session, locator_hash)
    if case is not None:
        found = Opened(case)
    else:
        held = find_held(session, locator_hash, today=desk.today)
        if held is None:
            raise NotFound
        found = Opened(held.case, held)
        if not (found.may_speak if part is None else found.sees(part)):
            raise NotFound
    if found.case.kind is not kind:
        raise NotFound
    return found


def note_look(database: Database, session: Session, opened: Opened, desk: Desk) -> None:
    """Before a representative sees anything, the day on which they looked is written down for the person."""
    held = opened.represented
    if held is not None and not was_noted(session, held, Use.OPENED, desk.today):
        with database.writing() as writing:
            own = find_held(writing, held.row.locator_hash, today=desk.today)
            if own is None:
                raise NotFound
            note_use(writing, own, Use.OPENED, desk=desk)


def do_for(
    session: Session, opened: Opened, what: tuple[Work, str], verb: Callable[[], object], *, lines: Lines, desk: Desk
) -> None:
    """Do something in a case; where a representative does it, only while they may speak, and with their mark.

    ``what`` is the sort and the id of what is written. NotFound for who may only follow, or whose words no longer open
    anything; Refused once there is an outcome that is not theirs to see.
    """
    held = opened.represented
    if held is None:
        verb()
        return
    if not held.may_speak:
        raise NotFound
    hold_living(session, held, desk)
    if has_unseen_answer(session, held, lines):
        raise Refused(ANSWERED)
    verb()
    mark(session, held, what, desk)


def has_unseen_answer(session: Session, held: Represented, lines: Lines) -> bool:
    """True once there is an outcome, for whom it is not shared with: for them the case stands still from there."""
    if Shared.OUTCOME in held.parts:
        return False
    ended = select(CaseEvent.id).where(CaseEvent.case_id == held.case.id, CaseEvent.step.in_(sorted(lines.ending)))
    return session.scalars(ended.limit(1)).first() is not None


def speak(
    session: Session, held: Represented, writing: Writing, *, lines: Lines, desk: Desk, step: Step | None = None
) -> None:
    """Answer or write for the person."""

    def reply() -> None:
        correspondence.reply(session, Relation.REPRESENTATIVE, held.case, writing, desk=desk, step=step)

    do_for(session, Opened(held.case, held), (Work.WORDS, writing.message_id), reply, lines=lines, desk=desk)


def mark(session: Session, held: Represented, what: tuple[Work, str], desk: Desk) -> None:
    """Written by the representative: kept beside what was written, in the audit, and for the person. Once."""
    work, subject = what
    if session.get(RepresentativeWork, (subject, work, held.row.id)) is not None:
        return
    session.add(RepresentativeWork(subject=subject, work=work, representative_id=held.row.id, at=desk.now))
    session.flush()
    note_use(session, held, Use.WROTE, desk=desk)
    record(
        session,
        actor=None,
        event=f"{held.case.kind}.representative_wrote",
        subject=held.case.id,
        now=desk.now,
        body_id=held.case.body_id,
        facts={"representation": held.row.id, "work": work.value, "of": subject},
    )


def written_for(session: Session, case: Case, *works: Work) -> frozenset[str]:
    """The ids of what representatives wrote or gave in a case, of these sorts: pages say so beside it."""
    found = (
        select(RepresentativeWork.subject)
        .join(CaseRepresentative, CaseRepresentative.id == RepresentativeWork.representative_id)
        .where(CaseRepresentative.case_id == case.id, RepresentativeWork.work.in_(works))
    )
    return frozenset(session.scalars(found))
