"""What the scan of a copy found, and why a file cannot be worked on, in plain words."""

from collections.abc import Mapping

from portal.core.text import Message, msg, nmsg, pmsg
from portal.documents.findings import Finding, FindingCode

REASONS: Mapping[str, Message] = {
    "unreadable": pmsg("error", "This file cannot be read. It may be broken or locked"),
    "damaged": pmsg("error", "This file cannot be read. It may be broken or locked"),
    "encrypted": pmsg("error", "This file is locked with a password. Ask for one that is not locked"),
    "macros": pmsg("error", "This file holds a program. Ask for one without it, or withhold it"),
    "embedded_object": pmsg("error", "Another file is inside this one. Ask for both on their own"),
    "too_many_pages": pmsg("error", "This file has too many pages. Divide it into smaller files and add these"),
    "too_complex": pmsg("error", "This file is too large to be worked on here. Divide it and add the parts"),
    "too_long": pmsg("error", "This file took too long. Divide it into smaller files and add these"),
    "busy": pmsg("error", "Another file is being worked on. Wait a minute and try again"),
    "no_such_cut": pmsg("error", "This cannot be cut from a file of this sort"),
    "no_such_page": pmsg("error", "There is no such page"),
    "no_such_cells": pmsg("error", "Enter cells such as B2:B90, a column such as C:C, or a row such as 4:4"),
    "words_not_on_pages": pmsg(
        "error",
        "Words to be cut are somewhere inside this file, but not among the letters of its pages, so no copy was made."
        " They may stand in a picture: look for them and draw boxes over them, or cut the whole page",
    ),
    "words_remain": pmsg(
        "error",
        "Words that were cut would still be somewhere in the copy, so no copy was made. They may be part of a longer"
        " word, a name inside the file, or a drawing. Cut them also inside longer words, or cut the page, sheet or"
        " cells where they stand. If that does not help, withhold this item",
    ),
}
NEVER_ACCEPTED = frozenset({FindingCode.CUT_WORDS_LEFT, FindingCode.REPORTER_MARK})
ACCEPTED_SEEN = frozenset({FindingCode.LOCKED, FindingCode.UNREADABLE})
"""Nobody can look into these here: somebody has to have looked elsewhere."""


def why_not(reason: str) -> Message:
    """Why a file cannot be worked on."""
    return REASONS.get(reason, REASONS["unreadable"])


def said(finding: Finding) -> Message:
    """A finding in plain words, with its place and number."""
    place, number = finding.place, f"{finding.number:,}"
    match finding.code:
        case FindingCode.HIDDEN_SHEET:
            return nmsg(
                "Sheet “{place}” is hidden and has {number} row",
                "Sheet “{place}” is hidden and has {number} rows",
                finding.number,
                place=place,
                number=number,
            )
        case FindingCode.HIDDEN_ROWS:
            return msg("Hidden rows. Sheet: “{place}”. Number: {number}", place=place, number=number)
        case FindingCode.HIDDEN_COLUMNS:
            return msg("Hidden columns. Sheet: “{place}”. Number: {number}", place=place, number=number)
        case FindingCode.CUT_WORDS_NOWHERE:
            return msg(
                "The words “{place}” were to be cut from this file and were found nowhere. If they stand in a picture,"
                " draw a box over them",
                place=place,
            )
    return _said_of_page(finding)


def _said_of_page(finding: Finding) -> Message:
    """Words that one does not see, or hardly."""
    place, number = finding.place, f"{finding.number:,}"
    match finding.code:
        case FindingCode.TEXT_UNDER_BOX:
            return msg(
                "Words that nobody sees, such as under a black box. Page: {place}. Signs: {number}",
                place=place,
                number=number,
            )
        case FindingCode.TEXT_OFF_PAGE:
            return msg("Words outside the edge of the page. Page: {place}. Signs: {number}", place=place, number=number)
        case FindingCode.TINY_TEXT:
            return msg("Words too small to be read. Page: {place}. Signs: {number}", place=place, number=number)
        case FindingCode.PALE_TEXT:
            return msg(
                "Words in nearly the colour of what is behind them. Page: {place}. Signs: {number}",
                place=place,
                number=number,
            )
    return _said_of_file(finding)


def _said_of_file(finding: Finding) -> Message:
    """What is found, then where and how often if that is known."""
    what, place, number = FINDINGS[finding.code], finding.place, f"{finding.number:,}"
    if place and finding.number > 1:
        return msg("{what}. Place: {place}. Number: {number}", what=what, place=place, number=number)
    if place:
        return msg("{what}. Place: {place}", what=what, place=place)
    return msg("{what}. Number: {number}", what=what, number=number) if finding.number > 1 else what


