"""Every file with something hidden in it, as code: for the tests of both implementations of CLEANING.md.

`python -m tests.anonymity.cleaning.planted FOLDER` writes them, and planted.json that says of each what must be gone,
what must be reported and what must be left.
"""

import base64
import json
import sys
from functools import cache
from pathlib import Path

from tests.anonymity.cleaning.marks import Planted, Refused
from tests.anonymity.cleaning.office import OFFICE_FILES
from tests.anonymity.cleaning.papers import PAPERS
from tests.anonymity.cleaning.pictures import PICTURES
from tests.anonymity.cleaning.refused import refused_files
from tests.anonymity.cleaning.sounds import SOUNDS


@cache
def planted_files() -> tuple[Planted, ...]:
    """All files that can be cleaned."""
    return tuple(make() for make in (*PICTURES, *SOUNDS, *OFFICE_FILES, *PAPERS))


@cache
def all_refused() -> tuple[Refused, ...]:
    """All files that must be refused."""
    return tuple(refused_files())


def described(one: Planted) -> dict[str, object]:
    """A planted file for readers of other languages."""
    return {
        "name": one.name,
        "kind": one.kind,
        "texts": one.marks.texts,
        "octets": [base64.b64encode(octets).decode() for octets in one.marks.octets],
        "found": sorted(one.found),
        "visible": list(one.visible),
        "pages": one.pages,
        "orientation": one.orientation,
    }


def write(folder: Path) -> None:
    """The files and their description into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in (*planted_files(), *all_refused()):
        (folder / one.name).write_bytes(one.data)
    listed = {
        "planted": [described(one) for one in planted_files()],
        "refused": [{"name": one.name, "reason": one.reason} for one in all_refused()],
    }
    (folder / "planted.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
