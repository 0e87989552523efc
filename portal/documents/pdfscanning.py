"""What a PDF says besides what its pages show."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence

import pikepdf
import pypdfium2

from anonymity.cleaning import pdf as cleaning
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.pdfreading import PageText, opened, read_page
from portal.documents.pdfunseen import is_off, unseen_signs

_SAID: Mapping[Found, FindingCode] = {
    Found.GPS: FindingCode.PICTURE_DETAILS,
    Found.DEVICE: FindingCode.PICTURE_DETAILS,
    Found.OTHER_PICTURES: FindingCode.PICTURE_DETAILS,
    Found.AUTHOR: FindingCode.PROPERTIES,
    Found.DATES: FindingCode.PROPERTIES,
    Found.SOFTWARE: FindingCode.PROPERTIES,
    Found.DESCRIPTION: FindingCode.PROPERTIES,
    Found.COMMENTS: FindingCode.COMMENT,
    Found.EDIT_HISTORY: FindingCode.EARLIER_REVISION,
    Found.TRAILING_DATA: FindingCode.EARLIER_REVISION,
    Found.THUMBNAIL: FindingCode.THUMBNAIL,
    Found.HIDDEN_PARTS: FindingCode.HIDDEN_PARTS,
    Found.LINKS: FindingCode.EXTERNAL_LINK,
    Found.SCRIPTS: FindingCode.SCRIPT,
    Found.ATTACHMENTS: FindingCode.EMBEDDED_FILE,
}


def scan_pdf(data: bytes) -> list[Finding]:
    """Every finding; a file that cannot be opened is one by itself."""
    found: set[Found] = set()
    try:
        cleaning.cleaned(data, found)
        forms = _forms(data)
        shown = _pages(data)
    except CannotClean as refusal:
        code = FindingCode.LOCKED if refusal.reason is Reason.ENCRYPTED else FindingCode.UNREADABLE
        return [Finding(code, can_fix=False)]
    except CannotCut:
        return [Finding(FindingCode.UNREADABLE, can_fix=False)]
    codes = {_SAID[one] for one in found if one in _SAID}
    return [*(Finding(code) for code in FindingCode if code in codes), *forms, *shown]


def _forms(data: bytes) -> list[Finding]:
    """Fields that can be filled in, and may hold more than they show."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        form = pdf.Root.get("/AcroForm")
        fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
        number = len(fields.as_list()) if isinstance(fields, pikepdf.Array) else 0
    return [Finding(FindingCode.FORM_FIELD, number=number)] if number else []


def _pages(data: bytes) -> list[Finding]:
    with opened(data) as document:
        return [finding for index in range(len(document)) for finding in _page(document, index)]


def _page(document: pypdfium2.PdfDocument, index: int) -> list[Finding]:
    """Words that nobody sees, counted in signs, by page."""
    page = read_page(document, index)
    counted = Counter(_code(page, place) for place in unseen_signs(document, page))
    return [Finding(code, str(page.number), number) for code, number in counted.items()]


def _code(page: PageText, place: int) -> FindingCode:
    box = page.signs[place].box
    return FindingCode.TEXT_OFF_PAGE if box and is_off(box, page.frame) else FindingCode.TEXT_UNDER_BOX


def unseen_words(data: bytes) -> Sequence[str]:
    """The hidden words themselves, page by page, for the officer who decides on them."""
    with opened(data) as document:
        said = []
        for index in range(len(document)):
            page = read_page(document, index)
            places = unseen_signs(document, page)
            said.append("".join(page.signs[place].text for place in places))
        return [text for text in said if text]
