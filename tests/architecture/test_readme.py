"""README is true: its commands parse, its settings and files exist, its figures have a measurement."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli.main import make_parser
from portal.settings.models import PREFIX, Settings
from portal.web.cookies import LANGUAGE, SESSION

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", README) + re.findall(r"^(make \w+)", README, re.MULTILINE)
SETTING_ROW = re.compile(rf"^\| `({PREFIX}\w+)` \|([^|]*)\|([^|]+)\|$", re.MULTILINE)
PLACEHOLDERS = {"FILE": "some.json", "FOLDER": "some"}
MADE_LATER = (".data/",)


def told_default(name: str) -> str:
    """A setting's default as the table writes it."""
    value = Settings.model_fields[name].default
    if value in ("", (), None):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def measured_names() -> Iterator[re.Pattern[str]]:
    """What each ``Row(…)`` of the bench calls itself; a value in the name matches anything."""
    for path in sorted((ROOT / "tests" / "bench").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Row":
                name = node.args[1]
                parts = name.values if isinstance(name, ast.JoinedStr) else [name]
                made = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in parts)
                yield re.compile("".join(made))


def misread(line: str) -> set[str]:
    """The words of a command line that porth does not understand, or understands otherwise than they are written."""
    words = [PLACEHOLDERS.get(word, word) for word in line.split()[1:]]
    try:
        read = vars(make_parser().parse_args(words))
    except SystemExit:
        return {line}
    chosen = {f"--{name.replace('_', '-')}" for name, value in read.items() if value}
    return set(words) - chosen - {str(value) for value in read.values()}


@pytest.mark.parametrize("line", sorted({code for code in CODE if code.startswith("porth ")}))
def test_every_porth_command_is_understood(line: str) -> None:
    assert misread(line) == set()


@pytest.mark.parametrize(
    "line",
    ["porth", "porth start", "porth serve now", "porth demo --serv", "porth sweep --check-only", "porth import atrs",
     "porth import staff FILE", "porth client --out FILE"],
)  # fmt: skip
def test_a_command_that_is_none_would_be_noticed(line: str) -> None:
    assert misread(line) != set()


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {code.split()[1] for code in CODE if code.startswith("make ")}
    assert {"run", "test", "bench"} <= targets
    assert {name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()


def test_every_setting_stands_in_the_table_with_its_default_and_meaning() -> None:
    told = {name: (default.strip(), meaning.strip()) for name, default, meaning in SETTING_ROW.findall(README)}
    real = {
        PREFIX + name.upper(): (told_default(name), field.description or "")
        for name, field in Settings.model_fields.items()
    }
    assert told == real


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z][A-Z0-9_]*", README))
    assert named <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_file_that_is_named_exists() -> None:
    paths = {code for code in CODE if re.fullmatch(r"[\w.-]+(/[\w.-]*)+", code) and not code.startswith(MADE_LATER)}
    assert "anonymity/FORMAT.md" in paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_the_cookies_that_are_named_are_all_there_are() -> None:
    assert set(re.findall(r"`(porth_\w+)`", README)) == {SESSION, LANGUAGE}


def test_every_figure_that_is_claimed_is_measured_by_the_bench() -> None:
    section = README.split("## Measured")[1].split("\n## ")[0]
    claimed = [line.split("|")[2].strip() for line in section.splitlines() if line.startswith("|")][2:]
    names = list(measured_names())
    assert len(claimed) > 20
    assert [what for what in claimed if not any(name.fullmatch(what) for name in names)] == []


def test_nothing_of_one_machine_stands_in_it() -> None:
    assert re.findall(r"(?:^|\s|`)/(?:root|home|tmp|work|opt)/", README) == []
