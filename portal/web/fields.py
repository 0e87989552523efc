"""What a person typed, as fields. Read whole and capped; nothing is spooled to disk, echoed or logged."""

import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import parse_qsl

from fastapi import Request

from portal.core.errors import BadRequest, TooLarge

MOST_BYTES = 64 * 1024
MOST_FIELDS = 200
MOST_DIGITS = 18
FORM_TYPE = "application/x-www-form-urlencoded"


class FieldBag:
    """Fields of a form: text in NFC, newlines as \\n, outer white space gone."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = [(name, _clean(value)) for name, value in pairs]

    def one(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        found = default
        for key, value in self._pairs:
            if key == name:
                found = value
        return found

    def many(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return [value for key, value in self._pairs if key == name]

    def names(self) -> set[str]:
        return {key for key, _value in self._pairs}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All fields in order, to carry what was typed over a sign-in."""
        return iter(self._pairs)

    def __repr__(self) -> str:
        return "FieldBag(…)"


def _clean(value: str) -> str:
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")
    return unicodedata.normalize("NFC", kept).strip()


def declared_length(request: Request) -> int:
    """What a request says of its own length; 0 when it says nothing that a number can be read from."""
    declared = request.headers.get("content-length", "")
    return int(declared[:MOST_DIGITS]) if declared.isascii() and declared.isdigit() else 0


async def read_body(request: Request, most: int) -> bytes:
    """The body, if it is not longer than allowed; TooLarge as soon as it is."""
    if declared_length(request) > most:
        raise TooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge
    return bytes(body)


async def read_fields(request: Request) -> FieldBag:
    """The fields of a posted form (application/x-www-form-urlencoded in UTF-8; our forms send nothing else)."""
    kept: FieldBag | None = getattr(request.state, "fields", None)
    if kept is None:
        kept = request.state.fields = await _parse(request)
    return kept


def is_form(request: Request) -> bool:
    """Whether a request says that it brings a form of ours."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM_TYPE


async def _parse(request: Request) -> FieldBag:
    """What is no form of ours is not waited for: a route may hold the write lock already."""
    if not is_form(request):
        if declared_length(request) or "transfer-encoding" in request.headers:
            raise BadRequest
        return FieldBag([])
    body = await read_body(request, MOST_BYTES)
    if not body:
        return FieldBag([])
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict", encoding="utf-8"
        )
    except ValueError:
        raise BadRequest from None
    return FieldBag(pairs)


def read_raw(most: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency that gives the body as it came, if it is not longer than allowed."""

    async def dependency(request: Request) -> bytes:
        refuse_form(request)
        return await read_body(request, most)

    return dependency


def refuse_form(request: Request) -> None:
    """BadRequest for what came as a form and was read as one already, where something else is taken."""
    if getattr(request.state, "fields", None) is not None:
        raise BadRequest
