"""The page without script, as a reporter meets it: seal, receipt, return, reply; and nothing in clear afterwards."""

import logging
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from anonymity.receipt import Code
from tests.demonstrated import BODY, CARYS, DYLAN, ELIN, GWERFYL, LLINOS, OTHER_BODY, SIAN, Demonstrated
from tests.visitors import Visitor

SENTINEL = "Mae’r dŵr yn y tŷ’n llifo – 58213"


def open_form(world: Demonstrated, visitor: Visitor, about: str | None = None, locale: str = "cy") -> Any:
    """The form as the questions before it lead there."""
    chosen = {"body": BODY, "about": about or f"system:{world.code_of('e-rostering')}"}
    return visitor.post(f"/{locale}/concern/form", chosen)


def filled(visitor: Visitor, **changes: Any) -> dict[str, Any]:
    """The form of the page seen last, filled in."""
    own = {name: value for name, value in visitor.hidden().items() if name in {"form_id", "ticket", "body", "about"}}
    plain = {"union": "", "scope": "everybody", "lang": "cy", "text": SENTINEL, "whom": "nobody", "name": ""}
    return {**own, **plain, **changes}


def send(world: Demonstrated, visitor: Visitor, **changes: Any) -> Any:
    open_form(world, visitor)
    return visitor.post("/cy/concern/form", filled(visitor, **changes))


def values_of(page: str, name: str) -> list[str]:
    """The values that a group of radios or ticks offers."""
    tags = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag]
    return [found.group(1) for tag in tags if (found := re.search(r'value="([^"]*)"', tag))]


def code_of(form_id: str) -> str:
    return " ".join(Code(bytes.fromhex(form_id)).words("cy"))


def count(world: Demonstrated, table: str) -> int:
    with world.database.reading() as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


class News:
    """How many rows of a table have come since the test began."""

    def __init__(self, world: Demonstrated) -> None:
        self._world = world
        self._before = {table: count(world, table) for table in ("sealed_cases", "sealed_items", "sealed_grants")}

    def __call__(self, table: str) -> int:
        return count(self._world, table) - self._before[table]


@pytest.fixture
def news(demonstrated: Demonstrated) -> News:
    return News(demonstrated)


def test_the_page_names_everybody_who_could_open_it_before_a_word_is_typed(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    page = open_form(demonstrated, visitor).text
    for post in ("Pennaeth Systemau’r Gweithlu", "Dirprwy Bennaeth Systemau’r Gweithlu", "Ysgrifennydd y Bwrdd"):
        assert post in page
    assert "Llinos Dafis" in page, "she agreed to be named"
    assert "Elin Haf Morris" not in page, "she did not"
    assert "UNISON Cangen Iechyd Ogwen" in page
    assert "Cledwen" not in page, "another employer’s union"


def test_a_concern_is_sealed_and_ten_words_come_back(demonstrated: Demonstrated, visitor: Visitor) -> None:
    before, told = count(demonstrated, "sealed_cases"), count(demonstrated, "audit_events")
    answer = send(demonstrated, visitor)
    assert answer.status_code == 200
    assert count(demonstrated, "sealed_cases") == before + 1
    assert count(demonstrated, "audit_events") == told, "the audit does not know of it"
    assert SENTINEL not in answer.text


def test_the_same_form_sent_twice_is_one_concern_with_the_same_receipt(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor)
    first, _again = (visitor.client.post("/cy/concern/form", data=fields) for _ in range(2))
    assert all(word in first.text for word in code_of(fields["form_id"]).split())
    assert news("sealed_cases") == 1


@pytest.mark.parametrize("spelling", ["words", "capitals", "hyphens", "english", "digits", "nonsense around"])
def test_the_words_open_the_thread_however_they_are_typed(
    demonstrated: Demonstrated, visitor: Visitor, spelling: str
) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor)
    visitor.client.post("/cy/concern/form", data=fields)
    code = Code(bytes.fromhex(fields["form_id"]))
    welsh = " ".join(code.words("cy"))
    typed = {
        "words": welsh,
        "capitals": welsh.upper(),
        "hyphens": welsh.replace(" ", "-"),
        "english": " ".join(code.words("en")),
        "digits": " ".join(code.digits),
        "nonsense around": f"  {welsh.replace(' ', ',  ')}\r\n",
    }[spelling]
    opened = visitor.client.post("/en/concern/return/form", data={"words": typed})
    assert opened.status_code == 200
    assert SENTINEL in opened.text


