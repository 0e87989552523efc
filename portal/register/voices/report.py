"""The record of consultation for the yearly social-partnership report: one line a system and branch.

The duty to report is that of the Social Partnership and Public Procurement (Wales) Act 2023, section 18. An editor, a
manager and a representative read the same line about the same system.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.core.text import Bilingual, Locale, Message, msg
from portal.directory.models import Body
from portal.identity.actor import Actor
from portal.register.lifecycle.facts import ESCALATED, REMINDED, current_version, record_of
from portal.register.lifecycle.standing import readable
from portal.register.models import System
from portal.register.opendata.writing import cell
from portal.register.positions import UnionStatement
from portal.register.rules import Position
from portal.register.talks import UnionTalk
from portal.register.voices.naming import name_of_system
from portal.register.voices.queries import BranchVoice, Talk, Voices, get_voices, is_overdue, is_taken_by, state_on
from portal.register.voices.rules import ConditionState
from portal.register.words import words

Say = Callable[[Message], str]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What one branch and the employer did about one system, in one consultation or outside any."""

    short_code: str
    body: Bilingual
    name: Bilingual
    talk: Talk | None
    voice: BranchVoice
    reminded_on: date | None
    escalated_on: date | None
    papers: int
    offered: int
    taken: int
    overdue: int
    met: int


def list_report(session: Session, actor: Actor, *, since: date, until: date) -> list[ReportLine]:
    """Everything that was consulted about or signed between two days, as it stood on the second."""
    lines: list[ReportLine] = []
    for system in session.scalars(_touched(actor, since, until)):
        record = record_of(session, system, current_version(session, system))
        voices = get_voices(session, system, record, on=until)
        body = session.get_one(Body, system.body_id)
        facts = (system.short_code, Bilingual(body.name_cy, body.name_en), name_of_system(session, system))
        lines += _lines(*facts, voices, since, until)
    return lines


def _touched(actor: Actor, since: date, until: date) -> Select[System]:
    talks = select(UnionTalk.system_id).where(
        UnionTalk.opened_on <= until, or_(UnionTalk.closed_on.is_(None), UnionTalk.closed_on >= since)
    )
    signed = select(UnionStatement.system_id).where(UnionStatement.signed_on.between(since, until))
    asked = select(System).where(readable(actor), or_(System.id.in_(talks), System.id.in_(signed)))
    return asked.order_by(System.body_id, System.slug, System.id)


def _lines(
    code: str, body: Bilingual, name: Bilingual, voices: Voices, since: date, until: date
) -> Iterator[ReportLine]:
    talks: Sequence[Talk | None] = [
        talk for talk in voices.talks if talk.row.closed_on is None or talk.row.closed_on >= since
    ]
    for talk in talks or [None]:
        for voice in voices.branches:
            if talk is not None and voice.name not in talk.invited:
                continue
            offers = [one for one, _name in voices.offers if one.branch_id == voice.branch_id]
            yield ReportLine(
                code,
                body,
                name,
                talk,
                voice,
                _noted(talk, voice, REMINDED),
                _noted(talk, voice, ESCALATED),
                len(talk.entries) if talk else 0,
                len(offers),
                sum(is_taken_by(one, until) for one in offers),
                sum(is_overdue(one, today=until) for one in voice.conditions),
                sum(state_on(one, until) is ConditionState.MET for one in voice.conditions),
            )


def _noted(talk: Talk | None, voice: BranchVoice, step: str) -> date | None:
    found = [on for name, on, branch in (talk.reminders if talk else ()) if name == step and branch == voice.name]
    return found[0] if found else None


HEADS: tuple[Message, ...] = (
    msg("Code of the system"),
    msg("System in Welsh"),
    msg("System in English"),
    msg("Employer in Welsh"),
    msg("Employer in English"),
    msg("What the consultation was about"),
    msg("Consultation opened"),
    msg("Answers by"),
    msg("Consultation closed"),
    msg("Branch in Welsh"),
    msg("Branch in English"),
    msg("Reminded on"),
    msg("Taken further on"),
    msg("Papers, meetings and notes"),
    msg("Position"),
    msg("Signed on"),
    msg("What the union says, in Welsh"),
    msg("What the union says, in English"),
    msg("What the employer answers, in Welsh"),
    msg("What the employer answers, in English"),
    msg("Conditions set"),
    msg("Conditions met"),
    msg("Conditions overdue"),
    msg("Training and expert help offered"),
    msg("Offers taken up"),
)


def as_csv(lines: Sequence[ReportLine], say: Say) -> bytes:
    """For a spreadsheet: UTF-8 with its mark, days as ISO 8601, and no cell that could be a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([say(head) for head in HEADS])
    for line in lines:
        writer.writerow([cell(value) for value in _cells(line, say)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cells(line: ReportLine, say: Say) -> list[object]:
    row, voice = (line.talk.row if line.talk else None), line.voice
    days = [row.opened_on, row.answers_by, row.closed_on] if row else [None, None, None]
    said = {locale: _said(voice, locale) for locale in Locale}
    return [
        line.short_code, line.name.cy, line.name.en, line.body.cy, line.body.en,
        say(words(row.stage)) if row else "", *days, voice.name.cy, voice.name.en,
        line.reminded_on, line.escalated_on, line.papers, say(words(voice.position)), voice.on,
        said[Locale.CY][0], said[Locale.EN][0], said[Locale.CY][1], said[Locale.EN][1],
        len(voice.conditions), line.met, line.overdue, line.offered, line.taken,
    ]  # fmt: skip


def _said(voice: BranchVoice, locale: Locale) -> tuple[str, str]:
    """The statement and the answer in one language; empty where the union did not write in it."""
    side = locale.value
    statement = str(getattr(voice.statement, f"text_{side}")) if voice.statement else ""
    if voice.statement is None and voice.told and voice.told.statement:
        statement = voice.told.statement.get(locale)
    if voice.response is not None:
        return statement, str(getattr(voice.response, f"text_{side}"))
    told = voice.told.employer_response if voice.told else None
    return statement, told.get(locale) if told else ""


def counts(lines: Sequence[ReportLine]) -> list[tuple[Message, int]]:
    """The few figures that a report begins with. A silent branch is counted as silent, never as agreed."""
    positions = [line.voice.position for line in lines]
    return [
        (msg("Systems"), len({line.short_code for line in lines})),
        (msg("Consultations"), len({line.talk.row.id for line in lines if line.talk})),
        (msg("Branches that agreed"), positions.count(Position.AGREED)),
        (msg("Branches that agreed, with conditions"), positions.count(Position.AGREED_WITH_CONDITIONS)),
        (msg("Branches that did not agree"), positions.count(Position.NOT_AGREED)),
        (msg("Branches that have not answered"), positions.count(Position.NO_RESPONSE)),
    ]
