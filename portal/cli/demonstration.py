"""``porth demo``: two invented bodies with everything in them, secrets of its own, and a list of who can sign in."""

import argparse
import base64
import json
import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from anonymity.keyring import draw_keyring, seal_keyring
from anonymity.receipt import draw_code
from portal.cli.access_answers import seed_access_desk
from portal.cli.agreed_seeds import seed_agreed
from portal.cli.body_seeds import seed_bodies
from portal.cli.complaint_seeds import seed_complaints
from portal.cli.intake import take_in
from portal.cli.life_seeds import seed_lives
from portal.cli.question_seeds import seed_questions
from portal.cli.report_seeds import seed_reports
from portal.cli.review_seeds import seed_reviews
from portal.cli.schema import migrate
from portal.cli.sealed_seeds import seed_shared_concern
from portal.cli.seeds import seed_cases
from portal.cli.serve import run as serve
from portal.cli.told_seeds import seed_told
from portal.cli.voice_seeds import seed_voices
from portal.concerns.desk.service import add_keys
from portal.core import ids
from portal.core.clock import london_day
from portal.core.db import Database
from portal.core.errors import SettingsError
from portal.directory.models import Person, RoleHolding
from portal.directory.rules import BODY_READERS, BRANCH_READERS
from portal.identity.models import Account
from portal.identity.passwords import Passwords, passwords_for
from portal.identity.rules import AccountKind
from portal.identity.service import open_account
from portal.settings.models import DEMONSTRATION_MARK, PREFIX, Settings, read_settings

FILES = Path(__file__).resolve().parent / "demo"
READERS = (*BODY_READERS, *BRANCH_READERS)
REVIEWS = "reviews"
"""What can be left out of a demonstration: it is set up sooner without."""
NEWCOMER = "sioned.puw@rcn.example"
"""Whose key nobody has confirmed yet, so that this can be seen as well."""
SHOWN = (
    ("sian.prydderch@glannau-ogwen.example", "nurse, Ward Alaw (Welsh)"),
    ("gwynfor.hughes@dyffryn-cledwen.example", "refuse driver (Welsh)"),
)


