"""What offices hide in places of their own: themes, lists, fields, charts, formulas, content controls."""

import io
import zipfile

import pytest

from anonymity.cleaning.cleaner import clean
from anonymity.cleaning.outcome import Found
from tests.anonymity.cleaning.packages import A, R, S, W, content_types, relations, root_relations
from tests.anonymity.cleaning.refused import WORD, _archive, _odt

C = A.replace("main", "chart")
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def cleaned(data: bytes) -> tuple[dict[str, str], set[Found]]:
    wash = clean([data])
    with zipfile.ZipFile(io.BytesIO(b"".join(wash.chunks))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}, wash.found


def word_file(body: str, *links: tuple[str, str, str, bool], **parts: str) -> bytes:
    return _archive(
        ("[Content_Types].xml", content_types(**{"word/document.xml": f"{WORD}.document.main+xml"})),
        ("_rels/.rels", root_relations("word/document.xml")),
        ("word/document.xml", f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'),
        ("word/_rels/document.xml.rels", relations(*links)),
        *((f"word/{name}.xml", text) for name, text in parts.items()),
    )


def test_a_theme_and_a_list_name_no_firm() -> None:
    theme = f'<a:theme xmlns:a="{A}" name="Acme Ltd"><a:themeElements><a:clrScheme name="Acme red"/></a:themeElements></a:theme>'
    lists = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:nsid w:val="4ACE0001"/><w:tmpl w:val="4ACE0002"/></w:abstractNum></w:numbering>'
    links = ("rId1", "theme", "theme.xml", False), ("rId2", "numbering", "numbering.xml", False)
    parts, found = cleaned(word_file("<w:p/>", *links, theme=theme, numbering=lists))
    assert not any("Acme" in text or "4ACE" in text for text in parts.values())
    assert Found.IDENTIFIERS in found


@pytest.mark.parametrize("asked", ["PAGE", " NUMPAGES \\* MERGEFORMAT ", 'TOC \\o "1-3" \\h', "REF _Ref12 \\h"])
def test_a_field_that_only_counts_or_refers_stays(asked: str) -> None:
    body = f'<w:p><w:fldSimple w:instr="{asked.replace(chr(34), "&quot;")}"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>'
    parts, _ = cleaned(word_file(body))
    assert "w:fldSimple" in parts["word/document.xml"]
    assert ">7<" in parts["word/document.xml"]


def test_a_field_that_fetches_something_becomes_its_answer_and_one_about_the_author_goes() -> None:
    fetch = '<w:fldSimple w:instr="INCLUDETEXT c:\\users\\mair\\x"><w:r><w:t>kept words</w:t></w:r></w:fldSimple>'
    about = '<w:fldSimple w:instr="AUTHOR"><w:r><w:t>Mair</w:t></w:r></w:fldSimple>'
    parts, _ = cleaned(word_file(f"<w:p>{fetch}{about}</w:p>"))
    assert "kept words" in parts["word/document.xml"]
    assert "mair" not in parts["word/document.xml"].lower()
    assert "fldSimple" not in parts["word/document.xml"]


def test_a_chart_stays_without_the_table_behind_it() -> None:
    chart = f'<c:chartSpace xmlns:c="{C}" xmlns:r="{R}"><c:f>\'[secret.xlsx]A\'!$A$1</c:f><c:f>Rota!$A$1</c:f><c:externalData r:id="rId1"/></c:chartSpace>'
    data = word_file("<w:p/>", ("rId1", "chart", "chart.xml", False), chart=chart)
    whole = {
        name: zipfile.ZipFile(io.BytesIO(data)).read(name) for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
    }
    whole["word/_rels/chart.xml.rels"] = relations(("rId1", "package", "embeddings/a.xlsx", False)).encode()
    whole["word/embeddings/a.xlsx"] = b"secret table"
    parts, _ = cleaned(_archive(*whole.items()))
    (name,) = [name for name in parts if "chart" in name]
    assert parts[name].count("<c:f>") == 2
    assert "secret" not in "".join(parts.values())


def test_a_formula_that_asks_another_file_becomes_its_last_value() -> None:
    cells = "<c r='A1'><f>[1]Pay!A1+1</f><v>41</v></c><c r='A2'><f>A1+1</f><v>42</v></c><c r='A3'><f>'\\\\srv\\x'!A1</f><v>43</v></c>"
    parts, found = cleaned(
        _archive(
            ("[Content_Types].xml", content_types(**{"xl/workbook.xml": f"{SHEETS}.sheet.main+xml"})),
            ("_rels/.rels", root_relations("xl/workbook.xml")),
            (
                "xl/workbook.xml",
                f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="Rota" sheetId="1" r:id="rId9"/></sheets></workbook>',
            ),
            ("xl/_rels/workbook.xml.rels", relations(("rId9", "worksheet", "sheet.xml", False))),
            ("xl/sheet.xml", f'<worksheet xmlns="{S}"><sheetData><row>{cells}</row></sheetData></worksheet>'),
        )
    )
    (sheet,) = [text for name, text in parts.items() if "worksheet" in name and name.endswith(".xml")]
    assert sheet.count("<f>") == 1
    assert [value in sheet for value in ("<v>41</v>", "<v>42</v>", "<v>43</v>")] == [True] * 3
    assert Found.LINKS in found


def test_the_words_in_a_content_control_of_libreoffice_stay() -> None:
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    more = 'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
    text = f'<office:document-content {office} {more}><text:p><loext:content-control loext:alias="Mair">kept words</loext:content-control></text:p></office:document-content>'
    whole = zipfile.ZipFile(io.BytesIO(_odt()))
    parts, _ = cleaned(
        _archive(*((name, text if name == "content.xml" else whole.read(name)) for name in whole.namelist()))
    )
    assert "<text:p>kept words</text:p>" in parts["content.xml"]
    assert "Mair" not in parts["content.xml"]
