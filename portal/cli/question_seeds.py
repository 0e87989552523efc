"""Two questions about tools of the demonstration: one whose tool has come into the register, one being looked into."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale
from portal.directory.models import Body, Person
from portal.identity.queries import get_actor_of
from portal.register.queries import get_system
from portal.register.unlisted import service
from portal.register.unlisted.models import ToolQuestion
from portal.register.unlisted.rules import Account, Finding, Told
from portal.register.unlisted.service import NewFinding, NewQuestion
from portal.register.unlisted.telling import Post
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

FILE = Path(__file__).resolve().parent / "demo" / "questions.json"


def seed_questions(session: Session, settings: Settings, *, today: date) -> None:
    """Ask, word and answer them by the portal's own verbs, on their days. No letter: the office knows of them."""
    for told in json.loads(FILE.read_text(encoding="utf-8")):
        on = date.fromisoformat(told["received_on"]) if "received_on" in told else today - timedelta(told["days_ago"])
        question = _ask(session, settings, told, on)
        person = session.scalars(select(Person.id).where(Person.email == told["who"])).one()
        asked = Bilingual(**told["asked"])
        service.word(session, get_actor_of(session, person, today=on), question, asked, now=_at(on))
        for one in told["answers"]:
            day = date.fromisoformat(one["on"])
            _answer(session, settings, question, person, one, day)


def _ask(session: Session, settings: Settings, told: dict[str, Any], on: date) -> ToolQuestion:
    body = session.scalars(select(Body.id).where(Body.slug == told["employer"])).one()
    new = NewQuestion(new_id(), Account(told["told"]), Locale.EN)
    calendar = WorkingDays(settings.extra_holidays)
    question = service.ask(session, body, new, vault=settings.vault, calendar=calendar, today=on)
    question.told = Told.ASKED
    return question


def _answer(
    session: Session, settings: Settings, question: ToolQuestion, person: str, told: dict[str, Any], on: date
) -> None:
    system = get_system(session, told["system"]) if "system" in told else None
    new = NewFinding(Finding(told["finding"]), Bilingual(**told["text"]), system=system)
    post = Post(settings.public_url.rstrip("/"), _at(on))
    service.answer(session, get_actor_of(session, person, today=on), question, new, post=post, vault=settings.vault)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=UTC)
