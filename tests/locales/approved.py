"""The word forms that the dictionary has accepted in our own text: the lexicon of a machine without the dictionary."""

from collections.abc import Iterable

import polib

from tests.locales.corpus import welsh_texts
from tests.locales.lexicon import DATA, base, listed, speller, tokens

APPROVED = DATA / "approved-words.txt"


def renew_approved(entries: Iterable[polib.POEntry]) -> None:
    """Writes the list anew where the dictionary is installed; elsewhere leaves it."""
    dictionary = speller()
    if dictionary is None:
        return
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    texts += [text for _, text in welsh_texts()]
    forms = {part for text in texts for token in tokens(text) for part in _parts(token)}
    known = sorted(form for form in forms if any(dictionary.lookup(x) for x in (form, form.capitalize())))
    heading = "# word forms of our own text that dictionary-cy 2.0.0 knows; written by tests.tools.catalogue merge\n"
    APPROVED.write_text(
        heading + "".join(f"{word}\n" for word in known if word not in listed("words-cy.txt")), encoding="utf-8"
    )


def _parts(token: str) -> set[str]:
    if not token[0].isalpha():
        return set()
    bare = base(token).lower()
    return {bare, *bare.replace("'", "-").split("-")} - {""}
