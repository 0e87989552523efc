"""XML, read without DTDs and entities and written anew element by element, as a set of rules says (CLEANING.md 6)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from anonymity.cleaning.outcome import CannotClean, Reason, sound

_MOST_DEEP, _MOST_ELEMENTS, _MOST_PLAIN, _LONGEST_LIST = 256, 1_500_000, 2000, 1 << 20
_MARKED, _MARKED_INSIDE = re.compile(r"[&<>\r]"), re.compile(r"[&<>\"\r\n\t]")
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_SEPARATOR = "\x1f"
_NO_SPACES: Mapping[str, str] = {}
_XML_SPACE = "http://www.w3.org/XML/1998/namespace"


class Verdict(Enum):
    """What becomes of an element."""

    KEEP = "keep"
    DROP = "drop"
    UNWRAP = "unwrap"


Attributes = dict[tuple[str, str], str]


class Rules:
    """What is kept; elements and attributes are named by the short name of their namespace and their own.

    The text of elements in `tested` is asked for; elements in `pruned` go if nothing is left in them.
    """

    spaces = _NO_SPACES
    special: frozenset[tuple[str, str]] = frozenset()
    tested: frozenset[tuple[str, str]] = frozenset()
    pruned: frozenset[tuple[str, str]] = frozenset()

    def element(self, name: tuple[str, str], attributes: Attributes) -> Verdict:
        """What becomes of an element; may change its attributes."""
        raise NotImplementedError

    def is_plain(self, name: tuple[str, str], keys: Iterable[tuple[str, str]]) -> bool:
        """Whether an element with these attributes is always kept as it is: asked once, and `element` never again."""
        return False

    def text(self, name: tuple[str, str], text: str) -> str | None:
        """What becomes of the text of an element in `tested`; None drops the element."""
        return text


@dataclass
class _Open:
    """An element that is not closed yet."""

    name: tuple[str, str]
    written_as: str
    start: int
    carried: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] | None = None
    inner: int = 0


@dataclass(frozen=True)
class _Plain:
    """How an element that is always kept is written."""

    opened: _Open
    begin: str
    heads: tuple[str, ...]


@dataclass
class Tally:
    """How many elements the parts of one file may still have."""

    left: int = _MOST_ELEMENTS


def rewritten(octets: bytes, rules: Rules, tally: Tally) -> bytes:
    """The same XML as far as the rules keep it."""
    writer = _Writer(rules, tally)
    parse(octets, writer.start, writer.end, writer.characters, writer.declared)
    return writer.whole()


def parse(
    octets: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
    declared: Callable[[str | None, str], None] | None = None,
) -> None:
    """Reads XML; names come as namespace, name and prefix in one."""
    if end is None and len(octets) > _LONGEST_LIST:
        raise CannotClean(Reason.TOO_COMPLEX)
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    parser.StartElementHandler = start
    if end and characters and declared:
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        parser.StartNamespaceDeclHandler = declared
    try:
        parser.Parse(octets, True)
    except (expat.ExpatError, LookupError, UnicodeError, ValueError):
        raise CannotClean(Reason.DAMAGED) from None


def _refused(*_: Any) -> None:
    raise CannotClean(Reason.DAMAGED)


def named(full: str, spaces: Mapping[str, str]) -> tuple[str, str]:
    """The short name of the namespace ("" for none, "?" for one that is not known) and the name."""
    parts = full.split(_SEPARATOR)
    if len(parts) == 1:
        return "", full
    return ("xml" if parts[0] == _XML_SPACE else spaces.get(parts[0], "?")), parts[1]


def local_name(full: str) -> str:
    """The name without its namespace."""
    return full.split(_SEPARATOR)[1] if _SEPARATOR in full else full


def _prefixed(full: str) -> str:
    parts = full.split(_SEPARATOR)
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]


class _Writer:
    """Writes what the rules keep; an element that is dropped takes everything inside with it."""

    def __init__(self, rules: Rules, tally: Tally) -> None:
        self._tally = tally
        self._rules = rules
        self._out = bytearray(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        self._head = len(self._out)
        self._open: list[_Open] = []
        self._dropping = 0
        self._declared: list[tuple[str, str]] = []
        self._names: dict[str, tuple[str, str]] = {}
        self._plain: dict[tuple[str, ...], _Plain | None] = {}

    def whole(self) -> bytes:
        sound(len(self._out) > self._head)
        return bytes(self._out)

    def declared(self, prefix: str | None, space: str) -> None:
        if self._dropping:
            return
        sound(prefix is None or _PREFIX.fullmatch(prefix))
        known = not space or space in self._rules.spaces
        self._declared.append((prefix or "", space if known else "urn:unknown"))

    def start(self, full: str, attributes: dict[str, str]) -> None:
        self._tally.left -= 1
        if len(self._open) + self._dropping >= _MOST_DEEP or self._tally.left < 0:
            raise CannotClean(Reason.TOO_COMPLEX)
        if self._dropping:
            self._dropping += 1
            return
        plain = self._as_plain((full, *attributes))
        if plain and not self._declared and self._open and not self._open[-1].carried:
            self._open.append(plain.opened)
            values = "".join(map(_attribute, plain.heads, attributes.values()))
            self._write(f"{plain.begin}{values}>")
            return
        self._start(full, attributes)

    def _as_plain(self, names: tuple[str, ...]) -> _Plain | None:
        if names not in self._plain and len(self._plain) < _MOST_PLAIN:
            full, *keys = names
            name, shorts = self._short(full), [self._short(key) for key in keys]
            rules = self._rules
            known = "?" not in (name[0], *(short[0] for short in shorts))
            simple = known and name not in rules.tested | rules.pruned | rules.special and rules.is_plain(name, shorts)
            tag = _prefixed(full)
            plain = _Plain(_Open(name, tag, 0), f"<{tag}", tuple(f" {_prefixed(key)}=" for key in keys))
            self._plain[names] = plain if simple else None
        return self._plain.get(names)

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        name = self._short(full)
        written_as = {self._short(key): key for key in attributes}
        kept: Attributes = {short: attributes[key] for short, key in written_as.items() if short[0] != "?"}
        verdict = Verdict.DROP if name[0] == "?" else self._rules.element(name, kept)
        if verdict is Verdict.DROP or (verdict is Verdict.UNWRAP and not self._open):
            self._dropping, self._declared = 1, []
            return
        self._push(
            full, name, verdict, [(_prefixed(written_as.get(short, short[1])), value) for short, value in kept.items()]
        )

    def _push(self, full: str, name: tuple[str, str], verdict: Verdict, attributes: list[tuple[str, str]]) -> None:
        above = self._open[-1].carried if self._open else []
        scope = {**dict(above), **dict(self._declared)}
        self._declared = []
        if verdict is Verdict.UNWRAP:
            self._open.append(_Open(name, "", len(self._out), list(scope.items())))
            return
        tag = _prefixed(full)
        spaces = "".join(
            f" xmlns{':' + prefix if prefix else ''}={quoteattr(space)}" for prefix, space in scope.items()
        )
        self._open.append(_Open(name, tag, len(self._out), [], [] if name in self._rules.tested else None))
        self._write(f"<{tag}{spaces}{''.join(f' {key}={_quoted(value)}' for key, value in attributes)}>")
        self._open[-1].inner = len(self._out)

    def end(self, _: str) -> None:
        if self._dropping:
            self._dropping -= 1
            return
        last = self._open.pop()
        if not last.written_as:
            return
        if last.text is not None:
            text = self._rules.text(last.name, "".join(last.text))
            if text is None:
                del self._out[last.start :]
                return
            self._write(text if not _MARKED.search(text) else escape(text, {"\r": "&#13;"}))
        if last.name in self._rules.pruned and len(self._out) == last.inner:
            del self._out[last.start :]
            return
        self._write(f"</{last.written_as}>")

    def characters(self, text: str) -> None:
        if self._dropping or not self._open:
            return
        last = self._open[-1]
        if last.text is not None:
            last.text.append(text)
        else:
            self._write(text if not _MARKED.search(text) else escape(text, {"\r": "&#13;"}))

    def _write(self, text: str) -> None:
        self._out += text.encode("utf-8")

    def _short(self, full: str) -> tuple[str, str]:
        if full not in self._names:
            self._names[full] = named(full, self._rules.spaces)
        return self._names[full]


def _attribute(head: str, value: str) -> str:
    return f'{head}"{value}"' if not _MARKED_INSIDE.search(value) else head + _quoted(value)


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
