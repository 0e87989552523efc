"""What sides of the demonstration have agreed for themselves: labels, replies, and what waits for a second person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.turn import Desk
from portal.concerns.casework.homes import homes_of
from portal.concerns.casework.labels import approve_label, propose_label
from portal.concerns.casework.pairs import Written, approve_pair, fingerprint_of, write_pair
from portal.concerns.casework.rules import Purpose
from portal.core import ids
from portal.core.db import Database
from portal.core.text import Bilingual
from portal.directory.models import Person
from portal.identity.actor import Actor
from portal.identity.queries import get_actor_of
from portal.settings.models import Settings
from portal.timelimits.calendar import WorkingDays

FILE = Path(__file__).with_name("demo") / "agreed.json"


def seed_agreed(database: Database, settings: Settings) -> None:
    """Each is written by one person and approved by another."""
    desk = Desk(WorkingDays(settings.extra_holidays), settings.vault, settings.clock.now())
    with database.writing() as session:
        for side in json.loads(FILE.read_text(encoding="utf-8")):
            _agree(session, side, desk)


def _agree(session: Session, side: Mapping[str, Any], desk: Desk) -> None:
    writer, second = (_actor(session, side[who], desk) for who in ("written_by", "approved_by"))
    (home_id,) = homes_of(writer)
    for name in side["labels"]:
        label = propose_label(session, writer, _both(name, "name"), home_id=home_id, label_id=ids.new_id(), desk=desk)
        approve_label(session, second, label, desk=desk)
    if side["proposed"]:
        name = _both(side["proposed"], "name")
        propose_label(session, writer, name, home_id=home_id, label_id=ids.new_id(), desk=desk)
    for one in side["replies"]:
        pair = write_pair(session, writer, _written(one), home_id=home_id, pair_id=ids.new_id(), desk=desk)
        approve_pair(session, second, pair, read=fingerprint_of(pair), desk=desk)
    if side["draft"]:
        write_pair(session, writer, _written(side["draft"]), home_id=home_id, pair_id=ids.new_id(), desk=desk)


def _actor(session: Session, email: str, desk: Desk) -> Actor:
    person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
    return get_actor_of(session, person_id, today=desk.today)


def _written(one: Mapping[str, str]) -> Written:
    return Written(Purpose(one["purpose"]), _both(one, "name"), _both(one, "text"))


def _both(one: Mapping[str, str], name: str) -> Bilingual:
    return Bilingual(one[f"{name}_cy"], one[f"{name}_en"])
