"""One window of the browser for one state of a page after another: each finds it as if nobody had been here.

A context and a window of its own for each state is a process of its own, which starts, reads axe and warms up: more
than half of the processor time of the page tests. What a state could leave behind is taken away here: cookies, whatever
a page of the portal can store, its listeners, its size and its colours; the window goes on to another document, so that
nothing of the last one's scripts is left.
"""

from typing import Any

from playwright.sync_api import Error

from tests.pages.walk import Traffic

AS_USUAL = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}
PATIENCE = 15_000
FORGET = "() => { sessionStorage.clear(); }"


def without_script(route: Any) -> None:
    """The page as it is when its script never comes. With script switched off in the browser axe itself would never end."""
    if route.request.resource_type == "script":
        route.abort()
    else:
        route.continue_()


class Window:
    """A window that is cleared before somebody else looks out of it, or made anew where that cannot be."""

    def __init__(self, browser: Any, origin: str) -> None:
        self._browser, self._origin = browser, origin
        self._page: Any = None
        self._heard: Traffic | None = None
        self._is_whole = True

    def clear(self, *, cookies: Any = (), width: int, script: bool = True, listen: Traffic | None = None) -> Any:
        """The page, with nothing of what was there before."""
        if not script or not self._forget():
            self.close()
            self._page = self._browser.new_context().new_page()
            self._page.set_default_timeout(PATIENCE)
        if not script:
            self._page.context.route("**/*", without_script)
        self._page.set_viewport_size({"width": width, "height": 900})
        self._page.emulate_media(**AS_USUAL)
        self._page.context.add_cookies(list(cookies))
        if listen is not None:
            listen.listen(self._page)
        self._heard, self._is_whole = listen, script
        return self._page

    def close(self) -> None:
        """Forget the window with all that it knows."""
        page, self._page, self._heard = self._page, None, None
        if page is not None and not page.is_closed():
            page.context.close()

    def _forget(self) -> bool:
        """Whether there is a window, and all could be taken away in it."""
        page = self._page
        if page is None or not self._is_whole or page.is_closed():
            return False
        if len(page.context.pages) != 1 or not page.url.startswith(self._origin):
            return False
        if self._heard is not None:
            self._heard.leave(page)
        try:
            page.evaluate(FORGET)
            page.context.clear_cookies()
            tell = page.context.new_cdp_session(page)
            tell.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"})
            tell.detach()
        except Error:
            return False
        return True
