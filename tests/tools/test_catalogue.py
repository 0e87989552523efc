"""The catalogue's workshop: what it keeps, takes, drops, and never guesses."""

import json
from pathlib import Path

import polib
import pytest

from portal.i18n.compiled import PLURAL_FORMS, read_compiled
from tests.locales.extraction import sentences, unreadable_calls
from tests.tools.catalogue import PO, merge, pot_text

FORMS = ["Dim rhesi", "{n} rhes", "{n} res", "{n} rhes", "{n} rhes", "{n} o resi"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small portal that says five sentences."""
    for folder in ("portal", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "portal" / "rules.py").write_text(
        'A = msg("Cookies")\nB = pmsg("button", "Send", x=1)\nC = nmsg("{n} row", "{n} rows", n)\n', encoding="utf-8"
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% block main %}{{ _("Due {date}", date=day) }}{{ p_("state", "Open") }}{{ n_("{n} row", "{n} rows", n) }}'
        '{{ _("Cookies") }}{% endblock %}',
        encoding="utf-8",
    )
    return tmp_path


def offer(tree: Path, *rows: dict[str, object]) -> list[Path]:
    path = tree / "welsh.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return [path]


def catalogue(tree: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(tree / PO))}


def test_every_sentence_of_code_and_templates_is_found_once(tree: Path) -> None:
    assert [(said.context, said.msgid, said.plural) for said in sentences(tree)] == [
        (None, "Cookies", None),
        (None, "Due {date}", None),
        ("state", "Open", None),
        ("button", "Send", None),
        (None, "{n} row", "{n} rows"),
    ]
    assert sentences(tree)[0].paths == ("portal/rules.py", "templates/page.html")


def test_the_list_of_sentences_is_the_same_wherever_it_is_made(tree: Path) -> None:
    assert pot_text(tree) == pot_text(tree)
    assert str(tree) not in pot_text(tree)


def test_new_welsh_is_taken_and_the_header_is_the_six_form_one(tree: Path) -> None:
    files = offer(
        tree,
        {"msgid": "Cookies", "msgstr": "Cwcis"},
        {"msgid": "Send", "msgctxt": "button", "msgstr": "Anfon"},
        {"msgid": "{n} row", "msgid_plural": "{n} rows", "msgstr": FORMS},
        {"msgid": "Never said", "msgstr": "Byth"},
    )
    assert merge(files, root=tree) == 1
    assert polib.pofile(str(tree / PO)).metadata["Plural-Forms"] == PLURAL_FORMS
    compiled = read_compiled((tree / PO).with_suffix(".mo").read_bytes())
    assert compiled == {(None, "Cookies"): ("Cwcis",), ("button", "Send"): ("Anfon",), (None, "{n} row"): tuple(FORMS)}


def test_what_is_translated_stays_unless_told_otherwise(tree: Path) -> None:
    merge(offer(tree, {"msgid": "Cookies", "msgstr": "Cwcis"}), root=tree)
    other = offer(tree, {"msgid": "Cookies", "msgstr": "Bisgedi"})
    merge(other, root=tree)
    assert catalogue(tree)[None, "Cookies"].msgstr == "Cwcis"
    merge(other, replace=True, root=tree)
    assert catalogue(tree)[None, "Cookies"].msgstr == "Bisgedi"


def test_what_is_no_longer_said_is_dropped_and_nothing_is_guessed_from_it(tree: Path) -> None:
    merge(offer(tree, {"msgid": "Cookies", "msgstr": "Cwcis"}), root=tree)
    for path in (tree / "portal" / "rules.py", tree / "templates" / "page.html"):
        path.write_text(path.read_text(encoding="utf-8").replace("Cookies", "Cookie"), encoding="utf-8")
    merge([], root=tree)
    entries = catalogue(tree)
    assert (None, "Cookies") not in entries
    assert entries[None, "Cookie"].msgstr == ""
    assert not entries[None, "Cookie"].flags


def test_counted_welsh_with_too_few_forms_is_not_taken(tree: Path) -> None:
    merge(
        offer(tree, {"msgid": "{n} row", "msgid_plural": "{n} rows", "msgstr": ["{n} rhes", "{n} o resi"]}), root=tree
    )
    assert set(catalogue(tree)[None, "{n} row"].msgstr_plural.values()) == {""}


def test_a_translators_comment_is_kept(tree: Path) -> None:
    merge(offer(tree, {"msgid": "Cookies", "msgstr": "Cwcis", "comment": "gate: ok spelling"}), root=tree)
    merge([], root=tree)
    assert catalogue(tree)[None, "Cookies"].tcomment == "gate: ok spelling"


def test_merging_twice_writes_the_same_bytes(tree: Path) -> None:
    files = offer(tree, {"msgid": "{n} row", "msgid_plural": "{n} rows", "msgstr": FORMS})
    merge(files, root=tree)
    first = (tree / PO).read_bytes()
    merge(files, root=tree)
    assert (tree / PO).read_bytes() == first


def test_a_call_whose_sentence_is_not_written_out_is_found(tree: Path) -> None:
    assert unreadable_calls(tree) == []
    (tree / "portal" / "more.py").write_text('msg(name)\npmsg("x", f"{y}")\nnmsg("a", b, 2)\n', encoding="utf-8")
    (tree / "templates" / "more.html").write_text('{{ _(label) }}{{ p_("x", "a" ~ b) }}', encoding="utf-8")
    assert [call.partition(":")[0] for call in unreadable_calls(tree)] == ["portal/more.py"] * 3 + [
        "templates/more.html"
    ] * 2