def run(args: argparse.Namespace) -> int:
    """Set the demonstration up where it is not there yet, say who can sign in, and serve it if asked."""
    folder: Path = args.folder
    if args.reset and folder.exists():
        _refuse_foreign(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secrets = _secrets(folder)
    settings = _settings(folder, secrets)
    _refuse_real_people(settings)
    migrate(settings)
    _fill(settings, folder, secrets, frozenset(getattr(args, "without", None) or ()))
    _tell(settings, secrets)
    return serve(settings) if args.serve else 0


def _refuse_real_people(settings: Settings) -> None:
    """A database with real accounts in it is never made a demonstration, whatever the settings name."""
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(Account.__tablename__):
            return
        with database.reading() as session:
            real = select(Account.id).where(~Account.email.endswith(".example")).limit(1)
            if session.scalars(real).first() is not None:
                raise SettingsError("this database holds real accounts; a demonstration needs a database of its own")
    finally:
        database.close()


def _refuse_foreign(folder: Path) -> None:
    if not (folder / "secrets.json").exists():
        raise SettingsError(f"{folder.name} holds no demonstration, so it is not thrown away")


def _secrets(folder: Path) -> dict[str, Any]:
    """The demonstration's own key and password, made once and kept beside its database."""
    path = folder / "secrets.json"
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    made = {
        "vault_keys": f"{DEMONSTRATION_MARK}1:{base64.b64encode(ids.random_bytes(32)).decode()}",
        "password": f"dangos-{ids.new_code(4)}-{ids.new_code(4)}".lower(),
        "recovery_words": {},
    }
    _write(path, made)
    return made


def _write(path: Path, content: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=1)


def _settings(folder: Path, secrets: dict[str, Any]) -> Settings:
    """The operator's settings, with the demonstration's in place of what a production must bring."""
    own = read_settings().model_dump(exclude_unset=True)
    fixed = {
        "mode": "demonstration",
        "data_folder": folder,
        "vault_keys": secrets["vault_keys"],
        "mailer": "console",
        "unreviewed_welsh": True,
    }
    return Settings.model_validate(own | fixed)


def _fill(settings: Settings, folder: Path, secrets: dict[str, Any], without: frozenset[str]) -> None:
    database = Database(settings.database)
    try:
        with database.writing() as session:
            if session.scalars(select(Person.id).limit(1)).first() is not None:
                return
            now = settings.clock.now()
            print(take_in(session, "directory", (FILES / "directory.csv").read_bytes(), now=now))
            print(take_in(session, "register", (FILES / "register.json").read_bytes(), now=now))
            _open_accounts(session, settings, secrets["password"])
            secrets["recovery_words"] = _make_keys(session, settings)
            seed_bodies(session, today=london_day(now))
            secrets |= seed_cases(session, settings)
            seed_voices(session, settings)
            seed_lives(session, settings)
            seed_questions(session, settings, today=london_day(now))
            secrets["shared_receipt"] = seed_shared_concern(session, settings, today=london_day(now))
        seed_access_desk(database, settings)
        seed_complaints(database, settings)
        if REVIEWS not in without:
            seed_reviews(database, settings)
            seed_told(database, settings)
            seed_agreed(database, settings)
        seed_reports(database, settings)
        _write(folder / "secrets.json", secrets)
    finally:
        database.close()


def _open_accounts(session: Session, settings: Settings, password: str) -> None:
    """An account for everybody; one password, hashed for each."""
    hashing: Passwords = passwords_for(settings.argon2_memory_kib, settings.argon2_passes)
    for person in session.scalars(select(Person).order_by(Person.email)).all():
        kind = AccountKind.STAFF if person.body_id else AccountKind.REPRESENTATIVE
        account: Account = open_account(session, person, kind, now=settings.clock.now())
        account.password_hash = hashing.hash(password)
    session.flush()


def _make_keys(session: Session, settings: Settings) -> dict[str, str]:
    """Keys for everybody who may read concerns; the recovery words by e-mail address."""
    words = {}
    holds = select(RoleHolding.person_id).where(RoleHolding.role.in_(READERS))
    for person in session.scalars(select(Person).where(Person.id.in_(holds)).order_by(Person.email)).all():
        recovery, keyring = draw_code(), draw_keyring()
        today = london_day(settings.clock.now())
        key = add_keys(session, person.id, keyring.card, seal_keyring(keyring, recovery), today=today)
        if person.email != NEWCOMER:
            key.confirmed_for = session.scalars(
                select(func.coalesce(RoleHolding.branch_id, RoleHolding.body_id)).where(
                    RoleHolding.person_id == person.id, RoleHolding.role.in_(READERS)
                )
            ).first()
        words[person.email] = " ".join(recovery.words("en"))
    return words


def _tell(settings: Settings, secrets: dict[str, Any]) -> None:
    database = Database(settings.database)
    with database.reading() as session:
        rows = session.execute(
            select(Person.email, RoleHolding.role, RoleHolding.post_en)
            .join(RoleHolding, RoleHolding.person_id == Person.id)
            .order_by(RoleHolding.role, Person.email)
        ).all()
    database.close()
    address = f"http://{settings.host}:{settings.port}/"
    print(f"\nPorth, demonstration: everybody here is invented.\n\n  Open {address}\n")
    print(f"  Password of every account: {secrets['password']}\n")
    for email, what in SHOWN:
        print(f"  {'worker':<26} {email:<48} {what}")
    for email, role, post in rows:
        print(f"  {role.value:<26} {email:<48} {post}")
    print("\n  Ten recovery words of who can open concerns:\n")
    for email, words in secrets["recovery_words"].items():
        print(f"  {email}\n      {words}")
    if "receipt" in secrets:
        print(f"\n  A concern that waits for an answer; its receipt:\n      {secrets['receipt']}")
    if "shared_receipt" in secrets:
        print(f"\n  A concern that a union reads too, with files; its receipt:\n      {secrets['shared_receipt']}")
    print(f"\n  Settings come from {PREFIX}… variables; this demonstration made its own secrets.\n", flush=True)
