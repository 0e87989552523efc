"""Sample files for what stands around the portal: a reverse proxy and a service."""

from pathlib import Path

FOLDER = Path(__file__).with_name("samples")
FILES = {"nginx": "nginx.conf", "systemd": "porth@.service"}


def run(what: str) -> int:
    """Print one of them."""
    print((FOLDER / FILES[what]).read_text(encoding="utf-8"), end="")
    return 0
