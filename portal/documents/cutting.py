"""The one door to cutting: a file and what goes from it; out comes a file of which it is proven that it is gone."""

from collections.abc import Callable, Mapping, Sequence

from portal.documents.cuts import CannotCut, Cut, Cutting, gone_words
from portal.documents.kinds import FileKind
from portal.documents.mails import cut_mail
from portal.documents.pdfcutting import cut_pdf
from portal.documents.pictures import cut_picture
from portal.documents.plaintext import cut_table, cut_text
from portal.documents.proving import words_left
from portal.documents.worddoc import cut_document
from portal.documents.workbook import cut_workbook

_CUTTERS: Mapping[FileKind, Callable[[bytes, Sequence[Cut]], Cutting]] = {
    FileKind.PDF: cut_pdf,
    FileKind.IMAGE: cut_picture,
    FileKind.TEXT: cut_text,
    FileKind.TABLE: cut_table,
    FileKind.WORKBOOK: cut_workbook,
    FileKind.DOCUMENT: cut_document,
    FileKind.MAIL: cut_mail,
}


def cut(kind: FileKind, data: bytes, cuts: Sequence[Cut]) -> Cutting:
    """The file without what goes. Raises CannotCut where it cannot be done, or not be proven."""
    if kind not in _CUTTERS:
        raise CannotCut("no_such_cut")
    done = _CUTTERS[kind](data, cuts)
    if words_left(done.kind, done.data, *gone_words(cuts)):
        raise CannotCut("words_remain")
    return done
