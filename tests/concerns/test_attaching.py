"""Files on the page without script: cleaned and sealed while they arrive, what was removed told, handed back whole."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from anonymity.receipt import Code
from portal.concerns.reporting.attaching import own_name
from tests.anonymity.cleaning.planted import all_refused, planted_files
from tests.concerns.test_form import News, filled, open_form
from tests.demonstrated import Demonstrated
from tests.visitors import Visitor

SAID = "Mae’r lluniau’n dangos y rota"
Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def news(demonstrated: Demonstrated) -> News:
    return News(demonstrated)


def files(*given: tuple[str, bytes]) -> Files:
    return [("files", (name, octets, "application/octet-stream")) for name, octets in given]


def planted(kind: str) -> Any:
    return next(one for one in planted_files() if one.kind == kind)


def send(world: Demonstrated, visitor: Visitor, attached: Files, **changes: Any) -> tuple[Any, str]:
    """The form with files; the answer, and the words of the receipt."""
    open_form(world, visitor)
    fields = filled(visitor, text=SAID, **changes)
    answer = visitor.client.post("/cy/concern/form", data=fields, files=attached)
    return answer, " ".join(Code(bytes.fromhex(fields["form_id"])).words("cy"))


def on_the_shelf(world: Demonstrated) -> list[Path]:
    folder = world.settings.sealed_folder
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.exists() else []


def saved(visitor: Visitor, words: str, name: str) -> Any:
    """A file of the thread, by the button behind its name."""
    visitor.post("/cy/concern/return/form", {"words": words})
    found = re.search(rf'name="blob" value="([^"]+)">[^<]*<p>{re.escape(name)}', visitor.page.text)
    assert found, visitor.page.text
    lane = "joint" if 'value="joint"' in visitor.page.text else "union"
    return visitor.client.post(
        "/cy/concern/return/form/file", data={"words": words, "lane": lane, "blob": found.group(1)}
    )


def test_every_kind_of_file_is_cleaned_sealed_and_handed_back_without_what_was_hidden(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    kinds = {one.kind: one for one in planted_files()}
    before = len(on_the_shelf(demonstrated))
    answer, words = send(demonstrated, visitor, files(*((one.name, one.data) for one in kinds.values())))
    assert answer.status_code == 200
    assert news("sealed_cases") == 1
    assert len(on_the_shelf(demonstrated)) - before == len(kinds)
    assert "wedi’u canfod" in answer.text.lower() or "Wedi’u canfod a’u tynnu" in answer.text
    visitor.post("/cy/concern/return/form", {"words": words})
    blobs = re.findall(r'name="blob" value="([^"]+)"', visitor.page.text)
    assert len(blobs) == len(kinds)
    for blob, one in zip(blobs, kinds.values(), strict=True):
        fields = {"words": words, "lane": "joint", "blob": blob}
        got = visitor.client.post("/cy/concern/return/form/file", data=fields)
        assert got.status_code == 200
        assert "attachment" in got.headers["content-disposition"]
        assert not [mark for mark in one.marks.octets if mark in got.content], one.name
    stored = b"".join(path.read_bytes() for path in on_the_shelf(demonstrated))
    assert planted("jpeg").data[-40:] not in stored


def test_a_file_keeps_its_own_name_to_itself_unless_the_reporter_tells_it(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    photo = ("Rota Ward Alaw – Siân.jpg", planted("jpeg").data)
    _answer, words = send(demonstrated, visitor, files(photo))
    assert saved(visitor, words, "photo-1.jpg").status_code == 200
    assert "Siân.jpg" not in visitor.page.text
    _answer, words = send(demonstrated, visitor, files(photo), **{"file-names": "yes"})
    assert saved(visitor, words, photo[0]).headers["content-disposition"] == 'attachment; filename="photo-1.jpg"'


def test_a_refused_file_says_why_keeps_the_text_and_leaves_nothing_behind(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    before = on_the_shelf(demonstrated)
    heic = next(one for one in all_refused() if one.reason == "heic")
    answer, _words = send(demonstrated, visitor, files(("a.jpg", planted("jpeg").data), ("b.heic", heic.data)))
    assert answer.status_code == 422
    assert SAID in answer.text
    assert "Ffeil rhif 2: Llun HEIC" in answer.text
    assert on_the_shelf(demonstrated) == before
    assert news("sealed_cases") == 0


def test_a_reporter_may_look_first_at_what_cleaning_finds_and_nothing_is_sent(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    before = on_the_shelf(demonstrated)
    answer, words = send(demonstrated, visitor, files(("a.jpg", planted("jpeg").data)), look="yes")
    assert answer.status_code == 200
    assert SAID in answer.text
    assert "y man lle cafodd ei gwneud" in answer.text
    assert not all(word in answer.text for word in words.split()), "a word alone may stand inside another"
    assert on_the_shelf(demonstrated) == before
    assert news("sealed_cases") == 0


def test_turning_the_language_after_a_refused_file_sends_nothing(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    answer, _words = send(demonstrated, visitor, files(("a.exe", b"MZ" + bytes(500))))
    assert answer.status_code == 422
    form = answer.text.partition('<form action="/cy/concern/form"')[2].partition("</form>")[0]
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    turned = visitor.client.post("/en/concern/form", data=again | {"text": SAID, "go": "here"})
    assert turned.status_code == 200
    assert SAID in turned.text
    assert news("sealed_cases") == 0


def test_the_files_come_last_in_the_form_so_that_all_else_is_known_before_the_first_byte(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    form = open_form(demonstrated, visitor).text.partition('action="/cy/concern/form"')[2].partition("</form>")[0]
    names = list(dict.fromkeys(re.findall(r' name="([^"]+)"', form)))
    assert names[0] == "form_id"
    assert names[-1] == "files"


def test_more_than_twenty_files_are_too_many(demonstrated: Demonstrated, visitor: Visitor, news: News) -> None:
    many = [(f"{number}.txt", f"Diwrnod {number}".encode()) for number in range(21)]
    answer, _words = send(demonstrated, visitor, files(*many))
    assert answer.status_code == 422
    answer, words = send(demonstrated, visitor, files(*many[:20]))
    assert answer.status_code == 200
    assert saved(visitor, words, "text-20.txt").content == b"Diwrnod 19"


def test_text_and_files_share_one_limit(demonstrated: Demonstrated, visitor: Visitor, news: News) -> None:
    before = on_the_shelf(demonstrated)
    open_form(demonstrated, visitor)
    fields = filled(visitor, text="a" * 11_900)
    answer = visitor.client.post("/cy/concern/form", data=fields, files=files(("a.txt", b"one"), ("b.txt", b"two")))
    assert answer.status_code == 422
    assert "a" * 11_900 in answer.text
    assert news("sealed_cases") == 0
    assert on_the_shelf(demonstrated) == before


def test_a_form_with_files_sent_twice_is_one_concern_and_its_files_lie_there_once(
    demonstrated: Demonstrated, visitor: Visitor, news: News
) -> None:
    before = len(on_the_shelf(demonstrated))
    open_form(demonstrated, visitor)
    fields, attached = filled(visitor), files(("a.txt", b"one"))
    for _ in range(2):
        assert visitor.client.post("/cy/concern/form", data=fields, files=attached).status_code == 200
    assert news("sealed_cases") == 1
    assert len(on_the_shelf(demonstrated)) - before == 1


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_a_form_that_breaks_off_leaves_nothing_behind(
    demonstrated: Demonstrated, visitor: Visitor, news: News, cut: float
) -> None:
    before = on_the_shelf(demonstrated)
    open_form(demonstrated, visitor)
    photo = planted("jpeg").data * 3
    made = visitor.client.build_request("POST", "/cy/concern/form", data=filled(visitor), files=files(("a.jpg", photo)))
    whole = b"".join(made.stream)  # type: ignore[arg-type]
    headers = {"content-type": made.headers["content-type"]}
    answer = visitor.client.post("/cy/concern/form", content=whole[: int(len(whole) * cut)], headers=headers)
    assert answer.status_code in {403, 422}
    assert news("sealed_cases") == 0
    assert on_the_shelf(demonstrated) == before


def test_a_reply_takes_files_too_and_its_text_may_be_empty_then(demonstrated: Demonstrated, visitor: Visitor) -> None:
    _answer, words = send(demonstrated, visitor, [])
    visitor.post("/cy/concern/return/form", {"words": words})
    hidden = visitor.hidden()
    fields = {
        "words": words,
        "lane": "joint",
        "form_id": hidden["form_id"],
        "ticket": hidden["ticket"],
        "text-joint": "",
    }
    attached = [("files-joint", ("b.png", planted("png").data, "image/png"))]
    visitor.page = visitor.client.post("/cy/concern/return/form/reply", data=fields, files=attached)
    assert visitor.page.status_code == 200
    assert "picture-1.png" in visitor.page.text
    assert saved(visitor, words, "picture-1.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "changes", [{"blob": "A" * 22}, {"blob": ""}, {"lane": "union"}, {"lane": "x"}, {"words": "x"}]
)
def test_a_file_that_is_not_in_the_thread_is_the_common_404(
    demonstrated: Demonstrated, visitor: Visitor, changes: dict[str, str]
) -> None:
    _answer, words = send(demonstrated, visitor, files(("a.txt", b"one")))
    visitor.post("/cy/concern/return/form", {"words": words})
    fields = {"words": words, "lane": "joint", "blob": visitor.hidden().get("blob", ""), **changes}
    assert visitor.client.post("/cy/concern/return/form/file", data=fields).status_code == 404


def test_a_file_that_was_changed_on_the_shelf_is_not_handed_out_whole(
    demonstrated: Demonstrated, visitor: Visitor
) -> None:
    before = set(on_the_shelf(demonstrated))
    _answer, words = send(demonstrated, visitor, files(("a.txt", b"one")))
    (path,) = set(on_the_shelf(demonstrated)) - before
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(octets)
    answer = saved(visitor, words, "text-1.txt")
    assert answer.status_code == 422
    assert "Newidiwyd y ffeil hon" in answer.text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("C:\\fakepath\\llun.jpg", "llun.jpg"),
        ("../../etc/x.txt", "x.txt"),
        ("a%22b.txt", 'a"b.txt'),
        ("", None),
        ("\n", None),
    ],
)
def test_the_name_of_a_file_is_its_last_part_on_one_line(given: str, told: str | None) -> None:
    name = own_name(given)
    assert (name.reveal() if name is not None else None) == told
    assert own_name("ŵ" * 400) is not None


def test_a_file_that_no_item_names_does_not_stay(demonstrated: Demonstrated, visitor: Visitor) -> None:
    send(demonstrated, visitor, files(("a.txt", b"one")))
    with demonstrated.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM sealed_files WHERE waiting_since IS NOT NULL")) == 0
