"""A review stands only as long as the wording that was read."""

from pathlib import Path

import polib

from tests.locales import ledger


def entry(msgstr: str) -> polib.POEntry:
    return polib.POEntry(msgid="Cookies", msgstr=msgstr)


def reviewed(path: Path) -> None:
    ledger.renew([entry("Cwcis")], path)
    text = path.read_text(encoding="utf-8").replace("machine,,", "reviewed,translator,2026-11-22")
    path.write_text(text, encoding="utf-8")


def test_nothing_is_reviewed_until_somebody_reads_it(tmp_path: Path) -> None:
    ledger.renew([entry("Cwcis")], tmp_path / "REVIEW.csv")
    assert ledger.share_reviewed(tmp_path / "REVIEW.csv") == 0


def test_a_review_is_kept_while_both_wordings_stand(tmp_path: Path) -> None:
    path = tmp_path / "REVIEW.csv"
    reviewed(path)
    ledger.renew([entry("Cwcis"), polib.POEntry(msgid="Send", msgstr="Anfon")], path)
    assert [row["state"] for row in ledger.read(path)] == ["reviewed", "machine"]
    assert ledger.share_reviewed(path) == 0.5


def test_a_new_wording_has_to_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "REVIEW.csv"
    reviewed(path)
    ledger.renew([entry("Briwsion")], path)
    assert ledger.share_reviewed(path) == 0
