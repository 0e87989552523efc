"""What the form of a step was answered with."""

from dataclasses import dataclass
from datetime import date

from portal.register.lifecycle.rules import Cause
from portal.register.parts import EMPTY, Both
from portal.register.rules import SystemState
from portal.register.talks import OfferKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a step asked for, as far as it did. ``seen`` is the state that the page showed; ``about`` and
    ``offer`` are what the unions are asked about, and the kind of help that ``reason`` offers them."""

    seen: SystemState
    reason: Both = EMPTY
    until: date | None = None
    cause: Cause | None = None
    about: Both = EMPTY
    offer: OfferKind | None = None
