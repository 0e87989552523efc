"""What cleaning says: what a file is, what was removed, what cannot be, why it is refused (CLEANING.md 2 to 5)."""

from enum import StrEnum


class Kind(StrEnum):
    """The types that can be cleaned."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    TXT = "txt"
    MP3 = "mp3"
    M4A = "m4a"
    MP4 = "mp4"

    @property
    def media_type(self) -> str:
        """The type as the web says it."""
        return _MEDIA_TYPES[self]

    @property
    def ending(self) -> str:
        """How the name of such a file ends, without the dot."""
        return "jpg" if self is Kind.JPEG else self.value

    @property
    def is_held(self) -> bool:
        """Whether a file of this kind is held in memory whole."""
        return self in _HELD

    @property
    def remains(self) -> frozenset["Remains"]:
        """What cannot be removed from such a file."""
        return _REMAINS[self]


class Found(StrEnum):
    """What was found and removed."""

    GPS = "gps"
    DEVICE = "device"
    AUTHOR = "author"
    DATES = "dates"
    SOFTWARE = "software"
    DESCRIPTION = "description"
    COMMENTS = "comments"
    EDIT_HISTORY = "edit_history"
    IDENTIFIERS = "identifiers"
    THUMBNAIL = "thumbnail"
    OTHER_PICTURES = "other_pictures"
    COLOUR_PROFILE = "colour_profile"
    HIDDEN_PARTS = "hidden_parts"
    TRAILING_DATA = "trailing_data"
    LINKS = "links"
    SCRIPTS = "scripts"
    ATTACHMENTS = "attachments"
    TRACKS = "tracks"


class Remains(StrEnum):
    """What no cleaning removes."""

    CONTENT = "content"
    WATERMARKS = "watermarks"
    SENSOR_NOISE = "sensor_noise"
    COMPRESSION = "compression"
    FONTS = "fonts"
    HIDDEN_TEXT = "hidden_text"
    TRACKED_TEXT = "tracked_text"
    UNSEEN_CHARACTERS = "unseen_characters"
    VOICES = "voices"
    BACKGROUND = "background"
    IN_STREAM = "in_stream"


class Reason(StrEnum):
    """Why a file is refused; a page turns it into advice."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    HEIC = "heic"
    OTHER_PICTURE = "other_picture"
    OTHER_SOUND = "other_sound"
    OTHER_VIDEO = "other_video"
    OLD_OFFICE = "old_office"
    OTHER_DOCUMENT = "other_document"
    WEB_PAGE = "web_page"
    ARCHIVE = "archive"
    PROGRAM = "program"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EMBEDDED_OBJECT = "embedded_object"
    ANIMATION = "animation"
    FRAGMENTED = "fragmented"
    HIDDEN_TRACK = "hidden_track"
    NOT_TEXT = "not_text"
    TOO_LARGE = "too_large"
    TOO_LARGE_TO_HOLD = "too_large_to_hold"
    TOO_COMPLEX = "too_complex"
    DAMAGED = "damaged"


class CannotClean(Exception):
    """The file is refused. It says why, and nothing of the file."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def sound(condition: object) -> None:
    """Refuses a file that is not built as it should be."""
    if not condition:
        raise CannotClean(Reason.DAMAGED)


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.DOCX: f"{_OPEN_XML}.wordprocessingml.document",
    Kind.XLSX: f"{_OPEN_XML}.spreadsheetml.sheet",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.TXT: "text/plain",
    Kind.MP3: "audio/mpeg",
    Kind.M4A: "audio/mp4",
    Kind.MP4: "video/mp4",
}
_HELD = frozenset({Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.ODT})
_PICTURE = frozenset({Remains.CONTENT, Remains.WATERMARKS, Remains.SENSOR_NOISE, Remains.COMPRESSION})
_OFFICE = frozenset({Remains.CONTENT, Remains.FONTS, Remains.HIDDEN_TEXT, Remains.TRACKED_TEXT, Remains.COMPRESSION})
_SOUND = frozenset({Remains.CONTENT, Remains.VOICES, Remains.BACKGROUND, Remains.IN_STREAM, Remains.COMPRESSION})
_REMAINS = {
    Kind.JPEG: _PICTURE,
    Kind.PNG: _PICTURE,
    Kind.WEBP: _PICTURE,
    Kind.PDF: frozenset(
        {Remains.CONTENT, Remains.WATERMARKS, Remains.FONTS, Remains.COMPRESSION, Remains.HIDDEN_TEXT},
    ),
    Kind.DOCX: _OFFICE,
    Kind.XLSX: _OFFICE,
    Kind.ODT: _OFFICE,
    Kind.TXT: frozenset({Remains.CONTENT, Remains.UNSEEN_CHARACTERS}),
    Kind.MP3: _SOUND,
    Kind.M4A: _SOUND,
    Kind.MP4: _SOUND | {Remains.WATERMARKS, Remains.SENSOR_NOISE},
}
