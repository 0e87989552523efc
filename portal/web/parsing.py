"""A form with files, read piece by piece. The anonymous area reads its forms with this too, so it knows no account."""

from collections.abc import Callable

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from portal.core.errors import BadRequest


def parsing(boundary: bytes, listener: object) -> Callable[[bytes], None]:
    """What reads a form piece by piece and calls the listener's ``on_…``. BadRequest for what is no form, at any time.

    A boundary of more than 256 bytes is refused before the first piece: browsers' own are short.
    """
    names = [name for name in dir(listener) if name.startswith("on_")]
    try:
        parser = MultipartParser(boundary, {name: getattr(listener, name) for name in names})  # type: ignore[arg-type]
    except FormParserError:
        raise BadRequest from None

    def parse(piece: bytes) -> None:
        try:
            parser.write(piece)
        except FormParserError:
            raise BadRequest from None

    return parse
