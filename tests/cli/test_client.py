"""``porth client`` as a file: what the command says, what the policy allows, what the page holds."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import pytest

from portal.cli.main import main
from portal.cli.standalone.page import make_standalone, read_portal, read_slug
from portal.cli.standalone.twofold import NotAlike, Weaver
from portal.core.errors import SettingsError
from tests.pages.walk import Validator

PORTAL = "https://porth.example"


def test_the_command_says_digest_version_and_weight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "concern.html"
    assert main(["client", "--out", str(path), "--portal", f"{PORTAL}/", "--body", "glannau-ogwen"]) == 0
    said = capsys.readouterr().out
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"SHA-256 {digest}" in said
    assert f"for {PORTAL}, for glannau-ogwen only" in said
    assert re.search(r"Porth \d+\.\d+\.\d+", said)
    assert re.search(r"\d+ kB; \d+ kB where a host compresses it", said)
    assert len(path.read_bytes()) < 600_000
    assert make_standalone(PORTAL, "glannau-ogwen").html == path.read_bytes(), "the same every time"


def test_the_policy_names_its_one_script_its_one_style_and_one_box() -> None:
    page = make_standalone(PORTAL).html.decode()
    policy = html.unescape(re.search(r'content-security-policy" content="([^"]+)"', page)[1])  # type: ignore[index]
    rules = {name: value for name, _, value in (part.partition(" ") for part in policy.split("; "))}
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for found, rule in ((scripts, "script-src"), (styles, "style-src")):
        (text,) = found
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
    boxes = [f"{PORTAL}/{locale}/concern/box{end}" for locale in ("cy", "en") for end in ("", "/")]
    assert rules["connect-src"].split() == boxes
    assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy


def test_nothing_in_the_file_loads_anything_and_every_text_is_there_in_both_languages() -> None:
    page = make_standalone(PORTAL).html.decode()
    texts = json.loads(re.search(r'id="texts">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    marked = {int(n) for n in re.findall(r'data-t="(\d+)"', page)}
    assert marked <= set(range(len(texts)))
    assert all(cy.strip() and en.strip() for cy, en in texts)
    body = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r' src="[^"]+"|<link(?! rel="icon" href="data:,")| on[a-z]+="', body) == []
    assert set(re.findall(r'href="(https?://[^/"]+)', body)) == {PORTAL}


@pytest.mark.parametrize(
    "portal",
    ["porth.example", "http://porth.example", "https://porth.example/cy", "https://a b", "javascript:alert(1)"],
)
def test_what_is_no_address_of_a_portal_is_refused(portal: str, tmp_path: Path) -> None:
    assert main(["client", "--out", str(tmp_path / "concern.html"), "--portal", portal]) == 1
    assert not (tmp_path / "concern.html").exists()


def test_addresses_are_read_strictly() -> None:
    assert read_portal("https://Porth.example:8443/") == "https://porth.example:8443"
    assert read_portal("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    with pytest.raises(SettingsError):
        read_slug('"><script>')


def test_templates_that_differ_in_more_than_words_are_refused() -> None:
    weaver = Weaver(readdress=lambda _name, value: value)
    woven = weaver.weave('<p title="a">Un <b>x</b></p>', '<p title="b">One <b>x</b></p>')
    assert woven == '<p title="a" data-ta="title:0"><span data-t="1">Un</span> <b>x</b></p>'
    assert weaver.texts == [("a", "b"), ("Un", "One")]
    for other in ("<p>One</p><p>Two</p>", "<i>One</i>", '<p class="x">One</p>'):
        with pytest.raises(NotAlike):
            weaver.weave("<p>Un</p>", other)


def test_the_file_is_valid_html() -> None:
    validator = Validator()
    found = validator.findings(make_standalone(PORTAL).html.decode())
    validator.close()
    assert found == []
