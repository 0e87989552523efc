"""A long thread takes a second or two to open: nobody waits for that behind the write lock."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, event

from portal.core.ids import random_bytes
from portal.mailbox.models import SealedItem
from portal.mailbox.queries import list_items
from portal.mailbox.rules import MOST_MESSAGES
from tests.concerns.raised import TODAY, Raised, put, raised
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
READS_ITEMS = re.compile(r"SELECT [^;]*sealed_items\.file[^;]*\s+FROM sealed_items\s+WHERE sealed_items\.case_id")


@contextmanager
def watched() -> Iterator[list[str]]:
    """Each time that a thread’s items are read: whether its connection holds the write lock."""
    found: list[str] = []
    writes: set[int] = set()

    def note(connection: Any, _cursor: object, statement: str, *_rest: object) -> None:
        if "IMMEDIATE" in statement:
            writes.add(id(connection))
        if READS_ITEMS.search(statement):
            found.append("writing" if id(connection) in writes else "reading")

    def end(connection: Any) -> None:
        writes.discard(id(connection))

    listeners: dict[str, Callable[..., Any]] = {"before_cursor_execute": note, "commit": end, "rollback": end}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    yield found
    for name, listener in listeners.items():
        event.remove(Engine, name, listener)


def begun(world: Demonstrated, reporter: Visitor) -> tuple[Raised, dict[str, str]]:
    """A thread, and the fields of its reply form."""
    made = raised(world)
    put(reporter, made.sent.to_json())
    words = " ".join(made.code.words("cy"))
    page = reporter.post("/cy/concern/return/form", {"words": words}).text
    form = re.search(r'<form action="[^"]*/reply".*?</form>', page, re.DOTALL)
    assert form is not None
    return made, dict(HIDDEN.findall(form.group())) | {"text-joint": "Ac eto heddiw"}


def test_a_reply_is_opened_and_sealed_before_the_write_lock_is_taken(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    made, fields = begun(demonstrated, visitor)
    with watched() as read:
        assert visitor.client.post("/cy/concern/return/form/reply", data=fields).status_code == 200
    assert read
    assert set(read) == {"reading"}
    with watched() as read, demonstrated.database.writing() as session:
        list_items(session, made.sent.case)
    assert read == ["writing"], "this test would see it"


def test_a_reply_to_a_full_thread_is_refused_without_trying_again(demonstrated: Demonstrated, visitor: Visitor) -> None:
    made, fields = begun(demonstrated, visitor)
    prev = made.sent.item.hash
    with demonstrated.database.writing() as session:
        for number in range(MOST_MESSAGES - 1):
            file = b"rubbish %d" % number
            item = SealedItem(
                item_id=random_bytes(16), case_id=made.sent.case, epoch=0, prev=prev, file=file, day=TODAY
            )
            item.hash = prev = sha256(file).digest()
            session.add(item)
    with watched() as read:
        answer = visitor.client.post("/cy/concern/return/form/reply", data=fields)
    assert answer.status_code == 409
    assert read == ["reading"] * 2, "once to see whether it was sent before, once to seal"
