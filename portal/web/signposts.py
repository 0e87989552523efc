"""Finds the page of a path among hundreds, by the words that the path begins with.

FastAPI holds a path against one route after the other, and twice against those of an included router: behind a sign-in
that took longer than to ask the database who is signed in. Here each route stands under the words that its path begins
with, and a path is held against the few routes under its own words, the longest beginning first.

The routes are used as they were declared, below the language, so each is made once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from portal.i18n.negotiation import locale_of


class Signposts(BaseRoute):
    """All pages that stand below a language. To FastAPI they are one route."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        """Where two routes fit a path, the one with the longer beginning counts, then the one declared first."""
        self.routes = [_own(route) for router in routers for route in router.routes]
        self._under: dict[str, list[APIRoute]] = defaultdict(list)
        for route in self.routes:
            self._under[_beginning(route.path)].append(route)
        self._longest = max(beginning.count("/") for beginning in self._under)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The route of a path; failing that, one that knows the path and not the method, as FastAPI does it."""
        locale = locale_of(scope["path"]) if scope["type"] == "http" else None
        if locale is None:
            return Match.NONE, {}
        below = scope["path"][1 + len(locale.value) :]
        asked = {"type": "http", "method": scope["method"], "path": below, "path_params": {"locale": locale.value}}
        found: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._near(below):
            match, more = route.matches(asked)
            if match is Match.FULL:
                return match, more
            if match is Match.PARTIAL and found[0] is Match.NONE:
                found = match, more
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: APIRoute = scope["route"]
        await route.handle(scope, receive, send)

    def _near(self, below: str) -> Iterator[APIRoute]:
        """The routes that stand under the words which this path begins with."""
        words = below.split("/", self._longest + 1)[: self._longest + 1]
        for number in range(len(words), 0, -1):
            yield from self._under.get("/".join(words[:number]), ())


def _own(route: BaseRoute) -> APIRoute:
    if not isinstance(route, APIRoute):
        raise TypeError("a router that stands in another hands over its routes: router.routes += other.routes")
    return route


def _beginning(path: str) -> str:
    """The words of a path before the first that varies."""
    words = path.split("/")
    varies = next((place for place, word in enumerate(words) if "{" in word), len(words))
    return "/".join(words[:varies])
