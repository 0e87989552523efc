"""What somebody follows, and what their work offers them to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.text import Bilingual, Locale
from portal.directory.models import Body, StaffGroup, Workplace
from portal.directory.queries import list_engagements
from portal.identity.actor import Actor
from portal.register.models import System, SystemVersion
from portal.register.queries import IS_CURRENT
from portal.register.watching.models import Watch
from portal.register.watching.queries import places_around
from portal.register.watching.rules import Followed

COLUMNS: dict[Followed, InstrumentedAttribute[str | None]] = {
    Followed.SYSTEM: Watch.system_id,
    Followed.EMPLOYER: Watch.body_id,
    Followed.WORKPLACE: Watch.workplace_id,
    Followed.STAFF_GROUP: Watch.staff_group_id,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to follow: what kind, its row, its name; of a system also its code."""

    what: Followed
    id: str
    name: Bilingual
    short_code: str = ""
    watch_id: str = ""

    @property
    def value(self) -> str:
        """As a form names it."""
        return f"{self.what.value}:{self.id}"


def list_followed(session: Session, actor: Actor, locale: Locale) -> Sequence[Thing]:
    """What the actor follows, by kind and name."""
    found: list[Thing] = []
    mine = Watch.account_id == actor.account_id
    systems = (
        select(Watch.id, System.id, SystemVersion.name_cy, SystemVersion.name_en, System.short_code)
        .join(System, System.id == Watch.system_id)
        .join(SystemVersion, IS_CURRENT)
        .where(mine)
    )
    for watch_id, row_id, cy, en, code in session.execute(systems):
        found.append(Thing(Followed.SYSTEM, row_id, Bilingual(cy, en), code, watch_id))
    for what, table in ((Followed.EMPLOYER, Body), (Followed.WORKPLACE, Workplace), (Followed.STAFF_GROUP, StaffGroup)):
        asked = select(Watch.id, table.id, table.name_cy, table.name_en).join(table, table.id == COLUMNS[what])
        for watch_id, row_id, cy, en in session.execute(asked.where(mine)):
            found.append(Thing(what, row_id, Bilingual(cy, en), watch_id=watch_id))
    return sorted(found, key=lambda one: (list(Followed).index(one.what), one.name.get(locale), one.id))


def list_offered(session: Session, actor: Actor, *, today: date) -> Sequence[Thing]:
    """What the actor may follow because they work there: employers, workplaces with what they lie in, staff groups."""
    engagements = list_engagements(session, actor.person_id, today=today)
    offered: dict[str, Thing] = {}
    for engagement in engagements:
        body = session.get_one(Body, engagement.body_id)
        offered[body.id] = Thing(Followed.EMPLOYER, body.id, Bilingual(body.name_cy, body.name_en))
    for place_id, name in places_around(session, [one.workplace_id for one in engagements]).items():
        offered[place_id] = Thing(Followed.WORKPLACE, place_id, name)
    for engagement in engagements:
        group = session.get_one(StaffGroup, engagement.staff_group_id)
        offered[group.id] = Thing(Followed.STAFF_GROUP, group.id, Bilingual(group.name_cy, group.name_en))
    return list(offered.values())
