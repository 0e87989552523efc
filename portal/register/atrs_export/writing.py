"""A filled template as a file: JSON for machines, one HTML document without style or script for people and editors."""

import json
from typing import Any

from portal.core.text import Locale
from portal.register.atrs_export.filling import FORMAT, Filled, Sheet
from portal.web.rendering import environment


def as_json(filled: Filled) -> str:
    """The record as JSON. ``listing`` has the fields of the list of published records."""
    told = {
        "format": FORMAT,
        "standard": filled.standard,
        "listing": {
            "publishing_body": filled.organisation,
            "tool_name": filled.tool_name,
            "title": filled.title,
            "description": filled.one_sentence,
        },
        "phase": filled.phase,
        "finder": filled.finder,
        "register": {"version": filled.version, "published_on": filled.published_on.isoformat()},
        "sections": [_sheet(sheet) for sheet in filled.sheets],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_html(filled: Filled) -> str:
    """The record as a document of its own, headed as the pages of GOV.UK are."""
    return environment(Locale.EN).get_template("register/atrs_document.html").render(filled=filled)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "number": sheet.section.number,
        "title": sheet.section.title,
        "left_blank": [row.number for row in sheet.section.rows] if not sheet.entries else [],
        "fields": [
            {
                "number": entry.row.number,
                "printed": entry.row.printed,
                "name": entry.row.name,
                "key": entry.row.key,
                "value": entry.value,
            }
            for entry in sheet.entries
        ],
    }
