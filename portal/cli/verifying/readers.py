"""What can be written about, and whose keys it would be sealed to, as the box says; the six words of each key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from anonymity.encoding import to_b64u, to_json
from anonymity.errors import CannotOpen
from anonymity.fingerprint import fingerprint, read_card
from portal.cli.verifying.portal import Portal


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a concern can be about."""

    body_id: str
    slug: str
    body: str
    kind: str
    subject: str

    @property
    def fields(self) -> dict[str, str]:
        """What the pages that write are asked for with: a form's fields, so that no address names it."""
        return {"body": self.slug, "about": f"{self.kind}:{self.subject}"}


@dataclass(slots=True)
class Keys:
    """Everybody whose key an employer's channel seals to, each once."""

    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, body: str, readers: list[dict[str, Any]]) -> None:
        known = self.lines.setdefault(body, {})
        for one in readers:
            known.setdefault(one["key"], _told(one))

    def told(self) -> Iterator[str]:
        """For printing, employer by employer."""
        for body, known in self.lines.items():
            yield f"\n{body}: {len(known)} keys" if known else f"\n{body}: the channel is not open"
            for key, lines in known.items():
                yield from (f"  {line}" for line in [*lines, key])


def list_subjects(portal: Portal) -> Iterator[Subject]:
    """Everything that is offered, employer by employer."""
    offered = portal.ask_box("offered", {"body": None, "v": 1}) or {}
    for body in offered.get("bodies", []):
        subjects = (portal.ask_box("offered", {"body": body["id"], "v": 1}) or {}).get("subjects", [])
        for one in subjects:
            yield Subject(body["id"], body["slug"], f"{body['cy']} – {body['en']}", one["kind"], one["subject"])


def read_readers(portal: Portal, subject: Subject) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """Who would read it, and what is wrong with their keys; None while the channel is not open."""
    about = {"body": subject.body_id, "kind": subject.kind, "subject": subject.subject}
    cards = portal.ask_box("cards", {"about": about, "v": 1})
    if cards is None:
        return None, []
    faults = [f"the key {one['key']} is not what it says it is" for one in cards["readers"] if not _is_key(one)]
    return cards["readers"], faults


def _is_key(one: dict[str, Any]) -> bool:
    key_id = _key_id(one)
    return key_id is not None and to_b64u(key_id) == one["key"]


def _key_id(one: dict[str, Any]) -> bytes | None:
    """Computed from the two keys, never taken from what is said of them."""
    try:
        return read_card(to_json({"recipient": one["recipient"], "sign": one["sign"], "v": 1})).key_id
    except CannotOpen:
        return None


def _told(one: dict[str, Any]) -> list[str]:
    key_id = _key_id(one)
    named = f"{one['name']}, " if one.get("name") else ""
    state = "" if one["confirmed"] else " (new, not yet confirmed)"
    title = f"{named}{one['post']['cy']} – {one['post']['en']}{state}"
    if key_id is None:
        return [title, "no key that can be read"]
    return [title, *(f"{lang}: {' '.join(fingerprint(key_id, lang))}" for lang in ("cy", "en"))]
