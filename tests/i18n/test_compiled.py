"""The compiled catalogue: read back exactly, refused when it is not ours."""

from pathlib import Path

import polib
import pytest

from portal.core.errors import SettingsError
from portal.i18n import compile as workshop
from portal.i18n.compile import compile_catalogue
from portal.i18n.compiled import PLURAL_FORMS, read_compiled

FORMS = ["Dim rhesi", "{n} rhes", "{n} res", "{n} rhes", "{n} rhes", "{n} o resi"]


def written(folder: Path, plural_forms: str = PLURAL_FORMS) -> Path:
    po = polib.POFile()
    po.metadata = {"Language": "cy", "Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": plural_forms}
    po.append(polib.POEntry(msgid="Cookies", msgstr="Cwcis"))
    po.append(polib.POEntry(msgid="Send", msgctxt="button", msgstr="Anfon"))
    if plural_forms == PLURAL_FORMS:
        po.append(polib.POEntry(msgid="{n} row", msgid_plural="{n} rows", msgstr_plural=dict(enumerate(FORMS))))
    po.append(polib.POEntry(msgid="Not yet", msgstr=""))
    path = folder / "messages.po"
    po.save(str(path))
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    mo = compile_catalogue(written(tmp_path))
    assert read_compiled(mo.read_bytes()) == {
        (None, "Cookies"): ("Cwcis",),
        ("button", "Send"): ("Anfon",),
        (None, "{n} row"): tuple(FORMS),
    }


def test_compiling_again_changes_nothing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    po = written(tmp_path)
    first = compile_catalogue(po)
    stamp = first.stat().st_mtime_ns
    assert compile_catalogue(po).stat().st_mtime_ns == stamp
    assert sorted(path.name for path in tmp_path.iterdir()) == ["messages.mo", "messages.po"]


def test_a_catalogue_that_counts_by_babels_rule_is_refused(tmp_path: Path) -> None:
    babels = "nplurals=5; plural=(n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 0);"
    po = written(tmp_path, babels)
    with pytest.raises(SettingsError, match="six plural forms"):
        read_compiled(compile_catalogue(po).read_bytes())


@pytest.mark.parametrize("cut", [0, 3, 10, 27, 60])
def test_a_damaged_catalogue_is_refused_in_plain_words(tmp_path: Path, cut: int) -> None:
    data = compile_catalogue(written(tmp_path)).read_bytes()
    with pytest.raises(SettingsError, match="catalogue"):
        read_compiled(data[:cut])


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="damaged"):
        read_compiled(b"PK\x03\x04" + bytes(64))


def test_the_compiler_says_when_there_is_nothing_to_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workshop, "LOCALES", tmp_path)
    assert workshop.main() == 1
    assert "nothing to compile" in capsys.readouterr().err
