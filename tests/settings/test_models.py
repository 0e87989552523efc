"""Settings: a misspelt name stops the start, and production refuses what only fits a demonstration."""

import base64

import pytest

from portal.core.errors import SettingsError
from portal.settings.models import Settings, read_settings, refuse_unsafe

KEY = "k1:" + base64.b64encode(bytes(range(32))).decode()
SAFE = {
    "PORTAL_VAULT_KEYS": KEY,
    "PORTAL_TLS": "true",
    "PORTAL_PUBLIC_URL": "https://porth.example.cymru",
    "PORTAL_SMTP_HOST": "mail.example.cymru",
}
REMOTE = "postgresql+psycopg://porth:gair@db.example:5432"


@pytest.mark.parametrize(
    "url",
    [
        f"{REMOTE}/porth?sslmode=verify-full", f"{REMOTE}/porth?sslmode=require", "postgresql+psycopg:///porth",
        "postgresql+psycopg://porth@localhost/porth", "postgresql+psycopg://porth@[::1]:5432/porth",
        "postgresql+psycopg:///porth?host=/run/postgresql", "sqlite:////srv/porth.sqlite3", "nonsense",
    ],
)  # fmt: skip
def test_a_database_over_tls_or_on_this_machine_is_safe(url: str) -> None:
    assert refuse_unsafe(read_settings({**SAFE, "PORTAL_DATABASE_URL": url})) == []


def test_a_production_with_everything_right_starts() -> None:
    assert refuse_unsafe(read_settings(SAFE)) == []


def test_nothing_is_needed_to_read_the_defaults_and_they_are_a_production_that_refuses() -> None:
    found = read_settings({"PATH": "/bin", "HOME": "/"})
    assert found.mode == "production"
    assert refuse_unsafe(found) != []


@pytest.mark.parametrize("name", ["PORTAL_VAULT_KEY", "PORTAL_MODES", "PORTAL_", "PORTAL_DATABSE_URL", "PORTAL_CLOCK"])
def test_a_misspelt_setting_is_named_and_its_value_is_not(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**SAFE, name: "a secret value"})
    assert name in str(caught.value)
    assert "a secret value" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_MODE", "prodction"), ("PORTAL_PORT", "99999"), ("PORTAL_PORT", "-1"), ("PORTAL_THREADS", "0"),
        ("PORTAL_THREADS", "400"), ("PORTAL_TLS", "perhaps"), ("PORTAL_SESSION_HOURS", "999"),
        ("PORTAL_EXTRA_HOLIDAYS", "2026-02-30"), ("PORTAL_MAILER", "pigeon"), ("PORTAL_ARGON2_PASSES", "0"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_by_name_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**SAFE, name: value})
    assert name in str(caught.value)
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"PORTAL_VAULT_KEYS": ""}, "PORTAL_VAULT_KEYS"),
        ({"PORTAL_VAULT_KEYS": KEY.replace("k1", "demo1")}, "demonstration"),
        ({"PORTAL_VAULT_KEYS": f"{KEY}, {KEY.replace('k1', 'demo1')}"}, "demonstration"),
        ({"PORTAL_TLS": "false"}, "PORTAL_TLS"),
        ({"PORTAL_PUBLIC_URL": "http://porth.example.cymru"}, "PORTAL_PUBLIC_URL"),
        ({"PORTAL_TEST_CLOCK": "clock"}, "PORTAL_TEST_CLOCK"),
        ({"PORTAL_PSEUDO_LOCALE": "true"}, "PORTAL_PSEUDO_LOCALE"),
        ({"PORTAL_MAILER": "console"}, "PORTAL_MAILER"),
        ({"PORTAL_SMTP_STARTTLS": "false"}, "PORTAL_SMTP_STARTTLS"),
        ({"PORTAL_ARGON2_MEMORY_KIB": "19455"}, "PORTAL_ARGON2_MEMORY_KIB"),
        ({"PORTAL_ARGON2_PASSES": "1"}, "PORTAL_ARGON2_PASSES"),
        ({"PORTAL_WORK_BITS": "9"}, "PORTAL_WORK_BITS"),
        ({"PORTAL_WAIT_SECONDS": "0"}, "PORTAL_WAIT_SECONDS"),
        ({"PORTAL_DATABASE_URL": f"{REMOTE}/porth"}, "sslmode=verify-full"),
        ({"PORTAL_DATABASE_URL": f"{REMOTE}/porth?sslmode=prefer"}, "sslmode=verify-full"),
        ({"PORTAL_DATABASE_URL": "postgresql+psycopg:///porth?host=db.example"}, "sslmode=verify-full"),
    ],
)  # fmt: skip
def test_production_refuses(changes: dict[str, str], named: str) -> None:
    faults = refuse_unsafe(read_settings({**SAFE, **changes}))
    assert len(faults) == 1
    assert named in faults[0]


def test_every_fault_is_told_at_once_and_a_demonstration_is_let_be() -> None:
    wrong = {"PORTAL_TEST_CLOCK": "clock", "PORTAL_MAILER": "console", "PORTAL_PSEUDO_LOCALE": "1"}
    assert len(refuse_unsafe(read_settings(wrong))) == 5
    assert refuse_unsafe(read_settings({**wrong, "PORTAL_MODE": "demonstration"})) == []


def test_plain_mail_to_this_machine_itself_is_allowed() -> None:
    local = read_settings({**SAFE, "PORTAL_SMTP_HOST": "localhost", "PORTAL_SMTP_STARTTLS": "false"})
    assert refuse_unsafe(local) == []


def test_secrets_do_not_stand_in_a_printout_of_the_settings() -> None:
    secret = {"PORTAL_SMTP_PASSWORD": "s3cret-mail", "PORTAL_DATABASE_URL": "postgresql+psycopg://u:s3cret-db@h/d"}
    shown = repr(read_settings({**SAFE, **secret}))
    assert KEY not in shown
    assert "s3cret" not in shown


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(SAFE).port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_holidays_are_read_as_a_list_of_days() -> None:
    found = read_settings({**SAFE, "PORTAL_EXTRA_HOLIDAYS": " 2027-06-03, 2027-06-04 ,"}).extra_holidays
    assert [day.isoformat() for day in found] == ["2027-06-03", "2027-06-04"]


def test_the_embedded_database_lives_in_the_data_folder_unless_one_is_named() -> None:
    assert read_settings({"PORTAL_DATA_FOLDER": "/srv/porth"}).database == "sqlite:////srv/porth/porth.sqlite3"
    assert read_settings({"PORTAL_DATABASE_URL": "postgresql+psycopg://h/d"}).database.startswith("postgresql")
