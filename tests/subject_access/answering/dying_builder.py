"""A builder of packs in a process of its own that dies like one whose power went: at its Nth commit, or at its rename.

``python -m tests.subject_access.answering.dying_builder DATABASE_URL SETTINGS NOW commit 3``
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import event

from portal.core.db import Database
from portal.settings.models import Settings
from portal.subject_access.answering.packing import build_waiting


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    url, settings_json, now, kind, number = sys.argv[1:6]
    settings = Settings.model_validate_json(settings_json)
    database = Database(url)
    left = [int(number)]

    def count(*_arguments: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            die()

    if kind == "commit":
        event.listen(database.engine, "commit", count)
    else:
        sys.addaudithook(lambda name, _arguments: count() if name == kind else None)
    build_waiting(database, settings, datetime.fromisoformat(now))
    Path(settings.data_folder, "finished").touch()


if __name__ == "__main__":
    main()
