"""Scripts, as built from the npm lock: hashed names, pre-compressed, immutable."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal.core.errors import NotFound
from portal.web.anonymous import PUBLIC

BUILD = Path(__file__).resolve().parents[1] / "static" / "build"
STYLESHEET = Path(__file__).resolve().parents[1] / "static" / "porth.css"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Script:
    """A built script: where it is served, and the integrity that the page demands."""

    address: str
    integrity: str


@cache
def find_script(name: str) -> Script:
    """The script of a logical name such as ``reporter.js``; NotFound when the assets were not built."""
    manifest = _manifest()
    if name not in manifest:
        raise NotFound
    entry = manifest[name]
    return Script(f"/static/{entry['file']}", entry["integrity"])


@cache
def _manifest() -> dict[str, dict[str, str]]:
    path = BUILD / "manifest.json"
    if not path.exists():
        return {}
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(entry["file"] for entry in _manifest().values())


@router.get("/static/{name}", dependencies=[PUBLIC])
def static_file(request: Request, name: str) -> Response:
    """One built file; only names of the manifest exist."""
    if name not in _known():
        raise NotFound
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
    path = BUILD / name
    for encoding, ending in ENCODINGS:
        packed = BUILD / f"{name}{ending}"
        if encoding in request.headers.get("accept-encoding", "") and packed.exists():
            headers["content-encoding"] = encoding
            path = packed
            break
    return Response(path.read_bytes(), media_type="text/javascript; charset=utf-8", headers=headers)
