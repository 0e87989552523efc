"""The chain's arithmetic."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

START = bytes(32)


def chain_hash(previous: bytes, number: int, at: datetime, content: Mapping[str, Any]) -> bytes:
    """SHA-256 over the hash before and the canonical form of this event."""
    canonical = json.dumps(
        {"number": number, "at": at.isoformat(), **content}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(previous + canonical.encode()).digest()
