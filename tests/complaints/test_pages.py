"""The pages of complaints: for who complains, with an account and with ten words; for the desk; for who is asked."""

from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from anonymity.receipt import case_locator, draw_code, locator_hash
from portal.cases.models import Case, CaseHold
from portal.cases.rules import Relation
from portal.complaints.models import Complaint, ComplaintFile, ComplaintLink, ComplaintReading, Enquiry
from portal.complaints.rules import Looked
from tests.complaints.conftest import World, case_of, handler_of
from tests.visitors import Visitor

ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("employer", {"body": "taran"}),
    ("what", {"what": "Fy nata salwch & <b>", "wanted": "Peidio"}),
    ("about", {}),
    ("answer", {"answer_locale": "cy"}),
)
NAMELESS = (("you", {"name": "Siân Prys", "reach": "Nyrs, Ward Alaw", "email": ""}),)


def carried(visitor: Visitor) -> dict[str, str]:
    return {name: unescape(value) for name, value in visitor.hidden().items()}


def sign_in(visitor: Visitor, name: str, body: str = "taran") -> None:
    visitor.get("/en/my/sign-in")
    assert visitor.sign_in(f"{name}@{body}.example").status_code == 303


def walk(visitor: Visitor, path: str, answers: Any = ANSWERS, **more: dict[str, str]) -> Any:
    """Through every question to the check page."""
    visitor.get(path)
    base = path.partition("?")[0]
    for step, fields in answers:
        if carried(visitor)["step"] != step:
            continue  # chosen by the page that one came from
        page = visitor.post(base, {**carried(visitor), **fields, **more.get(step, {})})
        assert page.status_code == 200 and page.text.count("<h1") == 1, step
    return visitor.page


def opened(world: World, **changes: Any) -> tuple[str, str]:
    with world.database.writing() as session:
        case = world.complain(session, **changes)
        return case.reference, handler_of(session, case) or ""


def act(visitor: Visitor, reference: str, name: str, **fields: str) -> Any:
    address = f"/en/my/desk/complaints/{reference}/{name}"
    page = visitor.get(address)
    assert page.status_code == 200, (name, page.status_code)
    return visitor.post(address, {**carried(visitor), **fields})


def test_a_worker_complains_and_reads_the_acknowledgement_with_both_days(world: World, visitor: Visitor) -> None:
    sign_in(visitor, "sian")
    with world.database.writing() as session:
        about = world.request(session, "rhodri").reference
    page = walk(visitor, f"/en/my/complaint?about={about}", about={"about": about})
    assert "Fy nata salwch &amp; &lt;b&gt;" in page.text and about in page.text
    answer = visitor.post("/en/my/complaint", {**carried(visitor), "go": "send"})
    assert answer.status_code == 303
    sent = visitor.get(answer.headers["location"]).text
    for said in ("This page is our acknowledgement", "23 December 2026", "21 December 2026", "Data protection officer"):
        assert said in sent, said
    reference = answer.headers["location"].split("/")[-2]
    page = visitor.get(f"/en/my/cases/{reference}").text
    assert "Your data-protection complaint" in page and "We acknowledge your complaint" in page
    assert "Nobody has opened it yet" in page and "pause" not in page.lower()
    with world.database.reading() as session:
        assert session.scalars(select(ComplaintLink.about_reference)).all() == [about]
        assert session.scalars(select(CaseHold.lifted_at)).all() == [None]


