"""A union beside somebody's request: the employer's rows and pages are the same with it and without."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.cases.turn import Desk
from portal.complaints import opening
from portal.complaints.opening import NewComplaint
from portal.concerns.rules import Matter
from portal.core import ids
from portal.core.db import Base
from portal.core.text import Locale, Words
from portal.decision_review.asking.service import ask
from portal.directory.models import Body
from portal.subject_access import service as access_service
from portal.subject_access.service import NewRequest
from portal.timelimits.calendar import WorkingDays
from tests.concerns.test_form import filled, open_form, values_of
from tests.decision_review.conftest import Reviews
from tests.demonstrated import BODY, DYLAN, ELIN, SIAN, Demonstrated
from tests.prepared import ROOT
from tests.visitors import Visitor

TEMPLATES = ROOT / "templates"
BESIDE = f"matter:{Matter.BESIDE.value}"
WORDS = "Gofynnais am gopi o’m data, a hoffwn gymorth – cyfeirnod {reference}"
OF_THE_BOX = {"sealed_cases", "sealed_grants", "sealed_items", "sealed_files", "used_tickets", "admission_counts"}
"""What the anonymous area itself keeps; everything else is the employer's."""
MASKED = re.compile(r'(name="(?:csrf|form_id|ticket)" value="|nonce[-=]"?)[^"\']*')


def employers_rows(world: Demonstrated) -> dict[str, list[Any]]:
    with world.database.reading() as session:
        names = sorted(set(Base.metadata.tables) - OF_THE_BOX)
        return {name: sorted(map(repr, session.execute(text(f'SELECT * FROM "{name}"')))) for name in names}


def own_references(visitor: Visitor) -> list[str]:
    return sorted(set(re.findall(r"/my/cases/([A-Z]{2}-[A-Z0-9-]+)", visitor.get("/cy/my").text)))


def seen_by(visitor: Visitor, *paths: str) -> list[str]:
    return [MASKED.sub(r"\1", visitor.get(path).text) for path in paths]


@pytest.fixture
def worker(demonstrated: Demonstrated) -> Iterator[Visitor]:
    """Siân, who asked for a copy of her data, for a review, and complained."""
    sian, clock = demonstrated.actor(SIAN), demonstrated.settings.clock
    desk = Desk(WorkingDays(), demonstrated.settings.vault, clock.now())
    with demonstrated.database.writing() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == BODY)).one()
        own: dict[str, Any] = {"body_id": body_id, "locale": Locale.CY, "requester_person_id": sian.person_id}
        review = Reviews(demonstrated, desk).new(session, "e-rostering", **own)
        ask(session, sian, review, desk=desk)
        access: dict[str, Any] = {"answer_locale": Locale.CY, "is_everything": True, "wanted": Words("")}
        access_service.submit(session, sian, NewRequest(ids.new_id(), **access, **own), desk=desk)
        complaint = NewComplaint(ids.new_id(), what=Words("Fy nata"), answer_locale=Locale.CY, **own)
        opening.submit(session, sian, complaint, desk=desk)
    with demonstrated.signed_in(SIAN) as visitor:
        yield visitor


def ask_union(visitor: Visitor, world: Demonstrated, said: str, **changes: str) -> Any:
    open_form(world, visitor, BESIDE)
    branches = values_of(visitor.page.text, "union")
    given = {"union": branches[0], "consent": "yes", "scope": "union", "text": said, **changes}
    return visitor.post("/cy/concern/form", filled(visitor, **given))


def test_nothing_of_the_employer_differs_with_a_union_beside_and_without(
    demonstrated: Demonstrated, worker: Visitor, visitor: Visitor
) -> None:
    references = own_references(worker)
    assert len(references) == 3
    pages = ["/cy/my", *(f"/{lang}/my/cases/{one}" for one in references for lang in ("cy", "en"))]
    seen_by(worker, *pages)
    rows, read = employers_rows(demonstrated), seen_by(worker, *pages)
    answer = ask_union(visitor, demonstrated, WORDS.format(reference=references[0]))
    assert answer.status_code == 200
    assert references[0] not in answer.text
    after = employers_rows(demonstrated)
    assert not {name for name in rows if rows[name] != after[name]}
    assert seen_by(worker, *pages) == read


