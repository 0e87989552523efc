"""The built scripts of this version, and the list that says which bytes they are."""

import hashlib
from pathlib import Path

from portal.core.errors import NotFound, SettingsError
from portal.web.static import BUILD, find_script

BROWSER = Path(__file__).resolve().parents[3] / "anonymity" / "browser"
LICENCES = BROWSER / "LICENSES.txt"


def read_sums() -> dict[str, str]:
    """SHA-256 of every script, by its logical name, as committed with this version."""
    lines = (BROWSER / "BUNDLES.sha256").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def read_script(name: str) -> str:
    """A built script, if it is the very one of this version."""
    try:
        file = find_script(name).address.rpartition("/")[2]
        octets = (BUILD / file).read_bytes()
    except (NotFound, FileNotFoundError):
        raise SettingsError(f"the script {name} is not built: run make assets") from None
    if hashlib.sha256(octets).hexdigest() != read_sums().get(name):
        raise SettingsError(f"the script {name} is not the one of this version: run make assets")
    return octets.decode()
