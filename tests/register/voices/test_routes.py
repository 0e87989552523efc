"""The pages of both sides as a browser asks for them: who may read, who may write, what everybody sees at once."""

import csv
import html
import re
from io import StringIO

import pytest

from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

EMYR, NON = "emyr.wyn.daniel@dyffryn-cledwen.example", "non.elidir@dyffryn-cledwen.example"
MAIR, TERRY = "mair.tudur@dyffryn-cledwen.example", "terry.nantlais@gmb.example"
GWENNO, PATRICK = "gwenno.alun@unison.example", "patrick.adeyemi@rcn.example"
GWYNFOR, IESTYN = "gwynfor.hughes@dyffryn-cledwen.example", "iestyn.cadwaladr@glannau-ogwen.example"
DESK, UNION = "/en/my/desk/register/K7RT3M/voices", "/en/my/union/systems"
GMB = f"{UNION}/K7RT3M/gmb-cledwen"
REPORT = "/en/my/desk/register/consultations"
DAY = {"due_on-day": "1", "due_on-month": "2", "due_on-year": "2027"}


def text(visitor: Visitor) -> str:
    main = visitor.page.text.split("<main")[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


@pytest.mark.parametrize(
    ("who", "found", "hidden"),
    [
        (
            TERRY,
            (UNION, DESK, f"{GMB}/statement", f"{GMB}/condition"),
            (f"{DESK}/talk", f"{DESK}/response/gmb-cledwen"),
        ),
        (GWENNO, (UNION, DESK), (f"{GMB}/statement", f"{GMB}/condition", f"{DESK}/offer")),
        (PATRICK, (UNION, REPORT), (DESK, f"{GMB}/statement", f"{UNION}/K7RT3M/rcn-ogwen/statement")),
        (
            EMYR,
            (DESK, f"{DESK}/talk", f"{DESK}/response/gmb-cledwen", f"{DESK}/offer", REPORT),
            (UNION, f"{GMB}/statement"),
        ),
        (MAIR, (DESK,), (f"{DESK}/talk", f"{DESK}/response/gmb-cledwen", f"{GMB}/statement", REPORT)),
        (IESTYN, (REPORT,), (DESK, f"{DESK}/talk", "/en/my/desk/register/rights/new/dyffryn-cledwen")),
        (GWYNFOR, (), (UNION, DESK, REPORT, f"{GMB}/statement", "/en/my/desk/register/rights")),
    ],
)
def test_each_opens_what_is_theirs_and_the_rest_is_not_there(
    demonstrated: Demonstrated, who: str, found: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    with demonstrated.signed_in(who) as visitor:
        assert {path: visitor.get(path).status_code for path in found} == dict.fromkeys(found, 200)
        assert {path: visitor.get(path).status_code for path in hidden} == dict.fromkeys(hidden, 404)


def test_the_manager_can_neither_read_a_form_of_the_union_nor_post_one(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(EMYR) as visitor:
        visitor.get(f"{DESK}/talk")
        form = {**visitor.hidden(), "position": "agreed"}
        assert visitor.client.post(f"{GMB}/statement", data=form).status_code == 404
        assert "Did not agree" in visitor.get("/en/s/K7RT3M").text


def test_a_statement_in_welsh_only_is_published_at_once_and_marked(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(TERRY) as visitor:
        visitor.get(f"{GMB}/statement")
        empty = visitor.post(
            f"{GMB}/statement", {**visitor.hidden(), "position": "not_agreed", "effect-route-change_cy": "Hir."}
        )
        assert empty.status_code == 422 and "Hir." in empty.text
        assert "Write this in Welsh, in English or in both" in text(visitor)
        sent = {**visitor.hidden(), "position": "not_agreed", "text_cy": "Rydym yn dal i anghytuno."}
        assert visitor.post(f"{GMB}/statement", sent).status_code == 303
        visitor.get("/en/s/K7RT3M")
        assert "The union wrote in Welsh only" in text(visitor) and "In dispute" in text(visitor)
        assert 'lang="cy">Rydym yn dal i anghytuno.' in visitor.page.text
        assert "This answers an earlier statement" in text(visitor)
        assert "We do not agree with the new threshold" in text(visitor)
        visitor.get("/en/s/K7RT3M?on=2026-10-20")
        assert "Rydym yn dal i anghytuno." not in visitor.page.text


def test_a_condition_goes_from_the_union_to_the_employer_and_back(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(TERRY) as union:
        union.get(f"{GMB}/condition")
        sent = {**union.hidden(), "text_en": "Talks are held with a witness.", **DAY}
        assert union.post(f"{GMB}/condition", sent).status_code == 303
    with demonstrated.signed_in(EMYR) as manager:
        manager.get(DESK)
        acts = re.findall(r"/condition/([a-z0-9]{26})", manager.page.text)
        own = next(one for one in acts if "witness" in manager.get(f"{DESK}/condition/{one}").text)
        half = manager.post(f"{DESK}/condition/{own}", {"owner_en": "Head of Fleet"})
        assert half.status_code == 422 and "Head of Fleet" in half.text
        done = {"owner_cy": "Pennaeth", "owner_en": "Head", "done_cy": "Fe’i gwnaed", "done_en": "Done"}
        assert manager.post(f"{DESK}/condition/{own}", done).status_code == 303
    with demonstrated.signed_in(GWENNO) as other:
        other.get(DESK)
        assert other.post(f"{UNION}/K7RT3M/unison-cledwen/condition/{own}", {"met": "yes"}).status_code == 404
    with demonstrated.signed_in(TERRY) as union:
        assert "A condition: is it met?" in union.get(UNION).text
        union.get(DESK)
        assert union.post(f"{GMB}/condition/{own}", {"met": "yes"}).status_code == 303
        assert "Met, says the union" in union.get("/en/s/K7RT3M").text


def test_both_sides_export_the_same_facts(demonstrated: Demonstrated) -> None:
    found = []
    for who in (TERRY, NON):
        with demonstrated.signed_in(who) as visitor:
            answer = visitor.get(f"{REPORT}.csv?from=2026-04-01&to=2026-11-22")
            assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["content-disposition"]
            found.append(answer.content)
    assert found[0] == found[1]
    rows = list(csv.DictReader(StringIO(found[0].decode("utf-8-sig"))))
    assert [(row["Code of the system"], row["Position"], row["Conditions overdue"]) for row in rows] == [
        ("K7RT3M", "Did not agree", "0"),
        ("K7RT3M", "Agreed, with conditions", "1"),
    ]


def test_a_formula_in_a_statement_is_a_text_in_the_spreadsheet(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(TERRY) as visitor:
        visitor.get(f"{GMB}/statement")
        visitor.post(f"{GMB}/statement", {**visitor.hidden(), "position": "not_agreed", "text_en": "=1+1"})
        assert ",'=1+1," in visitor.get(f"{REPORT}.csv").text


def test_a_wrong_day_of_the_report_says_so(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(NON) as visitor:
        assert visitor.get(f"{REPORT}?from=soon").status_code == 422
        assert visitor.get(f"{REPORT}?from=2026-10-01&to=2026-01-01").status_code == 422
        assert "Nothing was consulted about" in visitor.get(f"{REPORT}?from=2020-01-01&to=2020-02-01").text


def test_rights_stand_on_a_page_of_the_body_and_beside_the_system(demonstrated: Demonstrated) -> None:
    new = "/en/my/desk/register/rights/new/dyffryn-cledwen"
    both = {f"{name}_{side}": f"{name} {side}" for name in ("agreement", "text", "partner") for side in ("cy", "en")}
    with demonstrated.signed_in(NON) as visitor:
        visitor.get(new)
        day = {"since-day": "1", "since-month": "11", "since-year": "2026"}
        wrong = visitor.post(new, {**visitor.hidden(), **both, **day, "link": "http://wrong.example"})
        assert wrong.status_code == 422 and "begins with this: https://" in text(visitor)
        for days in ("0", "61", "x", "-1"):
            assert visitor.post(new, {**visitor.hidden(), **both, **day, "review_days": days}).status_code == 422
        right = {**visitor.hidden(), **both, **day, "link": "", "review_days": "15"}
        assert visitor.post(new, right).status_code == 303
        assert "within 15 working days" in visitor.get("/en/rights?employer=dyffryn-cledwen").text
        for path in ("/cy/rights?employer=dyffryn-cledwen", "/cy/s/K7RT3M"):
            assert "text cy" in visitor.get(path).text
        assert "text cy" not in visitor.get("/cy/rights?employer=glannau-ogwen").text
        assert visitor.get("/en/rights?employer=nowhere").status_code == 404
        visitor.get("/en/my/desk/register/rights")
        ends = re.findall(r"/my/desk/register/rights/([a-z0-9]{26})/end", visitor.page.text)
        assert visitor.post(f"/en/my/desk/register/rights/{ends[-1]}/end").status_code == 303
        assert "text cy" not in visitor.get("/cy/s/K7RT3M").text


def test_a_consultation_and_an_offer_are_opened_and_logged_on_the_desk(demonstrated: Demonstrated) -> None:
    words = {"summary_cy": "Newid", "summary_en": "A change"}
    with demonstrated.signed_in(EMYR) as visitor:
        visitor.get(f"{DESK}/talk")
        soon = {"answers_by-day": "1", "answers_by-month": "12", "answers_by-year": "2026"}
        early = visitor.post(f"{DESK}/talk", {**visitor.hidden(), **words, **soon, "stage": "change"})
        assert early.status_code == 422
        late = {**soon, "answers_by-day": "20"}
        assert visitor.post(f"{DESK}/talk", {**visitor.hidden(), **words, **late, "stage": "change"}).status_code == 303
        visitor.get(DESK)
        talk = re.findall(r"/voices/talk/([a-z0-9]{26})", visitor.page.text)[0]
        assert visitor.post(f"{DESK}/talk/{talk}/close").status_code == 422
        assert "The branches can answer until 20 December 2026" in text(visitor)
    with demonstrated.signed_in(TERRY) as visitor:
        assert "Your branch’s statement" in visitor.get(UNION).text
        visitor.get(f"{GMB}/talk/{talk}")
        day = {"happened_on-day": "20", "happened_on-month": "11", "happened_on-year": "2026"}
        entry = {**visitor.hidden(), **day, "kind": "note", "text_cy": "Cwestiwn y gangen"}
        assert visitor.post(f"{GMB}/talk/{talk}", entry).status_code == 303
        assert "Cwestiwn y gangen" in visitor.get(DESK).text
