"""The anonymous area: the same bytes for everybody, one answer for every wrong receipt, open to pages of other origins
at the box alone, and a warning on an employer's own network."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from anonymity.receipt import Lane, draw_code, lane_locator
from anonymity.submission import FileLookUp, look_up_json
from portal.app import make_app
from portal.directory.rules import is_in_networks, read_networks
from portal.settings.models import Settings
from portal.web.cookies import SESSION
from portal.web.networks import KEPT
from tests.concerns.sealed import sealed_concerns
from tests.demonstrated import BODY, SIAN, Demonstrated
from tests.tickets import work
from tests.visitors import Visitor

BOX = "/cy/concern/box"
ELSEWHERE = {"origin": "https://undeb.example"}
FRESH = re.compile(rb'(name="(?:form_id|ticket)" value=")[^"]*')
WARNING = "You seem to be on an employer’s network"
ADDRESS = "203.0.113.7"


@pytest.fixture
def visitor(demonstrated: Demonstrated) -> Iterator[Visitor]:
    with demonstrated.visiting() as made:
        yield made


def masked(answer: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that is told of an answer, without what is drawn anew for each."""
    headers = sorted((name, value) for name, value in answer.headers.multi_items() if name != "date")
    return answer.status_code, FRESH.sub(rb"\1", answer.content), headers


# The same for everybody


def walk(client: Any, world: Demonstrated, cookie: dict[str, str], concern: tuple[Any, bytes]) -> list[Any]:
    """Every kind of page and question of the area, once through."""
    client.headers["accept-encoding"] = "identity"  # what is drawn anew does not compress to the same length each time
    about = f"body={BODY}&about=system:{world.code_of('e-rostering')}"
    code, octets = concern
    words = {"words": " ".join(code.words("cy"))}
    pages = ("", f"?body={BODY}", f"/write?{about}", f"/form?{about}", "/return", "/return/form", "/nothing", "/form")
    answers = [client.get(f"/en/concern{page}", headers=cookie) for page in pages]
    asked = {"porth-work": work(client)["porth-work"], **cookie}
    answers += [client.post(BOX, content=octets, headers=asked)]
    answers += [client.post(f"{BOX}/open", content=look_up_json(lane_locator(code, Lane.JOINT)), headers=cookie)]
    answers += [client.post(f"{BOX}/reply", content=b"{}", headers=cookie | work(client))]
    answers += [client.post("/en/concern/return/form", data=typed, headers=cookie) for typed in (words, {"words": "x"})]
    answers += [client.get("/en/left", headers=cookie)]
    return answers


def test_no_answer_differs_by_a_byte_for_somebody_who_is_signed_in(demonstrated: Demonstrated) -> None:
    first, second = sealed_concerns(demonstrated, 2)
    with demonstrated.signed_in(SIAN) as staff:
        token = next(cookie.value for cookie in staff.client.cookies.jar if cookie.name == SESSION)
    with demonstrated.visiting() as one:
        plain = walk(one.client, demonstrated, {}, first)
    with demonstrated.visiting() as other:
        cookie = {"cookie": f"{SESSION}={token}; porth_lang=en"}
        signed = walk(other.client, demonstrated, cookie, second)
    assert {answer.status_code for answer in plain} >= {200, 201, 404, 422}
    for without, with_cookie in zip(plain, signed, strict=True):
        where = f"{without.request.method} {without.request.url.path}"
        assert "set-cookie" not in with_cookie.headers, where
        if where.endswith("/box/open") or (without.status_code == 200 and where.endswith("/return/form")):
            assert len(without.content) == len(with_cookie.content), where
        else:
            assert masked(without) == masked(with_cookie), where


# Receipts that open nothing


