"""What was begun and is not whole: whoever began it is an author, and nothing is published beside it."""

import pytest
from sqlalchemy import select

from portal.core.errors import Refused
from portal.register.editing import queries, service
from portal.register.models import System
from tests.demonstrated import Demonstrated

NON, SARAH = "non.elidir@dyffryn-cledwen.example", "sarah.whitlock@dyffryn-cledwen.example"


def test_whoever_began_something_is_an_author_and_it_keeps_the_draft_from_everybody(demonstrated: Demonstrated) -> None:
    editor, now = demonstrated.actor(NON), demonstrated.settings.clock.now()
    with demonstrated.database.writing() as session:
        system = session.scalars(select(System).where(System.short_code == "K7RT3M")).one()
        draft = service.begin_next(session, editor, system, now=now)
        assert draft.authors == []
        service.keep_unfinished(session, editor, system, "summary", [("summary_cy", "Hanner")], now=now)
        assert draft.authors == [editor.account_id]
        asked = service.Publishing(queries.record_of(draft).digest().hex(), now)
        with pytest.raises(Refused) as refused:
            service.publish_draft(session, demonstrated.actor(SARAH), system, asked)
        assert "not whole yet" in refused.value.message.msgid
