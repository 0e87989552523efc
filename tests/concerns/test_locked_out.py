"""A reader who begins an epoch with rubbish in place of the reporter's grant silences the thread, and hides nothing."""

import re
from dataclasses import replace

from anonymity.encoding import to_b64u
from anonymity.readership import start_epoch
from tests.concerns.raised import SAID, put, raised, read, texts
from tests.concerns.seats import SPOKEN, at_desk, key_of, readers_seat, status_of, stay_in
from tests.demonstrated import DYLAN, ELIN, Demonstrated

UNWRITABLE = "The server names other readers than those who were agreed here."
DROP = re.compile(r'<form action="[^"]*/readers"(?:(?!</form>).)*name="go" value="drop".*?</form>', re.DOTALL)
REPLY = re.compile(r'<form action="[^"]*/reply".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def test_the_reporter_still_reads_what_was_written_and_is_told_that_nothing_can_be_sent(
    demonstrated: Demonstrated,
) -> None:
    made = raised(demonstrated)
    with demonstrated.visiting() as reporter:
        put(reporter, made.sent.to_json())
        words = " ".join(made.code.words("en"))
        before = reporter.post("/en/concern/return/form", {"words": words}).text
        with demonstrated.signed_in(DYLAN) as dylan:
            seat, found = readers_seat(demonstrated, dylan, DYLAN, made)
            change = start_epoch(seat, read(seat, found), stay_in(demonstrated, made), SPOKEN)
            assert change.reporter is not None
            spoilt = replace(change, reporter=change.reporter[:-40] + bytes(40))
            assert at_desk(dylan, made, spoilt) == 201, "a server cannot see what is inside"
        page = reporter.post("/en/concern/return/form", {"words": words})
        assert page.status_code == 200
        assert SAID in page.text
        assert UNWRITABLE in page.text
        assert REPLY.search(page.text) is None
        form = REPLY.search(before)
        assert form is not None
        late = dict(HIDDEN.findall(form.group())) | {"text-joint": "Oes rhywun yna?"}
        answer = reporter.client.post("/en/concern/return/form/reply", data=late)
        assert answer.status_code == 404, "from a page that was open before"
        goes_on = DROP.search(page.text)
        assert goes_on is not None
        fields = dict(HIDDEN.findall(goes_on.group())) | {"stay-joint": to_b64u(key_of(demonstrated, DYLAN))}
        changed = reporter.client.post("/en/concern/return/form/readers", data=fields)
        assert changed.status_code == 200
        assert UNWRITABLE not in changed.text
        assert SAID in changed.text
        form = REPLY.search(changed.text)
        assert form is not None
        now = dict(HIDDEN.findall(form.group())) | {"text-joint": "Heb Dylan."}
        assert "Heb Dylan." in reporter.client.post("/en/concern/return/form/reply", data=now).text
    assert status_of(demonstrated, DYLAN, made) == 404
    with demonstrated.signed_in(ELIN) as elin:
        seat, found = readers_seat(demonstrated, elin, ELIN, made)
        assert texts(read(seat, found))[-1] == "Heb Dylan."