@pytest.mark.parametrize("kind", ["unknown", "expired", "malformed", "nonsense", "empty", "long"])
def test_every_receipt_that_opens_nothing_gets_one_answer_at_the_box(
    demonstrated: Demonstrated, visitor: Visitor, kind: str
) -> None:
    ((code, octets),) = sealed_concerns(demonstrated, 1)
    visitor.client.post(BOX, content=octets, headers=work(visitor.client))
    with demonstrated.database.writing() as session:
        for table in ("sealed_items", "sealed_grants", "sealed_cases"):
            session.execute(text(f"DELETE FROM {table}"))
    expired = look_up_json(lane_locator(code, Lane.JOINT))
    asked = {"unknown": look_up_json(lane_locator(draw_code(), Lane.UNION)), "expired": expired, "nonsense": b"\xff{",
             "malformed": expired[:-3] + b"}", "empty": b"", "long": b"[" * 100}  # fmt: skip
    reference = visitor.client.post(f"{BOX}/open", content=look_up_json(bytes(32)))
    answer = visitor.client.post(f"{BOX}/open", content=asked[kind])
    assert answer.status_code == 404
    assert masked(answer) == masked(reference)


@pytest.mark.parametrize("octets", [b"", b"\xff", b"{}", b"[" * 100])
def test_a_file_of_a_receipt_that_opens_nothing_gets_the_one_answer(visitor: Visitor, octets: bytes) -> None:
    unknown = FileLookUp(bytes(16), locator=bytes(32)).to_json()
    reference = visitor.client.post(f"{BOX}/file/open", content=unknown)
    answer = visitor.client.post(f"{BOX}/file/open", content=octets)
    assert answer.status_code == 404
    assert masked(answer) == masked(reference)
    assert masked(answer) == masked(visitor.client.post(f"{BOX}/open", content=octets))


def test_every_receipt_that_opens_nothing_gets_an_answer_of_one_size_on_the_page(visitor: Visitor) -> None:
    swapped = draw_code().words("cy")
    typed = [" ".join(draw_code().words("cy")), " ".join([swapped[1], swapped[0], *swapped[2:]]), "", "x",
             "un dau tri", " ".join(["dim"] * 10), "ŵ" * 300, " ".join(draw_code().digits)]  # fmt: skip
    answers = [visitor.client.post("/cy/concern/return/form", data={"words": words}) for words in typed]
    assert {answer.status_code for answer in answers} == {422}
    assert len({tuple(masked(answer)[2]) for answer in answers}) == 1
    assert len({len(answer.content) for answer in answers}) == 1


# Other origins


