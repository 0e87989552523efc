"""Names of the internet that were written down: what a domain says of its mail."""

from collections.abc import Sequence

from portal.register.watching.mailboxes import NoSuchDomain, NotKnown

MISSING, SILENT = "missing", "silent"
TAKES_MAIL = {"MX": ["mx.post.example."], "A": ["192.0.2.1"]}


class Book:
    """Every name takes mail, save those that are named."""

    def __init__(self, **told: str | dict[str, list[str]]) -> None:
        self.told = told
        self.asked: list[tuple[str, str]] = []

    def look_up(self, name: str, kind: str) -> Sequence[str]:
        self.asked.append((name, kind))
        said = self.told.get(name.rstrip(".").replace(".", "_").replace("-", "_"), TAKES_MAIL)
        if said == MISSING:
            raise NoSuchDomain
        if said == SILENT:
            raise NotKnown
        return said.get(kind, []) if isinstance(said, dict) else []
