"""The board and the joint forum read one report (story 12), in both languages, on paper, as a file, and by command."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from portal.cli.main import main
from portal.concerns.casework.rules import Theme
from portal.directory.models import BranchRecognition
from portal.home.report_pages import router
from tests.demonstrated import ELIN, Demonstrated
from tests.prepared import TEST_KEY
from tests.statistics.conftest import AUGUST, AUTUMN, Joint

AT = "/en/my/report?body=taran&quarter=2026-3"
READERS = ("head", "outside", "rep", "rival")
TEXT = {
    "act": "write", "you-said-cy": "Roedd y rota’n hwyr", "you-said-en": "The rota was late",
    "we-did-cy": "Mae’n dod wythnos ynghynt", "we-did-en": "It comes a week sooner",
}  # fmt: skip


@pytest.fixture
def app(quarter: Joint) -> Iterator[FastAPI]:
    yield quarter.seated.serve(router)


def lines(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """The file by part and line."""
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    return {(row["part"], row["line"]): row for row in rows[1:]}


def test_both_sides_read_the_same_report_in_both_languages(quarter: Joint, app: FastAPI) -> None:
    pages = []
    for who in READERS:
        with quarter.seated.signed_in(who, app) as reader:
            page = reader.get(AT).text
            pages.append(page.partition('aria-labelledby="part-systems"')[2].partition('aria-labelledby="you-said"')[0])
            assert "July–September 2026" in page
            assert "Gorffennaf–Medi 2026" in reader.get(AT.replace("/en/", "/cy/")).text
    assert len(set(pages)) == 1
    told = pages[0]
    for said in (">41<", ">17<", ">8<", ">1,000<", ">1,200<", ">−200<", ">93<", ">15<", ">10<"):
        assert said in told, said
    assert '<abbr title="Withheld number">*</abbr>' in told
    assert "UNISON" not in told and "Branch" not in told
    assert 'href="/en/reviews/K7RT3M"' in told


def test_a_branch_that_the_body_no_longer_recognises_reads_nothing(quarter: Joint, app: FastAPI) -> None:
    with quarter.database.writing() as session:
        session.execute(delete(BranchRecognition).where(BranchRecognition.branch_id == quarter.seated.homes["branch"]))
    with quarter.seated.signed_in("rep", app) as rep:
        assert rep.get(AT).status_code == rep.get("/en/my/report").status_code == 404
    with quarter.seated.signed_in("rival", app) as rival:
        assert rival.get(AT).status_code == 200


def test_the_demonstration_has_the_report_of_the_story(demonstrated: Demonstrated) -> None:
    """Systems, reviews and requests as the board and the joint forum read them, and the text that two people signed."""
    with demonstrated.signed_in(ELIN) as elin:
        assert 'href="/en/my/report"' in elin.get("/en/my").text
        page = elin.get("/en/my/report").text
        told = lines(elin.get("/en/my/report.csv").content.decode())
    numbers = {key: told["reviews", key]["number"] for key in ("ended", "changed", "share")}
    assert numbers == {"ended": "41", "changed": "17", "share": "41"}
    assert told["systems", "disputed"]["number"] == "2"
    assert told["systems", "disputed"]["systems"].split() == sorted(
        demonstrated.code_of(slug) for slug in ("absence-triggers", "call-scoring")
    )
    assert "Call-handling performance scoring" in page
    assert told["concerns", "hours"]["number"] == "15"
    assert "Fewer than five in each of the quarters" in page
    assert "two weeks sooner" in page


def test_strangers_meet_the_page_that_nonsense_meets(quarter: Joint, app: FastAPI) -> None:
    with quarter.seated.signed_in("elsewhere", app) as stranger:
        nonsense = stranger.get("/en/my/report?body=no-such-body")
        found = stranger.get(AT)
        assert found.status_code == nonsense.status_code == 404
        assert found.text.replace("taran&amp;quarter=2026-3", "no-such-body") == nonsense.text
        for more in (".csv", "/print", "/text"):
            assert stranger.get(f"/en/my/report{more}?body=taran&quarter=2026-3").status_code == 404
        assert "No quarter" not in stranger.get("/en/my/report").text, "its own body has an empty report"
        assert stranger.post("/en/my/report/text?body=taran&quarter=2026-3", TEXT).status_code == 404


def test_only_whole_quarters_that_were_told_can_be_asked_for(quarter: Joint, app: FastAPI) -> None:
    with quarter.seated.signed_in("head", app) as reader:
        for asked in ("2026-4", "2026-9", "2026-07-01", "", "x", "2026-3.5"):
            page = reader.get(f"/en/my/report?body=taran&quarter={asked}")
            assert page.status_code == 422
            assert "There is no report of this quarter" in page.text
            assert "April–June 2026" in page.text
            assert "part-systems" not in page.text
            assert reader.get(f"/en/my/report.csv?body=taran&quarter={asked}").status_code == 404
        whole = reader.get(AT).text.partition("<main")[2].partition("</main>")[0]
        assert whole in reader.get(AT + "&from=2026-08-01&to=2026-08-12").text


def test_the_file_is_for_machines_and_for_both_languages(quarter: Joint, app: FastAPI) -> None:
    with quarter.seated.signed_in("rep", app) as reader:
        answer = reader.get(AT.replace("/report", "/report.csv"))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert 'filename="report-taran-2026-3.csv"' in answer.headers["content-disposition"]
        other = reader.get(AT.replace("/report", "/report.csv").replace("/en/", "/cy/"))
        assert answer.content == other.content
    told = lines(answer.content.decode())
    assert told["reviews", "ended"]["number"] == "41"
    assert (told["access", "received"]["number"], told["access", "received"]["number_before"]) == ("1000", "1200")
    assert (told["concerns", "pace"]["number"], told["concerns", "jobs"]["number"]) == ("10", "*")
    assert told["concerns", "pace"]["line_en"] == "Pace, targets or workload"
    assert told["reviews", "systems"]["systems"] == "K7RT3M M4PQ9X"
    assert told["report", "quarter"]["line_cy"] == "Gorffennaf–Medi 2026"
    assert told["report", "frozen_on"]["line_en"] == "2026-10-15"
    assert not any(value[:1] in "=+-@\t\r" for row in told.values() for value in row.values() if value)


def test_a_text_is_written_by_one_and_signed_by_another_and_stands_on_paper_too(quarter: Joint, app: FastAPI) -> None:
    text = AT.replace("/report", "/report/text")
    with quarter.seated.signed_in("head", app) as head:
        head.get(text)
        wrong = head.post(text, head.hidden() | TEXT | {"we-did-cy": ""})
        assert wrong.status_code == 422
        assert "The rota was late" in wrong.text
        assert head.post(text, head.hidden() | TEXT).status_code == 303
        assert "second person’s signature" in head.get(text).text
        assert "It comes a week sooner</textarea>" in head.page.text, "to be written on from there"
        assert "The rota was late" not in head.get(AT).text
    with quarter.seated.signed_in("rep", app) as rep:
        assert "Read and sign the text that waits" in rep.get(AT).text
        rep.get(text)
        waiting = rep.page.text.split('name="text" value="')[1][:26]
        assert rep.post(text, {"act": "sign", "text": "a" * 26}).status_code == 422
        signed = rep.post(text, {"act": "sign", "text": waiting})
        assert (signed.status_code, signed.headers["location"]) == (303, AT)
        assert "The rota was late" in rep.get(AT).text
        printed = rep.get(AT.replace("/report", "/report/print").replace("/en/", "/cy/")).text
        assert "Roedd y rota’n hwyr" in printed and "Gorffennaf–Medi 2026" in printed


def test_the_command_reproduces_an_old_report_from_its_events(
    quarter: Joint, app: FastAPI, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with quarter.seated.signed_in("outside", app) as reader:
        file = reader.get(AT.replace("/report", "/report.csv")).content
    quarter.requests(AUGUST, 50)
    quarter.concerns(AUGUST, 8, Theme.JOBS)
    quarter.freeze(AUTUMN)
    monkeypatch.setenv("PORTAL_MODE", "demonstration")
    monkeypatch.setenv("PORTAL_DATA_FOLDER", str(quarter.settings.data_folder))
    monkeypatch.setenv("PORTAL_VAULT_KEYS", TEST_KEY)
    monkeypatch.setattr("portal.cli.report.require_newest", lambda _database: None)
    asked = ["report", "--body", "taran", "--quarter", "2026-3", "--as-at"]
    assert main([*asked, "2026-10-20", "--csv"]) == 0
    assert capfdbinary.readouterr().out == file
    assert main([*asked, "2026-10-20"]) == 0
    said = capfdbinary.readouterr().out.decode()
    assert "July–September 2026" in said and "Gorffennaf–Medi 2026" in said
    assert main([*asked, "2026-10-14"]) == 1
    assert main(["report", "--body", "taran", "--quarter", "2026-7"]) == 1
    assert main(["report", "--body", "nowhere", "--quarter", "2026-3"]) == 1
    refused = capfdbinary.readouterr().err.decode()
    assert "was not frozen by the end of 2026-10-14" in refused
    assert "2026-7 is no quarter" in refused and "no employer nowhere" in refused
