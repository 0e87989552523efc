"""A route that writes down who looked, whatever it answers: pages, files, and forms that are shown again."""

from collections.abc import Mapping

from fastapi.params import Depends as DependsParam
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute


def noting(route: BaseRoute, notes: Mapping[str, DependsParam]) -> BaseRoute:
    """The same route; once its permission and the token of its form were right, it writes down who looked.

    ``notes`` says for the beginning of an address what does so.
    """
    if not isinstance(route, APIRoute):
        return route
    own = [note for start, note in notes.items() if route.path == start or route.path.startswith(f"{start}/")]
    if not own:
        return route
    return APIRoute(
        route.path,
        route.endpoint,
        methods=route.methods,
        dependencies=[*route.dependencies, *own],
        response_model=None,
        response_class=route.response_class,
        status_code=route.status_code,
    )
