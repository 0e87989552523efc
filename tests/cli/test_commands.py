"""The ``porth`` command, started as operators start it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.cli.main import main
from portal.core.db import Database
from portal.core.vault import read_keys
from tests.prepared import ROOT, TEST_KEY

SAFE = {
    "PORTAL_VAULT_KEYS": TEST_KEY,
    "PORTAL_TLS": "true",
    "PORTAL_PUBLIC_URL": "https://porth.example.cymru",
    "PORTAL_UNREVIEWED_WELSH": "true",
}
HEADER = (
    "kind,id,body,name,name_cy,name_en,type,parent,union,branch,person,email,language,workplace,staff_group,system,"
    "post_cy,post_en,deputy,shown_by_name,started_on,ended_on"
)
BODY_ROW = "body,taran,,,Cyngor Taran,Taran Council,council" + "," * 15


def porth(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """One process of the command, with these settings and no others."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment = {**own, "PORTAL_DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT), **settings}
    started = [sys.executable, "-m", "portal.cli.main", *arguments]
    return subprocess.run(started, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)


Porth = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Porth:
    """The same command in this process, which starts in no time."""

    def run(*arguments: str, **settings: str) -> Ended:
        for name in [name for name in os.environ if name.startswith("PORTAL_")]:
            monkeypatch.delenv(name)
        for name, value in {"PORTAL_DATA_FOLDER": str(tmp_path), **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        capsys.readouterr()
        status = main(arguments)
        return Ended(status, *capsys.readouterr())

    return run


@pytest.fixture
def migrated(tmp_path: Path, end_of_migrations: Path) -> Path:
    """A folder with a database at the newest schema."""
    shutil.copy(end_of_migrations, tmp_path / "porth.sqlite3")
    return tmp_path


def test_every_command_has_help_and_nonsense_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = porth("--help", folder=tmp_path)
    assert shown.returncode == 0
    for name in ("serve", "migrate", "demo", "import", "sweep", "check"):
        assert f"    {name} " in shown.stdout
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert "usage: porth " in capsys.readouterr().out
    for wrong in ([], ["nonsense"], ["import"], ["import", "people", "x"], ["serve", "--port"]):
        with pytest.raises(SystemExit) as refused:
            main(wrong)
        assert refused.value.code == 2
        assert "Traceback" not in capsys.readouterr().err


def test_migrating_twice_is_migrating_once(tmp_path: Path, here: Porth) -> None:
    for done in (porth("migrate", folder=tmp_path), here("migrate")):
        assert (done.returncode, done.stdout, done.stderr) == (0, "The database is up to date.\n", "")


def test_commands_on_a_database_without_tables_say_what_to_do(tmp_path: Path, here: Porth) -> None:
    (tmp_path / "d.csv").write_text(HEADER, encoding="utf-8")
    for arguments in (["import", "directory", "d.csv"], ["sweep"], ["serve"]):
        done = here(*arguments, **SAFE)
        assert done.returncode == 1
        assert "run: porth migrate" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_reached_is_told_in_a_line(tmp_path: Path, here: Porth) -> None:
    away = here("sweep", **SAFE, PORTAL_DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    assert away.returncode == 1
    assert away.stderr.startswith("porth: the database cannot be used")
    assert "Traceback" not in away.stderr


def test_a_misspelt_setting_stops_every_command(tmp_path: Path, here: Porth) -> None:
    done = here("migrate", PORTAL_VAULT_KEY="secret")
    assert (done.returncode, "PORTAL_VAULT_KEY" in done.stderr, "secret" in done.stderr) == (1, True, False)


def test_a_production_that_is_not_safe_does_not_start_and_says_all_of_why(migrated: Path) -> None:
    clock = migrated / "clock"
    clock.write_text("2026-11-22T09:00:00+00:00")
    done = porth("serve", folder=migrated, PORTAL_VAULT_KEYS="demo1:" + TEST_KEY.partition(":")[2],
                 PORTAL_TEST_CLOCK=str(clock), PORTAL_MAILER="console")  # fmt: skip
    assert done.returncode == 1
    for why in (
        "demonstration's key",
        "PORTAL_TLS",
        "PORTAL_TEST_CLOCK",
        "PORTAL_MAILER",
        "Welsh",
    ):
        assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_production_with_demonstration_accounts_does_not_start(
    demonstration_folder: Path, tmp_path: Path, here: Porth
) -> None:
    (tmp_path / "porth.sqlite3").write_bytes((demonstration_folder / "porth.sqlite3").read_bytes())
    done = here("serve", **SAFE)
    assert done.returncode == 1
    assert "demonstration accounts are open" in done.stderr
    assert "sian.prydderch@glannau-ogwen.example" in done.stderr


def test_check_finds_nothing_in_a_good_portal_and_says_so(migrated: Path, here: Porth) -> None:
    done = here("check", **SAFE)
    found = [line for line in done.stderr.splitlines() if "is not built" not in line]
    assert found == []
    assert "The audit chain holds 0 events." in done.stdout


def test_check_names_what_is_wrong(migrated: Path, here: Porth) -> None:
    database = Database(f"sqlite:///{migrated / 'porth.sqlite3'}")
    with database.writing() as session:
        session.execute(text("INSERT INTO audit_head (id, number, hash) VALUES (1, 4, x'00')"))
    database.close()
    done = here("check", PORTAL_VAULT_KEYS="k1:nonsense")
    assert done.returncode == 1
    for wrong in ("audit chain is broken at event 1", "PORTAL_VAULT_KEYS", "PORTAL_TLS", "Welsh"):
        assert wrong in done.stderr
    assert "nonsense" not in done.stderr


def test_a_new_key_is_one_that_the_settings_take(tmp_path: Path, here: Porth) -> None:
    key = here("check", "--new-key").stdout.strip()
    assert here("migrate", PORTAL_VAULT_KEYS=key).returncode == 0
    assert len(read_keys(key)) == 1


@pytest.mark.parametrize(
    ("what", "content", "said"),
    [
        ("directory", b"", "row"),
        ("directory", b"kind,id\nbody,x\n", "column"),
        ("directory", f"{HEADER}\n{BODY_ROW}\n{BODY_ROW}\n".encode(), ""),
        ("directory", f"{HEADER}\n{BODY_ROW}\n".encode("utf-16"), "UTF-8"),
        ("directory", HEADER.encode() + b"\nbody,\xff,,,x\n", "UTF-8"),
        ("directory", f"{HEADER}\n{BODY_ROW.replace('Cyngor Taran', '=cmd()')}\n".encode(), "formula"),
        ("register", b"{", "JSON"),
        ("register", b"[]", ""),
        ("register", b"[" * 100_000, "nested too deeply"),
        ("register", b'{"a": ' + b"1" * 5_000 + b"}", "far too long"),
        ("register", b'{"\\u001b[2J": 1}', "\ufffd[2J"),
        ("atrs", b"null", ""),
        ("atrs", b"\xff\xfe", "UTF-8"),
        ("register", b" " * (10 * 1024 * 1024 + 1), "JSON Lines"),
    ],
)  # fmt: skip
def test_a_file_with_faults_lists_them_and_imports_nothing(
    migrated: Path, here: Porth, what: str, content: bytes, said: str
) -> None:
    (migrated / "given").write_bytes(content)
    done = here("import", what, "given")
    assert done.returncode == 1
    err = done.stderr
    assert "nothing was imported" in err
    assert said.lower() in err.lower()
    database = Database(f"sqlite:///{migrated / 'porth.sqlite3'}")
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM bodies")) == 0
    database.close()


def test_a_missing_file_and_a_folder_are_told_in_a_line(migrated: Path, here: Porth) -> None:
    for name in ("none.csv", "."):
        done = here("import", "directory", name)
        assert done.returncode == 1
        assert "nothing was imported" in done.stderr
        assert "Traceback" not in done.stderr


def test_checking_a_file_alone_imports_nothing_and_importing_it_twice_is_once(migrated: Path, here: Porth) -> None:
    file = ROOT / "portal" / "cli" / "demo" / "directory.csv"
    looked = here("import", "directory", str(file), "--check-only")
    assert (looked.returncode, looked.stdout) == (0, "No faults; nothing was imported.\n")
    database = Database(f"sqlite:///{migrated / 'porth.sqlite3'}")
    counts = []
    for _ in range(2):
        assert here("import", "directory", str(file)).returncode == 0
        with database.reading() as session:
            counts.append([session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("bodies", "persons")])
    database.close()
    assert counts[0] == counts[1]
    assert counts[0][0] == 2


def test_what_is_exported_is_imported_and_only_the_owner_may_read_it(migrated: Path, here: Porth) -> None:
    demo = ROOT / "portal" / "cli" / "demo"
    for what, name in (("directory", "directory.csv"), ("register", "register.json")):
        assert here("import", what, str(demo / name)).returncode == 0
    out = migrated / "out.json"
    assert here("export", "register", "--out", str(out)).stdout == "Exported systems: 8.\n"
    assert out.stat().st_mode & 0o077 == 0
    assert here("import", "register", str(out)).stdout == "Imported systems: unchanged 8.\n"
    lines = migrated / "out.jsonl.gz"
    assert here("export", "register", "--out", str(lines)).stdout == "Exported systems: 8.\n"
    assert lines.stat().st_mode & 0o077 == 0
    assert here("import", "register", str(lines)).stdout == "Imported systems: unchanged 8. New versions: 0.\n"
    alone = json.loads(here("export", "register", "--employer", "dyffryn-cledwen").stdout)
    assert {entry["body"] for entry in alone["entries"]} == {"dyffryn-cledwen"}
    nobody = here("export", "register", "--employer", "nobody")
    assert nobody.returncode == 1 and "no employer nobody" in nobody.stderr


def test_the_search_of_the_register_is_made_anew_by_itself_or_when_asked(migrated: Path, here: Porth) -> None:
    demo = ROOT / "portal" / "cli" / "demo"
    for what, name in (("directory", "directory.csv"), ("register", "register.json")):
        assert here("import", what, str(demo / name)).returncode == 0
    database = Database(f"sqlite:///{migrated / 'porth.sqlite3'}")
    with database.writing() as session:
        session.execute(text("UPDATE system_versions SET words = NULL"))
    assert here("migrate").returncode == 0
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM system_versions WHERE words IS NULL")) == 0
    database.close()
    done = here("index")
    assert (done.returncode, done.stdout) == (0, "Systems that can be found: 8.\n")


def test_the_demonstration_is_set_up_once_with_secrets_of_its_own(tmp_path: Path, here: Porth) -> None:
    quick = {"PORTAL_ARGON2_MEMORY_KIB": "64", "PORTAL_ARGON2_PASSES": "1"}
    first = porth("demo", "--folder", "demo", folder=tmp_path, **quick)
    assert first.returncode == 0, first.stderr
    secrets = json.loads((tmp_path / "demo" / "secrets.json").read_text(encoding="utf-8"))
    again = here("demo", "--folder", "demo", **quick)
    assert again.returncode == 0
    assert json.loads((tmp_path / "demo" / "secrets.json").read_text(encoding="utf-8")) == secrets
    assert secrets["password"] in first.stdout
    assert secrets["password"] in again.stdout
    assert (tmp_path / "demo" / "secrets.json").stat().st_mode & 0o077 == 0
    swept = here("sweep", PORTAL_DATA_FOLDER=str(tmp_path / "demo"), PORTAL_MODE="demonstration",
                  PORTAL_VAULT_KEYS=secrets["vault_keys"], PORTAL_MAILER="console")  # fmt: skip
    assert swept.returncode == 0, swept.stderr
    assert "letters sent: " in swept.stdout


def test_a_folder_that_is_no_demonstration_is_not_thrown_away(tmp_path: Path, here: Porth) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    done = here("demo", "--folder", "precious", "--reset")
    assert done.returncode == 1
    assert (tmp_path / "precious" / "file").exists()
