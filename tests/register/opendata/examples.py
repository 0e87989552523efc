"""The examples of the description: what a portal with one small system really answers.

``python -m tests.register.opendata.examples`` writes them anew; a test compares them with what is served.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from portal.core.db import Database
from portal.directory.intake import import_directory, read_directory
from portal.migrations.tables import METADATA
from portal.register.opendata.description import EXAMPLES
from portal.settings.models import read_settings
from tests.prepared import START_OF_TESTS, TEST_KEY
from tests.register.conftest import DEMO
from tests.register.opendata.conftest import PUBLIC_URL, ROOT, application, take_in
from tests.visitors import visiting

ABSENT = "/open-data/systems/ZZZZZZ.json"


def example_entry() -> dict[str, Any]:
    """The entry of FORMAT.md."""
    text = (ROOT / "portal" / "register" / "FORMAT.md").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.split("```json\n")[1].split("```")[0])["entries"][0]
    return found


def served(folder: Path) -> dict[str, Any]:
    """The answers, by the name of the operation, from a portal made in a folder."""
    settings = read_settings(
        {
            "PORTAL_MODE": "demonstration",
            "PORTAL_DATA_FOLDER": str(folder),
            "PORTAL_VAULT_KEYS": TEST_KEY,
            "PORTAL_PUBLIC_URL": PUBLIC_URL,
        }
    )
    database = Database(settings.database)
    METADATA.create_all(database.engine)
    with database.writing() as session:
        import_directory(session, read_directory((DEMO / "directory.csv").read_bytes()), now=START_OF_TESTS)
    entry = example_entry()
    take_in(database, START_OF_TESTS, entry)
    with visiting(application(settings, database)) as visitor:
        told = {
            "systems_json": visitor.get("/open-data/systems.json").json(),
            "systems_csv": visitor.get("/open-data/systems.csv").content.decode("utf-8"),
            "system_json": visitor.get(f"/open-data/systems/{entry['short_code']}.json").json(),
            "problem": visitor.get(ABSENT).json(),
        }
    database.close()
    return told


def written(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        EXAMPLES.write_text(written(served(Path(made))), encoding="utf-8")
