"""Words and secrets that cannot slip into a log, a page, a pickle or a comparison by accident."""

from typing import Never, SupportsIndex


class Unspeakable(TypeError):
    """A secret was about to be printed, formatted, stored, compared or counted. Carries no value."""


class _Guarded:
    """What both kinds of secret refuse. Python calls these hooks where a secret would otherwise leak."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"  # tracebacks and debuggers call repr: it must answer, and say nothing

    def _refuse(self, *_: object) -> Never:
        raise Unspeakable(f"{type(self).__name__} is opened by reveal() only") from None

    def __str__(self) -> str:
        self._refuse()

    def __format__(self, spec: str) -> str:
        self._refuse(spec)

    def __bytes__(self) -> bytes:
        self._refuse()

    def __len__(self) -> int:
        self._refuse()

    def __eq__(self, other: object) -> bool:
        self._refuse(other)

    def __ne__(self, other: object) -> bool:
        self._refuse(other)

    def __bool__(self) -> bool:
        self._refuse()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Never:
        self._refuse(protocol)

    def __copy__(self) -> Never:
        self._refuse()

    def __deepcopy__(self, memo: object) -> Never:
        self._refuse(memo)

    def __dir__(self) -> list[str]:
        return ["reveal"]


class Plaintext(_Guarded):
    """A person's words, in clear, in memory, for as long as sealing or showing takes.

    It cannot be printed, formatted, pickled, copied, hashed, measured or compared; `reveal()` is the one way out,
    so that every place that handles clear text can be found by that name.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        if type(text) is not str:
            raise TypeError("Plaintext holds a str")
        self.__text = text

    def reveal(self) -> str:
        """The text itself."""
        return self.__text


class Secret(_Guarded):
    """Secret bytes (a seed, the 13 bytes of a code), guarded like `Plaintext`."""

    __slots__ = ("__octets",)

    def __init__(self, octets: bytes) -> None:
        if type(octets) is not bytes:
            raise TypeError("Secret holds bytes")
        self.__octets = octets

    def reveal(self) -> bytes:
        """The bytes themselves."""
        return self.__octets
