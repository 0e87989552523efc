"""``porth check``: what an operator wants to know before staff find out."""

import base64
import sys

from sqlalchemy import select

from portal.audit.queries import verify_chain
from portal.cli.standalone.scripts import read_script, read_sums
from portal.core import ids
from portal.core.db import Database
from portal.core.errors import SettingsError
from portal.core.vault import read_keys
from portal.directory.matters import find_procedure
from portal.directory.queries import list_bodies
from portal.i18n.reviewed import count_unread
from portal.identity.models import Account
from portal.migrations.newest import require_newest
from portal.register.queries import list_altered_versions
from portal.settings.models import Settings, read_settings, refuse_unsafe


def run(new_key: bool) -> int:
    """Print a new key, or check everything and print one line a finding; 1 when something is wrong."""
    if new_key:
        print(f"k{ids.new_code(6)}:{base64.b64encode(ids.random_bytes(32)).decode()}")
        return 0
    settings = read_settings()
    faults = [*unfit(settings), *_keys(settings), *_database(settings), *_scripts()]
    for fault in faults:
        print(f"WRONG  {fault}", file=sys.stderr)
    print(f"{len(faults)} findings." if faults else "All is well.")
    return 1 if faults else 0


def unfit(settings: Settings) -> list[str]:
    """What keeps a production from starting, by its settings and by the Welsh it would show."""
    faults = refuse_unsafe(settings)
    if not settings.is_demonstration and not settings.unreviewed_welsh and (unread := count_unread()):
        faults.append(
            f"no qualified translator has read {unread:,} Welsh texts; to start all the same, set "
            "PORTAL_UNREVIEWED_WELSH to true (the page about the Welsh language says it to everybody)"
        )
    return faults


def _keys(settings: Settings) -> list[str]:
    try:
        read_keys(settings.vault_keys)
    except SettingsError as error:
        return [str(error)] if settings.vault_keys or settings.is_demonstration else []
    return []


def _scripts() -> list[str]:
    """Each script is built, and is the very one of this version."""
    faults = []
    for name in read_sums():
        try:
            read_script(name)
        except SettingsError as error:
            faults.append(str(error))
    return faults


def _database(settings: Settings) -> list[str]:
    database = Database(settings.database)
    try:
        require_newest(database)
        with database.reading() as session:
            silent = [one.name_en for one in list_bodies(session) if find_procedure(session, one.id) is None]
            report = verify_chain(session)
            altered = list_altered_versions(session)
        invented = [] if settings.is_demonstration else demonstration_accounts(database)
    except SettingsError as error:
        return [str(error)]
    finally:
        database.close()
    print(f"The audit chain holds {report.events:,} events.")
    for name in silent:
        print(f"To do: {name} has not said whether the portal is its procedure for disclosures (ERA 1996, s. 43C(2)).")
    faults = [f"demonstration account: {email}" for email in invented]
    faults += [f"a published version of the register was altered: {version_id}" for version_id in altered]
    if report.broken_at is not None:
        faults.append(f"the audit chain is broken at event {report.broken_at}")
    return faults


def demonstration_accounts(database: Database) -> list[str]:
    """Open accounts at invented addresses, which no production may have."""
    with database.reading() as session:
        found = session.scalars(
            select(Account.email).where(Account.email.endswith(".example"), Account.closed_at.is_(None))
        )
        return list(found)
