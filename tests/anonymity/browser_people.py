"""People whose keys live in a sealing worker of the test page: what they are asked to do, and what they answer."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from playwright.sync_api import Page

from anonymity.encoding import to_b64u
from anonymity.keyring import Keyring, draw_keyring, seal_keyring
from anonymity.receipt import Code, draw_code
from anonymity.submission import read_submission
from tests.anonymity.postbox import Postbox

DAY = date(2026, 11, 22)
TEXT = {"lang": "cy", "day": DAY.isoformat(), "body": "Mae’r sgôr yn codi bob nos."}
ABOUT = {"body": "b1", "kind": "system", "subject": "s1"}


def card(keyring: Keyring, **more: str) -> dict[str, str]:
    """Somebody's card as a page has it."""
    return json.loads(keyring.card.to_json()) | more  # type: ignore[no-any-return]


def key(keyring: Keyring) -> str:
    """Somebody's key id as a page has it."""
    return to_b64u(keyring.card.key_id)


@dataclass
class Holder:
    """One worker of the page, by name."""

    page: Page
    name: str

    def start(self) -> "Holder":
        """A fresh worker; an earlier one of this name ends."""
        self.page.evaluate("name => sealed.worker.start(name)", self.name)
        return self

    def ask(self, method: str, *given: object) -> Any:
        """What the worker answers."""
        script = "([name, method, given]) => sealed.worker.call(name, method, ...given)"
        return self.page.evaluate(script, [self.name, method, given])

    def refusal(self, method: str, *given: object) -> str:
        """The name of the error that it answers with, or `accepted`."""
        script = "([name, method, given]) => sealed.worker.refusal(name, method, ...given)"
        return str(self.page.evaluate(script, [self.name, method, given]))

    def unlock(self, keyring: Keyring) -> "Holder":
        """Hold a reader's keys."""
        code = draw_code()
        ring = {"keyring": to_b64u(seal_keyring(keyring, code)), "card": card(keyring)}
        self.ask("unlock", {"typed": " ".join(code.words("en"))}, ring)
        return self

    def come_back(self, code: Code, *boxes: Postbox) -> list[dict[str, Any]]:
        """Hold a receipt and open its threads."""
        self.ask("readCode", " ".join(code.words("cy")))
        views = self.ask("openThreads", [{"lane": box.lane.value, "value": box.json()} for box in boxes])
        return list(views)

    def open(self, box: Postbox, keyring: Keyring) -> dict[str, Any]:
        """Open a thread as a reader whose keys are held."""
        view: dict[str, Any] = self.ask("openThread", box.json(keyring), to_b64u(box.case))
        return view

    def raise_concern(self, *lanes: dict[str, Any], left_out: tuple[str, ...] = ()) -> dict[str, Any]:
        """Seal a concern: lanes with their readers' cards; the rest is always the same."""
        whole = [{"name": None, "body": TEXT["body"], "files": []} | lane for lane in lanes]
        given = {"about": ABOUT, "left_out": left_out, "lang": "cy", "day": TEXT["day"], "lanes": whole}
        made: dict[str, Any] = self.ask("makeConcern", given)
        return made


def postboxes(made: dict[str, Any]) -> list[Postbox]:
    """What the server keeps of the submissions, each read strictly."""
    return [Postbox.of(read_submission(one["json"].encode())) for one in made["submissions"]]


def people(count: int) -> list[Keyring]:
    """Fresh keys."""
    return [draw_keyring() for _ in range(count)]