def test_ten_words_open_the_complaint_and_take_a_file(world: World, visitor: Visitor) -> None:
    page = walk(visitor, "/en/complaint", (*ANSWERS, *NAMELESS))
    page = visitor.post("/en/complaint", {**carried(visitor), "go": "send"})
    assert page.status_code == 200 and "Your case code" in page.text
    with world.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert case.locator_hash is not None
    code = draw_code()
    reference, _name = opened(
        world, by=Relation.REQUESTER, requester_person_id=None, locator_hash=locator_hash(case_locator(code))
    )
    words = " ".join(code.words("en"))
    page = visitor.post("/en/case", {"words": words})
    assert page.status_code == 200 and reference in page.text
    files = {"file": ("rota.txt", b"Dydd Llun", "text/plain")}
    kept = visitor.client.post("/en/complaint/file", data={"words": words}, files=files)
    assert kept.status_code == 200 and "The file was kept" in kept.text
    with world.database.reading() as session:
        assert session.scalars(select(ComplaintFile.media_type)).all() == ["text/plain; charset=utf-8"]
    assert visitor.post("/en/complaint/about", {"words": words}).status_code == 404  # a complaint is not complained of
    assert visitor.client.post("/en/complaint/file", data={"words": "x"}, files=files).status_code == 403


def test_from_a_request_opened_by_words_the_complaint_is_linked_by_those_words_alone(
    world: World, visitor: Visitor
) -> None:
    code = draw_code()
    with world.database.writing() as session:
        about = world.request(session, "rhodri")
        about.requester_person_id, about.locator_hash = None, locator_hash(case_locator(code))
        reference = about.reference
    words = " ".join(code.words("en"))
    visitor.post("/en/complaint/about", {"words": words})
    assert carried(visitor)["step"] == "what"
    for _step, fields in (*ANSWERS[1:2], ("about", {"about": reference}), *ANSWERS[3:], *NAMELESS):
        visitor.post("/en/complaint", {**carried(visitor), **fields})
    without = {name: value for name, value in carried(visitor).items() if name != "about_words"}
    visitor.post("/en/complaint", {**without, "go": "send"})
    with world.database.reading() as session:
        assert session.scalars(select(ComplaintLink)).all() == []
    visitor.get("/en/complaint")
    visitor.post("/en/complaint/about", {"words": words})
    for _step, fields in (*ANSWERS[1:2], ("about", {"about": reference}), *ANSWERS[3:], *NAMELESS):
        visitor.post("/en/complaint", {**carried(visitor), **fields})
    visitor.post("/en/complaint", {**carried(visitor), "go": "send"})
    with world.database.reading() as session:
        assert session.scalars(select(ComplaintLink.about_reference)).all() == [reference]


def test_who_handled_the_matter_meets_the_common_page_and_strangers_too(world: World, visitor: Visitor) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri").id
    reference, name = opened(world, about=(about,))
    assert name == "bethan"
    for who, body in (("rhodri", "taran"), ("helen", "taran"), ("dafydd", "mynach")):
        visitor.client.cookies.clear()
        sign_in(visitor, who, body)
        page = visitor.get(f"/en/my/desk/complaints/{reference}")
        nonsense = visitor.get("/en/my/desk/complaints/nonsense")
        assert page.status_code == nonsense.status_code == 404
        assert page.text.replace(reference, "nonsense") == nonsense.text
    visitor.client.cookies.clear()
    sign_in(visitor, "gwen")
    assert visitor.get("/en/my/desk/complaints").status_code == 404


