"""What happened on the register, newest first: versions, changes of state, corrections answered. Public parts alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.models import Body
from portal.directory.queries import list_workplace_and_parents
from portal.i18n.catalogue import say
from portal.register.choosing import Facts
from portal.register.corrections.models import Correction
from portal.register.corrections.rules import OUTCOMES
from portal.register.lifecycle.telling import words_of_step
from portal.register.models import AffectedGroup, System, SystemStep, SystemVersion
from portal.register.opening import read_open
from portal.register.queries import IS_CURRENT
from portal.register.record import Change
from portal.register.rules import ChangeClass, SystemState
from portal.register.watching.rules import MOST_ENTRIES, News
from portal.register.words import words

EXPLAINED = frozenset(
    {
        SystemState.REJECTED,
        SystemState.UNDER_REVIEW,
        SystemState.SUSPENDED,
        SystemState.RETIRING,
        SystemState.RETIRED,
    }
)
"""States of which a follower is told why at once: under review, off, going, gone, not coming."""
FROM_FILE = "published"
"""The step of a state that came with a file: its version tells it."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to one published system, as anybody may read it."""

    news: News
    id: str
    system_id: str
    short_code: str
    name: Bilingual
    body: Bilingual
    on: date
    at: datetime | None
    number: int
    headline: Bilingual
    parts: tuple[tuple[Message | None, Bilingual], ...] = ()
    is_minor: bool = False
    why: Bilingual | None = None
    """Of a state that staff read the reason of: for letters to who signed in, never in a feed."""


def list_happenings(session: Session, systems: Sequence[str] | None, *, most: int = MOST_ENTRIES) -> list[Happening]:
    """The newest of these systems; None means of every system."""
    if systems is not None and not systems:
        return []
    of = () if systems is None else (System.id.in_(systems),)
    found = [
        *list_versions(session, *of, most=most),
        *list_steps(session, *of, most=most),
        *list_answers(session, *of, most=most),
    ]
    return sorted(found, key=lambda one: (one.on, one.news, one.number, one.id), reverse=True)[:most]


def list_versions(session: Session, *clauses: ColumnElement[bool], most: int) -> list[Happening]:
    """Published versions with the difference as the employer wrote it."""
    asked = (
        _about(SystemVersion)
        .add_columns(SystemVersion.name_cy, SystemVersion.name_en)
        .join(SystemVersion, SystemVersion.system_id == System.id)
        .where(System.current_number.is_not(None), *clauses)
        .order_by(SystemVersion.published_on.desc(), SystemVersion.id.desc())
        .limit(most)
    )
    return [_version(*row) for row in session.execute(asked)]


def list_steps(session: Session, *clauses: ColumnElement[bool], most: int) -> list[Happening]:
    """Changes of state since the system stood on the register; never why, which is for the people it affects."""
    first = aliased(SystemVersion)
    asked = (
        _about(SystemStep)
        .add_columns(SystemVersion.name_cy, SystemVersion.name_en)
        .join(SystemStep, SystemStep.system_id == System.id)
        .join(SystemVersion, IS_CURRENT)
        .where(
            SystemStep.from_state.is_not(None),
            SystemStep.from_state != SystemStep.to_state,
            SystemStep.step != FROM_FILE,
            exists().where(first.system_id == System.id, first.number == 1, first.published_on <= SystemStep.on),
            *clauses,
        )
        .order_by(SystemStep.on.desc(), SystemStep.id.desc())
        .limit(most)
    )
    return [_step(*row) for row in session.execute(asked)]


def list_answers(session: Session, *clauses: ColumnElement[bool], most: int) -> list[Happening]:
    """Corrections that were answered, with the answer; never what was asked."""
    asked = (
        _about(Correction)
        .add_columns(SystemVersion.name_cy, SystemVersion.name_en)
        .join(Correction, Correction.system_id == System.id)
        .join(SystemVersion, IS_CURRENT)
        .where(Correction.answered_on.is_not(None), *clauses)
        .order_by(Correction.answered_on.desc(), Correction.id.desc())
        .limit(most)
    )
    return [_answer(*row) for row in session.execute(asked)]