FINDINGS: Mapping[FindingCode, Message] = {
    FindingCode.HIDDEN_SHEET: pmsg("finding", "A hidden sheet"),
    FindingCode.HIDDEN_ROWS: pmsg("finding", "Hidden rows"),
    FindingCode.HIDDEN_COLUMNS: pmsg("finding", "Hidden columns"),
    FindingCode.PIVOT_CACHE: pmsg("finding", "A copy of data behind a pivot table"),
    FindingCode.EXTERNAL_LINK: pmsg("finding", "A link to another file or place"),
    FindingCode.DEFINED_NAME: pmsg("finding", "A name that stands for cells"),
    FindingCode.TRACKED_CHANGE: pmsg("finding", "Tracked changes"),
    FindingCode.COMMENT: pmsg("finding", "Comments or notes"),
    FindingCode.HIDDEN_TEXT: pmsg("finding", "Hidden words"),
    FindingCode.PROPERTIES: pmsg("finding", "Document properties, such as who wrote it and when"),
    FindingCode.MACRO: pmsg("finding", "A program (macro)"),
    FindingCode.EMBEDDED_FILE: pmsg("finding", "Another file inside this one"),
    FindingCode.TEXT_UNDER_BOX: pmsg("finding", "Words that nobody sees"),
    FindingCode.TEXT_OFF_PAGE: pmsg("finding", "Words outside the edge of the page"),
    FindingCode.EARLIER_REVISION: pmsg("finding", "An earlier version is still inside"),
    FindingCode.FORM_FIELD: pmsg("finding", "Form fields"),
    FindingCode.SCRIPT: pmsg("finding", "A script"),
    FindingCode.THUMBNAIL: pmsg("finding", "A small picture of an earlier version"),
    FindingCode.HIDDEN_PARTS: pmsg("finding", "Parts that no page shows"),
    FindingCode.PICTURE_DETAILS: pmsg("finding", "Details of a picture, such as where and when it was taken"),
    FindingCode.CUT_WORDS_LEFT: pmsg("finding", "Words that were cut are still in the file"),
    FindingCode.REPORTER_MARK: pmsg("finding", "An export of the sealed channel"),
    FindingCode.TINY_TEXT: pmsg("finding", "Words too small to be read"),
    FindingCode.PALE_TEXT: pmsg("finding", "Words in nearly the colour of what is behind them"),
    FindingCode.TEXT_UNDER_TEXT: pmsg("finding", "Words on top of other words"),
    FindingCode.TEXT_LAYER: pmsg("finding", "Words that are not drawn, as in the text layer of a scan"),
    FindingCode.UNLOCKED: pmsg("finding", "The file that came has a password against changing it; this copy has none"),
    FindingCode.PICTURE_COVERED: pmsg("finding", "Something is drawn over a picture, which is still whole below it"),
    FindingCode.PICTURE_OFF_PAGE: pmsg(
        "finding", "A part of a picture that the page does not show: outside its edge, or cropped away"
    ),
    FindingCode.SEE_THROUGH: pmsg("finding", "Parts of the picture are see-through, and what they hold is still there"),
    FindingCode.RESTRICTED: pmsg("finding", "The file has a password against changing or printing it"),
    FindingCode.CUT_WORDS_NOWHERE: pmsg("finding", "Words to be cut were found nowhere"),
    FindingCode.CUT_PLACE_NOWHERE: pmsg("finding", "A part to be cut is not in this file"),
    FindingCode.LEFT_OUT_COMMENTS: pmsg("finding", "Comments of the file that came are not in this copy"),
    FindingCode.LEFT_OUT_FILES: pmsg("finding", "Attachments of the file that came are not in this copy"),
    FindingCode.LEFT_OUT_DRAWINGS: pmsg("finding", "Charts and pictures of the file that came are not in this copy"),
    FindingCode.LEFT_OUT_HEADERS: pmsg(
        "finding", "Headers and footers of sheets of the file that came are not in this copy"
    ),
    FindingCode.LEFT_OUT_PIECES: pmsg(
        "finding", "White or tiny pieces of text inside cells of the file that came are not in this copy"
    ),
    FindingCode.OLD_LETTERS: pmsg(
        "finding", "The letters were written in an older way. Look whether all of them, such as ŵ and â, are right"
    ),
    FindingCode.LOCKED: pmsg("finding", "The file is locked, so nobody can look inside"),
    FindingCode.UNREADABLE: pmsg("finding", "The file cannot be read here, so nobody can look inside"),
}
