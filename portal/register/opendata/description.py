"""The description of the open data for programs: OpenAPI 3.1. Its examples are answers as they were really served."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.register.definitions import DATA
from portal.register.opendata.writing import FORMAT
from portal.register.posters.codes import LENGTH, LETTERS
from portal.register.rules import SystemState
from portal.register.terms import Standard, WithheldReason

EXAMPLES = DATA / "open-data-examples.json"
OPENAPI, VERSION = "3.1.0", "1.0"

Part = dict[str, Any]

_TEXT: Part = {"type": "string"}
_DAY: Part = {"type": "string", "format": "date"}
_ADDRESS: Part = {"type": "string", "format": "uri"}
_CODE: Part = {"type": "string", "pattern": f"^[{LETTERS}]{{{LENGTH}}}$"}
_PHASES = ("Pre-deployment", "Private Beta", "Public Beta", "Production", "Retired")


def describe(public_url: str) -> Part:
    """The whole description, for the portal at an address."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Register of systems that manage people at work",
            "version": VERSION,
            "summary": "What the public may read of every entry, in Welsh and in English.",
            "description": "Every published system in its current version, page by page in the order of the codes; "
            "every earlier version by its number. Fields that only staff, unions or the body itself may read are left "
            "out; fields that a body withholds are named with the reason. The texts are those of the bodies.",
        },
        "servers": [{"url": public_url}],
        "paths": {
            "/open-data/systems.json": _listing("json", "A page of systems", "application/json", "SystemPage"),
            "/open-data/systems.csv": _listing("csv", "A page of systems, one line each", "text/csv", None),
            "/open-data/systems/{code}.json": _single(),
            "/open-data/openapi.json": _fixed("openapi", "This description", "application/json"),
            "/open-data/porth-register-2.schema.json": _fixed(
                "schema",
                "JSON Schema of the file in which entries are imported and exported",
                "application/schema+json",
            ),
        },
        "components": {"schemas": _schemas(), "parameters": _parameters(), "headers": _headers()},
    }


@cache
def examples() -> Mapping[str, Any]:
    """Answers to one small register, by the name of the operation."""
    read: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return read


def _listing(kind: str, summary: str, media_type: str, schema: str | None) -> Part:
    content: Part = {"schema": _ref(schema) if schema else {"type": "string"}, "example": examples()[f"systems_{kind}"]}
    return {
        "get": {
            "operationId": f"systems_{kind}",
            "summary": summary,
            "parameters": [_parameter("after"), _parameter("body"), _parameter("if_none_match")],
            "responses": {
                "200": {
                    "description": summary,
                    "headers": {"ETag": _header("ETag"), "Link": _header("Link")},
                    "content": {media_type: content},
                },
                "304": {"description": "Nothing has changed since the answer with this ETag."},
                "400": _problem("The cursor is not the code of a system."),
                "404": _problem("There is no such employer."),
            },
        }
    }


def _single() -> Part:
    return {
        "get": {
            "operationId": "system_json",
            "summary": "One system, in its current or an earlier version",
            "parameters": [_parameter("code"), _parameter("version"), _parameter("if_none_match")],
            "responses": {
                "200": {
                    "description": "The system, with the list of its versions",
                    "headers": {"ETag": _header("ETag")},
                    "content": {
                        "application/json": {"schema": _ref("SingleSystem"), "example": examples()["system_json"]}
                    },
                },
                "304": {"description": "Nothing has changed since the answer with this ETag."},
                "404": _problem("There is no such system, or not in this version."),
            },
        }
    }


def _fixed(operation: str, summary: str, media_type: str) -> Part:
    answer = {"description": summary, "content": {media_type: {"schema": {"type": "object"}}}}
    return {"get": {"operationId": operation, "summary": summary, "responses": {"200": answer}}}


def _problem(description: str) -> Part:
    content = {"application/problem+json": {"schema": _ref("Problem"), "example": examples()["problem"]}}
    return {"description": description, "content": content}


def _parameters() -> Part:
    return {
        "after": {
            "name": "after",
            "in": "query",
            "description": "The page begins after the system with this code. Follow «next» or the Link header.",
            "schema": _CODE,
        },
        "body": {
            "name": "body",
            "in": "query",
            "description": "One employer only, by its short name.",
            "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
        },
        "code": {"name": "code", "in": "path", "required": True, "schema": _CODE},
        "version": {
            "name": "version",
            "in": "query",
            "description": "The number of a version; left out: the current one.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 9999},
        },
        "if_none_match": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The ETag of the answer you hold.",
            "schema": _TEXT,
        },
    }


def _headers() -> Part:
    return {
        "ETag": {"description": "Weak; changes when anything that the answer shows has changed.", "schema": _TEXT},
        "Link": {"description": 'The next page, rel="next"; left out on the last one.', "schema": _TEXT},
    }


def _schemas() -> Part:
    one = _system()
    page = {"format": {"const": FORMAT}, "systems": {"type": "array", "items": _ref("System")}}
    version = {"number": {"type": "integer"}, "published_on": _DAY, "json": _ADDRESS}
    return {
        "Both": _object({"cy": _TEXT, "en": _TEXT}),
        "Withheld": _object(
            {
                "field": {"type": "string", "description": "The field's name in the standard of the entry"},
                "reason_code": {"enum": [reason.value for reason in WithheldReason]},
                "reason": _ref("Both"),
                "review_by": _DAY,
            }
        ),
        "System": _object(one),
        "SingleSystem": _object(
            {"format": {"const": FORMAT}, **one, "versions": {"type": "array", "items": _object(version)}}
        ),
        "SystemPage": _object({**page, "next": {"type": ["string", "null"], "format": "uri"}}),
        "Problem": _object({"status": {"type": "integer"}, "title": _ref("Both")}),
    }


def _system() -> Part:
    return {
        "short_code": {**_CODE, "description": "Lasting: it outlives every version, renaming and retirement"},
        "body": _object({"slug": _TEXT, "name": _ref("Both")}),
        "state": {"enum": [state.value for state in SystemState], "description": "Where it stands today"},
        "phase": {"enum": [*_PHASES, None], "description": "The same in the words of the ATRS, version 4"},
        "version": {"type": "integer", "minimum": 1},
        "is_current": {"type": "boolean"},
        "published_on": _DAY,
        "standard": {"enum": [standard.value for standard in Standard]},
        "addresses": _object({"cy": _ADDRESS, "en": _ADDRESS, "json": _ADDRESS}),
        "record": {
            "type": "object",
            "description": "The public fields of the entry, named and nested as in the schema of the register's file. "
            "What is empty, withheld or not public is left out.",
        },
        "withheld": {"type": "array", "items": _ref("Withheld")},
    }


def _object(properties: Part) -> Part:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameter(name: str) -> Part:
    return {"$ref": f"#/components/parameters/{name}"}


def _header(name: str) -> Part:
    return {"$ref": f"#/components/headers/{name}"}
