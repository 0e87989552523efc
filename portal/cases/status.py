"""What the state of a case is called on the pages of the person who asked: few words, and the same for all kinds."""

from collections.abc import Mapping

from portal.core.text import Message, pmsg

_RECEIVED = pmsg("status of a request", "Received")
_WORKING = pmsg("status of a request", "In progress")
_YOURS = pmsg("status of a request", "Waiting for your answer")
_IDENTITY = pmsg("status of a request", "Waiting for proof of identity")
_READY = pmsg("status of a request", "Ready for you to collect")
_ANSWERED = ANSWERED = pmsg("status of a request", "Answered")
_RIGHT = pmsg("status of a request", "Answered, and being put right")
_ICO = pmsg("status of a request", "With the Information Commission (ICO)")
_REFUSED = pmsg("status of a request", "Refused")
_WITHDRAWN = pmsg("status of a request", "Withdrawn")
_CLOSED = pmsg("status of a request", "Closed")
_SIDE = pmsg("status of a request", "In progress: your side can be heard")
_RIGHTING = pmsg("status of a request", "Decided, and being put right")
_AGAIN = pmsg("status of a request", "At the second stage")
_ELSEWHERE = pmsg("status of a request", "Taken elsewhere")

STATUS: Mapping[str, Message] = {
    "received": _RECEIVED,
    "submitted": _RECEIVED,
    "acknowledged": _RECEIVED,
    "clarification_wait": _YOURS,
    "identity_wait": _IDENTITY,
    "ready_to_collect": _READY,
    "disclosed": _ANSWERED,
    "nothing_held": _ANSWERED,
    "decided": _ANSWERED,
    "outcome": _ANSWERED,
    "remedy": _RIGHT,
    "regulator": _ICO,
    "implementing": _RIGHTING,
    "representations_open": _SIDE,
    "stage_two": _AGAIN,
    "referred": _ELSEWHERE,
    "refused": _REFUSED,
    "withdrawn": _WITHDRAWN,
    "closed": _CLOSED,
}


def status_of(state: str, *, has_question: bool) -> Message:
    """The status in words; an open question is what matters most to the person it waits for."""
    if has_question:
        return _YOURS
    return STATUS.get(state, _WORKING)
