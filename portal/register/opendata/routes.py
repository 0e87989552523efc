"""The addresses of open data. They stand beside the languages, since every answer is in both.

No cookie is read or set, nothing is noted of who asks for what, and no answer is longer than one page.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from portal.core.errors import NotFound
from portal.core.text import Locale, Message, msg
from portal.i18n.catalogue import Catalogue
from portal.register.definitions import DATA
from portal.register.forms import read_number
from portal.register.opendata import queries, writing
from portal.register.opendata.description import describe
from portal.register.posters.codes import is_code
from portal.web.anonymous import PUBLIC, PlainVisit, Read
from portal.web.rendering import compress, render

machines = APIRouter(prefix="/open-data")
"""Included without a language."""

router = APIRouter()

JSON_PAGE, CSV_PAGE = 25, 100
SCHEMA = "porth-register-2.schema.json"
METHODS = ["GET", "HEAD"]
OPEN_TO_ALL = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag, link",
    "referrer-policy": "no-referrer",
}
KEPT = {"cache-control": "public, max-age=300", "vary": "Accept-Encoding"}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "if-none-match",
    "access-control-max-age": "86400",
}
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


class Machine:
    """One request by a program: what it asks for, and how it is answered."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.public_url: str = request.app.state.settings.public_url.rstrip("/")
        self.query: Mapping[str, str] = request.query_params

    def answer(self, tag: str, body: bytes, media_type: str, **more: str) -> Response:
        """The answer, compressed where that pays."""
        headers = {**OPEN_TO_ALL, **KEPT, "etag": tag, **more}
        answer = compress(self.request, Response(body, media_type=media_type, headers=headers))
        if self.request.method == "HEAD":
            answer.body = b""
        return answer

    def has(self, tag: str) -> bool:
        """Whether the program holds this answer already."""
        held = self.request.headers.get("if-none-match", "")
        return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in held.split(",")}

    def unchanged(self, tag: str) -> Response:
        return Response(status_code=304, headers={**OPEN_TO_ALL, **KEPT, "etag": tag})

    def refuse(self, status: int, message: Message) -> Response:
        """What is wrong with the question, in both languages."""
        told = {locale.value: Catalogue.for_locale(locale).say(message) for locale in (Locale.CY, Locale.EN)}
        body = writing.as_bytes({"status": status, "title": told})
        return Response(body, status_code=status, media_type="application/problem+json", headers=OPEN_TO_ALL)

    def following(self, name: str, cursor: str | None, body: str) -> str | None:
        """The address of the next page."""
        if cursor is None:
            return None
        return f"{self.public_url}/open-data/{name}?" + (f"body={body}&" if body else "") + f"after={cursor}"


async def machine(request: Request) -> Machine:
    return Machine(request)


Asking = Annotated[Machine, Depends(machine)]


@machines.api_route("/systems.json", methods=METHODS, dependencies=[PUBLIC])
def systems_json(asking: Asking, session: Read) -> Response:
    """A page of systems as JSON."""
    return _page(asking, session, "systems.json", JSON_PAGE)


@machines.api_route("/systems.csv", methods=METHODS, dependencies=[PUBLIC])
def systems_csv(asking: Asking, session: Read) -> Response:
    """A page of systems as CSV, one line each."""
    return _page(asking, session, "systems.csv", CSV_PAGE)


@machines.api_route("/systems/{name}", methods=METHODS, dependencies=[PUBLIC])
def system_json(asking: Asking, session: Read, name: str) -> Response:
    """One system as JSON, with ?version= in an earlier version."""
    code, dot, kind = name.upper().partition(".")
    try:
        if not is_code(code) or (dot + kind) != ".JSON":
            raise NotFound
        row = queries.get_row(session, code, number=read_number(asking.query))
    except NotFound:
        return asking.refuse(404, msg("There is no such system, or not in this version"))
    versions = queries.list_numbers(session, row.system_id)
    tag = writing.tag_of([row], asking.public_url, len(versions))
    if asking.has(tag):
        return asking.unchanged(tag)
    told = writing.as_single(row, asking.public_url, versions)
    return asking.answer(tag, writing.as_bytes(told), "application/json")


@machines.api_route("/openapi.json", methods=METHODS, dependencies=[PUBLIC])
def openapi(asking: Asking) -> Response:
    """The description of these addresses for programs."""
    return _document(asking, writing.as_bytes(describe(asking.public_url)), "application/json")


@machines.api_route("/" + SCHEMA, methods=METHODS, dependencies=[PUBLIC])
def schema(asking: Asking) -> Response:
    """The schema of the file in which entries are imported and exported."""
    return _document(asking, _schema(), "application/schema+json")


@machines.options("/{path:path}", dependencies=[PUBLIC])
def preflight() -> Response:
    """What a browser asks before a page of another site sends an ETag along."""
    return Response(status_code=204, headers={**OPEN_TO_ALL, **PREFLIGHT})


@router.get("/open-data", dependencies=[PUBLIC])
def documentation(visit: PlainVisit) -> Response:
    """What there is, for people."""
    return render(
        visit,
        "register/open_data.html",
        at=visit.settings.public_url.rstrip("/") + "/open-data",
        json_page=JSON_PAGE,
        csv_page=CSV_PAGE,
        schema=SCHEMA,
        columns=writing.COLUMNS,
    )


def _page(asking: Machine, session: Read, name: str, most: int) -> Response:
    after, body = asking.query.get("after", "").upper(), asking.query.get("body", "")
    if after and not is_code(after):
        return asking.refuse(400, msg("“after” must be the code of a system, as the address of the next page has it"))
    if body and (not _SLUG.fullmatch(body) or not queries.has_body(session, body)):
        return asking.refuse(404, msg("There is no such employer here"))
    cut = queries.list_rows(session, most=most, after=after, body=body)
    following = asking.following(name, cut.next_cursor, body)
    tag = writing.tag_of(cut.items, name, asking.public_url, following)
    if asking.has(tag):
        return asking.unchanged(tag)
    more = {"link": f'<{following}>; rel="next"'} if following else {}
    if name.endswith(".csv"):
        more["content-disposition"] = f'attachment; filename="{name}"'
        return asking.answer(tag, writing.as_csv(cut.items, asking.public_url), "text/csv; charset=utf-8", **more)
    told = writing.as_page(cut.items, asking.public_url, following)
    return asking.answer(tag, writing.as_bytes(told), "application/json", **more)


def _document(asking: Machine, body: bytes, media_type: str) -> Response:
    tag = writing.tag_of([], body)
    return asking.unchanged(tag) if asking.has(tag) else asking.answer(tag, body, media_type)


@cache
def _schema() -> bytes:
    return (DATA / SCHEMA).read_bytes()
