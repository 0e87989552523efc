"""Reading the union's forms."""

from dataclasses import dataclass

from anonymity.encoding import from_b64u
from anonymity.errors import CannotOpen
from portal.core.errors import NotFound
from portal.core.text import Bilingual, pmsg
from portal.union_casework.packs import DIGEST_BYTES, Made
from portal.web.fields import FieldBag
from portal.web.forms import Problems, email, text

CASE_BYTES, MOST_RECIPIENTS, MOST_FILES, MOST_NAME = 16, 5, 2_000, 200
GIVE_ADDRESS = pmsg("error", "Give the work email address of the person who is near to you")
GIVE_CONTACT = pmsg("error", "Give the email address that members write to")
GIVE_NAME_CY = pmsg("error", "Give the name in Welsh")
GIVE_NAME_EN = pmsg("error", "Give the name in English")


@dataclass(frozen=True, slots=True)
class Contact:
    name: Bilingual
    email: str
    problems: Problems


def read_near(fields: FieldBag) -> tuple[str, Problems]:
    """The address of somebody who is near."""
    problems = Problems()
    return email(fields, "email", problems, required=GIVE_ADDRESS), problems


def read_contact(fields: FieldBag) -> Contact:
    """Whom members ask for their data."""
    problems = Problems()
    name = Bilingual(
        text(fields, "name_cy", problems, most=MOST_NAME, required=GIVE_NAME_CY),
        text(fields, "name_en", problems, most=MOST_NAME, required=GIVE_NAME_EN),
    )
    return Contact(name, email(fields, "email", problems, required=GIVE_CONTACT), problems)


def read_made(fields: FieldBag) -> Made:
    """What a device tells of a pack. NotFound for what no device of ours sends."""
    try:
        case_id = from_b64u(fields.one("case"), CASE_BYTES)
        digest = from_b64u(fields.one("digest"), DIGEST_BYTES)
    except CannotOpen:
        raise NotFound from None
    recipients, files = _number(fields.one("recipients"), MOST_RECIPIENTS), _number(fields.one("files"), MOST_FILES)
    if recipients < 1:
        raise NotFound
    return Made(case_id, recipients, files, fields.one("redacted") == "yes", digest)


def _number(written: str, most: int) -> int:
    if not written.isascii() or not written.isdigit() or len(written) > len(str(most)) or int(written) > most:
        raise NotFound
    return int(written)
