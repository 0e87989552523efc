"""``porth index``: the words by which systems are found, and their products, anew from what is published."""

from portal.cli.intake import tell
from portal.core.db import Database
from portal.migrations.newest import require_newest
from portal.register.finding.service import rebuild
from portal.settings.models import Settings


def run(settings: Settings) -> int:
    """Make the index anew in one transaction: whoever searches meanwhile finds by the old one."""
    database = Database(settings.database)
    require_newest(database)
    try:
        with database.writing() as session:
            count = rebuild(session, progress=tell)
    finally:
        database.close()
    print(f"Systems that can be found: {count:,}.")
    return 0
