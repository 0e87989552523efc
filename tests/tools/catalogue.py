"""The catalogue's workshop: ``python -m tests.tools.catalogue extract|merge [FILE.json …]|compile|check|stale``.

extract   reads every sentence out of portal/ and templates/ into locales/messages.pot
merge     extract, then brings locales/cy/LC_MESSAGES/messages.po up to date: keeps what is translated, takes new Welsh
          from the JSON files, drops what is no longer said, guesses nothing; renews the review ledger; prints what
          lacks Welsh
compile   writes messages.mo
check     runs the gate and prints every problem
stale     fails when messages.pot is not what extract would write now
A JSON file is a list of {"msgid", "msgctxt"?, "msgid_plural"?, "msgstr": text or six forms, "comment"?}. What is
translated already stays, unless --replace says that the files know better.
"""

import argparse
import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polib

from portal.i18n.compile import compile_catalogue
from portal.i18n.compiled import FORMS, PLURAL_FORMS
from tests.locales import ledger
from tests.locales.approved import renew_approved
from tests.locales.extraction import ROOT, Key, Said, sentences

POT = Path("locales/messages.pot")
PO = Path("locales/cy/LC_MESSAGES/messages.po")
HEADER = {
    "Project-Id-Version": "porth",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
WIDTH = 120


@dataclass
class Welsh:
    """One translation as a helper handed it in."""

    forms: tuple[str, ...]
    comment: str = ""
    source: str = field(default="", compare=False)


@contextmanager
def locked() -> Iterator[None]:
    """One workshop at a time: several people translate in one tree."""
    with (ROOT / "locales" / "glossary.csv").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pot_text(root: Path = ROOT) -> str:
    """The whole messages.pot; the same for the same sources, whoever runs it and wherever."""
    return f"{_file(HEADER, [_entry(said) for said in sentences(root)])}\n"


def extract(root: Path = ROOT) -> None:
    pot = root / POT
    pot.parent.mkdir(parents=True, exist_ok=True)
    pot.write_text(pot_text(root), encoding="utf-8")


def merge(files: list[Path], *, replace: bool = False, root: Path = ROOT) -> int:
    """Brings the Welsh catalogue up to date; 1 when something lacks Welsh, else 0."""
    extract(root)
    path = root / PO
    known = _known(path)
    offered = _offered(files)
    entries = []
    for said in sentences(root):
        entry = _entry(said)
        welsh = _choose(known.get(said.key), offered.get(said.key), replace)
        if welsh and len(welsh.forms) == (FORMS if said.plural else 1):
            _translate(entry, welsh)
        entries.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    po = _file({**HEADER, "Language": "cy", "Plural-Forms": PLURAL_FORMS}, entries)
    path.write_text(f"{po}\n", encoding="utf-8")
    compile_catalogue(path)
    ledger.renew(entries, root / ledger.LEDGER)
    return _report(entries, ledger.share_reviewed(root / ledger.LEDGER))


def _choose(kept: Welsh | None, new: Welsh | None, replace: bool) -> Welsh | None:
    if kept and any(kept.forms) and not (replace and new):
        return kept
    return new or kept


def _known(path: Path) -> dict[Key, Welsh]:
    if not path.exists():
        return {}
    return {(e.msgctxt, e.msgid): Welsh(forms(e), e.tcomment) for e in polib.pofile(str(path)) if not e.obsolete}


def _offered(files: list[Path]) -> dict[Key, Welsh]:
    out: dict[Key, Welsh] = {}
    for path in files:
        for row in json.loads(path.read_text(encoding="utf-8")):
            text = row["msgstr"]
            welsh = Welsh((text,) if isinstance(text, str) else tuple(text), row.get("comment", ""), path.name)
            key = (row.get("msgctxt") or None, row["msgid"])
            if out.get(key, welsh) != welsh:
                print(f"two translations: {key[1]!r}: {out[key].source} {out[key].forms} / {path.name} {welsh.forms}")
            out[key] = welsh
    return out


def forms(entry: polib.POEntry) -> tuple[str, ...]:
    """The sentence, or its counted forms in order."""
    if entry.msgid_plural:
        return tuple(entry.msgstr_plural.get(i, "") for i in range(max(FORMS, len(entry.msgstr_plural))))
    return (entry.msgstr,)


def _entry(said: Said) -> polib.POEntry:
    entry = polib.POEntry(msgid=said.msgid, msgctxt=said.context, occurrences=[(path, "") for path in said.paths])
    if said.plural:
        entry.msgid_plural = said.plural
        entry.msgstr_plural = dict.fromkeys(range(FORMS), "")
    if "{" in said.msgid:
        entry.flags = ["python-brace-format"]
    return entry


def _translate(entry: polib.POEntry, welsh: Welsh) -> None:
    entry.tcomment = welsh.comment
    if entry.msgid_plural:
        entry.msgstr_plural = dict(enumerate(welsh.forms))
    else:
        entry.msgstr = welsh.forms[0]


def _file(metadata: dict[str, str], entries: list[polib.POEntry]) -> polib.POFile:
    po = polib.POFile(wrapwidth=WIDTH)
    po.metadata = metadata
    po.extend(entries)
    return po


def _report(entries: list[polib.POEntry], reviewed: float) -> int:
    missing = [entry for entry in entries if not all(forms(entry))]
    for entry in missing:
        print("no Welsh:", json.dumps([entry.msgctxt, entry.msgid], ensure_ascii=False), entry.occurrences[0][0])
    print(f"{len(entries)} sentences, {len(missing)} without Welsh, {reviewed:.0%} reviewed")
    return 1 if missing else 0


def stale() -> int:
    pot = ROOT / POT
    fresh = pot.exists() and pot.read_text(encoding="utf-8") == pot_text()
    if not fresh:
        print("locales/messages.pot is stale: run `python -m tests.tools.catalogue merge`")
    return 0 if fresh else 1


def check() -> int:
    from tests.locales.gate import problems

    found = list(problems(polib.pofile(str(ROOT / PO))))
    for problem in found:
        print(problem)
    print(f"{len(found)} problems")
    return 1 if found else 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("extract", "merge", "compile", "check", "stale"))
    parser.add_argument("files", nargs="*", type=Path, help="JSON files with Welsh, for merge")
    parser.add_argument("--replace", action="store_true", help="what the files say replaces what is there")
    given = parser.parse_intermixed_args(argv)
    with locked():
        if given.step == "merge":
            missing = merge(given.files, replace=given.replace)
            renew_approved(polib.pofile(str(ROOT / PO)))
            return missing
        if given.step == "extract":
            extract()
            return 0
        if given.step == "compile":
            compile_catalogue(ROOT / PO)
            return 0
        return check() if given.step == "check" else stale()


if __name__ == "__main__":
    sys.exit(main())
