"""The shape of the code: rooms, file names, sizes, and the idioms that are said once (design: architecture.md)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for room in ("portal", "anonymity")
    for path in (ROOT / room).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 50, 200
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "stuff", "tools"}
WALL_CLOCK = re.compile(r"\bdatetime\.now\(|\bdate\.today\(|\btime\.time\(|\butcnow\(")
DICE = re.compile(r"^\s*(import|from) (random|secrets)\b|\bos\.urandom\(|\buuid4\(|\btoken_bytes\(|\btoken_hex\(")


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Functions, imports and calls, wherever they stand: all that is asked about here."""
    sought = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, ast.Call)
    return tuple(node for node in ast.walk(tree_of(path)) if isinstance(node, sought))


def lines_matching(pattern: re.Pattern[str]) -> set[str]:
    anywhere = re.compile(pattern.pattern, re.MULTILINE)
    return {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if anywhere.search(text_of(path))
        for line in text_of(path).splitlines()
        if pattern.search(line) and not line.lstrip().startswith(("#", '"'))
    }


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in SOURCES:
        where = path.relative_to(ROOT).as_posix()
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield where, node


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 100


def test_no_other_folder_stands_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tops = {name.split("/")[0] for name in listed.splitlines() if "/" in name}
    assert {top for top in tops if not top.startswith(".")} <= {"portal", "anonymity", "locales", "templates", "tests"}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path.name for path in SOURCES if path.stem in VAGUE_NAMES] == []


def test_no_file_is_longer_than_the_budget() -> None:
    long = {path.name: n for path in SOURCES if (n := len(text_of(path).splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_the_budget() -> None:
    long = [
        f"{where} {node.name}"
        for where, node in functions()
        if node.end_lineno and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_template_is_longer_than_the_budget() -> None:
    long = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if len(path.read_text("utf-8").splitlines()) > LONGEST_TEMPLATE
    ]
    assert long == []


def test_the_package_docstring_of_a_room_is_all_that_its_init_holds() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            body = tree_of(path).body
            assert len(body) == 1, path
            assert isinstance(body[0], ast.Expr), path


def test_only_one_line_commits() -> None:
    commits = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and "migrations" not in path.parts
    ]
    assert [where.split(":")[0] for where in commits] == ["portal/core/db.py"]


def test_only_the_clock_reads_the_wall_clock() -> None:
    assert lines_matching(WALL_CLOCK) == {"portal/core/clock.py"}


def test_only_ids_and_the_sealed_channel_draw_randomness() -> None:
    assert lines_matching(DICE) <= {"portal/core/ids.py", "anonymity/dice.py"}
    assert "portal/core/ids.py" in lines_matching(DICE)


def test_only_the_settings_read_the_environment() -> None:
    assert lines_matching(re.compile(r"\bos\.(environ|getenv)\b")) == {"portal/settings/models.py"}


def test_no_import_stands_inside_a_function() -> None:
    inside = []
    for path in SOURCES:
        lines = [node.lineno for node in nodes_of(path) if isinstance(node, ast.Import | ast.ImportFrom)]
        inside += [
            f"{path.relative_to(ROOT)} {node.name}"
            for node in nodes_of(path)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines)
        ]
    assert inside == []


def test_every_public_function_of_the_rooms_says_what_it_is_for_or_is_one_line_of_meaning() -> None:
    """Services, queries and rules carry docstrings unless their name and types say it all (at most three lines)."""
    silent = [
        f"{where} {node.name}"
        for where, node in functions()
        if where.endswith(("service.py", "queries.py"))
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and len(node.body) > 3
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["pyproject.toml", "Makefile", "package-lock.json", "requirements.lock"])
def test_no_registry_and_no_path_of_a_machine_is_named(name: str) -> None:
    content = (ROOT / name).read_text(encoding="utf-8")
    assert '"resolved"' not in content
    assert not re.search(r"https?://(?!127\.0\.0\.1)[\w.-]*(registry|pypi|npm|index)", content)
    assert not re.search(r"(?<![\w.$)/])/(work|root|home|tmp)/", content)


def test_ci_runs_make_test_and_nothing_else() -> None:
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]
    commands = [line for line in lines if line and not line.startswith("#") and line != "set -euo pipefail"]
    assert commands[-1] == "exec make test"
    assert all(line.startswith("cd ") for line in commands[:-1])
