"""The two pages of a pack, which stand alone: an index that explains every file, and the letter."""

from datetime import date
from typing import Any

from portal.core.text import Locale, Message, Words, msg, pmsg
from portal.documents.kinds import FileKind
from portal.i18n.formats import date_long, file_size
from portal.subject_access.answering.contents import PLAIN, Contents, PackFile
from portal.subject_access.answering.supplementary import headings
from portal.subject_access.letters import RIGHTS, ROUTES, disclosure
from portal.web.rendering import environment

OPENS_WITH = {
    FileKind.PDF: pmsg("sort of file in an answer", "PDF document: opens in any browser"),
    FileKind.IMAGE: pmsg("sort of file in an answer", "Picture"),
    FileKind.TEXT: pmsg("sort of file in an answer", "Plain text: opens in any text editor"),
    FileKind.TABLE: pmsg("sort of file in an answer", "Table (CSV): opens in a spreadsheet program or a text editor"),
    FileKind.WORKBOOK: pmsg("sort of file in an answer", "Spreadsheet (XLSX): opens in a spreadsheet program"),
    FileKind.DOCUMENT: pmsg("sort of file in an answer", "Document (DOCX): opens in a word processor"),
    FileKind.MAIL: pmsg("sort of file in an answer", "Email, as plain text"),
    FileKind.OTHER: pmsg("sort of file in an answer", "Another sort of file"),
}
TERMS: tuple[tuple[Message, Message], ...] = (
    (msg("Personal data"), msg("Information about you, on paper or in a computer, also what others think of you")),
    (
        pmsg("word of an answer", "Withheld"),
        msg("We hold it and do not give it to you. The law allows that for the reasons named here only"),
    ),
    (
        pmsg("word of an answer", "Cut"),
        msg("Taken out of a file for good before you got it, because the law protects it"),
    ),
    (msg("Automated decision"), msg("A decision that a system makes, or prepares, without a person deciding first")),
    (msg("Supplier"), msg("A company that makes or runs a system for us")),
)


def index_page(contents: Contents) -> str:
    """Where to begin: what is in the pack, what is missing and why, how to open it and how to complain."""
    return _page(
        contents,
        "subject_access/pack_index.html",
        rows=[_row(one, contents.lang) for one in contents.files],
        held_back=[(PLAIN[exemption], number) for exemption, number in contents.held_back],
        cuts=sorted({because for one in contents.files for because in one.cut_because}),
        plain=PLAIN,
        terms=TERMS,
        glossary=contents.glossary,
        routes=ROUTES,
        rights=RIGHTS,
    )


def letter_page(contents: Contents) -> str:
    """The letter as it stands in the portal, headings as headings."""
    letter = disclosure(Words(contents.words), Words(contents.about), None, contents.lang)
    return _page(contents, "subject_access/pack_letter.html", blocks=list(headings(letter.reveal())))


def _page(contents: Contents, template: str, **values: Any) -> str:
    env = environment(contents.lang)
    return env.get_template(template).render(contents=contents, lang=contents.lang.value, **values)


def _row(one: PackFile, lang: Locale) -> dict[str, Any]:
    return {
        "name": one.name,
        "what": one.what,
        "kind": OPENS_WITH[one.kind],
        "size": file_size(one.size),
        "place": one.place.get(lang) if one.place else "",
        "period": _period(one.period_from, one.period_to, lang),
        "cut_because": one.cut_because,
        "pictured": one.pictured,
    }


def _period(start: date | None, end: date | None, lang: Locale) -> str:
    return " – ".join(date_long(day, lang) for day in (start, end) if day is not None)
