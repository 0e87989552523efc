"""Keys that must not count as keys."""

import pytest

from anonymity.errors import CannotOpen
from anonymity.keys import check_signature


@pytest.mark.parametrize("sign_bit", [0, 0x80])
def test_a_public_key_of_small_order_signs_nothing(sign_bit: int) -> None:
    """The neutral point with an all-zero signature passes a lax check for any message (RFC 8032, cofactored)."""
    key = bytearray(32)
    key[0], key[31] = 1, sign_bit
    signature = bytes([1]) + bytes(63)
    with pytest.raises(CannotOpen):
        check_signature(bytes(key), signature, b"anything at all")
