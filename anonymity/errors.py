"""How the sealed channel fails.

    Exception
    ├── CannotOpen                 something sealed, signed or sent is not what it should be: one error, never a reason
    ├── LeftOut                    somebody whom the reporter left out was about to be let in
    ├── sealedfile.WrongSize       a file that is empty or larger than the largest class
    ├── receipt.Mistyped           ten words that cannot be right, found before any key is derived
    └── plaintext.Unspeakable      our own code was about to leak a secret

ValueError means that our own code called a verb wrongly.
"""


class CannotOpen(Exception):
    """It could not be opened or is not well formed. Deliberately without a reason: reasons are oracles."""

    def __init__(self) -> None:
        super().__init__("cannot be opened")


class LeftOut(ValueError):
    """A grant was asked for somebody whom the reporter left out. Whom, is not said."""

    def __init__(self) -> None:
        super().__init__("left out")
