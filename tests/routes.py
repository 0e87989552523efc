"""Every route of the portal with its whole path, for tests that walk them."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from portal.web.signposts import Signposts


def routes(app: FastAPI) -> list[tuple[str, APIRoute]]:
    """Those outside the languages, then those below each."""
    found = []
    for route in app.routes:
        if isinstance(route, Signposts):
            found += [(f"/{{locale}}{one.path}", one) for one in route.routes]
        else:
            assert isinstance(route, APIRoute)
            found.append((route.path, route))
    return found
