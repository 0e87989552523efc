"""Coming back costs nothing, so only so much is opened at once; whoever waits loses nothing and learns nothing."""

import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from typing import Any

import anyio
import pytest

from anonymity.receipt import Lane, draw_code, lane_locator
from anonymity.submission import look_up_json
from portal.concerns.reporting.gate import AGAIN_SECONDS, Busy, Gate, Gates
from tests.concerns.test_attaching import files, on_the_shelf, send
from tests.concerns.test_waiting import HIDDEN, held_by
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

RETURN = "/cy/concern/return/form"
SAID = "Ac eto heddiw – 90417"


def played(story: Callable[[], Awaitable[Any]]) -> Any:
    """In a thread of its own: where a browser is open, this thread's loop is the browser's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, story).result()


def gate(*, at_once: int = 1, in_line: int = 0) -> Gate:
    return Gate(at_once=at_once, in_line=in_line, patience=0.05)


@contextmanager
def shut(visitor: Visitor) -> Iterator[None]:
    """While this lasts every line is full."""
    state: Any = visitor.client.app.state  # type: ignore[attr-defined]
    state.gates = Gates(threads=gate(), files=gate(), box=gate())
    try:
        yield
    finally:
        del state.gates


def test_turns_are_given_in_the_order_of_asking() -> None:
    order = []

    async def story() -> None:
        line = Gate(at_once=1, in_line=9, patience=60)

        async def one(number: int) -> None:
            async with line.turn():
                order.append(number)
                await anyio.sleep(0)

        async with anyio.create_task_group() as group:
            await line.enter()
            for number in range(5):
                group.start_soon(one, number)
                await anyio.wait_all_tasks_blocked()
            line.leave()

    played(story)
    assert order == [0, 1, 2, 3, 4]


def test_a_full_line_and_a_line_that_does_not_move_both_say_busy_and_the_turn_is_given_back() -> None:
    async def story() -> None:
        line = gate(in_line=1)
        await line.enter()
        with pytest.raises(Busy):
            await line.enter()  # in the line, until its patience is over
        full = gate()
        with pytest.raises(Busy):
            await full.enter()
        line.leave()
        async with line.turn():
            pass
        with pytest.raises(ZeroDivisionError):
            async with line.turn():
                raise ZeroDivisionError
        async with line.turn():
            pass

    played(story)


def test_what_is_handed_out_piecemeal_arrives_whole() -> None:
    async def story() -> bytes:
        return b"".join([piece async for piece in gate().piecemeal(iter([b"ab", b"c", b"def"]))])

    assert played(story) == b"abcdef"


def test_a_right_and_a_wrong_receipt_get_the_same_page_which_keeps_the_words(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    right, wrong = demonstrated.secrets["receipt"], " ".join(draw_code().words("cy"))
    with shut(visitor):
        answers = {words: visitor.client.post(RETURN, data={"words": words}) for words in (right, wrong)}
    pages = {answer.content.replace(words.encode(), b"").rstrip(b"\n") for words, answer in answers.items()}
    assert len(pages) == 1
    assert len({len(answer.content) for answer in answers.values()}) == 1
    for words, answer in answers.items():
        assert (answer.status_code, answer.headers["retry-after"]) == (429, str(AGAIN_SECONDS))
        assert held_by(answer) == {"words": [words]}
    again = visitor.client.post(RETURN, data=held_by(answers[right]))
    assert again.status_code == 200
    assert "data-thread" in again.text or 'name="lane"' in again.text


@pytest.mark.parametrize("path", ["/box/open", "/box/file/open"])
def test_the_box_answers_busy_in_the_same_bytes_whatever_is_asked(
    demonstrated: Demonstrated, visitor: Visitor, path: str
) -> None:
    locators = [lane_locator(draw_code(), Lane.JOINT) for _ in range(2)]
    asked = [*(look_up_json(one) for one in locators), b"nonsense"]
    with shut(visitor):
        answers = [visitor.client.post(f"/en/concern{path}", content=octets) for octets in asked]
    assert {(one.status_code, one.content, one.headers["retry-after"]) for one in answers} == {
        (429, b"{}", str(AGAIN_SECONDS))
    }
    assert visitor.client.post(f"/en/concern{path}", content=asked[0]).status_code == 404


def reply_form(visitor: Visitor, words: str) -> dict[str, Any]:
    """The form of a reply, filled in."""
    page = visitor.client.post(RETURN, data={"words": words}).text
    form = page.partition(f'action="{RETURN}/reply"')[2].partition("</form>")[0]
    fields = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    return fields | {f"text-{fields['lane']}": SAID}


@pytest.mark.parametrize("attached", [[], files(("IMG.txt", b"Nodyn o'r ward"))], ids=["text", "file"])
def test_a_reply_that_finds_the_line_full_is_not_sent_and_not_lost(
    demonstrated: Demonstrated, visitor: Visitor, attached: Any
) -> None:
    fields = reply_form(visitor, demonstrated.secrets["receipt"])
    before = on_the_shelf(demonstrated)
    with shut(visitor):
        answer = visitor.client.post(f"{RETURN}/reply", data=fields, files=attached or None)
    assert answer.status_code == 429
    assert held_by(answer)[f"text-{fields['lane']}"] == [SAID]
    assert on_the_shelf(demonstrated) == before
    assert 'type="file"' in answer.text
    turned = visitor.client.post(f"/en{RETURN[3:]}/reply", data=switch_of(answer.text))
    assert turned.status_code == 200
    sent = visitor.client.post(f"{RETURN}/reply", data=held_by(answer))
    assert sent.status_code == 200
    again = visitor.client.post(RETURN, data={"words": demonstrated.secrets["receipt"]}).text
    assert again.count(SAID) == 1, "turning the language of that page sent nothing"


def switch_of(page: str) -> dict[str, str]:
    """What the language switch sends."""
    form = page.partition('id="again"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


@pytest.mark.parametrize("verb", ["readers", "share"])
def test_every_way_to_a_thread_without_script_stands_behind_the_gate(
    demonstrated: Demonstrated, visitor: Visitor, verb: str
) -> None:
    with shut(visitor):
        answer = visitor.client.post(f"{RETURN}/{verb}", data={"words": demonstrated.secrets["receipt"]})
    assert answer.status_code == 429


def test_a_file_is_handed_out_after_a_full_line_and_by_many_at_once(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    octets = b"Nodyn o'r ward\n" * 20_000
    _answer, words = send(demonstrated, visitor, files(("nodyn.txt", octets)))
    page = visitor.client.post(RETURN, data={"words": words}).text
    blob = re.search(r'name="blob" value="([^"]+)"', page)
    assert blob
    fields = {"words": words, "lane": "joint", "blob": blob[1]}
    with shut(visitor):
        answer = visitor.client.post(f"{RETURN}/file", data=fields)
    assert answer.status_code == 429
    turned = visitor.client.post(f"/en{RETURN[3:]}/file", data=switch_of(answer.text))
    assert turned.headers["content-type"].startswith("text/html"), "turning the language fetches no file"
    with ThreadPoolExecutor(6) as pool:
        saved = list(pool.map(lambda _n: visitor.client.post(f"{RETURN}/file", data=held_by(answer)), range(6)))
    assert {one.status_code for one in saved} == {200}
    assert {one.content for one in saved} == {octets}
