"""What the desk's two pages have in common: the part in which threads open on the device, and what it needs."""

from typing import Any

from sqlalchemy.orm import Session

from portal.concerns.cards import UNIONS_SIDE
from portal.concerns.casework.places import Keeping, keep_own_desk
from portal.concerns.desk.duty import side_of
from portal.concerns.desk.key_pages import handles
from portal.concerns.desk.keyrings import list_passkeys
from portal.concerns.mandates import mandate_words
from portal.concerns.queries import find_live_key
from portal.concerns.reporting.filewords import ACCEPT
from portal.core.text import Bilingual
from portal.directory.queries import list_bodies
from portal.web.dependencies import SignedIn as Visit

DESK = "/my/concerns"


def keep_desk(visit: Visit) -> None:
    """Before the desk is shown: what was granted since has its place."""
    keep_own_desk(visit.database, visit.actor.person_id, Keeping(visit.today, visit.calendar))


def shell(visit: Visit, session: Session) -> dict[str, Any]:
    """The reader's key and passkeys, and the names of bodies."""
    key = find_live_key(session, visit.actor.person_id)
    passkeys = list_passkeys(session, key) if key else []
    return {
        "scripts": key is not None,
        "files": key is not None,
        "has_keys": key is not None,
        "passkeys": passkeys,
        "handles": handles(passkeys),
        "file_accept": ACCEPT,
        "mandate_words": mandate_words(),
        "packs_kept": side_of(visit.actor) == UNIONS_SIDE,
        "bodies": {body.id: Bilingual(body.name_cy, body.name_en) for body in list_bodies(session)},
    }
