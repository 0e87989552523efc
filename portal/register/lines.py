"""The register as JSON Lines: the format on the first line, then one system with its versions on each. Read a line at a
time, so that a national register takes no more memory than a small one.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from portal.core.errors import Fault, ImportRefused
from portal.register.intake import FORMAT, FORMATS, MOST_BYTES, Entry, Names, read_entry, read_json

LINE = "line"
AT_ONCE = 100
"""Systems in one transaction: enough to be quick, and others who write do not wait longer than a second or two."""
BYTES_AT_ONCE = 4 * 1024 * 1024
HEADER = json.dumps({"format": FORMAT}) + "\n"


@dataclass(slots=True)
class Line:
    """One line of a file: its entry, or its faults."""

    number: int
    text: bytes
    entry: Entry | None = None
    faults: list[Fault] = field(default_factory=list)


def is_lines(first: bytes) -> bool:
    """Whether a file that begins so has an entry on each line: its first line is the format and nothing else."""
    try:
        told = json.loads(first.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.keys() == {"format"}


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line with an entry, whole and complete, or with all its faults. ImportRefused if the format is unknown."""
    told = read_json(stream.readline(MOST_BYTES + 1), where="line 1", line=1)
    if not isinstance(told, dict) or told.get("format") not in FORMATS:
        raise ImportRefused([Fault("line 1, format", f"must be one of: {', '.join(FORMATS)}")])
    names = Names(LINE)
    number = 1
    while text := stream.readline(MOST_BYTES + 1):
        number += 1
        is_whole = len(text) <= MOST_BYTES
        if not is_whole:
            _skip_line(stream, text)
        if text.strip() or not is_whole:
            line = Line(number, text if is_whole else b"")
            try:
                line.entry = _entry(number, text, names, inherits=told["format"] == FORMATS[0])
            except ImportRefused as refused:
                line.faults += refused.faults
            yield line


def in_batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """What is imported in one transaction."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line.text)
        if len(batch) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _entry(number: int, text: bytes, names: Names, *, inherits: bool) -> Entry:
    told = read_json(text, where=f"{LINE} {number}", line=number)
    if not isinstance(told, dict):
        raise ImportRefused([Fault(f"{LINE} {number}", "must be an object in curly brackets")])
    twice = list(names.told_twice(number, told))
    if twice:
        raise ImportRefused(twice)
    return read_entry(number, told, inherits=inherits, called=LINE)


def _skip_line(stream: BinaryIO, begun: bytes) -> None:
    """The rest of a line that is too long to be an entry."""
    while begun and not begun.endswith(b"\n"):
        begun = stream.readline(MOST_BYTES)
