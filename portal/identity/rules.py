"""Pure rules of accounts: which passwords are good enough, how long to wait after failures, how long things live."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.text import Message, pmsg

PASSWORD_MIN, PASSWORD_MAX = 12, 128
INVITATION_LIFE = timedelta(days=14)
RESET_LIFE = timedelta(hours=24)
SESSION_KEPT = timedelta(hours=24)
RESET_AGAIN_AFTER = timedelta(minutes=2)
LAST_USE_GRAIN = timedelta(minutes=1)
FREE_FAILURES = 4
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
FAILURES_FORGOTTEN_AFTER = timedelta(hours=24)
BUCKETS = 1 << 20

_COMMON = """
123456789012 1234567890123 12345678901234 123456789123 123123123123 112233445566 987654321098 qwertyuiop12
qwertyuiop123 qwertyuiopas qwertyuiop[] 1qaz2wsx3edc 1q2w3e4r5t6y qazwsxedcrfv asdfghjkl123 zxcvbnm12345
password1234 password12345 password123456 passwordpassword password2024 password2025 password2026 passw0rd1234
p@ssw0rd1234 welcome12345 welcome123456 letmein12345 administrator administrator1 changeme1234 changemenow1
iloveyou1234 iloveyouforever footballfootball liverpool1234 manchester123 sunshine1234 princess1234 monkey123456
cyfrinair123 cyfrinair1234 cyfrinaircyfrinair croeso123456 cymru1234567 cymruambyth1 cymruambyth123
llanfairpwll caerdydd1234 correcthorsebatterystaple mynewpassword temporary1234 thisismypassword
"""
COMMON = frozenset(_COMMON.split())


class AccountKind(StrEnum):
    """A staff account belongs to a person of a body; a representative's is the union's and has no body."""

    STAFF = "staff"
    REPRESENTATIVE = "representative"


class InvitationPurpose(StrEnum):
    """How the single-use link travels: in a letter by mail, or printed and handed over."""

    MAIL = "mail"
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a signed-in session lives unused, and at most."""

    idle: timedelta
    absolute: timedelta


def password_fault(password: str, *, email: str) -> Message | None:
    """What is wrong with a new password, or None. Length counts most; no mixture of signs is asked for."""
    if len(password) < PASSWORD_MIN:
        return pmsg("error", "Your password must have at least {n} characters", n=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        return pmsg("error", "Your password must have {n} characters or fewer", n=PASSWORD_MAX)
    folded = password.casefold()
    if email and folded in {email.casefold(), email.casefold() * 2}:
        return pmsg("error", "Your password must not be your e-mail address")
    if folded in COMMON or len(set(folded)) < 4:
        return pmsg("error", "Your password is too easy to guess")
    return None


def wait_after(failures: int) -> timedelta:
    """How long the next attempt must wait: nothing after the first few, then doubling up to ten minutes."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES - 1, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def failures_now(failures: int, last_failed_at: datetime, *, now: datetime) -> int:
    """Failures that still count: a day without any is a new start."""
    return 0 if now - last_failed_at >= FAILURES_FORGOTTEN_AFTER else failures


def throttle_key(email: str) -> str:
    """Where failures of an address are counted: in one of a million buckets, whether it has an account or not.

    An account with a count of its own would be told from an unknown address: anybody can find a second address of the
    same bucket, let that one fail, and see whether the first has to wait as well. The address is not kept.
    """
    bucket = int.from_bytes(hashlib.sha256(email.encode()).digest()[:4], "big") % BUCKETS
    return f"bucket-{bucket}"


def seconds_left(wait_until: datetime, *, now: datetime) -> int:
    """Whole seconds until an attempt is welcome again; 0 when it is."""
    return max(0, -int((now - wait_until) // timedelta(seconds=1)))
