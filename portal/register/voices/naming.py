"""What a system is called on the desks, published or not."""

from sqlalchemy.orm import Session

from portal.core.text import Bilingual
from portal.register.lifecycle.facts import current_version, record_of
from portal.register.models import System


def name_of_system(session: Session, system: System) -> Bilingual:
    """The published name; of a draft the side that there is; of nothing yet its lasting name."""
    record = record_of(session, system, current_version(session, system))
    if record is None or not (record.name.cy or record.name.en):
        return Bilingual(system.slug, system.slug)
    return Bilingual(record.name.cy or record.name.en, record.name.en or record.name.cy)
