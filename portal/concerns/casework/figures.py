"""How many concerns were told of, by theme: of threads that the employer's side reads, and of no other.

Told once, a thread counts in the quarter of that day, with the theme that stands when it is counted. Who else reads it
is not asked; a thread that the union alone reads is not there. Whoever has ever read for a branch is the union's side,
whatever else they hold: so nothing that was written to a union alone is counted because of a second role.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import Theme
from portal.concerns.models import RecipientKey
from portal.directory.models import RoleHolding
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.mailbox.models import SealedCase, SealedGrant

NO_THEME = "none"
"""Of these no theme was told."""


def count_themes(session: Session, body_id: str, first: date, last: date) -> Mapping[str, int]:
    """Threads by theme that were told of between two days, each theme named, noughts too."""
    for_union = exists().where(RoleHolding.person_id == RecipientKey.person_id, RoleHolding.role.in_(BRANCH_READERS))
    for_employer = exists().where(
        RoleHolding.person_id == RecipientKey.person_id,
        RoleHolding.role.in_(BODY_READERS),
        RoleHolding.body_id == body_id,
    )
    holds = (
        select(SealedGrant.key_id)
        .join(SealedCase, and_(SealedCase.case_id == SealedGrant.case_id, SealedCase.epoch == SealedGrant.epoch))
        .join(RecipientKey, RecipientKey.key_id == SealedGrant.key_id)
        .where(SealedGrant.case_id == ToldThread.case_id, for_employer, ~for_union)
    )
    asked = (
        select(ToldThread.theme, func.count())
        .where(ToldThread.body_id == body_id, ToldThread.told_on.between(first, last), exists(holds))
        .group_by(ToldThread.theme)
    )
    found = {theme.value if theme is not None else NO_THEME: number for theme, number in session.execute(asked)}
    return {key: found.get(key, 0) for key in (*(theme.value for theme in Theme), NO_THEME)}
