"""PDF: a new document is made of what its pages show; nothing is copied that is not in a list (CLEANING.md section 6).

pikepdf (qpdf) reads the old file and writes the new one. Its limits on what may be inflated are set for the process;
its log, which speaks of what is in the file, is switched off.
"""

import io
import logging

import pikepdf
from pikepdf import Dictionary
from pikepdf.settings import set_qpdf_limits

from anonymity.cleaning import xmp
from anonymity.cleaning.outcome import CannotClean, Found, Reason, sound
from anonymity.cleaning.pdfcontent import Contents
from anonymity.cleaning.pdfobjects import Copier, Objects
from anonymity.cleaning.pdfpages import Pages

_MOST_PAGES, _MOST_NOTES, _MOST_INFLATED = 5000, 1000, 64 << 20
_BROKEN = (
    *(pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError),
    *(RuntimeError, OverflowError, ArithmeticError),
)
_INFO = {
    "/Author": Found.AUTHOR,
    "/Company": Found.AUTHOR,
    "/Creator": Found.SOFTWARE,
    "/Producer": Found.SOFTWARE,
    "/CreationDate": Found.DATES,
    "/ModDate": Found.DATES,
}
_ROOT = {
    "/Outlines": Found.DESCRIPTION,
    "/Lang": Found.DESCRIPTION,
    "/OpenAction": Found.SCRIPTS,
    "/AA": Found.SCRIPTS,
    "/PieceInfo": Found.HIDDEN_PARTS,
    "/StructTreeRoot": Found.HIDDEN_PARTS,
    "/Collection": Found.ATTACHMENTS,
    "/AF": Found.ATTACHMENTS,
    "/AcroForm": Found.HIDDEN_PARTS,
    "/URI": Found.LINKS,
    "/Perms": Found.HIDDEN_PARTS,
    "/DSS": Found.HIDDEN_PARTS,
}
for _logger in ("pikepdf", "pikepdf._core"):
    logging.getLogger(_logger).disabled = True
set_qpdf_limits(
    doc_max_warnings=_MOST_NOTES, parser_max_nesting=100, parser_max_container_size=1_000_000, max_stream_filters=4,
    flate_max_memory=_MOST_INFLATED, png_max_memory=_MOST_INFLATED, tiff_max_memory=_MOST_INFLATED,
    run_length_max_memory=_MOST_INFLATED, dct_max_memory=_MOST_INFLATED,
)  # fmt: skip


def cleaned(octets: bytes, found: set[Found]) -> bytes:
    """The document anew."""
    try:
        with pikepdf.open(io.BytesIO(octets), suppress_warnings=True) as old, pikepdf.new() as new:
            if old.is_encrypted:
                raise CannotClean(Reason.ENCRYPTED)
            _tell(octets, old, found)
            _fill(old, new, found)
            out = io.BytesIO()
            new.save(
                out, min_version="1.7", fix_metadata_version=False, compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )  # fmt: skip
            return out.getvalue()
    except pikepdf.PasswordError:
        raise CannotClean(Reason.ENCRYPTED) from None
    except _BROKEN:
        raise CannotClean(Reason.DAMAGED) from None


def _fill(old: pikepdf.Pdf, new: pikepdf.Pdf, found: set[Found]) -> None:
    if len(old.pages) > _MOST_PAGES:
        raise CannotClean(Reason.TOO_COMPLEX)
    sound(len(old.pages))
    objects = Objects(new)
    contents = Contents(old, objects.budget)
    copier = Copier(objects, contents, found)
    pages = Pages(copier, contents, new, found)
    for page in old.pages:
        pages.add(page.obj)
    pages.finish()
    if layers := copier.layers(old.Root.get("/OCProperties")):
        new.Root.OCProperties = layers


def _tell(octets: bytes, old: pikepdf.Pdf, found: set[Found]) -> None:
    """What sorts of things the document says besides its pages."""
    if "/Info" in old.trailer and isinstance(old.trailer.Info, Dictionary):
        found |= {_INFO.get(key, Found.DESCRIPTION) for key in dict(old.trailer.Info)}
    if "/ID" in old.trailer:
        found.add(Found.IDENTIFIERS)
    found |= {sort for key, sort in _ROOT.items() if key in old.Root}
    metadata = old.Root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream):
        xmp.read(bytes(metadata.read_bytes()), found)
    names = old.Root.get("/Names")
    if isinstance(names, Dictionary):
        found |= {
            sort
            for key, sort in (("/JavaScript", Found.SCRIPTS), ("/EmbeddedFiles", Found.ATTACHMENTS))
            if key in names
        }
    if octets.count(b"startxref") > (2 if b"/Linearized" in octets[:1024] else 1):
        found.add(Found.EDIT_HISTORY)
    if octets[:5] != b"%PDF-" or octets[octets.rfind(b"%%EOF") + 5 :].strip():
        found.add(Found.TRAILING_DATA)
