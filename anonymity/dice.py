"""The one place of the sealed channel that draws randomness. Verbs that call it have twins that take the bytes."""

import secrets  # noqa: TID251


def draw(size: int) -> bytes:
    """This many bytes from the operating system's generator."""
    return secrets.token_bytes(size)
