"""A form with files, part by part, while it streams in. Nothing is spooled: what is not asked for is not kept."""

from collections import deque
from collections.abc import Iterator

from python_multipart.multipart import parse_options_header

from portal.core.errors import BadRequest
from portal.web.parsing import parsing

LONGEST_HEADER = 4096
MOST_PARTS = 500
"""Far more than any form of ours; a hundred megabytes of empty parts would keep a processor busy for half a minute."""
HEAD, DATA, END, DONE = "head", "data", "end", "done"


class Part:
    """One part of a form: its field's name, the file's own name if it is a file, and its bytes, to be read once."""

    def __init__(self, name: str, file_name: str | None, data: Iterator[bytes]) -> None:
        self.name, self.file_name, self.data = name, file_name, data


def boundary_of(content_type: str) -> bytes | None:
    """The boundary, if a request announces a form with files."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary") if kind == b"multipart/form-data" else None


def read_parts(pieces: Iterator[bytes], boundary: bytes) -> Iterator[Part]:
    """The parts in their order. Each one's bytes have to be read before the next is asked for; what is left is skipped.

    BadRequest for a form that is not whole.
    """
    events = _Events(pieces, boundary)
    for _count in range(MOST_PARTS):
        kind, value = events.take()
        if kind == DONE:
            return
        _kind, options = parse_options_header(value)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        file_name = options[b"filename"].decode("utf-8", "replace") if b"filename" in options else None
        data = _data(events)
        yield Part(name, file_name, data)
        for _rest in data:
            pass
    raise BadRequest


def _data(events: "_Events") -> Iterator[bytes]:
    while True:
        kind, piece = events.take()
        if kind == END:
            return
        yield piece


class _Events:
    """The parser's callbacks as a row of events. No more is held than one piece of the request makes."""

    def __init__(self, pieces: Iterator[bytes], boundary: bytes) -> None:
        self._pieces = pieces
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._name, self._value, self._disposition = bytearray(), bytearray(), b""
        self._parse = parsing(boundary, self)

    def take(self) -> tuple[str, bytes]:
        """The next event; BadRequest when the request ends before its form does."""
        while not self._waiting:
            piece = next(self._pieces, None)
            if piece is None:
                raise BadRequest
            self._parse(piece)
        return self._waiting.popleft()

    def on_part_begin(self) -> None:
        self._disposition = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._bound()

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound()

    def on_header_end(self) -> None:
        if bytes(self._name).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def on_headers_finished(self) -> None:
        self._waiting.append((HEAD, self._disposition))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._waiting.append((DATA, data[start:end]))

    def on_part_end(self) -> None:
        self._waiting.append((END, b""))

    def on_end(self) -> None:
        self._waiting.append((DONE, b""))

    def _bound(self) -> None:
        if len(self._name) + len(self._value) > LONGEST_HEADER:
            raise BadRequest
