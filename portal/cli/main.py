"""``porth``: one parser, one line of help a command, errors in plain words on the error stream."""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from portal.cli.progress import shown
from portal.core.errors import ImportRefused, SettingsError
from portal.settings.models import read_settings

EXIT_FAULT = 1
EXIT_USAGE = 2
_IMPORT = (
    "A file comes in whole or not at all: every fault is listed, and the exit status is 1. A register as JSON Lines "
    "may be of any size and comes in line by line: one with a fault is told by its number and left out (exit status "
    "3 at the end). Some systems are committed at a time: whatever ends the command, what is in stays in, and the same "
    "command goes on from there and doubles nothing."
)


def make_parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    parser = argparse.ArgumentParser(prog="porth", description="Run and look after a Porth portal.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    served = commands.add_parser("serve", help="run the server until it is stopped")
    served.add_argument("--no-sweep", action="store_true", help="do not run timed duties in this process")
    served.set_defaults(run=lambda args: _verb("serve", "run")(read_settings(), sweeping=not args.no_sweep))

    migrated = commands.add_parser("migrate", help="create the database's tables or bring them up to date")
    migrated.set_defaults(run=lambda _args: _verb("schema", "migrate")(read_settings()))

    shown = commands.add_parser("demo", help="set up a demonstration body, and run it with --serve")
    shown.add_argument("--folder", type=Path, default=Path(".data/demo"), help="where the demonstration lives")
    shown.add_argument("--serve", action="store_true", help="start the server afterwards")
    shown.add_argument("--reset", action="store_true", help="throw the demonstration away first")
    shown.add_argument("--without", action="append", choices=["reviews"], help="set it up sooner, without these")
    shown.set_defaults(run=lambda args: _verb("demonstration", "run")(args))

    _add_files(commands)

    indexed = commands.add_parser("index", help="make the register’s search anew from what is published")
    indexed.set_defaults(run=lambda _args: _verb("indexing", "run")(read_settings()))

    swept = commands.add_parser("sweep", help="do every timed duty once: letters, expiry, retention")
    swept.set_defaults(run=lambda _args: _verb("serve", "sweep_once")(read_settings()))

    letters = commands.add_parser("letters", help="how many letters wait, and which could not be sent and why")
    letters.add_argument("--again", action="store_true", help="try those again that could not be sent")
    letters.set_defaults(run=lambda args: _verb("letters", "run")(read_settings(), again=args.again))

    checked = commands.add_parser("check", help="check settings, database, audit chain and scripts")
    checked.add_argument("--new-key", action="store_true", help="print a new key for PORTAL_VAULT_KEYS and stop")
    checked.set_defaults(run=lambda args: _verb("check", "run")(args.new_key))

    standing = commands.add_parser("client", help="write the page that seals and opens concerns as one file")
    standing.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the page goes: concern.html")
    standing.add_argument("--portal", required=True, metavar="ADDRESS", help="the portal: https://portal.example")
    standing.add_argument("--body", default="", metavar="SLUG", help="for one employer only, by its short name")
    standing.set_defaults(run=lambda args: _verb("standalone.command", "run")(args.out, args.portal, args.body))

    verified = commands.add_parser("verify", help="compare a running portal’s scripts and policies with this version")
    verified.add_argument("address", metavar="ADDRESS", help="the portal: https://portal.example")
    verified.set_defaults(run=lambda args: _verb("verifying.command", "run")(args.address))

    sampled = commands.add_parser("sample", help="print a sample configuration for what stands around the portal")
    sampled.add_argument("what", choices=("nginx", "systemd"), help="the reverse proxy, or the service")
    sampled.set_defaults(run=lambda args: _verb("sample", "run")(args.what))
    return parser


def _add_files(commands: Any) -> None:
    """What reads a file or writes one."""
    imported = commands.add_parser(
        "import", help="read a directory, a register or published ATRS records", description=_IMPORT
    )
    imported.add_argument("what", choices=("directory", "register", "atrs"), help="what the file holds")
    read = "directory: CSV; register: JSON or JSON Lines; atrs: JSON; each may be packed by gzip"
    imported.add_argument("file", type=Path, metavar="FILE", help=read)
    imported.add_argument("--check-only", action="store_true", help="list the faults and import nothing")
    imported.add_argument("--refused", type=Path, metavar="FILE", help="where refused lines of JSON Lines are kept")
    imported.set_defaults(
        run=lambda args: _verb("intake", "run")(read_settings(), args.what, args.file, args.check_only, args.refused)
    )

    exported = commands.add_parser("export", help="write the register, or an entry of it in another format")
    kinds = exported.add_subparsers(dest="what", required=True, metavar="WHAT")
    atrs = kinds.add_parser("atrs", help="one entry: Algorithmic Transparency Recording Standard, version 4")
    atrs.add_argument("code", metavar="CODE", help="the short code of the system")
    atrs.add_argument("--format", choices=("html", "json"), default="html", help="html is the default")
    atrs.add_argument("--out", type=Path, metavar="FILE", help="where it goes; left out: to the output")
    atrs.set_defaults(run=lambda args: _verb("export", "run")(read_settings(), args.code, args.format, args.out))
    register = kinds.add_parser("register", help="every entry in every version, as porth import register reads it")
    register.add_argument("--employer", metavar="SLUG", help="of one employer only, by its short name")
    register.add_argument(
        "--out", type=Path, metavar="FILE", help="where it goes; .gz is packed; left out: to the output"
    )
    register.add_argument("--lines", action="store_true", help="as JSON Lines, as a .jsonl or .jsonl.gz always is")
    register.set_defaults(
        run=lambda args: _verb("export", "run_register")(read_settings(), args.employer, args.out, args.lines)
    )

    told = commands.add_parser("report", help="print a quarter’s report as it was told by the end of a day")
    told.add_argument("--body", required=True, metavar="SLUG", help="the employer, by its short name")
    told.add_argument("--quarter", required=True, metavar="QUARTER", help="2026-3 is July to September 2026")
    told.add_argument("--as-at", type=date.fromisoformat, metavar="DAY", help="as told by then: 2026-10-20")
    told.add_argument("--csv", action="store_true", help="as the file that the page gives")
    told.set_defaults(
        run=lambda args: _verb("report", "run")(read_settings(), args.body, args.quarter, args.as_at, args.csv)
    )


def _verb(module: str, name: str) -> Callable[..., Any]:
    """What a command does. Each loads its own module only, so that serving does not wait for what migrating needs.

    Nothing that is loaded is rubbish, so nobody looks for rubbish meanwhile: that took a quarter of the start.
    """
    gc.disable()
    try:
        found: Callable[..., Any] = getattr(import_module(f"portal.cli.{module}"), name)
    finally:
        gc.enable()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    args = make_parser().parse_args(arguments)
    try:
        return int(args.run(args) or 0)
    except SettingsError as error:
        print(f"porth: {error}", file=sys.stderr)
    except ImportRefused as error:
        for fault in error.faults:
            print(shown(f"{fault.where}: {fault.what}"), file=sys.stderr)
        print(f"porth: {len(error.faults)} faults; nothing was imported", file=sys.stderr)
    except OperationalError as error:
        print(f"porth: the database cannot be used: {error.orig}", file=sys.stderr)
    except OSError as error:
        print(f"porth: {error.strerror}: {error.filename}", file=sys.stderr)
    except KeyboardInterrupt:
        print("porth: stopped", file=sys.stderr)
    return EXIT_FAULT


if __name__ == "__main__":
    sys.exit(main())