def test_the_box_alone_is_open_to_pages_of_other_origins_and_without_credentials(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    client = visitor.client
    ((_code, octets),) = sealed_concerns(demonstrated, 1)
    at_the_box = [client.post(f"{BOX}/challenge", headers=ELSEWHERE), client.post(BOX, content=b"x", headers=ELSEWHERE),
                  client.post(BOX, content=octets, headers=ELSEWHERE | work(client)),
                  client.post(f"{BOX}/open", content=b"x", headers=ELSEWHERE), client.get(BOX, headers=ELSEWHERE),
                  client.post(f"{BOX}/nothing", headers=ELSEWHERE),
                  client.post(f"{BOX}/open", content=b"x" * 10_000_000, headers=ELSEWHERE)]  # fmt: skip
    assert {answer.status_code for answer in at_the_box} >= {200, 201, 404, 413, 428}
    for answer in at_the_box:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" not in answer.headers.get("vary", "").lower()
    others = ("/cy/concern", "/cy/concern/form", "/cy/concern/return", "/cy", "/cy/systems", "/cy/concern/boxes")
    for path in others:
        for answer in (client.get(path, headers=ELSEWHERE), client.options(path, headers=ELSEWHERE)):
            assert not [name for name in answer.headers if name.startswith("access-control-")], path


@pytest.mark.parametrize("verb", ["", "/challenge", "/open", "/reply", "/file", "/readers"])
def test_what_a_browser_asks_before_it_sends_elsewhere_is_answered_without_asking_who(
    visitor: Visitor, verb: str
) -> None:
    asked = ELSEWHERE | {"access-control-request-method": "POST", "cookie": f"{SESSION}=x",
                         "access-control-request-headers": "content-type,porth-work"}  # fmt: skip
    answers = [visitor.client.options(BOX + verb, headers=asked | {"origin": origin})
               for origin in ("https://undeb.example", "null", "file://")]  # fmt: skip
    for answer in answers:
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert answer.headers["access-control-allow-headers"] == "content-type, porth-work"
        assert masked(answer) == masked(answers[0])


# The employer's own network


def at(settings: Settings, address: str, **changes: Any) -> TestClient:
    app = make_app(settings.model_copy(update=changes))
    return TestClient(app, base_url="http://127.0.0.1:8000", client=(address, 50000), follow_redirects=False)


@pytest.fixture
def networked(demonstrated: Demonstrated) -> Demonstrated:
    with demonstrated.database.writing() as session:
        session.execute(
            text("UPDATE bodies SET networks = '203.0.113.0/24\n2001:db8::/32' WHERE slug = :b"), {"b": BODY}
        )
    return demonstrated


@pytest.mark.parametrize(
    ("address", "warned"),
    [(ADDRESS, True), ("::ffff:203.0.113.9", True), ("2001:db8::5", True), ("198.51.100.7", False), ("::1", False),
     ("no address", False)],
)  # fmt: skip
def test_whoever_comes_from_an_employers_network_is_warned_in_the_anonymous_area_alone(
    networked: Demonstrated, address: str, warned: bool
) -> None:
    with at(networked.settings, address) as client:
        for path in ("/en/concern", "/en/concern/return", "/en/concern/return/form", "/en/concern/nothing"):
            assert (WARNING in client.get(path).text) is warned, path
        assert (WARNING in client.post("/en/concern/return/form", data={"words": "x"}).text) is warned
        for path in ("/en", "/en/help", "/en/systems", "/en/safety"):
            assert WARNING not in client.get(path).text


def test_the_warning_is_in_welsh_on_a_welsh_page(networked: Demonstrated) -> None:
    with at(networked.settings, ADDRESS) as client:
        welsh = client.get("/cy/concern").text
    assert WARNING not in welsh
    assert "rwydwaith cyflogwr" in welsh


def test_an_address_that_a_visitor_claims_counts_only_where_our_own_proxy_is_named(networked: Demonstrated) -> None:
    claimed = {"x-forwarded-for": ADDRESS}
    with at(networked.settings, "198.51.100.7") as client:
        assert WARNING not in client.get("/en/concern", headers=claimed).text
    with at(networked.settings, "127.0.0.1", client_address_header="x-forwarded-for") as client:
        assert WARNING in client.get("/en/concern", headers=claimed).text
        chain = {"x-forwarded-for": f"198.51.100.7, {ADDRESS}"}
        assert WARNING in client.get("/en/concern", headers=chain).text
        chain = {"x-forwarded-for": f"{ADDRESS}, 198.51.100.7"}
        assert WARNING not in client.get("/en/concern", headers=chain).text, "only what our proxy added counts"
        assert WARNING not in client.get("/en/concern").text


def test_nothing_of_one_visitor_reaches_another_and_the_address_is_nowhere(
    networked: Demonstrated, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    app = make_app(networked.settings)
    for address, warned in ((ADDRESS, True), ("198.51.100.7", False), (ADDRESS, True)):
        with TestClient(app, base_url="http://127.0.0.1:8000", client=(address, 50000)) as client:
            assert (WARNING in client.get("/en/concern").text) is warned
            client.get("/en/help")
    app.state.database.close()
    said = caplog.text + "".join(capfd.readouterr())
    on_disk = b"".join(path.read_bytes() for path in networked.folder.rglob("*") if path.is_file())
    assert ADDRESS not in said
    assert ADDRESS.encode() not in on_disk


def test_a_change_of_the_ranges_holds_after_a_minute(networked: Demonstrated) -> None:
    clock = networked.folder / "clock"
    with at(networked.settings, ADDRESS) as client:
        assert WARNING in client.get("/en/concern").text
        with networked.database.writing() as session:
            session.execute(text("UPDATE bodies SET networks = ''"))
        clock.write_text((networked.settings.clock.now() + KEPT).isoformat(), encoding="utf-8")
        assert WARNING not in client.get("/en/concern").text


def test_ranges_are_read_line_by_line_and_what_is_none_is_told() -> None:
    found, wrong = read_networks(" 10.20.0.0/16 \n\n10.1.2.3\n2001:db8::/32\nour office\n300.1.1.1/8")
    assert [str(network) for network in found] == ["10.20.0.0/16", "10.1.2.3/32", "2001:db8::/32"]
    assert wrong == ["our office", "300.1.1.1/8"]
    assert is_in_networks(" 10.20.255.1 ", found)
    assert not is_in_networks("10.21.0.1", found)
    assert not is_in_networks("", found)
