"""What a reporter typed on the page without script."""

from dataclasses import dataclass, field

from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Mistyped, Slip, read_code
from anonymity.submission import ITEM_ID_BYTES
from anonymity.text import cost, tidy, tidy_name
from portal.concerns.rules import NAME_LIMIT, TEXT_LIMIT, UNION, Channel, Reader, chosen_readers
from portal.core.text import Locale, Message, nmsg, pmsg
from portal.web.fields import FieldBag
from portal.web.forms import Problems

CODE_BYTES = 13

EMPTY_TEXT = pmsg("error", "Write what has happened")
NOBODY_LEFT = pmsg("error", "At least one person must be able to read it. Keep somebody on the list")
NO_CONSENT = pmsg("error", "Tick the box to show that you agree to the union being asked, or choose “Not now”")
EMPTY_WORDS = pmsg("error", "Enter the ten words of your receipt")
UNKNOWN_WORDS = pmsg("error", "Nothing was found with these words. Check them against your copy of the receipt")
CHECK_FAILS = pmsg(
    "error", "These ten words do not belong together. One may be mistyped, or two may have changed places"
)


@dataclass(frozen=True, slots=True)
class ConcernForm:
    """A concern as typed, and who gets it. Nothing of it can be printed."""

    code: Code
    text: Plaintext
    name: Plaintext | None
    lang: Locale
    readers: tuple[Reader, ...]
    left_out: tuple[str, ...]
    only_union: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """The form's values, to show them again. Kept out of every printout."""

    form_id: str
    union: str = ""
    consent: bool = False
    scope: str = "everybody"
    left_out: tuple[str, ...] = ()
    name: str = field(default="", repr=False)
    lang: str = ""
    text: str = field(default="", repr=False)


def read_typed(fields: FieldBag, locale: Locale) -> Typed:
    """The values as they came."""
    return Typed(
        form_id=fields.one("form_id"),
        union=fields.one("union"),
        consent=fields.one("consent") == "yes",
        scope="union" if fields.one("scope") == "union" else "everybody",
        left_out=tuple(fields.many("left-out"))[:24],
        name=fields.one("name"),
        lang=fields.one("lang") if fields.one("lang") in set(Locale) else locale.value,
        text=fields.one("text"),
    )


def read_concern(typed: Typed, channel: Channel) -> ConcernForm | Problems:
    """The concern, or what to do about it, in the order of the page."""
    problems = Problems()
    branches = {branch.id for branch in channel.branches if branch.readers}
    union = typed.union if typed.union in branches else ""
    only_union = bool(union) and typed.scope == "union"
    people = {reader.person_id for reader in channel.readers}
    left_out = tuple(sorted({person for person in typed.left_out if person in people}))
    readers = chosen_readers(channel, union=union, only_union=only_union, left_out=left_out)
    if not readers:
        problems["left-out"] = NOBODY_LEFT
    if union and not typed.consent:
        problems["consent"] = NO_CONSENT
    problems |= text_problem(typed.text)
    if cost(tidy_name(typed.name)) > NAME_LIMIT:
        problems["name"] = pmsg("error", "The name is too long. The limit is {max} characters", max=NAME_LIMIT)
    code = read_form_id(typed.form_id)
    if problems or code is None:
        return problems or Problems(page=pmsg("error", "Open the page again and send the concern from there"))
    name = Plaintext(typed.name) if tidy_name(typed.name) else None
    return ConcernForm(code, Plaintext(typed.text), name, Locale(typed.lang), readers, left_out, only_union)


def text_problem(text: str, name: str = "text") -> Problems:
    """An empty or over-long text; the limit counts as the sealed form does."""
    used = cost(tidy(text))
    if used == 0:
        return Problems({name: EMPTY_TEXT})
    if used > TEXT_LIMIT:
        return Problems({name: too_long(used)})
    return Problems()


def too_long(used: int) -> Message:
    return pmsg(
        "error", "This is too long by {over}. Shorten it, or send the rest as a second message", over=used - TEXT_LIMIT
    )


def read_form_id(form_id: str) -> Code | None:
    """The 13 bytes that the page was given out with; the receipt comes from them, so a second POST finds the first."""
    try:
        octets = bytes.fromhex(form_id)
    except ValueError:
        return None
    return Code(octets) if len(octets) == CODE_BYTES else None


def read_item_id(item_id: str) -> bytes | None:
    """The 16 bytes that a reply's form was given out with: they become the item's id."""
    try:
        octets = bytes.fromhex(item_id)
    except ValueError:
        return None
    return octets if len(octets) == ITEM_ID_BYTES else None


def read_words(typed: str) -> Code | Problems:
    """The receipt, or which words to look at. Nothing is looked up before the words hold together."""
    if not typed:
        return Problems(words=EMPTY_WORDS)
    try:
        return read_code(typed)
    except Mistyped as error:
        return Problems(words=_slip(error))


def _slip(error: Mistyped) -> Message:
    if error.slip is Slip.CHECK:
        return CHECK_FAILS
    if error.slip is Slip.WORDS:
        places = ", ".join(str(place) for place in error.positions)
        return nmsg(
            "This word is not on the list, number: {places}",
            "These words are not on the list, numbers: {places}",
            len(error.positions),
            places=places,
        )
    return EMPTY_WORDS


def union_group(union: str) -> str:
    return f"{UNION}{union}"
