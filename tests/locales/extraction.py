"""What the portal says: every sentence in portal/ and templates/, by Babel, as a sorted list without lines or dates."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.extract import extract_from_file
from jinja2 import TemplateSyntaxError, nodes
from jinja2.ext import extract_from_ast
from jinja2.sandbox import SandboxedEnvironment

ROOT = Path(__file__).resolve().parents[2]
Key = tuple[str | None, str]

IN_PYTHON: dict[str, Any] = {"msg": None, "pmsg": ((1, "c"), 2), "nmsg": (1, 2), "N_": None}
IN_TEMPLATES: dict[str, Any] = {"_": None, "p_": ((1, "c"), 2), "n_": (1, 2)}
LITERALS = {"msg": 1, "pmsg": 2, "nmsg": 2, "_": 1, "p_": 2, "n_": 2}
"""How many first arguments have to be written out where the call stands."""
SAYS = re.compile(rf"\b({'|'.join(IN_PYTHON)})\b")
"""A file without any of these words says nothing: Babel need not read it."""


@dataclass(frozen=True)
class Said:
    """One sentence and the files that say it."""

    msgid: str
    context: str | None
    plural: str | None
    paths: tuple[str, ...]

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


def sources(root: Path = ROOT) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """(kind, file, keywords) of every file that may say something."""
    for path in sorted((root / "portal").rglob("*.py")):
        if SAYS.search(path.read_text(encoding="utf-8")):
            yield "python", path, IN_PYTHON
    for path in sorted((root / "templates").rglob("*.html")):
        yield "template", path, IN_TEMPLATES


def sentences(root: Path = ROOT) -> list[Said]:
    """Every sentence once, in the order of its English."""
    found: dict[Key, tuple[str | None, set[str]]] = {}
    for method, path, keywords in sources(root):
        for message, context in _said_in(method, path, keywords):
            singular, plural = message if isinstance(message, tuple) else (message, None)
            if not singular:
                continue
            known, paths = found.setdefault((context, singular), (plural, set()))
            paths.add(path.relative_to(root).as_posix())
            if plural and not known:
                found[context, singular] = (plural, paths)
    ordered = sorted(found.items(), key=lambda item: (item[0][1].casefold(), item[0][1], item[0][0] or ""))
    return [Said(msgid, context, plural, tuple(sorted(paths))) for (context, msgid), (plural, paths) in ordered]


def _said_in(method: str, path: Path, keywords: dict[str, Any]) -> Iterator[tuple[Any, str | None]]:
    """(message or messages, context) of one file; a template that cannot be read is named."""
    try:
        for _, message, _, context in extract_from_file(_METHODS.get(method, method), path, keywords):
            yield message, context
    except TemplateSyntaxError as fault:
        raise SyntaxError(f"{path.name}, line {fault.lineno}: {fault.message}") from fault


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment()


@cache
def _parsed(text: str) -> nodes.Template:
    return _environment().parse(text)


def _calls_of_template(
    file: BinaryIO, names: Collection[str], _tags: Collection[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """What Jinja's own method for Babel finds, out of a tree that is read once for both questions."""
    for line, name, message in extract_from_ast(_parsed(file.read().decode()), list(names)):
        yield line, name, message, []


_METHODS: dict[str, Any] = {"template": _calls_of_template}


def unreadable_calls(root: Path = ROOT) -> list[str]:
    """Calls whose sentence is not written out where it stands, so that no catalogue can hold it."""
    out = []
    for method, path, _ in sources(root):
        text = path.read_text(encoding="utf-8")
        found = _in_python(text) if method == "python" else _in_template(text)
        out += [f"{path.relative_to(root).as_posix()}:{line}: {name}(…)" for line, name in found]
    return out


def _in_python(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IN_PYTHON:
            first = node.args[: LITERALS.get(node.func.id, 1)]
            if not first or not all(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in first):
                yield node.lineno, node.func.id


def _in_template(text: str) -> Iterator[tuple[int, str]]:
    for node in _parsed(text).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in IN_TEMPLATES:
            first = node.args[: LITERALS[node.node.name]]
            if not first or not all(isinstance(arg, nodes.Const) and isinstance(arg.value, str) for arg in first):
                yield node.lineno, node.node.name
