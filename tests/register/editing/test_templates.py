"""Templates of a product: what is local is never in one, another body begins with it, and is told when it changed."""

import html
import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.notifications.models import OutboxLetter
from portal.register.editing import templating
from portal.register.editing.models import RegisterTemplate
from portal.register.editing.queries import find_published
from portal.register.models import System
from portal.register.parts import Both
from portal.register.record import Change, Record, read_record
from portal.register.rules import ChangeClass
from portal.register.service import publish
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

NON, IESTYN = "non.elidir@dyffryn-cledwen.example", "iestyn.cadwaladr@glannau-ogwen.example"
SOURCE = "/en/my/desk/register/K7RT3M/edit"
NEW = "/en/my/desk/register/new"


def words(visitor: Visitor) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", visitor.page.text))


def source(session: Session) -> System:
    return session.scalars(select(System).where(System.short_code == "K7RT3M")).one()


def published_record(session: Session) -> Record:
    found: Any = find_published(session, source(session))
    return read_record(found.record)


def test_what_is_local_is_never_in_a_template(demonstrated: Demonstrated) -> None:
    with demonstrated.database.reading() as session:
        record = published_record(session)
    told = templating.template_record(record)
    empty = Record(state=record.state)
    for name in templating.LOCAL:
        assert getattr(told, name) == getattr(empty, name), name
    assert told.decision_points == record.decision_points and told.suppliers == record.suppliers


def test_what_only_the_union_and_the_desks_read_never_reaches_another_body(demonstrated: Demonstrated) -> None:
    actor, settings = demonstrated.actor(NON), demonstrated.settings
    with demonstrated.database.writing() as session:
        record = published_record(session)
        assert record.oversight.off_switch.how.en and any(one.contract_ends_on for one in record.suppliers)
        now = settings.clock.now()
        row = templating.offer(session, actor, source(session), vault=settings.vault, address="https://a", now=now)
        told = read_record(row.record)
    assert not told.oversight.off_switch.how.en and not any(one.contract_ends_on for one in told.suppliers)


def test_another_body_begins_with_it_and_sees_what_differs_and_what_changed(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(NON) as non:
        non.get(f"{SOURCE}/template")
        assert non.post(f"{SOURCE}/template").status_code == 303
        non.get(f"{SOURCE}/template")
        assert "It is offered." in words(non)
    with demonstrated.signed_in(IESTYN) as iestyn:
        iestyn.get(NEW)
        found = re.search(r'<select id="template".*?<option value="([a-z0-9]{26})"', iestyn.page.text, re.S)
        assert found is not None
        named = {"name_cy": "Ein lorïau", "name_en": "Our lorries", "template": found.group(1)}
        at = iestyn.post(NEW, named).headers["location"]
        iestyn.get(f"{at}/summary")
        page = html.unescape(iestyn.page.text)
        assert "Differs from the template" not in words(iestyn)
        summary = re.search(r'<textarea id="summary_en"[^>]*>\n([^<]+)</textarea>', page)
        assert summary is not None and summary.group(1)
        iestyn.post(f"{at}/summary", {**iestyn.hidden(), "summary_en": "Ours is another"})
        iestyn.get(f"{at}/summary")
        assert words(iestyn).count("Differs from the template") >= 1
        change_the_source(demonstrated)
        iestyn.get(at)
        assert "It has changed" in words(iestyn)
        iestyn.get(f"{at}/template")
        assert "has changed since you last looked" in words(iestyn)
        assert iestyn.post(f"{at}/template", {"seen": "yes"}).status_code == 303
        iestyn.get(f"{at}/template")
        assert "You have seen it as it is now" in words(iestyn)
    with demonstrated.database.reading() as session:
        asked = select(OutboxLetter).where(OutboxLetter.template == "template_changed")
        assert len(session.scalars(asked).all()) == 1


def change_the_source(demonstrated: Demonstrated) -> None:
    """The body that made the template publishes something else, and renews it; a second time changes nothing."""
    now, vault = demonstrated.settings.clock.now(), demonstrated.settings.vault
    actor = demonstrated.actor(NON)
    with demonstrated.database.writing() as session:
        said = Both(cy="Sgrin", en="A screen")
        told = dict.fromkeys(("headline", "before", "now", "what_changes_for_you"), said)
        change = Change(change_class=ChangeClass.MATERIAL, effective_on=now.date(), **told)
        record = published_record(session).model_copy(update={"how_you_will_know": said, "change": change})
        publish(session, None, source(session), record, published_on=now.date(), now=now)
        for _again in range(2):
            templating.offer(session, actor, source(session), vault=vault, address="https://porth.example", now=now)
        assert session.scalars(select(RegisterTemplate.edition)).one() == 2
