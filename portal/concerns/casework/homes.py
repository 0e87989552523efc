"""For whom somebody reads: their branch, or the bodies whose reader they are.

What a side keeps for itself belongs to its home. Nothing of one home is ever asked for another: every list of labels,
views and replies names those of its reader.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.concerns.casework.rules import Side
from portal.concerns.desk.duty import side_of
from portal.core.text import Bilingual
from portal.directory.models import Body, UnionBranch
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.identity.actor import Actor


def homes_of(actor: Actor) -> frozenset[str]:
    """The branches for which somebody reads, else the bodies: a representative reads for no employer."""
    return actor.branches_where(*BRANCH_READERS) or actor.bodies_where(*BODY_READERS)


def side_and_homes(actor: Actor) -> tuple[Side, list[str]]:
    """The same as queries ask it."""
    return Side(side_of(actor)), sorted(homes_of(actor))


def home_names(session: Session, actor: Actor) -> dict[str, Bilingual]:
    """What they are called, by id, in their order by name."""
    homes = sorted(homes_of(actor))
    branches = session.execute(
        select(UnionBranch.id, UnionBranch.name_cy, UnionBranch.name_en).where(UnionBranch.id.in_(homes))
    )
    bodies = session.execute(select(Body.id, Body.name_cy, Body.name_en).where(Body.id.in_(homes)))
    found = [(home_id, Bilingual(cy, en)) for home_id, cy, en in (*branches, *bodies)]
    return dict(sorted(found, key=lambda one: (one[1].cy, one[0])))
