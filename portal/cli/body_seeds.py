"""What the demonstration's bodies said of themselves: one authorised the portal for disclosures and keeps its own list
of other help, the other has done neither yet."""

from datetime import date

from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.directory.helping import take_over
from portal.directory.matters import Procedure, set_procedure
from portal.directory.queries import find_body_by_slug

SLUG = "glannau-ogwen"
SINCE = date(2026, 4, 6)
WORDS = Bilingual(
    "Mae datgelu drwy’r porth yn digwydd o dan ein gweithdrefn Codi Llais yn Ddiogel, hefyd pan fydd cynrychiolydd "
    "undeb yn ei ddarllen.",
    "A disclosure through the portal is made under our Speaking up Safely procedure, also when a union’s "
    "representative reads it.",
)
SIGNED_BY = Bilingual("y Bwrdd", "the Board")


def seed_bodies(session: Session, *, today: date) -> None:
    """The health board's words and list."""
    body = find_body_by_slug(session, SLUG)
    if body is None:
        return
    told = Procedure(is_authorised=True, words=WORDS, since=SINCE, signed_by=SIGNED_BY)
    set_procedure(session, body.id, told, today=today)
    take_over(session, body.id, today=today)
