"""That one thread stands beside another, and the proof that whoever says so may say it (FORMAT.md section 7)."""

from dataclasses import dataclass, field

from anonymity.encoding import from_b64u, members, to_b64u
from anonymity.keys import Author, check_signature

_LABEL = b"porth:v1:beside\0"
_CASE_BYTES, _PROOF_BYTES = 16, 64


@dataclass(frozen=True)
class Beside:
    """The case id of the thread beside, and an Ed25519 signature that ties this thread and its opener to it."""

    case: bytes
    proof: bytes = field(repr=False)

    def to_value(self) -> dict[str, object]:
        """As the opening's JSON has it."""
        return {"case": to_b64u(self.case), "proof": to_b64u(self.proof)}

    def check(self, signer: bytes, *, own_case: bytes, opener: bytes) -> None:
        """Raises CannotOpen unless `signer` (a public key) signed for the thread `own_case` that `opener` opened."""
        check_signature(signer, self.proof, _LABEL + self.case + own_case + opener)


def prove_beside(signer: Author, case: bytes, *, own_case: bytes, opener: bytes) -> Beside:
    """The proof by `signer` that `own_case`, opened with the public key `opener`, stands beside `case`."""
    return Beside(case, signer.sign(_LABEL + case + own_case + opener))


def read_beside(value: object) -> Beside:
    """From the opening's JSON. Raises CannotOpen."""
    found = members(value, frozenset({"case", "proof"}))
    return Beside(from_b64u(found["case"], _CASE_BYTES), from_b64u(found["proof"], _PROOF_BYTES))
