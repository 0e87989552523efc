"""The token of forms behind a sign-in, masked anew in every page, so that compression cannot betray it (BREACH)."""

import base64
import binascii

from portal.core import ids
from portal.core.errors import BadRequest

_LENGTH = 32


def mask(secret: str) -> str:
    """A token for one page: a random mask, and the secret's digest under it."""
    pad = ids.random_bytes(_LENGTH)
    digest = ids.token_hash(secret)
    mixed = bytes(one ^ other for one, other in zip(pad, digest, strict=True))
    return base64.urlsafe_b64encode(pad + mixed).decode()


def matches(token: str, secret: str) -> bool:
    """Whether a token was made for this session's secret."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 2 * _LENGTH:
        return False
    digest = bytes(one ^ other for one, other in zip(raw[:_LENGTH], raw[_LENGTH:], strict=True))
    return ids.same(digest, ids.token_hash(secret))


def demand(token: str, secret: str) -> None:
    """Raises BadRequest for a token that was not made for this session's secret."""
    if not matches(token, secret):
        raise BadRequest
