"""How bytes and values are written: canonical JSON, base64url, padding and Bech32 (FORMAT.md sections 0 to 2).

Every reader here raises `CannotOpen` and nothing else, without a reason.
"""

import base64
import binascii
import json
import re
from functools import reduce
from itertools import pairwise
from operator import xor
from typing import Any

from anonymity.errors import CannotOpen

_OPAQUE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_INDEX = {letter: value for value, letter in enumerate(_BECH32)}
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648: the same groups of five bits under other letters
_FROM_BASE32 = bytes.maketrans(_BASE32, _BECH32.encode())
_TO_DIGITS = str.maketrans(_BECH32, "0123456789abcdefghijklmnopqrstuv")
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_FEEDBACK = [reduce(xor, (g for i, g in enumerate(_GENERATORS) if top >> i & 1), 0) for top in range(32)]


def to_b64u(octets: bytes) -> str:
    """base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def from_b64u(text: object, size: int) -> bytes:
    """Exactly `size` bytes from their one spelling in base64url."""
    if type(text) is not str or len(text) != -(-size * 4 // 3):
        raise CannotOpen
    try:
        octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CannotOpen from None
    if len(octets) != size or to_b64u(octets) != text:
        raise CannotOpen
    return octets


def to_json(value: object) -> bytes:
    """Canonical JSON (FORMAT.md section 1): sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")


def from_json(octets: bytes, *, keys: frozenset[str]) -> dict[str, Any]:
    """An object with exactly these keys from canonical JSON; any other spelling of the same value is refused."""
    try:
        value = json.loads(octets.decode("utf-8"))
        is_canonical = to_json(value) == octets
    except (ValueError, RecursionError):
        raise CannotOpen from None
    if not is_canonical:
        raise CannotOpen
    return members(value, keys)


def members(value: object, keys: frozenset[str]) -> dict[str, Any]:
    """The value as an object that has exactly these keys."""
    if type(value) is not dict or value.keys() != keys:
        raise CannotOpen
    return value


def whole(value: object, lowest: int, highest: int) -> int:
    """The value as an integer within bounds (JSON's true and 1.0 are not integers)."""
    if type(value) is not int or not lowest <= value <= highest:
        raise CannotOpen
    return value


def one_of(value: object, allowed: frozenset[str]) -> str:
    """The value as one of the allowed words."""
    if type(value) is not str or value not in allowed:
        raise CannotOpen
    return value


def rising(values: list[str], lowest: int, highest: int) -> list[str]:
    """A list of bounded length, strictly ascending: its order says nothing and nothing stands in it twice."""
    if not lowest <= len(values) <= highest or any(a >= b for a, b in pairwise(values)):
        raise CannotOpen
    return values


def listing(value: object, highest: int) -> list[Any]:
    """The value as a list of at most `highest` members."""
    if type(value) is not list or len(value) > highest:
        raise CannotOpen
    return value


def opaque_id(value: object, longest: int = 64) -> str:
    """An opaque id: 1 to 64 characters of letters, digits, `_` and `-`."""
    if type(value) is not str or len(value) > longest or not _OPAQUE_ID.fullmatch(value):
        raise CannotOpen
    return value


def pad(content: bytes, size: int) -> bytes:
    """The length, the content and zeros, together exactly `size` bytes. ValueError if it does not fit."""
    if len(content) + 4 > size:
        raise ValueError("the content is larger than its size class")
    return (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")


def unpad(padded: bytes, size: int) -> bytes:
    """The content of a padded plaintext of exactly this size class."""
    if len(padded) != size:
        raise CannotOpen
    end = 4 + int.from_bytes(padded[:4], "big")
    if end > size or padded[end:].strip(b"\0"):
        raise CannotOpen
    return padded[4:end]


def to_bech32(prefix: str, octets: bytes) -> str:
    """Bech32 (BIP 173) in lower case, of any length."""
    letters = base64.b32encode(octets).rstrip(b"=").translate(_FROM_BASE32)
    values = [_BECH32_INDEX[letter] for letter in letters.decode("ascii")]
    check = _polymod([*_expanded(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    last = "".join(_BECH32[(check >> 5 * (5 - i)) & 31] for i in range(6))
    return prefix + "1" + letters.decode("ascii") + last


def from_bech32(prefix: str, text: object, size: int) -> bytes:
    """Exactly `size` bytes from lower-case Bech32 with this prefix."""
    length = len(prefix) + 1 + -(-size * 8 // 5) + 6
    if type(text) is not str or len(text) != length or not text.startswith(prefix + "1"):
        raise CannotOpen
    try:
        values = [_BECH32_INDEX[letter] for letter in text[len(prefix) + 1 :]]
    except KeyError:
        raise CannotOpen from None
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise CannotOpen
    spare = (len(values) - 6) * 5 - size * 8
    whole = int(text[len(prefix) + 1 : -6].translate(_TO_DIGITS), 32)
    if whole & (1 << spare) - 1:
        raise CannotOpen  # the bits that fill up the last letter are zero
    return (whole >> spare).to_bytes(size, "big")


def _expanded(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[check >> 25]
    return check
