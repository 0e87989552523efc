"""Today's Firefox, as Debian ships it, driven through a small Node process: Playwright cannot drive a stock Firefox."""

import json
import selectors
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("driver.mjs")
NAMES = ("firefox-esr", "firefox")
PATIENCE_SECONDS = 60


def find_firefox() -> str | None:
    """Where Firefox is; it is of no use without what drives it."""
    is_driven = (ROOT / "node_modules" / "puppeteer-core").is_dir()
    return next((found for name in NAMES if (found := shutil.which(name))), None) if is_driven else None


class Firefox:
    """One running Firefox."""

    def __init__(self, path: str) -> None:
        self._process = subprocess.Popen(
            [shutil.which("node") or str(ROOT / ".node" / "bin" / "node"), str(DRIVER), path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._ends[1], selectors.EVENT_READ)

    @property
    def _ends(self) -> tuple[Any, Any]:
        return self._process.stdin, self._process.stdout

    def ask(self, verb: str, **given: object) -> Any:
        """One verb of driver.mjs, and its answer."""
        asked, answers = self._ends
        asked.write(json.dumps({"verb": verb, **given}).encode() + b"\n")
        asked.flush()
        if not self._waiting.select(PATIENCE_SECONDS):
            raise TimeoutError(f"Firefox did not answer: {verb}")
        answer = json.loads(answers.readline())
        if "error" in answer:
            raise AssertionError(f"{verb} {given.get('selector', '')}: {answer['error']}")
        return answer["value"]

    def stop(self) -> None:
        """End it, and with it every page."""
        asked, answers = self._ends
        asked.close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._waiting.close()
        answers.close()


class Tab:
    """A page in a profile of its own. ``evaluate`` is as Playwright's, so tests of the modules run on it unchanged."""

    def __init__(self, firefox: Firefox, base_url: str = "") -> None:
        self._firefox = firefox
        self._number = firefox.ask("open")
        self._base_url = base_url

    def _ask(self, verb: str, **given: object) -> Any:
        return self._firefox.ask(verb, tab=self._number, **given)

    def goto(self, url: str) -> None:
        self._ask("goto", url=self._base_url + url if url.startswith("/") else url)

    def evaluate(self, script: str, given: object = None) -> Any:
        return self._ask("evaluate", script=script, given=given)

    def wait_for(self, selector: str, *, seconds: int = 20) -> None:
        """Until the element is there and can be seen."""
        self._ask("waitFor", selector=selector, ms=seconds * 1000)

    def click(self, selector: str) -> None:
        self._ask("click", selector=selector)

    def fill(self, selector: str, text: str) -> None:
        self._ask("fill", selector=selector, text=text)

    def choose(self, selector: str, *files: Path) -> None:
        """Files for a field that takes them."""
        self._ask("choose", selector=selector, files=[str(file) for file in files])

    def picture(self, path: Path) -> None:
        self._ask("picture", path=str(path))

    def texts(self, selector: str) -> list[str]:
        """What the elements say, as somebody sees it."""
        script = "selector => [...document.querySelectorAll(selector)].map((one) => one.innerText.trim())"
        found: list[str] = self.evaluate(script, selector)
        return found

    @property
    def troubles(self) -> list[str]:
        """Errors of scripts, and breaches of policies."""
        found: list[str] = self._ask("noticed")["troubles"]
        return found

    @property
    def requests(self) -> list[str]:
        """Method and address of every request."""
        found: list[str] = self._ask("noticed")["requests"]
        return found

    def close(self) -> None:
        self._ask("close")


@contextmanager
def tab_of(firefox: Firefox, base_url: str = "") -> Iterator[Tab]:
    """A tab for one test; an error on its page, or a breach of its policy, fails the test."""
    tab = Tab(firefox, base_url)
    yield tab
    troubles = tab.troubles
    tab.close()
    assert troubles == [], troubles