def test_the_desk_goes_from_the_first_letter_to_the_outcome_and_no_page_offers_a_pause(
    world: World, visitor: Visitor
) -> None:
    with world.database.writing() as session:
        about = world.request(session, "rhodri").id
    reference, _name = opened(world, about=(about,))
    sign_in(visitor, "bethan")
    page = visitor.get("/en/my/desk/complaints").text
    assert reference in page and "23 December 2026" in page and "Write to the person with your name" in page
    page = visitor.get(f"/en/my/desk/complaints/{reference}").text
    assert "22 December 2026" in page and "our own target, not law" in page
    assert act(visitor, reference, "introduce", lang="cy", words="").status_code == 422
    assert act(visitor, reference, "introduce", lang="cy", words="Byddaf yn edrych").status_code == 303
    due = {"due-day": "27", "due-month": "11", "due-year": "2026"}
    ask = {"person": "helen@taran.example", "words": "Beth?"}
    assert act(visitor, reference, "enquire", **{**ask, "person": "x@y.example"}, **due).status_code == 422
    assert act(visitor, reference, "enquire", **ask, **due).status_code == 303
    assert act(visitor, reference, "update", lang="cy", words="Holwyd").status_code == 303
    assert act(visitor, reference, "remedy", **{**ask, "words": "Dileu"}, **due).status_code == 303
    assert act(visitor, reference, "decide", outcome="", theme="", words="").status_code == 422
    done = act(visitor, reference, "decide", outcome="partly_upheld", theme="purpose", words="Nid oedd sail")
    assert done.status_code == 303
    assert case_of(world, reference).state == "remedy"
    page = visitor.get(f"/en/my/desk/complaints/{reference}").text
    assert "Holwyd" in page and "pause" not in page.lower() and "extend" not in page.lower()
    assert visitor.get(f"/en/my/desk/complaints/{reference}/decide").status_code == 404
    sign_in_again(visitor, "sian")
    own = visitor.get(f"/en/my/cases/{reference}").text
    for said in ("Partly upheld", "Nid oedd sail", "Dileu", "ico.org.uk", "The complaint"):
        assert said in own, said
    again = f"/en/my/complaint/{reference}/again"
    visitor.get(again)
    assert visitor.post(again, {**carried(visitor), "why": ""}).status_code == 422
    assert visitor.post(again, {**carried(visitor), "why": "Na"}).status_code == 303
    assert case_of(world, reference).state == "enquiring"


def sign_in_again(visitor: Visitor, name: str, body: str = "taran") -> None:
    visitor.client.cookies.clear()
    sign_in(visitor, name, body)


def test_who_is_asked_sees_the_question_and_nothing_else(world: World, visitor: Visitor) -> None:
    reference, name = opened(world)
    sign_in(visitor, name)
    page = visitor.get("/en/my/enquiries").text
    assert "A question" in page
    with world.database.reading() as session:
        enquiry = session.scalars(select(Enquiry.id)).one()
    page = visitor.get(f"/en/my/enquiries/{enquiry}").text
    assert "Decide whom to ask what" in page and reference not in page and "salwch" not in page
    assert visitor.post(f"/en/my/enquiries/{enquiry}", {"answer": ""}).status_code == 422
    assert visitor.post(f"/en/my/enquiries/{enquiry}", {"answer": "Edrychais"}).status_code == 303
    visitor.get(f"/en/my/enquiries/{enquiry}")
    assert visitor.post(f"/en/my/enquiries/{enquiry}", {"answer": "eto"}).status_code == 422
    with world.database.reading() as session:
        assert Looked.TASK in set(session.scalars(select(ComplaintReading.part)))
    sign_in_again(visitor, "gwen")
    assert visitor.get(f"/en/my/enquiries/{enquiry}").status_code == 404
    assert visitor.get("/en/my/enquiries/remedies/nothing").status_code == 404


def test_a_letter_is_written_down_with_its_true_day_and_its_paper(world: World, visitor: Visitor) -> None:
    sign_in(visitor, "bethan")
    address = "/en/my/desk/complaints/log"
    visitor.get(address)
    fields = {
        **carried(visitor), "body": "taran", "person": "sian@taran.example", "channel": "letter",
        "received-day": "20", "received-month": "11", "received-year": "2026", "late_reason": "Aeth ar goll",
        "what": "Defnyddiwyd fy nata", "answer_locale": "cy",
    }  # fmt: skip
    wrong = visitor.post(address, {**fields, "late_reason": "", "about": "AC-NONE"})
    assert wrong.status_code == 422 and "Defnyddiwyd fy nata" in wrong.text
    token = {"csrf": carried(visitor)["csrf"]} if "csrf" in carried(visitor) else {}
    files = {"file": ("llythyr.txt", b"Annwyl", "text/plain")}
    made = visitor.client.post(address, data={**token, **fields}, files=files)
    assert made.status_code == 303
    with world.database.reading() as session:
        case, complaint = session.scalars(select(Case)).one(), session.scalars(select(Complaint)).one()
        assert case.received_on == date(2026, 11, 20) and complaint.channel == "letter"
        assert len(session.scalars(select(ComplaintFile)).all()) == 1
        file = session.scalars(select(ComplaintFile.id)).one()
        reference = case.reference
        name = handler_of(session, case) or ""
    sign_in_again(visitor, name)
    handed = visitor.get(f"/en/my/desk/complaints/{reference}/files/{file}")
    assert handed.content == b"Annwyl" and "attachment" in handed.headers["content-disposition"]


