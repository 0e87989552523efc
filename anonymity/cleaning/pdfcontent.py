"""Content streams of a PDF file: what is drawn stays, comments and descriptions between go (CLEANING.md section 6)."""

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, Token, TokenType

from anonymity.cleaning.outcome import CannotClean, Reason
from anonymity.cleaning.pdfimages import Budget

_MOST_OPERANDS, _MOST_TOKENS = 4 << 20, 10_000_000
_PHOTO_INSIDE = (b"/DCT", b"/DCTDecode")


class Contents:
    """Writes content streams anew."""

    def __init__(self, old: pikepdf.Pdf, budget: Budget) -> None:
        self._old = old
        self._budget = budget
        self._tokens = _MOST_TOKENS

    def rewritten(self, stream: Object) -> bytes:
        """The operators of a stream, or of the streams of a page one behind the other."""
        streams = list(stream.as_list()) if isinstance(stream, Array) else [stream]
        for one in streams:
            if isinstance(one, Stream):
                self._budget.spend(len(bytes(one.read_bytes())))
        page = pikepdf.Page(self._old.make_indirect(Dictionary(Type=Name.Page, Contents=stream)))
        drawn = _Drawn(self._tokens)
        page.get_filtered_contents(drawn)
        self._tokens = drawn.tokens
        if drawn.refused:
            raise CannotClean(Reason.TOO_COMPLEX)
        return bytes(drawn.out)


class _Drawn(pikepdf.TokenFilter):
    """Collects operators with their operands."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.tokens = tokens
        self.out = bytearray()
        self.refused = False
        self._operands = bytearray()

    def handle_token(self, token: Token | None = None) -> None:
        """Takes one token; the filter's own result is not used."""
        if token is None or self.refused:
            return
        kind = token.type_
        self.tokens -= 1
        if kind is TokenType.word:
            self._operator(token.raw_value)
            self._operands.clear()
        elif kind is TokenType.comment or kind is TokenType.bad:
            self._operands += b" "
        else:
            self._operands += token.raw_value
        self.refused |= self.tokens < 0 or len(self._operands) > _MOST_OPERANDS

    def _operator(self, name: bytes) -> None:
        if name in (b"BDC", b"BMC"):
            operands = self._operands.split()
            is_layer = len(operands) == 2 and operands[0] == b"/OC" and operands[1].startswith(b"/")
            self.out += b" /OC " + operands[1] + b" BDC" if is_layer else b" /Span BMC"
        elif name not in (b"MP", b"DP"):
            if name == b"ID":
                self.refused = any(word in _PHOTO_INSIDE for word in self._operands.replace(b"/", b" /").split())
            self.out += self._operands + name
