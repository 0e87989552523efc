"""What an English and a Welsh sentence must share, whatever they say: values, tags, numbers, addresses, edges."""

import re
from collections.abc import Iterator

from tests.locales.lexicon import PLACEHOLDER, TAG, mutate, nouns, tokens, wordset
from tests.locales.terms import glossary

SAME = wordset("Acas Protect Porth GMB UNISON Unite PDF Ofcom NHS Menu Status Staff System Rota Data Algorithm Label")
"""Words that are the same in both languages, each seen and meant."""
ENGLISH = wordset(
    "the and your you with for this that have has been will not were from please click here enter select upload file "
    "sign continue of which their they must should when who what"
)
STANDIN = re.compile(r"^(cy[A-Z ]|\[?\*?WELSH|CY[:_])|TODO|TBC|XXX|PLACEHOLDER|WELSH")
HTTP = re.compile(r"https?://\S+")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
LEAKED = (("b", "f"), ("d", "dd"), ("c", "g"), ("p", "b"), ("t", "d"), ("ll", "l"), ("rh", "r"))
LABEL_WORDS = 4


def lint_pair(msgid: str, msgstr: str, *, counted: bool = False) -> list[str]:
    """Problems of a translation against its English. ``counted`` forms may say the number in words or not at all."""
    if not msgstr.strip():
        return ["untranslated"]
    found = list(_same_parts(msgid, msgstr, counted=counted))
    found += _edges(msgid, msgstr)
    found += _language(msgid, msgstr)
    if not counted and (leaked := leaked_mutation(msgstr)):
        found.append(f"a label starts with a mutated word: {leaked}")
    return found


def _same_parts(msgid: str, msgstr: str, *, counted: bool) -> Iterator[str]:
    for what, pattern in (("HTML tags", re.compile(r"</?\w+")), ("URLs", HTTP)):
        if sorted(pattern.findall(msgid)) != sorted(pattern.findall(msgstr)):
            yield f"{what} differ"
    ours, theirs = _values(msgid), _values(msgstr)
    if counted:
        ours, theirs = ours - {"{n}"}, theirs - {"{n}"}
        if ours != theirs:
            yield f"placeholders differ: {sorted(ours)} / {sorted(theirs)}"
        return
    if sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(msgstr)):
        yield f"placeholders differ: {PLACEHOLDER.findall(msgid)} / {PLACEHOLDER.findall(msgstr)}"
    if _numbers(msgid) != _numbers(msgstr):
        yield f"numbers differ: {_numbers(msgid)} / {_numbers(msgstr)}"


def _values(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", ADDRESS.sub("", HTTP.sub("", PLACEHOLDER.sub("", text)))))


def _edges(msgid: str, msgstr: str) -> Iterator[str]:
    if msgid[:1].isspace() != msgstr[:1].isspace() or msgid[-1:].isspace() != msgstr[-1:].isspace():
        yield "edge whitespace differs"
    ends = [text.rstrip()[-1:] if text.rstrip()[-1:] in ".:?!…" else "" for text in (msgid, msgstr)]
    if ends[0] != ends[1]:
        yield f"end punctuation differs: {ends[0]!r} / {ends[1]!r}"
    if msgid[:1].isupper() and msgstr[:1].islower():
        yield "starts with a small letter"


def _language(msgid: str, msgstr: str) -> Iterator[str]:
    bare = PLACEHOLDER.sub(" ", TAG.sub(" ", msgstr))
    if msgid == msgstr and set(re.findall(r"[^\W\d_]{4,}", bare)) - SAME:
        yield "identical to English"
    if sum(word in ENGLISH for word in re.findall(r"[^\W\d_]+", bare.lower())) >= 2:
        yield "English words"
    if STANDIN.search(msgstr):
        yield "a stand-in, not a translation"
    if len(msgid) > 3 and msgstr == msgid[::-1] != msgid:
        yield "reversed text"


def leaked_mutation(text: str) -> str | None:
    """The first word of a short label, when it is the mutation of a known noun or glossary word and no word itself."""
    words = [token for token in tokens(text) if token[0].isalpha()]
    if not 0 < len(words) <= LABEL_WORDS:
        return None
    first = words[0].lower()
    known = nouns().keys() | glossary().first_words
    if first in known:
        return None
    for radical, mutated in LEAKED:
        whole = radical + first[len(mutated) :]
        if first.startswith(mutated) and whole in known and mutate(whole, [(radical, mutated)]) == first:
            return words[0]
    return None
