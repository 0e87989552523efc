"""The tree of what can go wrong on purpose. ``web/errors.py`` owns the only table from these to a status and a page.

PortalError
├── NotFound        a stranger, an excluded person and a typing error all meet this one
├── NotAllowed      signed in, but the step is not theirs (pages show NotFound for reading, this one for acting)
├── Refused         a rule says no; carries the message that says what to do
├── Conflict        somebody else was quicker; carries the message
├── TooMany         slow down; carries seconds
├── TooLarge        the request is longer than the page accepts
├── BadRequest      the request is not one that our pages make
├── SignInNeeded    no live session
├── ImportRefused   a file with faults; carries one line a fault, and nothing was imported
└── SettingsError   the operator's settings; carries plain English for the operator
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.text import Message


class PortalError(Exception):
    """The root; never raised itself."""


class NotFound(PortalError):
    """There is nothing here for this reader."""


class NotAllowed(PortalError):
    """The reader may see this but not do that."""


class BadRequest(PortalError):
    """A request that none of our pages makes."""


class TooLarge(PortalError):
    """More bytes than the page accepts."""


class SignInNeeded(PortalError):
    """The page is for signed-in people and there is no live session."""


class Refused(PortalError):
    """A rule says no."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


class Conflict(PortalError):
    """Somebody else changed the thing first."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


class TooMany(PortalError):
    """Asked too often."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an imported file: where it stands, and what to do about it, in English (the operator's language)."""

    where: str
    what: str


class ImportRefused(PortalError):
    """A file with faults. Nothing of it was imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


class SettingsError(PortalError):
    """What the operator must change before the portal starts."""
