"""An instant is written as its day in London: ``.date()`` of it in a page is the day in UTC, wrong after midnight."""

from pathlib import Path


def test_no_page_takes_the_day_of_an_instant_by_itself() -> None:
    pages = sorted(Path("templates").rglob("*.html"))
    assert len(pages) > 100
    assert [page.name for page in pages if ".date()" in page.read_text(encoding="utf-8")] == []
