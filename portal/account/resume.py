"""What was typed into a form whose session had ended, sealed for the same account to carry on with after signing in."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.vault import Vault, VaultError

SIGNED_AREA = re.compile(r"/(cy|en)/my(/[A-Za-z0-9._~-]+)*")
LOCAL_PATH = re.compile(r"/my(/(?!\.{1,2}(?![A-Za-z0-9._~-]))[A-Za-z0-9._~-]+)*(\?[A-Za-z0-9._~=&%+-]*)?")
"""Without the dots that lead out of the area again."""
MOST_CHARACTERS = 400
MOST_TYPED = 256 * 1024
NOT_KEPT = ("csrf", "password")


@dataclass(frozen=True, slots=True)
class Resumed:
    """The form as it was sent: its path with the language, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "Resumed(…)"


def seal_resume(vault: Vault, account_id: str, path: str, fields: Iterable[tuple[str, str]]) -> str:
    """A token for a hidden field. Passwords and the old form's token are left out; empty when the path is not ours."""
    if not SIGNED_AREA.fullmatch(path):
        return ""
    kept = [(name, value) for name, value in fields if not any(part in name for part in NOT_KEPT)]
    typed = zlib.compress(json.dumps({"path": path, "fields": kept}).encode())
    return base64.urlsafe_b64encode(vault.seal(typed, context=_context(account_id))).decode()


def open_resume(vault: Vault, account_id: str, token: str) -> Resumed | None:
    """The form again, for the account that it was sealed for; None for every other and for a changed token."""
    try:
        sealed = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
        typed = zlib.decompressobj().decompress(vault.open_bytes(sealed, context=_context(account_id)), MOST_TYPED)
        stored = json.loads(typed)
    except (VaultError, binascii.Error, ValueError, zlib.error):
        return None
    return Resumed(stored["path"], tuple((name, value) for name, value in stored["fields"]))


def local_path(asked: str) -> str:
    """Where to go after signing in: a path of the signed-in area below the language, or nothing for all else."""
    return asked if len(asked) <= MOST_CHARACTERS and LOCAL_PATH.fullmatch(asked) else ""


def _context(account_id: str) -> str:
    return f"resume:{account_id}"