def test_only_the_chosen_union_can_open_it_and_reads_what_was_pasted(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    before = lanes(demonstrated)
    assert ask_union(visitor, demonstrated, WORDS.format(reference="AC-7K2M-93QX")).status_code == 200
    [new] = lanes(demonstrated) - before
    holders = holders_of(demonstrated, new)
    assert holders
    assert {kind for _email, kind in holders} == {"representative"}
    assert not {ELIN, DYLAN} & {email for email, _kind in holders}


def lanes(world: Demonstrated) -> set[bytes]:
    with world.database.reading() as session:
        return set(session.scalars(text("SELECT case_id FROM sealed_cases")))


def holders_of(world: Demonstrated, case_id: bytes) -> set[tuple[str, str]]:
    asked = """SELECT a.email, a.kind FROM sealed_grants g JOIN recipient_keys k ON k.key_id = g.key_id
               JOIN accounts a ON a.person_id = k.person_id WHERE g.case_id = :case"""
    with world.database.reading() as session:
        return {(email, kind) for email, kind in session.execute(text(asked), {"case": case_id})}


@pytest.mark.parametrize("locale", ["cy", "en"])
def test_the_form_offers_unions_alone_none_of_them_chosen_and_asks_nobody_whether_they_belong(
    demonstrated: Demonstrated, visitor: Visitor, locale: str
) -> None:
    page = open_form(demonstrated, visitor, BESIDE, locale).text
    assert "" not in values_of(page, "union")
    assert not re.search(r'name="union"[^>]* checked', page)
    assert values_of(page, "scope") == ["union"]
    assert "Ysgrifennydd y Bwrdd" not in page
    assert "Board Secretary" not in page
    written = visitor.client.post(f"/{locale}/concern/write", data={"body": BODY, "about": BESIDE}).text
    assert 'id="union-none"' not in written
    assert re.search(r'id="scope-union" value="union" checked', written)


@pytest.mark.parametrize(
    ("changes", "name"), [({"union": ""}, "union"), ({"consent": ""}, "consent"), ({"text": ""}, "text")]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    demonstrated: Demonstrated, visitor: Visitor, changes: dict[str, str], name: str
) -> None:
    answer = ask_union(visitor, demonstrated, "Hoffwn air â chynrychiolydd", **changes)
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert name == "text" or "Hoffwn air â chynrychiolydd" in answer.text


def test_a_form_that_was_changed_to_everybody_still_reaches_the_union_alone(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    before = lanes(demonstrated)
    assert ask_union(visitor, demonstrated, "Cymorth, os gwelwch yn dda", scope="everybody").status_code == 200
    [new] = lanes(demonstrated) - before
    assert {kind for _email, kind in holders_of(demonstrated, new)} == {"representative"}
    words = re.findall(r"<span>([^<]+)</span>", visitor.page.text.partition('class="words"')[2].partition("</p>")[0])
    visitor.get("/cy/concern")
    opened = visitor.client.post("/cy/concern/return/form", data={"words": " ".join(words)}).text
    assert "Cymorth, os gwelwch yn dda" in opened
    assert 'name="share-text"' not in opened, "there is nobody else to share it with"


def test_the_link_says_nothing_carries_nothing_and_is_the_same_on_every_case_and_receipt(worker: Visitor) -> None:
    access, complaint, review = own_references(worker)
    pages = [f"/my/cases/{one}" for one in (access, complaint, review)]
    pages += [f"/my/access/{access}/receipt", f"/my/review/{review}/receipt", f"/my/complaint/{complaint}/sent"]
    said = [worker.get(f"/cy{one}").text.partition('<section class="beside"')[2] for one in pages]
    parts = {one.partition("</section>")[0] for one in said}
    assert len(parts) == 1
    assert re.findall("<a [^>]*>", parts.pop()) == ['<a href="/cy/concern" rel="noreferrer">']


FOR_OFFICERS = {"subject_access/logged.html", "subject_access/code.html", "complaints/logged.html"}
"""Confirmations of what an officer did."""


def test_every_confirmation_of_the_three_rooms_says_that_a_union_can_stand_beside() -> None:
    pages = [
        one
        for room in ("subject_access", "decision_review", "complaints", "home")
        for one in (TEMPLATES / room).glob("*.html")
    ]
    confirming = {f"{one.parent.name}/{one.name}": one.read_text() for one in pages if "{{ panel(" in one.read_text()}
    assert len(confirming) > 6
    beside = '{{ union_beside(path("/concern")) }}'
    assert {name for name, text_of in confirming.items() if beside not in text_of} - FOR_OFFICERS == set()
    said = [one.read_text().count("union_beside(") for one in pages]
    exact = [one.read_text().count(beside) for one in pages]
    assert said == exact, "the link carries nothing: no page hands another address in"


def test_whoever_is_treated_badly_finds_a_plain_link_that_carries_nothing_over(worker: Visitor) -> None:
    pages = [worker.get(f"/cy/my/cases/{one}").text for one in own_references(worker)]
    parts = {one.partition('aria-labelledby="treated-badly"')[2].partition("</section>")[0] for one in pages}
    assert len(parts) == 1 and len(pages) == 3
    part = parts.pop()
    assert re.findall("<a [^>]*>", part) == ['<a href="/cy/concern" rel="noreferrer">']
    assert "<form" not in part
    said = [one.read_text() for one in TEMPLATES.rglob("*.html") if one.parent.name != "macros"]
    handed = [len(re.findall(r"treated_badly\(", one)) for one in said]
    assert handed == [one.count('{{ treated_badly(path("/concern")) }}') for one in said] and sum(handed) > 1
