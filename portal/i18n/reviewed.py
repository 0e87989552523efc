"""How much of the Welsh a qualified reader has not read yet, by the ledger that stands beside the catalogue."""

import csv
from pathlib import Path

LEDGER = Path(__file__).resolve().parents[2] / "locales" / "cy" / "REVIEW.csv"
READ = "reviewed"


def count_unread(ledger: Path = LEDGER) -> int:
    """Texts whose Welsh nobody qualified has read. A ledger that is missing counts as one unread text."""
    if not ledger.exists():
        return 1
    with ledger.open(encoding="utf-8", newline="") as handle:
        return sum(row["state"] != READ for row in csv.DictReader(handle))
