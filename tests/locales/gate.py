"""The gate of the Welsh catalogue: every problem of every entry, as lines that say where and what."""

import re
from collections.abc import Iterator

import polib

from portal.i18n.compiled import FORMS, PLURAL_FORMS
from tests.locales.grammar import lint_text
from tests.locales.lexicon import wordset
from tests.locales.pairs import lint_pair
from tests.locales.terms import lint_banned, lint_terms

OPT_OUT = re.compile(r"gate: ok ([\w ]+)")
"""A translator's comment ``gate: ok mutation`` lets one kind of problem of its entry stand."""

AMBIGUOUS = wordset("Yes No Open All None Report Review Pending")
INSTRUCTION = re.compile(r"^[^\W\d_]+wch\b")
COMMAND = re.compile(r"^(Enter|Select|Choose|Tell|Describe|Check|Use|Write|Give|Upload|Sign|Try|Confirm)\b")
VERB_NOUN = re.compile(
    r"^(Rhoi|Dewis|Cadw|Anfon|Gwirio|Uwchlwytho|Cyflwyno|Ychwanegu|Newid|Disgrifio|Defnyddio|Nodi|Cadarnhau)\b"
)


def problems(po: polib.POFile) -> Iterator[str]:
    """Every problem of the catalogue. An empty catalogue has none."""
    yield from header_problems(po)
    yield from _duplicates(po)
    for entry in po:
        excused = OPT_OUT.search(entry.tcomment or "")
        kinds = tuple(excused[1].split()) if excused else ()
        for problem in entry_problems(entry):
            if not problem.startswith(kinds or ("\x00",)):
                yield f"{entry.msgctxt or ''}|{entry.msgid[:70]}| {problem}"


def header_problems(po: polib.POFile) -> Iterator[str]:
    for name, value in (
        ("Plural-Forms", PLURAL_FORMS),
        ("Language", "cy"),
        ("Content-Type", "text/plain; charset=UTF-8"),
    ):
        if po.metadata.get(name) != value:
            yield f"header: {name} is {po.metadata.get(name)!r}, not {value!r}"


def _duplicates(po: polib.POFile) -> Iterator[str]:
    seen: set[tuple[str | None, str]] = set()
    for entry in po:
        if (entry.msgctxt, entry.msgid) in seen:
            yield f"two translations of one sentence: {entry.msgid}"
        seen.add((entry.msgctxt, entry.msgid))


def entry_problems(entry: polib.POEntry) -> list[str]:
    """All that is wrong with one entry."""
    found = [word for word in ("fuzzy", "obsolete") if word in entry.flags or (word == "obsolete" and entry.obsolete)]
    if entry.msgid in AMBIGUOUS and not entry.msgctxt:
        found.append("context: a short word needs a msgctxt")
    return found + (_counted(entry) if entry.msgid_plural else _single(entry))


def _single(entry: polib.POEntry) -> list[str]:
    found = lint_pair(entry.msgid, entry.msgstr)
    if found == ["untranslated"]:
        return found
    found += lint_text(entry.msgstr) + lint_terms(entry.msgid, entry.msgstr)
    return found + list(_mood(entry.msgctxt, entry.msgid, entry.msgstr))


def _counted(entry: polib.POEntry) -> list[str]:
    forms = [entry.msgstr_plural.get(i, "") for i in range(FORMS)]
    if len(entry.msgstr_plural) != FORMS:
        return [f"plural forms: {len(entry.msgstr_plural)} instead of {FORMS}"]
    found = []
    for at, form in enumerate(forms):
        if not form:
            return ["untranslated"]
        found += lint_pair(entry.msgid_plural, form, counted=True) + lint_text(form) + lint_banned(form)
        if at and "{n}" in entry.msgid_plural and "{n}" not in form:
            found.append(f"placeholders differ: {{n}} is not in form {at}")
    return found


def _mood(context: str | None, msgid: str, msgstr: str) -> Iterator[str]:
    if context == "button" and INSTRUCTION.match(msgstr):
        yield "mood: a button is a verb-noun, not -wch"
    if context == "error" and (VERB_NOUN.match(msgstr) or (COMMAND.match(msgid) and not INSTRUCTION.match(msgstr))):
        yield "mood: an error tells what to do, -wch"
