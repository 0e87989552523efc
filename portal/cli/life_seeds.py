"""What has happened in the lives of the demonstration's systems: what was measured, what went wrong and was put right,
what staff were told, corrections asked for and answered; by the portal's own verbs, on the days that the file names."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ids import new_id
from portal.core.text import Bilingual, Locale, Words
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.register.corrections import service as corrections
from portal.register.corrections.models import Correction
from portal.register.corrections.rules import CorrectionKind, Outcome
from portal.register.corrections.service import NewAnswer, NewCorrection
from portal.register.lifecycle import incidents, service
from portal.register.lifecycle.asked import Asked
from portal.register.lifecycle.incidents import NewIncident
from portal.register.lifecycle.models import SystemIncident
from portal.register.lifecycle.service import Measured
from portal.register.lifecycle.stepping import take_step
from portal.register.lifecycle.telling import Post
from portal.register.models import System
from portal.register.parts import Both
from portal.register.queries import get_system
from portal.register.terms import Aspect
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

FILE = Path(__file__).resolve().parent / "demo" / "life.json"
Told = Mapping[str, Any]


class Life:
    """One system, and what is done about it. No letter: the days are long past."""

    def __init__(self, session: Session, settings: Settings, short_code: str) -> None:
        self.session, self.settings = session, settings
        self.system = session.scalars(select(System).where(System.short_code == short_code)).one()
        self.incident: SystemIncident | None = None
        self.correction: Correction | None = None

    def play(self, told: Told) -> None:
        """One act on its day."""
        on = date.fromisoformat(told["on"])
        post = Post(self.settings.vault, self.settings.public_url, datetime.combine(on, time(10), tzinfo=UTC))
        ACTS[told["act"]](self, told, post)

    def actor(self, told: Told, post: Post) -> Actor:
        person = self.session.scalars(select(Person.id).where(Person.email == told["who"])).one()
        return get_actor_of(self.session, person, today=post.today)


def seed_lives(session: Session, settings: Settings) -> None:
    """Everything that the file tells, system by system."""
    for short_code, acts in json.loads(FILE.read_text(encoding="utf-8")).items():
        life = Life(session, settings, short_code)
        for told in acts:
            life.play(told)


def _measure(life: Life, told: Told, post: Post) -> None:
    texts = {name: Both(**told[name]) for name in ("measure", "baseline", "latest", "source")}
    measured = Measured(aspect=Aspect(told["aspect"]), measured_on=post.today, **texts)
    actor = life.actor(told, post)
    service.add_measurement(life.session, actor, life.system, measured, measurement_id=new_id(), post=post)


def _incident(life: Life, told: Told, post: Post) -> None:
    happened_on = date.fromisoformat(told["happened_on"])
    new = NewIncident(new_id(), told["serious"], happened_on, Both(**told["what"]), Both(**told["affected"]))
    actor = life.actor(told, post)
    life.incident = incidents.record_incident(life.session, actor, life.system, new, post=post, tells=False)


def _mend(life: Life, told: Told, post: Post) -> None:
    if life.incident is not None:
        actor = life.actor(told, post)
        incidents.mend(life.session, actor, life.system, life.incident, Both(**told["text"]), post=post, tells=False)


def _ask_correction(life: Life, told: Told, post: Post) -> None:
    locale = Locale.CY if told["text"]["cy"] else Locale.EN
    new = NewCorrection(new_id(), CorrectionKind.ERROR, Words(told["text"][locale.value]), locale)
    life.correction = corrections.ask(
        life.session,
        None,
        get_system(life.session, life.system.short_code),
        new,
        vault=post.vault,
        calendar=WorkingDays(life.settings.extra_holidays),
        today=post.today,
        now=post.now,
    )


def _answer_correction(life: Life, told: Told, post: Post) -> None:
    if life.correction is not None:
        new = NewAnswer(Outcome(told["outcome"]), Bilingual(**told["text"]))
        actor = life.actor(told, post)
        corrections.answer(life.session, actor, life.correction, new, vault=post.vault, today=post.today, now=post.now)


def _last_day(life: Life, told: Told, post: Post) -> None:
    asked = Asked(life.system.state, Both(**told["text"]), date.fromisoformat(told["until"]))
    take_step(life.session, life.actor(told, post), life.system, "set_last_day", asked, post=post)


def _tell_staff(life: Life, told: Told, post: Post) -> None:
    begins_on = date.fromisoformat(told["begins_on"])
    actor, text = life.actor(told, post), Both(**told["text"])
    notice = service.tell_staff(life.session, actor, life.system, text, begins_on, notice_id=new_id(), post=post)
    notice.finished_at = post.now


ACTS: Mapping[str, Callable[[Life, Told, Post], None]] = {
    "measure": _measure,
    "incident": _incident,
    "mend": _mend,
    "ask_correction": _ask_correction,
    "answer_correction": _answer_correction,
    "last_day": _last_day,
    "tell_staff": _tell_staff,
}
