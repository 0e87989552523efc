"""What following does because time passed: letters about what is new, the letter of the week, forgetting,
and trying the links of entries where the operator turned that on."""

from datetime import datetime

from portal.core.clock import london_day
from portal.core.db import Database
from portal.notifications.service import list_refused
from portal.register.watching.links import Tools, check_links
from portal.register.watching.mailboxes import Dns
from portal.register.watching.telling import forget, list_untold, tell, tell_weekly
from portal.register.watching.transport import Web
from portal.settings.models import Settings


def tell_followers(database: Database, settings: Settings, now: datetime) -> int:
    """Letters to who follows what changed; one transaction for each thing that happened."""
    address = settings.public_url.rstrip("/")
    with database.reading() as session:
        untold = list_untold(session, now=now)
    letters = 0
    for happening in untold:
        with database.writing() as session:
            letters += tell(session, happening, vault=settings.vault, address=address, now=now)
    with database.writing() as session:
        return letters + tell_weekly(session, vault=settings.vault, address=address, now=now)


def forget_followers(database: Database, _settings: Settings, now: datetime) -> int:
    """What closed accounts followed, and old marks."""
    with database.writing() as session:
        return forget(session, today=london_day(now))


def check_links_of_entries(database: Database, settings: Settings, now: datetime) -> int:
    """The links and mailboxes of a few entries, where the portal may go out to the web at all."""
    if not settings.check_links:
        return 0
    with database.reading() as session:
        refused = list_refused(session, settings.vault)
    return check_links(database, Tools(Web(), Dns(), refused), today=london_day(now))
