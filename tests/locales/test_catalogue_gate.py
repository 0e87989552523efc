"""The gate over the real catalogue: what the portal says, said in Welsh, whole and sound."""

import ast

import polib
import pytest

from portal.i18n.catalogue import welsh_form
from portal.i18n.compile import compile_catalogue
from portal.i18n.compiled import FORMS, PLURAL_FORMS, read_compiled
from tests.locales import ledger
from tests.locales.corpus import welsh_texts
from tests.locales.extraction import ROOT, unreadable_calls
from tests.locales.gate import problems
from tests.locales.lexicon import Lexicon, base, listed, tokens
from tests.locales.terms import glossary
from tests.tools.catalogue import PO, POT, forms, pot_text

RENEW = "run `python -m tests.tools.catalogue merge`"


@pytest.fixture(scope="module")
def po() -> polib.POFile:
    return polib.pofile(str(ROOT / PO))  # the gate finds duplicates, in a thousandth of the time that polib takes


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    assert unreadable_calls() == []


def test_the_list_of_sentences_is_what_the_sources_say() -> None:
    assert (ROOT / POT).read_text(encoding="utf-8") == pot_text(), RENEW


def test_the_list_of_sentences_names_no_machine_and_no_date() -> None:
    text = (ROOT / POT).read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert "POT-Creation-Date" not in text


def test_every_sentence_stands_in_the_welsh_catalogue_and_nothing_else_does(po: polib.POFile) -> None:
    said = polib.pofile(str(ROOT / POT))
    assert {(entry.msgctxt, entry.msgid) for entry in po} == {(entry.msgctxt, entry.msgid) for entry in said}
    assert not po.obsolete_entries()


def test_the_welsh_catalogue_has_no_problem(po: polib.POFile) -> None:
    assert list(problems(po)) == []


def test_the_header_counts_in_six_forms(po: polib.POFile) -> None:
    assert po.metadata["Plural-Forms"] == PLURAL_FORMS
    rule = PLURAL_FORMS.partition("plural=(")[2].removesuffix(");")
    for n in (0, 1, 2, 3, 4, 5, 6, 7, 20):
        assert welsh_form(n) == _by_rule(rule, n)


def _by_rule(rule: str, n: int) -> int:
    """The C expression of the header: pairs of ``n==a ? form :`` and a last form."""
    *cases, last = [part.strip() for part in rule.split(":")]
    for case in cases:
        number, form = case.removeprefix("n==").split(" ? ")
        if n == ast.literal_eval(number):
            return int(form)
    return int(last)


def test_the_compiled_catalogue_says_what_the_written_one_says(po: polib.POFile) -> None:
    compiled = read_compiled(compile_catalogue(ROOT / PO).read_bytes())
    written = {(entry.msgctxt, entry.msgid): forms(entry) for entry in po if all(forms(entry))}
    assert {key: said for key, said in compiled.items() if key in written} == written


def test_every_counted_sentence_is_said_with_its_number(po: polib.POFile) -> None:
    for entry in po:
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == FORMS


def test_the_ledger_knows_every_sentence_and_claims_no_review_that_nobody_made(po: polib.POFile) -> None:
    rows = ledger.read()
    assert rows == ledger.expected(po, rows), RENEW
    for row in rows:
        assert row["state"] in ledger.STATES
        assert (row["state"] == "reviewed") == bool(row["reviewer_role"] and row["reviewed_on"])
    print(f"Welsh reviewed by a qualified reader: {ledger.share_reviewed():.0%} of {len(rows)} sentences")


def test_the_glossary_has_terms_that_must_be_used() -> None:
    assert len(glossary().terms) >= 40


def test_the_approved_words_know_our_text_where_no_dictionary_is_installed(po: polib.POFile) -> None:
    alone = Lexicon(listed("words-cy.txt") | listed("approved-words.txt"), None)
    texts = [text for entry in po for text in (entry.msgstr, *entry.msgstr_plural.values())]
    texts += [text.removeprefix("Subject:") for _, text in welsh_texts()]
    words = {base(word) for text in texts for word in tokens(text) if word[0].isalpha() and not word.isupper()}
    assert sorted(word for word in words if len(word) > 1 and not alone.knows(word)) == [], RENEW
