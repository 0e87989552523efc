"""What a reporter typed on the page without script."""

import unicodedata
from dataclasses import dataclass, field

from anonymity.plaintext import Plaintext
from anonymity.receipt import Code, Lane, Mistyped, Slip, read_code
from anonymity.submission import ITEM_ID_BYTES
from anonymity.text import cost, tidy, tidy_name
from portal.concerns.reporting.questions import ONLY_A_NAME, Answers, compose, read_answers
from portal.concerns.rules import NAME_LIMIT, TEXT_LIMIT, Channel, Reader, chosen_readers
from portal.core.text import Locale, Message, nmsg, pmsg
from portal.i18n.catalogue import Catalogue
from portal.web.fields import FieldBag
from portal.web.forms import Problems

CODE_BYTES = 13
MOST_LEFT_OUT = 24

EMPTY_TEXT = pmsg("error", "Write what has happened")
NOBODY_LEFT = pmsg("error", "At least one person must be able to read it. Keep somebody on the list")
CHOOSE_UNION = pmsg("error", "Choose the union that is to stand beside you")
NO_CONSENT = pmsg("error", "Tick the box to show that you agree to the union being asked, or choose “Not now”")
NO_NAME = pmsg("error", "Enter your name, or choose to give no name")
NO_UNION_NAME = pmsg("error", "Nobody of a union is on your list. Choose a union, or choose again who gets your name")
NO_UNION_LINE = pmsg("error", "Nobody of a union is on your list. Choose a union, or take this text away")
NAME_TOO_LONG = pmsg("error", "The name is too long. The limit is {max} characters", max=NAME_LIMIT)
EMPTY_WORDS = pmsg("error", "Enter the ten words of your receipt")
UNKNOWN_WORDS = pmsg("error", "Nothing was found with these words. Check them against your copy of the receipt")
CHECK_FAILS = pmsg(
    "error", "These ten words do not belong together. One may be mistyped, or two may have changed places"
)


@dataclass(frozen=True, slots=True)
class LanePart:
    """What one thread of a concern says, and who reads it."""

    lane: Lane
    text: Plaintext
    name: Plaintext | None
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class ConcernForm:
    """A concern as typed, and who gets it. The first part is the concern; a second one is for the union alone.

    Nothing of it can be printed.
    """

    code: Code
    parts: tuple[LanePart, ...]
    lang: Locale
    left_out: tuple[str, ...]
    is_urgent: bool
    tells_names: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """The form's values, to show them again. Kept out of every printout."""

    form_id: str
    union: str = ""
    consent: bool = False
    scope: str = "everybody"
    left_out: tuple[str, ...] = ()
    on_call: bool = False
    whom: str = "nobody"
    name: str = field(default="", repr=False)
    lang: str = ""
    text: str = field(default="", repr=False)
    answers: Answers = field(default_factory=Answers)
    private: str = field(default="", repr=False)
    is_urgent: bool = False
    tells_names: bool = False


def read_typed(fields: FieldBag, locale: Locale) -> Typed:
    """The values as they came."""
    whom = fields.one("whom")
    return Typed(
        form_id=fields.one("form_id"),
        union=fields.one("union"),
        consent=fields.one("consent") == "yes",
        scope="union" if fields.one("scope") == "union" else "everybody",
        left_out=tuple(fields.many("left-out"))[:MOST_LEFT_OUT],
        on_call=fields.one("on-call") == "yes",
        whom=whom if whom in {"everybody", "union"} else "nobody",
        name=fields.one("name"),
        lang=fields.one("lang") if fields.one("lang") in set(Locale) else locale.value,
        text=fields.one("text"),
        answers=read_answers(
            fields.one("when"),
            fields.one("ongoing"),
            fields.many("affected"),
            called=fields.one("called"),
            where=fields.one("where"),
        ),
        private=fields.one("private"),
        is_urgent=fields.one("urgent") == "yes",
        tells_names=fields.one("file-names") == "yes",
    )


