"""A device asks who could read, and is told what the page tells."""

from typing import Any

from tests.concerns.seats import body_of
from tests.demonstrated import BODY, ELIN, LLINOS, Demonstrated
from tests.visitors import Visitor


def cards(visitor: Visitor, content: bytes) -> Any:
    return visitor.client.post("/cy/concern/box/cards", content=content)


def question(body: str, kind: str, subject: str) -> bytes:
    return b'{"about":{"body":"%b","kind":"%b","subject":"%b"},"v":1}' % (
        body.encode(),
        kind.encode(),
        subject.encode(),
    )


def test_a_device_is_told_who_could_read_as_the_page_tells_it(demonstrated: Demonstrated) -> None:
    body, code = body_of(demonstrated, BODY), demonstrated.code_of("e-rostering")
    with demonstrated.visiting() as visitor:
        found = cards(visitor, question(body, "system", code))
        assert found.status_code == 200
        content = found.json()
        assert content["about"] == {"body": body, "kind": "system", "subject": code}
        assert {one["group"].split(":")[0] for one in content["readers"]} == {
            "employer",
            "independent",
            "on-call",
            "union",
        }
        by_person = {one["person"]: one for one in content["readers"]}
        elin, llinos = by_person[demonstrated.person(ELIN)], by_person[demonstrated.person(LLINOS)]
        assert (elin["name"], elin["post"]["en"]) == (None, "Head of Workforce Systems")
        assert (llinos["name"], llinos["post"]["cy"]) == ("Llinos Dafis", "Ysgrifennydd y Bwrdd")
        assert elin["conflict"] == "line"
        groups = {one["group"] for one in content["branches"]}
        assert groups == {one["group"] for one in content["readers"] if one["group"].startswith("union:")}
        matter = cards(visitor, question(body, "matter", "safety")).json()
        assert {one["group"] for one in matter["readers"]} == groups | {"independent", "employer", "on-call"}, (
            "who is named for safety"
        )
        assert matter["subject"]["en"] == "Health and safety, or danger to patients or the public"


def test_what_is_not_offered_is_the_same_404_whatever_is_wrong(demonstrated: Demonstrated) -> None:
    body = body_of(demonstrated, BODY)
    foreign = demonstrated.code_of("telematics")
    wrong = [question(body, "system", "NOSUCH"), question("z" * 26, "matter", "safety"), question(body, "matter", "x"),
             question(body, "system", foreign), question(body, "nonsense", "safety"), b"", b"{}",
             b"[" * 300]  # fmt: skip
    with demonstrated.visiting() as visitor:
        answers = [cards(visitor, octets) for octets in wrong]
        assert {answer.status_code for answer in answers} == {404}
        assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
