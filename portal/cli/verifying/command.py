"""``porth verify``: does a running portal serve what this version is made of? For a union or an auditor, from outside.

It looks as a visitor looks: the anonymous pages in both languages, every script that a page starts, every script
that another one starts later, and the keys that a concern would be sealed to. It cannot know what is served to
somebody else.
"""

import base64
import hashlib
import sys

from portal.cli.standalone.scripts import read_sums
from portal.cli.verifying.pages import Expected, check_page
from portal.cli.verifying.portal import Portal
from portal.cli.verifying.readers import Keys, list_subjects, read_readers
from portal.core.text import Locale

PAGE_SCRIPT = "reporter.js"
PLAIN_PAGES = ("/concern", "/concern/safety", "/concern/return/form")
DEVICE_PAGES = ("/concern/return",)
"""Pages that run the page script. The page that writes is there as well, once for each thing to be written about."""


class Looking:
    """One look at a portal, told line by line while it goes on."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.looked_at = self.different = 0
        self.integrity = ""

    def tell(self, what: str, faults: list[str]) -> None:
        """One line: OK, or that it differs, and every way in which it does."""
        self.looked_at += 1
        self.different += bool(faults)
        print(f"{'DIFFERS' if faults else 'OK     '}  {what}")
        for fault in faults:
            print(f"         {fault}")

    def at_scripts(self) -> None:
        """Every script of this version, also those that no page names: workers, and what the recipients' desk runs."""
        for name, digest in read_sums().items():
            address = address_of(name, digest)
            served = self.portal.get(address)
            faults = []
            if served.status != 200:
                faults = [f"{address} is not there: the portal runs another version, or other scripts"]
            elif served.sha256 != digest:
                faults = [f"{address} is {served.sha256}, not {digest}"]
            elif name == PAGE_SCRIPT:
                self.integrity = f"sha384-{base64.b64encode(hashlib.sha384(served.octets).digest()).decode()}"
            self.tell(f"script {name}", faults)

    def at_pages(self) -> None:
        """The pages that are the same for every employer."""
        for locale in Locale:
            for path in PLAIN_PAGES:
                self.tell(f"/{locale.value}{path}", check_page(self.portal, Expected(f"/{locale.value}{path}")))
            for path in DEVICE_PAGES:
                self.tell(f"/{locale.value}{path}", check_page(self.portal, self._device(f"/{locale.value}{path}")))

    def at_channels(self) -> Keys:
        """The page that writes, for everything that can be written about; and whose keys it seals to."""
        keys = Keys()
        for subject in list_subjects(self.portal):
            readers, faults = read_readers(self.portal, subject)
            keys.add(subject.body, readers or [])
            for locale in Locale:
                write, form = (f"/{locale.value}/concern/{page}" for page in ("write", "form"))
                expected = Expected(write) if readers is None else self._device(write, readers)
                about = " ".join(subject.fields.values())
                self.tell(f"{write} {about}", [*faults, *check_page(self.portal, expected, subject.fields)])
                self.tell(f"{form} {about}", check_page(self.portal, Expected(form), subject.fields))
        return keys

    def _device(self, path: str, readers: list[dict[str, object]] | None = None) -> Expected:
        ours = {name: address_of(name, digest) for name, digest in read_sums().items()}
        return Expected(path, ours[PAGE_SCRIPT], self.integrity, readers, frozenset(ours.values()))


def address_of(name: str, digest: str) -> str:
    """Where a script is served: its name is made of its content."""
    return f"/static/{name.removesuffix('.js')}-{digest[:16]}.js"


def run(address: str) -> int:
    """Look at everything; 0 only if nothing differs."""
    looking = Looking(Portal(address))
    print(f"{looking.portal.origin}, compared with this version (anonymity/browser/BUNDLES.sha256)")
    try:
        looking.at_scripts()
        looking.at_pages()
        keys = looking.at_channels()
    except (OSError, KeyError, TypeError) as error:
        print(f"porth: {looking.portal.origin} does not answer as a portal does: {error}", file=sys.stderr)
        return 1
    for line in keys.told():
        print(line)
    if looking.different:
        print(f"\n{looking.different} of {looking.looked_at} differ. Write no concern there, and tell whoever runs it.")
        return 1
    print(f"\nAll {looking.looked_at} are those of this version. Compare the keys with what their owners say.")
    return 0