def reply_fields(visitor: Visitor, said: str, lane: str = "joint") -> dict[str, str]:
    hidden = visitor.hidden()
    own = {name: hidden[name] for name in ("words", "form_id", "ticket")}
    return {**own, "lane": lane, f"text-{lane}": said}


def come_back(demonstrated: Demonstrated, visitor: Visitor) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor)
    visitor.client.post("/cy/concern/form", data=fields)
    visitor.post("/cy/concern/return/form", {"words": code_of(fields["form_id"])})


def test_a_reply_is_added_and_the_same_reply_sent_twice_is_added_once(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    come_back(demonstrated, visitor)
    fields = reply_fields(visitor, "Ac eto heddiw, ŵyl banc")
    for _ in range(2):
        answer = visitor.client.post("/cy/concern/return/form/reply", data=fields)
        assert answer.status_code == 200
        assert re.sub(r"<input[^>]*>", "", answer.text).count("Ac eto heddiw, ŵyl banc") == 1
    assert news("sealed_items") == 2


@pytest.mark.parametrize(
    "changes", [{"lane": "union"}, {"lane": "employer-notes"}, {"lane": ""}, {"form_id": ""}, {"form_id": "zz"},
                {"words": ""}, {"words": "un dau tri"}],
)  # fmt: skip
def test_a_reply_to_what_is_not_there_is_the_common_404(
    demonstrated: Demonstrated, visitor: Visitor, changes: dict[str, str], news: News
) -> None:
    come_back(demonstrated, visitor)
    fields = {**reply_fields(visitor, SENTINEL), "text-union": SENTINEL, "text-employer-notes": SENTINEL, **changes}
    answer = visitor.client.post("/cy/concern/return/form/reply", data=fields)
    assert answer.status_code == 404
    assert SENTINEL not in answer.text
    assert news("sealed_items") == 1


@pytest.mark.parametrize("said", ["", "   \n ", "ŵ" * 6001])
def test_a_reply_that_is_empty_or_too_long_comes_back_to_its_writer(
    demonstrated: Demonstrated, visitor: Visitor, said: str, news: News
) -> None:
    come_back(demonstrated, visitor)
    answer = visitor.client.post("/cy/concern/return/form/reply", data=reply_fields(visitor, said))
    assert answer.status_code == 422
    assert said.strip() in answer.text
    assert news("sealed_items") == 1


def test_words_of_another_receipt_find_nothing_and_a_slip_is_told_apart(visitor: Visitor) -> None:
    unknown = visitor.client.post("/cy/concern/return/form", data={"words": " ".join(Code(bytes(13)).words("cy"))})
    assert unknown.status_code == 422
    swapped = Code(bytes(range(13))).words("cy")
    typed = " ".join([swapped[1], swapped[0], *swapped[2:]])
    assert visitor.client.post("/cy/concern/return/form", data={"words": typed}).status_code == 422
    for nonsense in ("", "un dau tri", "x" * 60_000, "\u0000", "ŵ " * 500):
        assert visitor.client.post("/cy/concern/return/form", data={"words": nonsense}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"text": ""}, ""),
        ({"text": "ŵ" * 6001}, "ŵ" * 6001),
        ({"whom": "everybody", "name": "n" * 201}, "n" * 201),
        ({"whom": "everybody", "name": " "}, SENTINEL),
        ({"whom": "union", "name": "Siân"}, SENTINEL),
        ({"private": "I’r undeb"}, "I’r undeb"),
        ({"form_id": "not ours"}, SENTINEL),
        ({"form_id": "00" * 12}, SENTINEL),
    ],
)
def test_a_form_with_a_problem_comes_back_with_everything_typed_and_nothing_is_stored(
    demonstrated: Demonstrated, visitor: Visitor, changes: dict[str, str], kept: str, news: News
) -> None:
    answer = send(demonstrated, visitor, **changes)
    assert answer.status_code == 422
    assert kept in answer.text
    assert news("sealed_cases") == 0