def read_concern(typed: Typed, channel: Channel) -> ConcernForm | Problems:
    """The concern, or what to do about it, in the order of the page."""
    union = typed.union if typed.union in {branch.id for branch in channel.branches if branch.readers} else ""
    only_union = bool(union) and (typed.scope == "union" or channel.for_union)
    people = {reader.person_id for reader in channel.readers}
    left_out = tuple(sorted({person for person in typed.left_out if person in people}))
    readers = chosen_readers(
        channel, union=union, only_union=only_union, left_out=left_out, on_call=typed.on_call and not channel.for_union
    )
    problems = Problems()
    if channel.for_union and not union:
        problems["union"] = CHOOSE_UNION
    elif not readers:
        problems["left-out"] = NOBODY_LEFT
    if union and not typed.consent:
        problems["consent"] = NO_CONSENT
    alone = chosen_readers(channel, union=union, only_union=True, left_out=left_out) if union else ()
    text = compose(tidy(typed.text), typed.answers, Locale(typed.lang))
    problems |= _text_problems(typed, text, beside=bool(alone) and not only_union)
    problems |= _name_problem(typed, has_union=bool(alone))
    code = read_form_id(typed.form_id)
    if problems or code is None:
        return problems or Problems(page=pmsg("error", "Open the page again and send the concern from there"))
    lane = Lane.UNION if only_union else Lane.JOINT
    name = typed.name if typed.whom == "everybody" or (only_union and typed.whom == "union") else ""
    parts = [LanePart(lane, Plaintext(text), _name(name), readers)]
    private = tidy(typed.private)
    if lane is Lane.JOINT and alone and (private or typed.whom == "union"):
        said = private or Catalogue.for_locale(Locale(typed.lang)).say(ONLY_A_NAME)
        own = typed.name if typed.whom != "nobody" else ""
        parts.append(LanePart(Lane.UNION, Plaintext(said), _name(own), alone))
    return ConcernForm(code, tuple(parts), Locale(typed.lang), left_out, typed.is_urgent, typed.tells_names)


def _text_problems(typed: Typed, text: str, *, beside: bool) -> Problems:
    problems = Problems(text=EMPTY_TEXT) if not tidy(typed.text) else text_problem(text)
    private = tidy(typed.private)
    if private and not beside:
        problems["private"] = NO_UNION_LINE
    elif private:
        problems |= text_problem(private, "private")
    return problems


def _name_problem(typed: Typed, *, has_union: bool) -> Problems:
    """A name is read only where somebody gets it: one typed before is dropped when it is to go to nobody."""
    name = tidy_name(typed.name)
    if typed.whom == "nobody":
        return Problems()
    if typed.whom == "union" and not has_union:
        return Problems(whom=NO_UNION_NAME)
    if not name:
        return Problems(name=NO_NAME)
    return Problems(name=NAME_TOO_LONG) if cost(name) > NAME_LIMIT else Problems()


def _name(name: str) -> Plaintext | None:
    return Plaintext(name) if tidy_name(name) else None


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


def read_proof(fields: FieldBag, code: Code) -> tuple[tuple[int, int], Problems]:
    """The two places asked about, and what is wrong with the words typed for them, in any spelling."""
    places = _places(fields.one("first"), fields.one("second"))
    problems = Problems()
    for name, place in zip(("word-first", "word-second"), places, strict=True):
        spelt = (code.words("cy"), code.words("en"), code.digits)
        typed = unicodedata.normalize("NFKD", fields.one(name)).encode("ascii", "ignore").decode().lower()
        if typed not in {ten[place - 1] for ten in spelt}:
            problems[name] = pmsg("error", "This is not the right word, number: {n}", n=place)
    return places, problems


def _places(first: str, second: str) -> tuple[int, int]:
    """Two different numbers from 1 to 10; the first two words for anything else."""
    given = [int(one) if one.isascii() and one.isdigit() and len(one) < 3 else 0 for one in (first, second)]
    one, other = given
    return (one, other) if 1 <= one <= 10 and 1 <= other <= 10 and one != other else (1, 2)


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
