"""Each rule of the gate bites: bad Welsh as software really shipped it, and good Welsh that must pass."""

import polib
import pytest

from tests.locales.gate import entry_problems, header_problems, problems
from tests.locales.grammar import lint_text
from tests.locales.lexicon import has_speller
from tests.locales.pairs import lint_pair

needs_dictionary = pytest.mark.skipif(not has_speller(), reason="dictionary-cy is not installed: approved words only")

BAD = [
    # leaked mutation, used again as a label that stands alone
    ("Submit", "Gyflwyno", "button", "mutated word"),
    ("Help", "Gymorth", None, "mutated word"),
    ("Card security code", "god diogelwch cerdyn", None, "small letter"),
    ("Terms and conditions", "Delerau ac amodau", None, "mutated word"),
    ("Results", "o ganlyniadau", None, "small letter"),
    # missing mutation
    ("How and why", "Sut a pam", None, "a pam -> pham"),
    ("Send it to another party", "Ei anfon at parti arall", None, "at parti -> barti"),
    ("With communication", "Gyda cyfathrebu", None, "gyda cyfathrebu -> chyfathrebu"),
    ("You have to give a name", "Mae angen i chi rhoi enw", None, "chi rhoi -> roi"),
    ("The page", "Gwelwch y tudalen", None, "y tudalen -> dudalen"),
    ("The process", "Dyma’r proses", None, "proses -> broses"),
    ("The information", "Dyma’r gwybodaeth", None, "gwybodaeth -> wybodaeth"),
    ("Enter an address", "Rhowch cyfeiriad", "error", "rhowch cyfeiriad -> gyfeiriad"),
    ("It is safe", "Mae’n diogel", None, "diogel -> ddiogel"),
    ("New personal information", "Eich gwybodaeth personol", None, "personol -> bersonol"),
    ("You can read it", "Gallwch darllen hwn", None, "gallwch darllen -> ddarllen"),
    ("In Cardiff", "Yng nghanol y ddinas, yn Caerdydd", None, "nasal mutation"),
    ("My account", "Fy cyfrif", None, "fy cyfrif -> nghyfrif"),
    ("Three requests", "Mae tri cais yma", None, "tri cais -> chais"),
    ("Two messages", "Mae dau neges yma", None, "gender: dau neges"),
    ("The address", "Dyma y iaith hon", None, "y before a vowel is yr"),
    # peidiwch without â
    ("Do not use a device", "Peidiwch defnyddio dyfais", None, "peidiwch needs â"),
    # the wrong sense of a short word
    ("Attachment", "Ymlyniad", None, "term: Attachment"),
    ("Cancel", "Allgofnodi", "button", "term: Cancel"),
    ("Your address", "Eich pellter", None, "term: Address"),
    ("Password changed", "E-bost wedi’i newid", None, "term: Password"),
    ("Table of results", "Bwrdd canlyniadau", None, "term: Table"),
    ("Newest first", "Ieuengaf yn gyntaf", None, "house term"),
    ("Use other characters", "Defnyddiwch gymeriadau eraill", None, "house term"),
    # numbers and values
    ("At least 10 characters", "O leiaf 8 nod", None, "numbers differ"),
    ("Case {reference}", "Achos {cyfeirnod}", None, "placeholders differ"),
    ("Changes at {body}", "Newidiadau yn {body}", None, "value after a word that mutates it: yn {body}"),
    ("{a_name} and {b_name}", "{a_name} a {b_name}", None, "value after a word that mutates it: a {b_name}"),
    ("Read <a>this</a>", "Darllenwch hwn", None, "HTML tags differ"),
    ("See https://a.example/x", "Gweler https://a.example/y", None, "URLs differ"),
    # typing errors
    ("Cookies", "Cwcys", None, "spelling: Cwcys"),
    ("Register", "Coferstru", None, "spelling: Coferstru"),
    ("Your tribunal", "Eich tribwnlys", None, "spelling: tribwnlys"),
    ("Description", "Deseb", None, "spelling: Deseb"),
    # stand-ins and English left over
    ("Continue", "cyContinue", "button", "stand-in"),
    ("Password changed", "*WELSH Password Changed", None, "stand-in"),
    ("Continue", "eunitnoC", "button", "reversed"),
    ("Evidence", "TBC", None, "stand-in"),
    ("Send your evidence", "Send your evidence", None, "identical"),
    ("Read the guidance first", "Darllenwch the guidance for hyn", None, "English words"),
    ("Continue", "", "button", "untranslated"),
    # house style
    ("Select here", "Cliciwch yma", None, "house term"),
    ("Send it please", "Ei anfon os gwelwch yn dda", None, "house term"),
    ("Only staff can see this", "Dim ond gweithwyr gallu gweld hwn", None, "house term"),
    ("You are here", "Rwyt ti yma", None, "house term"),
    ("Your e-mail", "Eich ebost", None, "house term"),
    ("Data controller", "Rheolwr data", None, "house term"),
    ("Exempt", "Mae esemptiad yma", None, "house term"),
    ("Cake & tea", "Teisen & te", None, "ampersand"),
    ("We’re here", "Rydyn ni'n barod", None, "apostrophe"),
    ("A house", "Ty\u0302", None, "not NFC"),
    ("The end.", "Y diwedd", None, "end punctuation"),
    ("Name: ", "Enw:", None, "edge whitespace"),
    ("Send", "Anfonwch", "button", "mood"),
    ("Enter a reason", "Rhoi rheswm", "error", "mood"),
    ("Yes", "Oes", None, "context"),
]

