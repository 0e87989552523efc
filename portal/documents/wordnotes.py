"""Headers, footers and notes of a Word document that no page shows, and what only old programmes would show instead."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from portal.documents.matching import fold
from portal.documents.wordhiding import A, W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OFF = ("0", "false", "off")
_MAIN = "word/document.xml"
_NO_LETTERS = re.compile(r"\W+")
Place = tuple[str, str]
"""The name of a part, and the number of a note in it, if only that is not shown."""


def unshown_parts(members: dict[str, bytes], parts: Sequence[tuple[str, Any]]) -> Iterator[Place]:
    """Those that hold words."""
    roots = dict(parts)
    main = roots.get(_MAIN)
    if main is None:
        return
    shown = _shown_targets(members, main, roots.values())
    used = {
        kind: {one.get(f"{W}id") for root in roots.values() for one in root.iter(f"{W}{kind}Reference")}
        for kind in ("footnote", "endnote")
    }
    for name, root in parts:
        if root.tag in (f"{W}hdr", f"{W}ftr") and name not in shown and _letters(root):
            yield name, ""
        for kind, numbers in used.items():
            for note in root.findall(f"{W}{kind}"):
                if note.get(f"{W}id") not in numbers and note.get(f"{W}type") is None and _letters(note):
                    yield name, note.get(f"{W}id", "")


def _shown_targets(members: dict[str, bytes], main: Any, roots: Iterable[Any]) -> set[str]:
    """The headers and footers that some page shows."""
    links = etree.fromstring(members.get("word/_rels/document.xml.rels", b"<x/>"))
    targets = {one.get("Id"): posixpath.normpath(posixpath.join("word", one.get("Target", ""))) for one in links}
    is_even = any(_is_on(root.find(f"{W}evenAndOddHeaders")) for root in roots if root.tag == f"{W}settings")
    shown = set()
    for section in main.iter(f"{W}sectPr"):
        kinds = {"default", *(["first"] if _is_on(section.find(f"{W}titlePg")) else []), *(["even"] if is_even else [])}
        for one in section.iter(f"{W}headerReference", f"{W}footerReference"):
            # A first page may be that of a later section, which takes it over.
            if one.get(f"{W}type", "default") in kinds or _is_taken_over(main, one.get(f"{W}type", "")):
                shown.add(targets.get(one.get(_ID), ""))
    return shown


def _is_taken_over(main: Any, kind: str) -> bool:
    return kind == "first" and any(_is_on(one) for one in main.iter(f"{W}titlePg"))


def _is_on(one: Any) -> bool:
    return one is not None and one.get(f"{W}val") not in _OFF


def empty_unshown(name: str, root: Any, places: set[Place]) -> None:
    """The words of these places go; the places stay, since others refer to them."""
    for one, number in places:
        if one == name:
            inside = root if not number else next((note for note in root if note.get(f"{W}id") == number), None)
            for text in inside.iter(f"{W}t", f"{A}t", f"{W}delText", f"{W}instrText") if inside is not None else ():
                text.text = ""


def instead(root: Any) -> Iterator[Any]:
    """What stands for programmes that do not know the real thing, and says something else."""
    for one in root.iter(f"{_MC}AlternateContent"):
        seen = "".join(_letters(choice) for choice in one.findall(f"{_MC}Choice"))
        yield from [other for other in one.findall(f"{_MC}Fallback") if _letters(other) not in seen]


def _letters(root: Any) -> str:
    return _NO_LETTERS.sub("", fold("".join(one.text or "" for one in root.iter(f"{W}t", f"{A}t"))))
