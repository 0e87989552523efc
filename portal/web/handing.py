"""Handing out a file that people brought: as an attachment that no browser opens in the portal's name."""

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def handed(pieces: Iterator[bytes], name: str, media_type: str, size: int) -> Response:
    """A file in pieces; the first is read at once, so that one that is not there is the common 404."""
    first = next(pieces, b"")
    headers = {
        "content-disposition": disposition(name),
        "content-length": str(size),
        "content-security-policy": SANDBOX,
        "cache-control": "no-store",
    }
    return StreamingResponse(chain([first], pieces), media_type=media_type, headers=headers)


def disposition(name: str) -> str:
    """Both forms of a file's name: plain for old clients, RFC 5987 for its true letters."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
