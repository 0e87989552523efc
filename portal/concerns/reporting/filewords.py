"""What cleaning found in a file, what it cannot take away, and why a file is refused, in words (CLEANING.md)."""

from portal.core.text import Locale, Message, msg, pmsg
from portal.i18n.catalogue import Catalogue

ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.odt,.txt,.mp3,.m4a,.mp4"

FOUND: dict[str, Message] = {
    "gps": msg("the place where it was made"),
    "device": msg("make, model or numbers of the device"),
    "author": msg("names of authors, owners or firms"),
    "dates": msg("dates and times"),
    "software": msg("the programme it was made with"),
    "description": msg("title, caption, keywords and the like"),
    "comments": msg("comments and notes"),
    "edit_history": msg("earlier versions and who changed what"),
    "identifiers": msg("numbers that identify the file or the device"),
    "thumbnail": msg("a small preview picture"),
    "other_pictures": msg("further pictures behind the first"),
    "colour_profile": msg("a colour profile, so colours may shift slightly"),
    "hidden_parts": msg("parts that no page shows"),
    "trailing_data": msg("data behind the end of the file"),
    "links": msg("links and references to other places"),
    "scripts": msg("scripts and actions"),
    "attachments": msg("other files inside the file"),
    "tracks": msg("extra tracks"),
}
REMAINS: dict[str, Message] = {
    "content": msg("what can be seen, heard or read in it"),
    "watermarks": msg("watermarks"),
    "sensor_noise": msg("traces of the camera’s sensor"),
    "compression": msg("traces of how it was compressed"),
    "fonts": msg("its fonts"),
    "hidden_text": msg("hidden text, also under black boxes or in hidden rows"),
    "tracked_text": msg("inserted and deleted text, without who and when"),
    "unseen_characters": msg("characters that cannot be seen"),
    "voices": msg("voices"),
    "background": msg("sounds in the background"),
    "in_stream": msg("marks of the encoder inside the recording"),
}
REFUSED: dict[str, Message] = {
    "empty": pmsg("error", "This file is empty. Choose another"),
    "unknown_type": pmsg("error", "This type of file is not taken. Choose a JPEG picture, a PDF or a text"),
    "heic": pmsg(
        "error",
        "This picture is HEIC, which we cannot clean. Choose a screenshot of it, or set the phone’s camera to JPEG",
    ),
    "other_picture": pmsg("error", "This kind of picture is not taken. Save it as JPEG or PNG"),
    "other_sound": pmsg("error", "This kind of recording is not taken. Save it as MP3 or M4A"),
    "other_video": pmsg("error", "This kind of video is not taken. Save it as MP4"),
    "old_office": pmsg("error", "This is an old Office file. Save it as DOCX, XLSX or PDF"),
    "other_document": pmsg("error", "This kind of document is not taken. Save it as PDF"),
    "web_page": pmsg("error", "Web pages are not taken. Save it as PDF, or take a screenshot"),
    "archive": pmsg("error", "Archives are not taken. Send the files in it one by one"),
    "program": pmsg("error", "Programmes are not taken"),
    "encrypted": pmsg("error", "This file has a password. Take the password off first"),
    "macros": pmsg("error", "This file has macros in it. Save it as DOCX, XLSX or PDF"),
    "embedded_object": pmsg("error", "This file has other files built into it. Save it as PDF"),
    "animation": pmsg("error", "Moving pictures are not taken. Send single pictures"),
    "fragmented": pmsg("error", "This video is stored in pieces. Save it again as MP4"),
    "hidden_track": pmsg(
        "error", "This video has a hidden track that cannot be taken out. Shorten it a little, or save it again as MP4"
    ),
    "not_text": pmsg("error", "This is not plain text. Save it as UTF-8 text"),
    "too_large": pmsg("error", "This file is over 64 MB. Make it smaller"),
    "too_large_to_hold": pmsg("error", "This document is over 16 MB. Make it smaller, or send its pages as pictures"),
    "too_complex": pmsg("error", "This file is too complicated to clean. Save it again as PDF"),
    "damaged": pmsg("error", "This file is damaged. Save it again"),
    "too_many": pmsg("error", "At most 20 files go with one message. Send the others with a second one"),
    "unreadable": pmsg("error", "Your browser could not read this file. Choose it again"),
    "failed": pmsg("error", "This file could not be cleaned. Choose another"),
}


def found(code: str) -> Message:
    """A code of what was removed, in words."""
    return FOUND.get(code, FOUND["hidden_parts"])


def remains(code: str) -> Message:
    """A code of what stays, in words."""
    return REMAINS.get(code, REMAINS["content"])


def refused(code: str) -> Message:
    """A reason for refusing a file, in words."""
    return REFUSED.get(code, REFUSED["failed"])


def words_of(locale: Locale) -> dict[str, dict[str, str]]:
    """All of them, for a device."""
    words = Catalogue.for_locale(locale)
    kinds = {"found": FOUND, "remains": REMAINS, "refused": REFUSED}
    return {kind: {code: words.say(one) for code, one in table.items()} for kind, table in kinds.items()}
