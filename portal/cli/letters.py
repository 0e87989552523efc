"""``porth letters``: what waits to be sent, what could not be, and why; never to whom, and never what it says."""

from portal.cli.progress import shown
from portal.core.db import Database
from portal.migrations.newest import require_newest
from portal.notifications.dead import count_letters, list_dead_rows, revive_all
from portal.settings.models import Settings


def run(settings: Settings, *, again: bool = False) -> int:
    """Print where the outbox stands, after trying the failed ones again if asked; 1 when something was given up."""
    now = settings.clock.now()
    database = Database(settings.database)
    require_newest(database)
    try:
        if again:
            with database.writing() as session:
                print(f"Waiting again: {revive_all(session, now=now):,}.")
        with database.reading() as session:
            counted, dead = count_letters(session, now=now), list_dead_rows(session)
            since = f", the first since {counted.due_since:%Y-%m-%d %H:%M} UTC" if counted.due_since else ""
            print(f"Waiting: {counted.waiting:,}{since}. Could not be sent: {counted.dead:,}.")
            for row in dead:
                why = f"{row.failure or 'unknown'} {row.failure_code or ''}".strip()
                at = row.failed_at or row.due_at
                print(shown(f"{row.id}  {row.template}  {why}  {row.tries} tries, the last {at:%Y-%m-%d %H:%M} UTC"))
    finally:
        database.close()
    return 1 if counted.dead else 0
