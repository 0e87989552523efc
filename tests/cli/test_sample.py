"""The sample files keep what the portal promises: no trace of a visitor in a log, nothing spooled, nothing swapped."""

import re
from pathlib import Path

import pytest

from portal.cli.main import main
from portal.cli.sample import FILES, FOLDER
from portal.web.headers import ANONYMOUS_AREA


def printed(what: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["sample", what]) == 0
    return capsys.readouterr().out


def block(text: str, begin: str) -> str:
    """A block of nginx's, from its first line to its closing brace."""
    start = text.index(begin)
    depth = 0
    for place in range(text.index("{", start), len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            break
    return text[start : place + 1]


@pytest.mark.parametrize("what", sorted(FILES))
def test_every_sample_is_printed_as_it_stands(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(what, capsys) == (FOLDER / FILES[what]).read_text(encoding="utf-8")
    assert {path.name for path in FOLDER.iterdir()} == set(FILES.values())


def test_nginx_logs_and_spools_nothing_of_the_anonymous_area(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed("nginx", capsys)
    area = block(text, "location ~ ^/(cy|en)/concern")
    for line in ("access_log off;", "error_log /dev/null crit;", "proxy_request_buffering off;", "proxy_buffering off;",
                 "proxy_max_temp_file_size 0;", 'proxy_set_header Cookie "";', 'proxy_set_header X-Forwarded-For "";',
                 "proxy_set_header X-Real-IP $remote_addr;", "proxy_http_version 1.1;"):  # fmt: skip
        assert line in area, line
    assert text.count("access_log off;") == 3
    assert not re.search(r"limit_(req|conn)|access_log (?!off)", text)
    assert "gzip off;" in text


def test_the_proxys_anonymous_area_is_the_portals(capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"location ~ (\S+) \{", printed("nginx", capsys))
    assert found is not None
    for path in ("/cy/concern", "/en/concern/box/file", "/cy/concernx", "/fr/concern", "/cy/my/concerns", "/cy"):
        assert bool(re.match(found.group(1), path)) == bool(ANONYMOUS_AREA.match(path)), path


def test_the_service_keeps_memory_off_the_disk_and_has_no_powers(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed("systemd", capsys).splitlines()
    for line in ("LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes",
                 "CapabilityBoundingSet=", "UMask=0077"):  # fmt: skip
        assert line in lines, line


def test_no_sample_names_a_path_of_a_machine() -> None:
    for path in FOLDER.iterdir():
        assert not re.search(r"/(work|root|home|tmp)/", Path(path).read_text(encoding="utf-8"))
