"""The two pages of a pack, which people open from a ZIP on their own device: whole for everybody, in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.text import Bilingual, Locale
from portal.documents.kinds import FileKind
from portal.subject_access.answering.contents import Contents, PackFile
from portal.subject_access.answering.pages_of_pack import index_page, letter_page
from portal.subject_access.material.rules import Exemption
from tests.pages.walk import Validator, axe_findings, keyboard_findings, large_text_findings, walk_findings

pytestmark = pytest.mark.pages


def contents(lang: Locale) -> Contents:
    files = tuple(
        PackFile(
            name=f"00{number}-e-rostering.pdf",
            kind=FileKind.PDF,
            what="Eich shifftiau",
            place=Bilingual("E-rostering", "E-rostering"),
            period_from=date(2026, 1, 1),
            period_to=date(2026, 6, 30),
            cut_because=(Exemption.OTHER_PEOPLE,) if number == 2 else (),
            pictured=number - 1,
            size=123_456,
            sha256=bytes(32),
            blob_id="",
            context="",
        )
        for number in (1, 2)
    )
    return Contents(
        reference="AC-7K2M-93QX",
        body=Bilingual("Cyngor Taran", "Taran Council"),
        lang=lang,
        words="Dyma’ch data.\nDiolch am aros.",
        about="# E-rostering\n\nPam rydym yn defnyddio’r data: i drefnu shifftiau",
        glossary=(("SB2", "ail egwyl"),),
        proposed_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        files=files,
        held_back=((Exemption.PRIVILEGE, 2),),
    )


@pytest.fixture
def blank(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 320, "height": 900})
    yield context.new_page()
    context.close()


def test_the_pages_of_a_pack_are_whole_for_everybody(blank: Any, validator: Validator) -> None:
    found = []
    for lang in Locale:
        for page in (index_page(contents(lang)), letter_page(contents(lang))):
            blank.set_content(page)
            seen = walk_findings(blank) + axe_findings(blank) + large_text_findings(blank) + keyboard_findings(blank)
            found += [f"{lang}: {one}" for one in seen + validator.findings(page)]
    assert not found, "\n".join(found)
