"""How many concerns were told of, by theme: of threads that the employer's side reads, and of no other.

Told once, a thread counts in the quarter of that day, with the theme that stands when it is counted. Who else reads it
is not asked; a thread that the union alone reads is not there.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from portal.concerns.casework.models import ToldThread
from portal.concerns.casework.rules import Theme
from portal.concerns.models import RecipientKey
from portal.directory.models import Person
from portal.mailbox.models import SealedCase, SealedGrant

NO_THEME = "none"
"""Of these no theme was told."""


def count_themes(session: Session, body_id: str, first: date, last: date) -> Mapping[str, int]:
    """Threads by theme that were told of between two days, each theme named, noughts too."""
    holds = (
        select(SealedGrant.key_id)
        .join(SealedCase, and_(SealedCase.case_id == SealedGrant.case_id, SealedCase.epoch == SealedGrant.epoch))
        .join(RecipientKey, RecipientKey.key_id == SealedGrant.key_id)
        .join(Person, Person.id == RecipientKey.person_id)
        .where(SealedGrant.case_id == ToldThread.case_id, Person.body_id.is_not(None))
    )
    asked = (
        select(ToldThread.theme, func.count())
        .where(ToldThread.body_id == body_id, ToldThread.told_on.between(first, last), exists(holds))
        .group_by(ToldThread.theme)
    )
    found = {theme.value if theme is not None else NO_THEME: number for theme, number in session.execute(asked)}
    return {key: found.get(key, 0) for key in (*(theme.value for theme in Theme), NO_THEME)}
