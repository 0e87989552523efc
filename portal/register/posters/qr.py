"""QR codes of a system's address. A sticker wears off: almost a third of it may be lost and it still reads."""

from functools import lru_cache
from io import BytesIO

import segno

from portal.core.text import Locale

LEVEL = "h"
QUIET = 4
"""Empty modules around the code, as the standard asks."""

PIXELS = 16
"""Pixels of a module in the picture for other people's documents."""


def address_of(public_url: str, locale: Locale, short_code: str) -> str:
    """The whole address of a system's page, for a code and for print."""
    return f"{public_url.rstrip('/')}/{locale.value}/s/{short_code}"


def spoken(address: str) -> str:
    """An address as people type it: browsers add the rest."""
    return address.removeprefix("https://").removeprefix("http://")


@lru_cache(maxsize=512)
def qr_svg(address: str) -> bytes:
    """The code as a drawing of any size."""
    out = BytesIO()
    _code(address).save(
        out, kind="svg", border=QUIET, dark="#000", light="#fff", xmldecl=False, omitsize=True, nl=False
    )
    return out.getvalue()


@lru_cache(maxsize=64)
def qr_png(address: str) -> bytes:
    """The code as a picture, sharp when printed on a whole page."""
    out = BytesIO()
    _code(address).save(out, kind="png", border=QUIET, scale=PIXELS, dark="#000", light="#fff")
    return out.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error=LEVEL, micro=False)
