"""Ten words: what lets a person come back without an account, and what they derive (FORMAT.md sections 3 and 4).

A code is 104 random bits, so it needs no slow password hash. It is a receipt (a concern), a case code (an access
request or a review) or recovery words (a recipient's keyring): one spelling, three sets of labels.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from anonymity.dice import draw
from anonymity.encoding import from_b64u, to_b64u
from anonymity.keys import Author, Identity, hkdf
from anonymity.plaintext import Secret
from anonymity.words import COUNT, index_of, word_list

CODE_BYTES, WORDS, LONGEST = 13, 10, 1_024
_SALT, _CHECK_LABEL = b"porth:v1", b"porth:v1:code\0"
_MARKS = re.compile("[\u0300-\u036f]")
_RUNS = re.compile("[a-z]+|[0-9]+")


class Slip(StrEnum):
    """What is wrong with typed words, in the order of checking."""

    LENGTH = "length"
    COUNT = "count"
    WORDS = "words"
    CHECK = "check"


class Mistyped(ValueError):
    """Typed words that are no code. `positions` (1 to 10) are the words not found; no word itself is kept."""

    def __init__(self, slip: Slip, positions: tuple[int, ...] = ()) -> None:
        super().__init__(slip.value)
        self.slip = slip
        self.positions = positions


class Lane(StrEnum):
    """The threads of a concern. A receipt opens the first two; the notes are the readers' own."""

    JOINT = "joint"
    UNION = "union"
    UNION_NOTES = "union-notes"
    EMPLOYER_NOTES = "employer-notes"


RECEIPT_LANES = (Lane.JOINT, Lane.UNION)
NOTES_LANES = (Lane.UNION_NOTES, Lane.EMPLOYER_NOTES)


class Code:
    """The 13 bytes behind ten words. It shows itself only through `words`, `digits` and `token`."""

    def __init__(self, octets: bytes) -> None:
        if len(octets) != CODE_BYTES:
            raise ValueError("a code is 13 bytes")
        self._secret = Secret(octets)

    @classmethod
    def from_token(cls, token: object) -> "Code":
        """From the 18 characters of base64url that a form without script carries. Raises CannotOpen."""
        return cls(from_b64u(token, CODE_BYTES))

    @property
    def token(self) -> str:
        """The bytes as 18 characters of base64url: as secret as the words."""
        return to_b64u(self._secret.reveal())

    def words(self, lang: str) -> tuple[str, ...]:
        """The ten words in `cy` or `en`."""
        listed = word_list(lang)
        return tuple(listed[index] for index in self._indices())

    @property
    def digits(self) -> tuple[str, ...]:
        """Ten groups of four digits, which open the same as the words."""
        return tuple(f"{index:04d}" for index in self._indices())

    def derive(self, label: str) -> bytes:
        """The 32 bytes of a label of FORMAT.md section 4. They tell nothing about those of any other label."""
        return hkdf(self._secret.reveal(), salt=_SALT, info=label.encode("ascii"))

    def _indices(self) -> list[int]:
        octets = self._secret.reveal()
        number = int.from_bytes(octets, "big") << 6 | _check(octets)
        return [number >> 11 * (WORDS - 1 - i) & COUNT - 1 for i in range(WORDS)]


def draw_code() -> Code:
    """A fresh code."""
    return Code(draw(CODE_BYTES))


def read_code(typed: str) -> Code:
    """The code somebody typed: Welsh or English words or digits, any case, any separators. Raises Mistyped."""
    tokens = _tokens(typed)
    if len(tokens) != WORDS:
        raise Mistyped(Slip.COUNT)
    indices = [_index(token) for token in tokens]
    unknown = tuple(place for place, index in enumerate(indices, 1) if index is None)
    if unknown:
        raise Mistyped(Slip.WORDS, unknown)
    number = 0
    for index in indices:
        number = number << 11 | (index or 0)
    octets = (number >> 6).to_bytes(CODE_BYTES, "big")
    if number & 63 != _check(octets):
        raise Mistyped(Slip.CHECK)
    return Code(octets)


@dataclass(frozen=True)
class LaneKeys:
    """What a receipt yields for one lane: where it is found, what opens it, and who signs for the reporter."""

    locator: bytes = field(repr=False)
    identity: Identity
    author: Author


def lane_keys(code: Code, lane: Lane) -> LaneKeys:
    """The reporter's keys of a lane at epoch 0. ValueError for a lane that no receipt opens."""
    if lane not in RECEIPT_LANES:
        raise ValueError("a receipt opens joint and union only")
    return LaneKeys(
        locator=code.derive(f"{lane}:locator"),
        identity=Identity(Secret(code.derive(f"{lane}:identity"))),
        author=Author(Secret(code.derive(f"{lane}:author"))),
    )


def return_identity(code: Code, lane: Lane) -> Identity:
    """What later epochs of a lane are sealed to for the reporter. Nobody is ever granted it."""
    return Identity(Secret(code.derive(f"{lane}:return")))


def notes_locator(seed: Secret, lane: Lane) -> bytes:
    """Where a notes lane is found (32 bytes), from the epoch-0 seed of the thread it stands beside."""
    if lane not in NOTES_LANES:
        raise ValueError("the locators of other lanes come of a receipt")
    return hkdf(seed.reveal(), salt=_SALT, info=f"{lane}:locator".encode("ascii"))


def lane_locator(code: Code, lane: Lane) -> bytes:
    """Where a lane's thread is found (32 bytes), without the cost of its keys."""
    return code.derive(f"{lane}:locator")


def case_locator(code: Code) -> bytes:
    """Where an access request or a review is found (32 bytes)."""
    return code.derive("case-code:locator")


def locator_hash(locator: bytes) -> bytes:
    """What the server keeps of a locator: its SHA-256, 32 bytes."""
    return hashlib.sha256(locator).digest()


def recovery_identity(code: Code) -> Identity:
    """The identity that a keyring is sealed to."""
    return Identity(Secret(code.derive("recovery:identity")))


def _check(octets: bytes) -> int:
    return hashlib.sha256(_CHECK_LABEL + octets).digest()[0] >> 2


def _tokens(typed: str) -> list[str]:
    if len(typed) > LONGEST or len(typed.encode("utf-8", "replace")) > LONGEST:
        raise Mistyped(Slip.LENGTH)
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", typed))
    lowered = re.sub("[A-Z]", lambda letter: letter[0].lower(), plain)
    tokens: list[str] = []
    for run in _RUNS.findall(lowered):
        if run.isalpha() or len(run) % 4:
            tokens += [run] if run.isalpha() or len(run) > 2 else []  # one or two digits number a list
        else:
            tokens += [run[i : i + 4] for i in range(0, len(run), 4)]
    return tokens


def _index(token: str) -> int | None:
    if token.isdigit():
        return int(token) if len(token) == 4 and int(token) < COUNT else None
    return index_of().get(token)