GOOD = [
    ("Save and continue", "Cadw a pharhau", "button"),
    ("Enter an e-mail address", "Rhowch gyfeiriad e-bost", "error"),
    ("Do not use a work device", "Peidiwch â defnyddio dyfais y gwaith", None),
    ("You do not have to give your name", "Does dim rhaid i chi roi eich enw", None),
    ("The selected file must be smaller than {size}", "Rhaid i’r ffeil a ddewiswyd fod yn llai na {size}", "error"),
    ("System: {name}", "System: {name}", None),
    ("{system} has changed", "Mae {system} wedi newid", None),
    ("We will answer by {date}", "Byddwn yn ymateb erbyn {date}", None),
    ("Your personal information is safe", "Mae eich gwybodaeth bersonol yn ddiogel", None),
    ("Only caseworkers can see this", "Dim ond gweithwyr achos sy’n gallu gweld hwn", None),
    ("This is a new service", "Gwasanaeth newydd yw hwn", None),
    (
        "The link works once and ends after 24 hours",
        "Mae’r ddolen yn gweithio unwaith ac yn dod i ben ar ôl 24 awr",
        None,
    ),
    ("Yes", "Oes", "is there"),
    ("Make a complaint", "Gwneud cwyn", "button"),
    ("Yesterday", "Ddoe", None),
    ("View", "Gweld", "button"),
    ("Two requests and three concerns", "Dau gais a thri phryder", None),
    ("The language and the form", "Yr iaith a’r ffurflen", None),
    ("Ask for a copy of your personal data", "Gofyn am gopi o’ch data personol", None),
    ("If you cannot sign in, contact us", "Os na allwch fewngofnodi, cysylltwch â ni", None),
]


def entry(msgid: str, msgstr: str, context: str | None) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, msgctxt=context)


@needs_dictionary
@pytest.mark.parametrize(("english", "welsh", "context", "problem"), BAD)
def test_bad_welsh_is_caught(english: str, welsh: str, context: str | None, problem: str) -> None:
    assert any(problem in found for found in entry_problems(entry(english, welsh, context)))


@needs_dictionary
@pytest.mark.parametrize(("english", "welsh", "context"), GOOD)
def test_good_welsh_passes(english: str, welsh: str, context: str | None) -> None:
    assert entry_problems(entry(english, welsh, context)) == []


def test_an_opt_out_lets_one_kind_of_problem_stand_and_no_other() -> None:
    po = polib.POFile()
    bad = entry("How and why.", "Sut a pam", None)
    bad.tcomment = "gate: ok mutation"
    po.append(bad)
    found = [problem for problem in problems(po) if not problem.startswith("header")]
    assert any("end punctuation" in problem for problem in found)
    assert not any("mutation after" in problem for problem in found)


def test_a_catalogue_with_babels_own_header_is_refused() -> None:
    po = polib.POFile()
    po.metadata = {"Language": "cy", "Content-Type": "text/plain; charset=UTF-8"}
    po.metadata["Plural-Forms"] = "nplurals=5; plural=(n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 0);"
    assert len(list(header_problems(po))) == 1


def test_fuzzy_and_twice_translated_sentences_are_refused() -> None:
    po = polib.POFile()
    fuzzy = entry("Cookies", "Cwcis", None)
    fuzzy.flags = ["fuzzy"]
    po.extend([fuzzy, entry("Cookies", "Cwcis", None)])
    found = list(problems(po))
    assert any("fuzzy" in problem for problem in found)
    assert any("two translations" in problem for problem in found)


@pytest.mark.parametrize(
    ("forms", "problem"),
    [
        (["Dim rhesi", "{n} rhes"], "plural forms: 2"),
        (["Dim rhesi", "{n} rhes", "{n} res", "", "{n} rhes", "{n} o resi"], "untranslated"),
        (["Dim rhesi", "{n} rhes", "{n} res", "tair rhes", "{n} rhes", "{n} o resi"], "not in form 3"),
        (["Dim {x}", "{n} rhes", "{n} res", "{n} rhes", "{n} rhes", "{n} o resi"], "placeholders differ"),
    ],
)
def test_counted_sentences_need_six_whole_forms(forms: list[str], problem: str) -> None:
    counted = polib.POEntry(msgid="{n} row", msgid_plural="{n} rows", msgstr_plural=dict(enumerate(forms)))
    assert any(problem in found for found in entry_problems(counted))


@needs_dictionary
def test_ordinary_text_of_a_public_body_has_no_problem() -> None:
    text = (
        "Mae’r bwrdd iechyd yn defnyddio’r system hon i ddyrannu shifftiau. Cewch ofyn i rywun adolygu’r penderfyniad, "
        "a chewch wybod y canlyniad o fewn mis. Nid yw’r system yn penderfynu ar eich cyflog."
    )
    assert lint_text(text) == []


def test_a_pair_that_is_the_same_in_both_languages_is_named_as_such() -> None:
    assert lint_pair("Data", "Data") == []
    assert lint_pair("Dashboard", "Dashboard") != []
