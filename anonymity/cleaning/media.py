"""Pictures inside documents: cleaned like pictures that come alone; what is no JPEG, PNG or WebP goes."""

from collections.abc import Callable, Iterator

from anonymity.cleaning import jpeg, png, webp
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from anonymity.cleaning.source import Source

_FORMS: tuple[tuple[bytes, str, Callable[[Source], Iterator[bytes]]], ...] = (
    (b"\xff\xd8\xff", "jpg", jpeg.clean),
    (png.SIGNATURE, "png", png.clean),
    (b"RIFF", "webp", webp.clean),
)


def clean_picture(octets: bytes, found: set[Found]) -> tuple[str, bytes] | None:
    """How the picture's name ends, and the picture; None where it is of another form."""
    for magic, ending, clean in _FORMS:
        if octets.startswith(magic) and (ending != "webp" or octets[8:12] == b"WEBP"):
            source = Source((octets,), len(octets))
            source.found = found
            try:
                return ending, b"".join(clean(source))
            except CannotClean as problem:
                if problem.reason is Reason.ANIMATION:
                    break
                raise
    found.add(Found.HIDDEN_PARTS)
    return None