def test_leaving_everybody_out_is_refused_and_ticks_stay(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    everybody = [demonstrated.person(email) for email in (ELIN, DYLAN, LLINOS, GWERFYL)]
    answer = send(demonstrated, visitor, **{"left-out": everybody})
    assert answer.status_code == 422
    assert answer.text.count(" checked") >= 3
    assert news("sealed_cases") == 0


def test_a_union_needs_consent_and_only_the_chosen_branch_gets_a_grant(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    union = values_of(open_form(demonstrated, visitor).text, "union")[1]
    assert send(demonstrated, visitor, union=union).status_code == 422
    before = count(demonstrated, "sealed_grants")
    assert send(demonstrated, visitor, union=union, consent="yes", scope="union").status_code == 200
    alone = count(demonstrated, "sealed_grants") - before
    assert send(demonstrated, visitor, union=union, consent="yes").status_code == 200
    together = count(demonstrated, "sealed_grants") - before - alone
    assert together == alone + 4


def test_a_union_of_another_employer_is_like_none(demonstrated: Demonstrated, visitor: Visitor, news: News) -> None:
    assert send(demonstrated, visitor, union="z" * 26, scope="union").status_code == 200
    assert news("sealed_grants") == 4


def test_a_system_of_another_body_is_the_common_404(demonstrated: Demonstrated, visitor: Visitor) -> None:
    foreign = f"system:{demonstrated.code_of('telematics')}"
    assert open_form(demonstrated, visitor, foreign).status_code == 404
    open_form(demonstrated, visitor)
    fields = filled(visitor, about=foreign)
    assert visitor.client.post("/cy/concern/form", data=fields).status_code == 404


def test_the_channel_stays_shut_until_a_union_and_an_officer_hold_keys(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    open_form(demonstrated, visitor)
    fields = filled(visitor)
    with demonstrated.database.writing() as session:
        for outside in (demonstrated.person(LLINOS), demonstrated.person(GWERFYL)):
            ended = text("UPDATE recipient_keys SET ended_on = '2026-11-01' WHERE person_id = :p")
            session.execute(ended, {"p": outside})
    for answer in (open_form(demonstrated, visitor), visitor.client.post("/cy/concern/form", data=fields)):
        assert answer.status_code == 200
        assert "<textarea" not in answer.text
    assert news("sealed_cases") == 0
    assert visitor.post("/cy/concern/form", {"body": OTHER_BODY, "about": "matter:safety"}).text.count("<textarea") > 1


def test_nothing_typed_is_in_clear_anywhere_afterwards(
    demonstrated: Demonstrated, visitor: Visitor, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    caplog.set_level(logging.DEBUG)
    long = f"{SENTINEL} " + "a" * 9000
    open_form(demonstrated, visitor)
    fields = filled(visitor, text=long, whom="everybody", name=f"Siân {SENTINEL}")
    assert visitor.client.post("/cy/concern/form", data={**fields, "text": ""}).status_code == 422
    assert visitor.client.post("/cy/concern/form", data=fields).status_code == 200
    words = code_of(fields["form_id"])
    visitor.post("/cy/concern/return/form", {"words": words})
    assert visitor.client.post("/cy/concern/return/form/reply", data=reply_fields(visitor, long)).status_code == 200
    for wrong in ({"words": words, "lane": SENTINEL}, {"words": SENTINEL}, {SENTINEL: words}):
        assert visitor.client.post("/cy/concern/return/form/reply", data=wrong).status_code == 404
    assert visitor.client.post("/cy/concern/form", content=SENTINEL.encode()).status_code == 403
    assert visitor.client.post("/cy/concern/form", data={"text": SENTINEL * 4000}).status_code == 413
    nowhere = visitor.client.post("/cy/concern/form", files={"text": ("t.txt", SENTINEL * 50_000)})
    assert nowhere.status_code == 422
    on_disk = b"".join(path.read_bytes() for path in demonstrated.folder.rglob("*") if path.is_file())
    said = caplog.text + "".join(capfd.readouterr())
    for secret in (SENTINEL, words, words.split()[0] + " " + words.split()[1], fields["form_id"]):
        assert secret.encode() not in on_disk
        assert secret not in said
    assert list(spool.iterdir()) == []


def test_a_signed_in_worker_who_opens_it_leaves_no_trace_of_the_account(demonstrated: Demonstrated) -> None:
    with demonstrated.signed_in(SIAN) as visitor:
        with demonstrated.database.reading() as session:
            before = session.execute(text("SELECT * FROM sessions")).all() if _has(session, "sessions") else []
        plain = open_form(demonstrated, visitor)
        assert "Sign out" not in plain.text
        assert SIAN not in plain.text
        assert send(demonstrated, visitor).status_code == 200
        with demonstrated.database.reading() as session:
            after = session.execute(text("SELECT * FROM sessions")).all() if _has(session, "sessions") else []
        assert after == before


def _has(session: Any, table: str) -> bool:
    return bool(session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = :n"), {"n": table}))


def test_a_representative_and_a_manager_are_never_shown_twice(demonstrated: Demonstrated, visitor: Visitor) -> None:
    page = open_form(demonstrated, visitor).text
    for email in (ELIN, DYLAN, LLINOS, CARYS):
        assert page.count(f'value="{demonstrated.person(email)}"') == 1
