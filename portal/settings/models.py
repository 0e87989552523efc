"""The settings of one portal. README lists every one; a test compares."""

import os
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from portal.core.clock import Clock
from portal.core.errors import SettingsError
from portal.core.vault import Vault, derive_keys, read_keys

PREFIX = "PORTAL_"
DEMONSTRATION_MARK = "demo"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
BYTES_IN_MIB = 1024 * 1024


class Settings(BaseModel):
    """Every setting, with its default. The environment's names carry the prefix PORTAL_."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    mode: Annotated[
        Literal["production", "demonstration"],
        Field(description="production checks itself strictly; demonstration makes its own secrets and says so"),
    ] = "production"
    data_folder: Annotated[Path, Field(description="where the embedded database and the sealed files live")] = Path(
        ".data"
    )
    database_url: Annotated[
        str,
        Field(
            repr=False,
            description="SQLAlchemy URL; empty means SQLite in the data folder; PostgreSQL: postgresql+psycopg://…",
        ),
    ] = ""
    vault_keys: Annotated[
        str, Field(repr=False, description="keys for people's words at rest, name:base64 of 32 bytes, newest first")
    ] = ""
    public_url: Annotated[
        str, Field(description="the address people type, https://…, for links in e-mail and the origin check")
    ] = "http://127.0.0.1:8000"
    tls: Annotated[bool, Field(description="true when people reach the portal over https, also behind a proxy")] = False
    host: Annotated[str, Field(description="address the server listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port the server listens on")] = 8000
    threads: Annotated[
        int, Field(ge=1, le=16, description="worker threads of one process; more processes, not threads")
    ] = 3
    client_address_header: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9-]*$",
            description="header in which your own proxy names the visitor's address, lower case; empty: no proxy",
        ),
    ] = ""
    work_bits: Annotated[
        int, Field(ge=0, le=24, description="work a device does before it sends a concern: zero bits of one hash")
    ] = 16
    wait_seconds: Annotated[
        int, Field(ge=0, le=60, description="how old the page without JavaScript must be before it can be sent")
    ] = 5
    calm_a_minute: Annotated[
        int, Field(ge=1, description="concerns and replies a minute above which work and wait rise for everybody")
    ] = 60
    kept_page_seconds: Annotated[
        int, Field(ge=0, le=600, description="how long a public page may be shown as it was made; 0 makes each anew")
    ] = 60
    session_idle_minutes: Annotated[
        int, Field(ge=5, le=720, description="a session ends after so long without use")
    ] = 30
    session_hours: Annotated[int, Field(ge=1, le=24, description="a session ends after so long in any case")] = 12
    argon2_memory_kib: Annotated[
        int, Field(ge=8, description="memory of one password hash; 19456 is OWASP's minimum")
    ] = 19456
    argon2_passes: Annotated[int, Field(ge=1, le=10, description="passes of one password hash")] = 2
    extra_holidays: Annotated[
        tuple[date, ...], Field(description="one-off bank holidays in Wales, dates separated by commas")
    ] = ()
    mailer: Annotated[
        Literal["console", "smtp"], Field(description="console prints letters (demonstration); smtp sends them")
    ] = "smtp"
    smtp_host: Annotated[str, Field(description="mail server")] = "localhost"
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="mail server's port")] = 587
    smtp_user: Annotated[str, Field(description="mail account, empty for none")] = ""
    smtp_password: Annotated[str, Field(repr=False, description="mail password")] = ""
    smtp_starttls: Annotated[bool, Field(description="refuse to send without STARTTLS")] = True
    mail_from: Annotated[str, Field(description="sender's address")] = "porth@localhost"
    unreviewed_welsh: Annotated[
        bool,
        Field(
            description="start although no qualified translator has read all the Welsh; a page of the footer says so"
        ),
    ] = False
    waiting_files_mib: Annotated[
        int,
        Field(
            ge=64,
            description="sealed files that no message has named yet may take so much; more are asked to come later",
        ),
    ] = 4096
    request_files: Annotated[
        int, Field(ge=1, le=100_000, description="so many files may be found for one access request")
    ] = 2000
    request_files_mib: Annotated[
        int, Field(ge=1, description="the files that were found for one access request may take so much")
    ] = 4096
    search_files_mib: Annotated[
        int, Field(ge=1, description="the files of one search of an access request may take so much")
    ] = 1024
    check_links: Annotated[
        bool,
        Field(
            description="try the https links and the mailboxes of published entries once a month; "
            "the portal then asks the web and the DNS"
        ),
    ] = False
    test_clock: Annotated[Path | None, Field(description="file holding an instant; refused in production")] = None
    pseudo_locale: Annotated[
        bool, Field(description="tests: show accented text in place of English; refused in production")
    ] = False

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.test_clock)

    @cached_property
    def vault(self) -> Vault:
        return Vault(read_keys(self.vault_keys))

    @cached_property
    def ticket_keys(self) -> tuple[bytes, ...]:
        """Keys that sign what goes out to visitors and comes back, the same in every process; the first signs."""
        return derive_keys(self.vault_keys, "tickets of the anonymous area")

    @property
    def is_demonstration(self) -> bool:
        return self.mode == "demonstration"

    @property
    def most_waiting(self) -> int:
        """How many bytes of sealed files may wait for a message to name them."""
        return self.waiting_files_mib * BYTES_IN_MIB

    @property
    def database(self) -> str:
        """The database's URL, the embedded one when none is set."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'porth.sqlite3').absolute()}"

    @property
    def blob_folder(self) -> Path:
        return self.data_folder / "files"

    @property
    def sealed_folder(self) -> Path:
        """Files that devices sealed: apart, because their times are the week's and their folder's as well."""
        return self.data_folder / "sealed"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises SettingsError in plain words, also for a misspelt name (traps.md)."""
    env = dict(os.environ if environment is None else environment)  # noqa: TID251 - the one reader of the environment
    own: dict[str, object] = {
        name[len(PREFIX) :].lower(): value for name, value in env.items() if name.startswith(PREFIX)
    }
    unknown = sorted(set(own) - set(Settings.model_fields))
    if unknown:
        raise SettingsError("unknown setting: " + ", ".join(PREFIX + name.upper() for name in unknown))
    if "extra_holidays" in own:
        own["extra_holidays"] = [part.strip() for part in str(own["extra_holidays"]).split(",") if part.strip()]
    try:
        return Settings.model_validate(own)
    except ValidationError as error:
        lines = (f"{PREFIX}{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors())
        raise SettingsError("\n".join(lines)) from None


def refuse_unsafe(settings: Settings) -> list[str]:
    """What stops production from starting, each in one line. Empty in a demonstration."""
    if settings.is_demonstration:
        return []
    demonstration_key = any(name.startswith(DEMONSTRATION_MARK) for name in _key_names(settings))
    checks = (
        (not settings.vault_keys, "PORTAL_VAULT_KEYS is empty; make one with: porth check --new-key"),
        (demonstration_key, "PORTAL_VAULT_KEYS holds the demonstration's key"),
        (
            not settings.tls or not settings.public_url.startswith("https://"),
            "PORTAL_TLS must be true and PORTAL_PUBLIC_URL must begin with https:// (passwords travel here)",
        ),
        (settings.test_clock is not None, "PORTAL_TEST_CLOCK is set: legal dates would follow a test clock"),
        (settings.pseudo_locale, "PORTAL_PSEUDO_LOCALE is set: it is for tests"),
        (settings.mailer == "console", "PORTAL_MAILER is console: letters would be printed into the log"),
        (
            settings.mailer == "smtp" and not settings.smtp_starttls and settings.smtp_host not in LOOPBACK,
            "PORTAL_SMTP_STARTTLS is false for another machine: links that set a password would travel in clear",
        ),
        (settings.argon2_memory_kib < 19456, "PORTAL_ARGON2_MEMORY_KIB is below 19456, the least that OWASP advises"),
        (
            settings.argon2_passes < 2 and 19456 <= settings.argon2_memory_kib < 47104,
            "PORTAL_ARGON2_PASSES is 1: OWASP advises two, or 47104 in PORTAL_ARGON2_MEMORY_KIB",
        ),
        (
            _is_clear_to_another_machine(settings.database_url),
            "PORTAL_DATABASE_URL names another machine without TLS: add ?sslmode=verify-full (at least require), "
            "or what the portal reads and writes would travel in clear",
        ),
        (settings.work_bits < 10, "PORTAL_WORK_BITS is below 10: sending a flood into the box would cost nothing"),
        (
            settings.wait_seconds < 1,
            "PORTAL_WAIT_SECONDS is 0: nothing slows the page without JavaScript",
        ),
    )
    return [fault for is_wrong, fault in checks if is_wrong]


def _is_clear_to_another_machine(database_url: str) -> bool:
    """PostgreSQL over a network where its client may fall back to no TLS; a socket and this machine need none."""
    if not database_url.startswith("postgresql"):
        return False
    try:
        url = make_url(database_url)
    except ArgumentError:
        return False  # it does not open either, and says so
    named = [url.host or "", *url.normalized_query.get("host", ())]
    hosts = [host for one in named for host in one.split(",")]
    is_near = all(not host or host.startswith("/") or host in LOOPBACK for host in hosts)
    return not is_near and url.normalized_query.get("sslmode", ("",))[-1] not in ENCRYPTED


def _key_names(settings: Settings) -> list[str]:
    return [part.partition(":")[0].strip() for part in settings.vault_keys.split(",")]
