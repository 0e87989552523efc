"""What a file says besides what one sees: the words of the outgoing scan."""

from dataclasses import dataclass
from enum import StrEnum


class FindingCode(StrEnum):
    """One sort of hidden content. Each is told in words by the feature that shows it."""

    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    PIVOT_CACHE = "pivot_cache"
    EXTERNAL_LINK = "external_link"
    DEFINED_NAME = "defined_name"
    TRACKED_CHANGE = "tracked_change"
    COMMENT = "comment"
    HIDDEN_TEXT = "hidden_text"
    PROPERTIES = "properties"
    MACRO = "macro"
    EMBEDDED_FILE = "embedded_file"
    TEXT_UNDER_BOX = "text_under_box"
    TEXT_OFF_PAGE = "text_off_page"
    EARLIER_REVISION = "earlier_revision"
    FORM_FIELD = "form_field"
    SCRIPT = "script"
    THUMBNAIL = "thumbnail"
    HIDDEN_PARTS = "hidden_parts"  # parts that no page shows
    PICTURE_DETAILS = "picture_details"  # EXIF, IPTC, XMP
    CUT_WORDS_LEFT = "cut_words_left"  # words of the ledger are still somewhere in the bytes
    REPORTER_MARK = "reporter_mark"  # an export of the sealed channel (the whistleblower guard)
    TINY_TEXT = "tiny_text"  # too small to be read on a screen
    PALE_TEXT = "pale_text"  # hardly another colour than what is behind it
    TEXT_UNDER_TEXT = "text_under_text"
    TEXT_LAYER = "text_layer"  # words that are not drawn, upon or under a picture, as scanners write them
    PICTURE_COVERED = "picture_covered"  # something is drawn over a part of a picture
    PICTURE_OFF_PAGE = "picture_off_page"
    SEE_THROUGH = "see_through"  # points of a picture that nobody sees
    RESTRICTED = "restricted"  # opens for everybody, with a password only for changing it
    CUT_WORDS_NOWHERE = "cut_words_nowhere"  # words of the ledger that were not found when it was cut
    CUT_PLACE_NOWHERE = "cut_place_nowhere"  # a page, sheet or cells of the ledger, likewise
    UNLOCKED = "unlocked"  # the file that came had such a password, the copy has none
    LEFT_OUT_COMMENTS = "left_out_comments"  # in the file that came, not in the copy
    LEFT_OUT_FILES = "left_out_files"
    LEFT_OUT_DRAWINGS = "left_out_drawings"  # charts and pictures
    LEFT_OUT_HEADERS = "left_out_headers"  # headers and footers of sheets
    LEFT_OUT_PIECES = "left_out_pieces"  # white or tiny pieces of the text of a cell
    OLD_LETTERS = "old_letters"  # not UTF-8: how the letters were read is a guess
    LOCKED = "locked"
    UNREADABLE = "unreadable"


OF_CUTTING = frozenset(
    {
        FindingCode.CUT_WORDS_NOWHERE,
        FindingCode.CUT_PLACE_NOWHERE,
        FindingCode.LEFT_OUT_COMMENTS,
        FindingCode.LEFT_OUT_FILES,
        FindingCode.UNLOCKED,
        FindingCode.LEFT_OUT_DRAWINGS,
        FindingCode.LEFT_OUT_HEADERS,
        FindingCode.LEFT_OUT_PIECES,
        FindingCode.OLD_LETTERS,
    }
)
"""What only the cutting of a copy can tell: no scan of it finds it again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what, where (a sheet, a page, a part's name), how many, and whether ``fix`` can remove it."""

    code: FindingCode
    place: str = ""
    number: int = 1
    can_fix: bool = True