def test_the_administrator_names_who_handles_what_is_about_the_team(world: World, visitor: Visitor) -> None:
    sign_in(visitor, "mair")
    address = "/en/my/desk/complaints/named"
    body = world.bodies["taran"].id
    visitor.get(address)
    for wrong in ("", "nobody@taran.example"):
        assert visitor.post(address, {"body": body, "email": wrong}).status_code == 422
    for email in ("dafydd@mynach.example", "nia@mynach.example"):
        assert visitor.post(address, {"body": body, "email": email}).status_code == 303
        visitor.get(address)
    assert visitor.post(address, {"body": body, "email": "nia@mynach.example"}).status_code == 422
    assert visitor.post(address, {"body": world.bodies["mynach"].id, "email": "x@y.example"}).status_code == 404
    reference, name = opened(world, is_about_office=True)
    assert name == "dafydd"
    sign_in_again(visitor, "dafydd", "mynach")
    assert reference in visitor.get("/en/my/desk/complaints").text
    assert act(visitor, reference, "second", colleague=world["nia"].person_id).status_code == 303
    act(visitor, reference, "decide", outcome="upheld", theme="access", words="Rhesymau")
    sign_in_again(visitor, "nia", "mynach")
    assert reference in visitor.get("/en/my/desk/complaints").text
    assert "Rhesymau" in visitor.get(f"/en/my/desk/complaints/{reference}/sign").text
    assert act(visitor, reference, "sign", approves="no", words="").status_code == 422
    assert act(visitor, reference, "sign", approves="yes", words="").status_code == 303
    assert case_of(world, reference).state == "outcome"
    sign_in_again(visitor, "mair")
    gone = f"{address}/{world['nia'].person_id}/remove"
    for _press in range(2):
        visitor.get(address)
        assert visitor.post(gone, {"body": body}).status_code == 303
    visitor.get(address)
    assert visitor.post(gone, {"body": world.bodies["mynach"].id}).status_code == 404


def test_the_yearly_return_is_told_when_the_year_is_over(world: World, visitor: Visitor) -> None:
    opened(world)
    sign_in(visitor, "rhodri")
    assert "No year is over yet" in visitor.get("/en/my/desk/complaints/return").text
    assert visitor.get("/en/my/desk/complaints/return.csv").status_code == 404
    world.set_time(datetime(2027, 4, 9, 9, tzinfo=UTC))
    sign_in_again(visitor, "rhodri")
    page = visitor.get("/en/my/desk/complaints/return").text
    assert "2026/27" in page and "Partly upheld" in page and "Withheld number" in page
    file = visitor.get("/cy/my/desk/complaints/return.csv?year=2026")
    assert file.content.startswith(b"\xef\xbb\xbf") and "Wedi dod i law" in file.text
    assert visitor.get("/en/my/desk/complaints/return?year=2025").status_code == 404
    assert visitor.get("/en/my/desk/complaints/return?body=mynach").status_code == 404
    assert "Nothing until" in visitor.get("/en/my/desk/complaints/retention").text


@pytest.mark.parametrize(
    "query", ["show=finished", "due=late", "handler=me", "show=regulator", "handler=nobody&due=week"]
)
def test_every_choice_of_the_list_answers(world: World, visitor: Visitor, query: str) -> None:
    opened(world)
    sign_in(visitor, "rhodri")
    assert visitor.get(f"/en/my/desk/complaints?{query}").status_code == 200