def systems_of_code(session: Session, short_code: str) -> list[str]:
    """The published system of a code, as a list of one or none."""
    asked = select(System.id).where(System.short_code == short_code, System.current_number.is_not(None))
    return list(session.scalars(asked))


def systems_of(session: Session, facts: Facts) -> list[str]:
    """The published systems of an employer; with a place or a staff group, those that affect it or everybody."""
    if facts.body is None:
        return []
    if not facts.places and facts.staff_group is None:
        asked = select(System.id).where(System.body_id == facts.body.id, System.current_number.is_not(None))
        return list(session.scalars(asked))
    clauses: list[ColumnElement[bool]] = [AffectedGroup.body_id == facts.body.id]
    if facts.places:
        within = [place.id for place in facts.places]
        clauses.append(or_(AffectedGroup.workplace_id.is_(None), AffectedGroup.workplace_id.in_(within)))
    if facts.staff_group is not None:
        group = facts.staff_group.id
        clauses.append(or_(AffectedGroup.staff_group_id.is_(None), AffectedGroup.staff_group_id == group))
    asked = (
        select(System.id)
        .join(SystemVersion, IS_CURRENT)
        .join(AffectedGroup, AffectedGroup.version_id == SystemVersion.id)
        .where(and_(*clauses))
        .distinct()
    )
    return list(session.scalars(asked))


def places_around(session: Session, workplace_ids: Iterable[str]) -> dict[str, Bilingual]:
    """These workplaces and what they lie in, by id."""
    found = (place for one in workplace_ids for place in list_workplace_and_parents(session, one))
    return {place.id: Bilingual(place.name_cy, place.name_en) for place in found}


def _about(row: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(row, System.id, System.short_code, Body.name_cy, Body.name_en)
        .select_from(System)
        .join(Body, Body.id == System.body_id)
    )


def _version(
    row: SystemVersion, system_id: str, code: str, body_cy: str, body_en: str, name_cy: str, name_en: str
) -> Happening:
    change = read_open(row.record).change
    return Happening(
        News.VERSION,
        row.id,
        system_id,
        code,
        Bilingual(name_cy, name_en),
        Bilingual(body_cy, body_en),
        row.published_on,
        row.recorded_at,
        row.number,
        change.headline.bilingual if change else _both(FIRST if row.number == 1 else ANOTHER),
        _difference(change) if change else ((None, Bilingual(row.one_sentence_cy, row.one_sentence_en)),),
        is_minor=row.number > 1 and (change is None or change.change_class is ChangeClass.MINOR),
    )


def _difference(change: Change) -> tuple[tuple[Message | None, Bilingual], ...]:
    return (
        (msg("Before"), change.before.bilingual),
        (msg("Now"), change.now.bilingual),
        (msg("What changes for you"), change.what_changes_for_you.bilingual),
    )


def _step(
    row: SystemStep, system_id: str, code: str, body_cy: str, body_en: str, name_cy: str, name_en: str
) -> Happening:
    return Happening(
        News.STATE,
        row.id,
        system_id,
        code,
        Bilingual(name_cy, name_en),
        Bilingual(body_cy, body_en),
        row.on,
        row.at,
        row.number,
        _both(words(row.to_state)),
        why=_why(row),
    )


def _why(row: SystemStep) -> Bilingual | None:
    told = words_of_step(row) if row.to_state in EXPLAINED else None
    return told.bilingual if told is not None and told.cy and told.en else None


def _answer(
    row: Correction, system_id: str, code: str, body_cy: str, body_en: str, name_cy: str, name_en: str
) -> Happening:
    if row.answered_on is None or row.outcome is None:
        raise ValueError("only an answered correction is told")
    return Happening(
        News.CORRECTION,
        row.id,
        system_id,
        code,
        Bilingual(name_cy, name_en),
        Bilingual(body_cy, body_en),
        row.answered_on,
        None,
        0,
        _both(msg("A correction was answered")),
        ((OUTCOMES[row.outcome], Bilingual(row.answer_cy or "", row.answer_en or "")),),
    )


def _both(message: Message) -> Bilingual:
    return Bilingual(say(message, Locale.CY), say(message, Locale.EN))


FIRST = msg("New on the register")
ANOTHER = msg("A new version of the entry")
