"""A process of its own that sends what waits: ``python -m tests.notifications.sweeping FOLDER PORT URL INSTANT``."""

import sys
from datetime import datetime
from pathlib import Path

from portal.core.db import Database
from portal.notifications.mailers import SmtpMailer
from portal.notifications.service import send_waiting
from portal.settings.models import Settings
from tests.notifications.mailserver import HOST
from tests.prepared import settings_in


def speaking_to(port: int, settings: Settings) -> Settings:
    """Settings that send to the mail server of a test."""
    wire = {"mailer": "smtp", "smtp_host": HOST, "smtp_port": port, "smtp_starttls": False}
    return settings.model_copy(update=wire | {"mail_from": "porth@bwrdd.example.cymru"})


def main(folder: str, port: str, url: str, instant: str) -> None:
    settings = speaking_to(int(port), settings_in(Path(folder)))
    database = Database(url)
    try:
        sys.stdin.readline()  # everything is loaded: begin together
        print(send_waiting(database, settings.vault, SmtpMailer(settings), now=datetime.fromisoformat(instant)))
    finally:
        database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
