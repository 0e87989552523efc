"""Concerns of the demonstration of which their readers have told something: one in each lane of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from anonymity.item import About as SealedAbout
from anonymity.item import Matter as SealedMatter
from anonymity.item import SealedBy
from anonymity.plaintext import Plaintext
from anonymity.receipt import draw_code
from anonymity.reporting import Concern, raise_concern
from portal.cases.turn import Desk
from portal.concerns.casework import service
from portal.concerns.casework.rules import NextStep, Severity, Theme, Waiting
from portal.concerns.casework.service import Planned, Telling
from portal.concerns.queries import find_channel, get_about
from portal.concerns.reporting.service import card_of, store
from portal.concerns.rules import EMPLOYER, INDEPENDENT, UNION
from portal.concerns.together.service import Cause, open_collective
from portal.core.db import Database
from portal.core.ids import new_id
from portal.core.text import Locale
from portal.directory.models import Person, UnionBranch
from portal.identity.queries import get_actor_of
from portal.register.models import System
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

BODY, SYSTEM, BRANCH = "glannau-ogwen", "e-rostering", "unison-ogwen"
ELIN, CARYS = "elin.haf.morris@glannau-ogwen.example", "carys.bowen@unison.example"


@dataclass(frozen=True)
class Story:
    """A concern that came some days ago, who took it on, what they told, and what was pressed since."""

    text: str
    lang: str
    ago: int
    by: str
    told: Telling
    steps: Sequence[tuple[str, str]] = ()
    planned: Planned | None = None


def stories(today: date) -> tuple[Story, ...]:
    """For the worker, with who is responsible, with both sides, and with the outcome told: one each."""
    soon = today + timedelta(days=3)
    return (
        Story(
            "Since the change of 2 November I get four nights in a row, and the swap button is grey.",
            "en",
            1,
            CARYS,
            Telling(Theme.HOURS, None, Severity.USUAL, Locale.EN),
            ((CARYS, "ask"),),
            Planned(soon, NextStep.TALK_TO_WORKER, Waiting.WORKER),
        ),
        Story(
            "Dw i wedi gofyn deirgwaith pam fod y system yn rhoi pob sifft penwythnos i staff y banc. Dim ateb.",
            "cy",
            2,
            ELIN,
            Telling(Theme.EQUALITY, None, Severity.SERIOUS, Locale.CY),
            ((ELIN, "route"),),
            Planned(soon, NextStep.FIND_OUT),
        ),
        Story(
            "The roster watches how quickly we accept a shift, and who is slow gets fewer of the good ones.",
            "en",
            6,
            CARYS,
            Telling(Theme.SURVEILLANCE, None, Severity.SERIOUS, Locale.EN),
            ((CARYS, "route"), (CARYS, "join"), (CARYS, "agree")),
            Planned(soon, NextStep.TALK_TO_OTHER_SIDE),
        ),
        Story(
            "Nobody told us that the system would plan our breaks as well.",
            "en",
            40,
            ELIN,
            Telling(Theme.CONSULTATION, None, Severity.SLIGHT, Locale.EN),
            ((ELIN, "route"), (ELIN, "agree"), (CARYS, "agree"), (ELIN, "tell")),
        ),
    )


def seed_told(database: Database, settings: Settings) -> None:
    """Seal each, and tell of it as its readers would."""
    now, taken_by_carys = settings.clock.now(), []
    for story in stories(settings.clock.today()):
        with database.writing() as session:
            case_id = _came(session, story, settings.clock.today() - timedelta(days=story.ago))
        with database.writing() as session:
            _tell(session, story, case_id, settings, now)
        if story.by == CARYS:
            taken_by_carys.append(case_id)
    _put_together(database, settings, taken_by_carys)


def _put_together(database: Database, settings: Settings, case_ids: Sequence[bytes]) -> None:
    """What a representative thinks has one cause."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, settings.clock.now())
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == CARYS)).one()
        system_id = session.scalars(select(System.id).where(System.slug == SYSTEM)).one()
        carys = get_actor_of(session, person_id, today=desk.today)
        open_collective(session, carys, Cause(Theme.HOURS, system_id), case_ids, collective_id=new_id(), desk=desk)


def _came(session: Session, story: Story, day: date) -> bytes:
    system = session.scalars(select(System).where(System.slug == SYSTEM)).one()
    about = get_about(session, BODY, f"system:{system.short_code}")
    channel = find_channel(session, about, today=day)
    branch = session.scalars(select(UnionBranch).where(UnionBranch.slug == BRANCH)).one()
    within = {EMPLOYER, INDEPENDENT, f"{UNION}{branch.id}"}
    concern = Concern(
        about=SealedAbout(about.body.id, SealedMatter.SYSTEM, about.subject),
        text=Plaintext(story.text),
        name=None,
        lang=story.lang,
        day=day,
        readers=tuple(card_of(one) for one in channel.readers if one.group in within),
    )
    sent = raise_concern(concern, draw_code(), sealed_by=SealedBy.DEVICE)
    store(session, sent, today=day)
    return sent.case


def _tell(session: Session, story: Story, case_id: bytes, settings: Settings, now: datetime) -> None:
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, now)
    system_id = session.scalars(select(System.id).where(System.slug == SYSTEM)).one()
    told = Telling(story.told.theme, system_id, story.told.severity, story.told.lang)
    actors = {
        email: get_actor_of(
            session, session.scalars(select(Person.id).where(Person.email == email)).one(), today=desk.today
        )
        for email in (ELIN, CARYS)
    }
    service.take(session, actors[story.by], case_id, told, desk=desk)
    for email, name in story.steps:
        service.step(session, actors[email], case_id, name, desk=desk)
    if story.planned is not None:
        service.plan(session, actors[story.by], case_id, story.planned, desk=desk)
