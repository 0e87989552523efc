"""What careless or machine-made Welsh gets wrong: spelling, mutations, gender, characters, values in mid-sentence.

The rules are those that met almost no false alarm on 10,016 official segments; each looks at one word and the words
before it. A rule that cannot tell (``yn`` before a verb-noun, the object of most verbs) is not here: it needs a reader.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.locales.lexicon import (
    ASPIRATE,
    MIXED,
    NASAL,
    SOFT,
    SOFT_AFTER_ARTICLE,
    TAG,
    VALUE,
    Mutation,
    base,
    lexicon,
    mutate,
    nouns,
    radicals,
    tokens,
    value_names,
    wordset,
)

PREPOSITIONS = wordset("am ar at dan tan dros tros drwy trwy gan heb hyd i o wrth")
NEVER = wordset(
    "mewn mi gan gyda pan pa pwy pryd ble mor bod mai mae cyn cyd byth tua pob popeth tan drwy trwy dros gang golff "
    "braille gorau beth bwy gwell gwaeth dy dim gŵyn"
)
"""Words that never show a mutation, or are one already."""
MODALS = wordset("gallwch gallech dylech hoffech cewch allwch ddylech fedrwch medrwch gallwn")
INFLECTED_I = wordset("ichi inni iddo iddi iddynt iddyn imi")
NUMERALS = {"dau": "m", "tri": "m", "pedwar": "m", "dwy": "f", "tair": "f", "pedair": "f"}
PLACES = wordset(
    "Caerdydd Casnewydd Bangor Penfro Powys Pontypridd Port Talbot Treffynnon Tywyn Dinbych Dolgellau Cymru Ceredigion "
    "Caerffili Caerfyrddin Conwy Gwynedd Morgannwg Merthyr Bro Brycheiniog Trefynwy Torfaen Dyfed Gwent"
)
ADJECTIVES = wordset(
    "personol pwysig cyfrinachol dienw diogel cyhoeddus perthnasol blaenorol cyfreithiol cyfreithlon cywir gwahanol "
    "dynol penodol presennol diweddar cyntaf terfynol cudd gwag cymdeithasol cyfrifol parod posibl clir gweladwy mawr "
    "teg trwm manwl cyflym gwir digonol rhesymol llawn bach byr cwbl barnwrol meddygol gwarchodedig cyffredinol"
)
BEFORE_VALUE = PREPOSITIONS | wordset("yn yng ym a â ac ag gyda neu fy dy y yr pa un dau dwy tri tair ei na nag fel ni")
PLAIN_VALUES = wordset(
    "n count date day days size ref reference url max min limit total page pages number code email file time year "
    "years months month from_date to_date first last a b hours minutes version weeks percent filename length"
)
"""Values that no mutation touches: digits, dates, references, addresses. Names are none of them: they mutate."""
PLAIN_ENDING = re.compile(r"_(on|date|day|at|n|count|ref|reference|number|code|size|max|min|email|url|time)$")


@dataclass(frozen=True)
class Place:
    """One word where it stands. ``before`` and ``before2`` are lower case; the start of a text is a full stop."""

    written: str
    word: str
    before: str
    before2: str
    before_written: str

    @property
    def starts(self) -> bool:
        return self.before2 in ".|(:,;?!–-§"


def needs(place: Place, mutation: Mutation, why: str) -> str | None:
    form = lexicon().unmutated(place.word, mutation)
    return f"mutation after {why}: {place.before} {place.written} -> {form}" if form else None


def after_preposition(place: Place) -> str | None:
    before, earlier = place.before, place.before2
    if before not in PREPOSITIONS or (before == "i" and earlier in ("arna", "gen", "mae", "wyf", "dw")):
        return None
    if (before == "am" and earlier.isdigit()) or (before == "hyd" and earlier in ("rhowch", "yr", "y", ".")):
        return None
    return needs(place, SOFT, before)


def after_small_word(place: Place) -> str | None:
    table = {
        "dau": SOFT, "dwy": SOFT, "ddau": SOFT, "ddwy": SOFT, "rhy": SOFT, "pa": SOFT, "dy": SOFT, "tri": ASPIRATE,
        "chwe": ASPIRATE, "â": ASPIRATE, "gyda": ASPIRATE, "tua": ASPIRATE, "a": ASPIRATE, "fy": NASAL,
    }  # fmt: skip
    return needs(place, table[place.before], place.before) if place.before in table else None


def after_negative(place: Place) -> str | None:
    return needs(place, MIXED, "ni (negative)") if place.before == "ni" and place.before2 in "|.(,;" else None


def verb_noun_after_person(place: Place) -> str | None:
    if place.before in INFLECTED_I or (place.before in ("chi", "ni") and place.before2 == "i"):
        return needs(place, SOFT, "i + person")
    if place.before in MODALS or (place.before == "chi" and place.before2 in MODALS):
        return needs(place, SOFT, "the verb")
    return None


def object_noun(place: Place) -> str | None:
    """A listed noun right after an instruction or after ``neu``."""
    if place.word in nouns() and (place.before == "neu" or re.fullmatch(r"\w{3,}wch", place.before)):
        return needs(place, SOFT, place.before)
    return None


def predicate(place: Place) -> str | None:
    """``yn`` before an adjective: yn ddiogel, yn gyfrinachol. ``ll`` and ``rh`` stay."""
    form = mutate(place.word, SOFT_AFTER_ARTICLE)
    if place.word in ADJECTIVES and form and (place.before == "yn" or place.before.endswith("'n")):
        return f"mutation after yn: {place.before} {place.written} -> {form}"
    return None


def numeral_gender(place: Place) -> str | None:
    gender = NUMERALS.get(place.before)
    if gender is None:
        return None
    known = {nouns()[radical] for radical in radicals(place.word) if radical in nouns()}
    return f"gender: {place.before} {place.written}" if known and gender not in known else None


def article(place: Place) -> str | None:
    if place.before not in ("y", "'r", "un") and not place.before.endswith("'r"):
        return None
    form = mutate(place.word, SOFT_AFTER_ARTICLE)
    wrong = nouns().get(place.word) == "f" and form
    return f"article + feminine: {place.before} {place.written} -> {form}" if wrong else None


def adjective(place: Place) -> str | None:
    form = mutate(place.word, SOFT)
    if place.word not in ADJECTIVES or not form:
        return None
    feminine = any(nouns().get(radical) == "f" for radical in radicals(base(place.before)))
    return f"adjective after feminine: {place.before} {place.written} -> {form}" if feminine else None


def negative_command(place: Place) -> str | None:
    if place.before == "peidiwch" and place.word not in ("â", "ag", "byth") and lexicon().has(place.word):
        return "peidiwch needs â or ag before the verb-noun"
    return None


def before_vowel(place: Place) -> str | None:
    """``y`` before a vowel is ``yr``, before the ``w`` of a mutated gwybodaeth too: yr wybodaeth."""
    if place.before == "y" and re.match(r"[aâeêiîoôuûhŵ]|wy|wo", place.word) and not place.word.startswith("iâ"):
        return f"y before a vowel is yr: y {place.written}"
    return None


RULES: tuple[Callable[[Place], str | None], ...] = (
    after_preposition, after_small_word, after_negative, verb_noun_after_person, object_noun, predicate, numeral_gender,
    article, adjective, negative_command, before_vowel,
)  # fmt: skip


def lint_text(text: str) -> list[str]:
    """Every problem of one Welsh text, in plain English for whoever wrote it. Empty when the text may stand."""
    found = list(_characters(text))
    words = tokens(text)
    names = iter(value_names(text))
    for at, word in enumerate(words):
        if word == VALUE:
            found += _value(next(names, ""), words[at - 1].lower() if at else "")
        elif word[0].isalpha():
            found += _word(words, at)
    return found


def _characters(text: str) -> Iterator[str]:
    if unicodedata.normalize("NFC", text) != text:
        yield "not NFC"
    if re.search(r"&(?!\w+;)|&amp;", text):
        yield "ampersand: write a or ac"
    if re.search(r"(?<=\w)['ʼ`´‘](?=\w)", TAG.sub("", text)):
        yield "apostrophe: write ’"
    if re.search(r"[\ufffd\u00ad\u200b\ufeffÙùÍíÓóÃãÅ]", text):
        yield "a character that Welsh does not write"


def _value(name: str, before: str) -> Iterator[str]:
    if before in BEFORE_VALUE and name not in PLAIN_VALUES and not PLAIN_ENDING.search(name):
        yield f"value after a word that mutates it: {before} {{{name}}}"


def _word(words: list[str], at: int) -> Iterator[str]:
    written = words[at]
    bare = base(written)
    if len(bare) > 1 and not written.isupper() and not lexicon().knows(bare):
        yield f"spelling: {bare}"
    if not at:
        return
    before = words[at - 1]
    if before == "yn" and written in PLACES and mutate(written, NASAL):
        yield f"nasal mutation: yn {written} -> {mutate(written, NASAL)}"
    if written[0].isupper() or bare.lower() in NEVER or len(bare) < 2:
        return
    place = Place(written, bare.lower(), before.lower(), words[at - 2].lower() if at > 1 else ".", before)
    yield from (problem for rule in RULES if (problem := rule(place)))
