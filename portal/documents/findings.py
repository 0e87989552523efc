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
    LOCKED = "locked"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what, where (a sheet, a page, a part's name), how many, and whether ``fix`` can remove it."""

    code: FindingCode
    place: str = ""
    number: int = 1
    can_fix: bool = True
