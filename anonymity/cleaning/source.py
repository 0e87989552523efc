"""Reading a file as it arrives: a small window moves over it, and no more than the window is ever held."""

from collections.abc import Iterable, Iterator

from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound

PIECE = 65_536


class Source:
    """The chunks of a file as one row of bytes that is read once, from front to back."""

    def __init__(self, chunks: Iterable[bytes], most: int) -> None:
        self._chunks = iter(chunks)
        self._chunk = memoryview(b"")
        self._window = bytearray()
        self._left = most
        self.found: set[Found] = set()

    def lower(self, most_in_all: int, most: int, reason: Reason) -> None:
        """From here on the whole file may be no longer than this."""
        used = most_in_all - self._left
        self._left = most - used
        self._reason = reason
        if self._left < 0:
            raise CannotClean(reason)

    _reason = Reason.TOO_LARGE

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer where the file ends, without going on."""
        while len(self._window) < size and self._more():
            pass
        return bytes(memoryview(self._window)[:size])

    def some(self) -> bytes:
        """The next bytes, at most a piece; none at the end."""
        octets = self.peek(PIECE)
        del self._window[: len(octets)]
        return octets

    def take(self, size: int) -> bytes:
        """Exactly the next bytes; a file that ends before is damaged."""
        octets = self.peek(size)
        sound(len(octets) == size)
        del self._window[:size]
        return octets

    def pieces(self, size: int) -> Iterator[bytes]:
        """Exactly the next bytes, piece by piece."""
        while size:
            octets = self.take(min(size, PIECE))
            size -= len(octets)
            yield octets

    def skip(self, size: int) -> None:
        """Goes on without looking."""
        for _ in self.pieces(size):
            pass

    def drain(self) -> int:
        """Goes to the end without looking, and says how many bytes there were."""
        size = 0
        while octets := self.some():
            size += len(octets)
        return size

    def _more(self) -> bool:
        while not self._chunk:
            following = next(self._chunks, None)
            if following is None:
                return False
            self._chunk = memoryview(following)
        piece, self._chunk = self._chunk[:PIECE], self._chunk[PIECE:]
        self._left -= len(piece)
        if self._left < 0:
            raise CannotClean(self._reason)
        self._window += piece
        return True
