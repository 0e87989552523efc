"""What a PDF says besides what its pages show."""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pikepdf
import pypdfium2

from anonymity.cleaning import pdf as cleaning
from anonymity.cleaning.outcome import CannotClean, Found, Reason
from portal.documents.cuts import CannotCut
from portal.documents.findings import Finding, FindingCode
from portal.documents.pace import PACE, Stage
from portal.documents.pdfcovers import scan_covers
from portal.documents.pdfmasks import masked_pages
from portal.documents.pdfopening import is_revised, unlocked, with_looks
from portal.documents.pdfreading import opened, read_page
from portal.documents.pdfunseen import unseen_signs

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

_LONG = re.compile(rb"<(?:[0-9A-Fa-f]\s*){16,}>")
"""Four signs and more, as a font's map writes them."""


def scan_pdf(data: bytes) -> list[Finding]:
    """Every finding; a file that cannot be opened is one by itself."""
    found: set[Found] = set()
    opened_up = unlocked(data)
    try:
        clean = cleaning.cleaned(opened_up, found)
        seen = with_looks(opened_up)
        clean = clean if seen is opened_up else cleaning.cleaned(seen, set())
        kept = [*_forms(opened_up), *_unused(clean), *_masked(clean)]
        shown = _pages(seen, clean)
    except CannotClean as refusal:
        code = FindingCode.LOCKED if refusal.reason is Reason.ENCRYPTED else FindingCode.UNREADABLE
        return [Finding(code, can_fix=False)]
    except CannotCut:
        return [Finding(FindingCode.UNREADABLE, can_fix=False)]
    codes = {_SAID[one] for one in found if one in _SAID}
    if opened_up is not data:
        codes |= {FindingCode.RESTRICTED} | ({FindingCode.EARLIER_REVISION} if is_revised(data) else set())
    return [*(Finding(code) for code in FindingCode if code in codes), *kept, *shown]


def _forms(data: bytes) -> list[Finding]:
    """Fields that can be filled in, and may hold more than they show."""
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
        form = pdf.Root.get("/AcroForm")
        fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
        number = len(fields.as_list()) if isinstance(fields, pikepdf.Array) else 0
    return [Finding(FindingCode.FORM_FIELD, number=number)] if number else []


def _masked(clean: bytes) -> list[Finding]:
    """Pictures with parts that their masks hide."""
    return [Finding(FindingCode.SEE_THROUGH, str(page), number) for page, number in masked_pages(clean).items()]


def _unused(clean: bytes) -> list[Finding]:
    """Pictures, forms, and fonts that hold words, which stand in the file for its pages and are used by none."""
    with pikepdf.open(io.BytesIO(clean), suppress_warnings=True) as pdf:
        before = _stored(pdf)
        for page in pdf.pages:
            page.remove_unreferenced_resources()
        number = len(before - _stored(pdf))
    return [Finding(FindingCode.HIDDEN_PARTS, number=number)] if number else []


def _stored(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """The pictures and forms that the pages name, and the fonts with words."""
    maps = [page.resources.get(key) for page in pdf.pages for key in ("/XObject", "/Font")]
    named = [one for inner in maps if inner is not None for one in dict(inner.items()).values()]
    return {one.objgen for one in named if isinstance(one, pikepdf.Stream) or _holds_words(one)}


def _holds_words(font: pikepdf.Object) -> bool:
    """True where one code of a font stands for more letters than a ligature has. Fonts that nobody uses are common."""
    told = font.get("/ToUnicode") if isinstance(font, pikepdf.Dictionary) else None
    if not isinstance(told, pikepdf.Stream):
        return False
    return bool(_LONG.search(bytes(told.read_bytes())))


def _pages(data: bytes, clean: bytes) -> list[Finding]:
    found = []
    with opened(data) as document:
        PACE.begin(Stage.SCANNING, 2 * len(document))
        for index in range(len(document)):
            PACE.step()
            found += _page(document, index)
    with opened(clean) as document:
        for index in range(len(document)):
            PACE.step()
            found += scan_covers(document, index)
    return found


def _page(document: pypdfium2.PdfDocument, index: int) -> list[Finding]:
    """Words that nobody sees, or hardly, counted in signs, by page."""
    page = read_page(document, index)
    counted = Counter(unseen_signs(document, page).values())
    return [Finding(code, str(page.number), number) for code, number in counted.items()]


def unseen_words(data: bytes) -> Sequence[str]:
    """The hidden words themselves, page by page, for the officer who decides on them."""
    with opened(data) as document:
        said = []
        for index in range(len(document)):
            page = read_page(document, index)
            said.append("".join(page.signs[place].text for place in unseen_signs(document, page)))
        return [text for text in said if text]
