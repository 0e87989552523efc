"""What was measured, beside its ceiling and its target."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("#", "what", "measured", "ceiling", "ratio", "target", "")


@dataclass(frozen=True)
class Row:
    """One line. ``is_difference``: the target bounds measured minus ceiling, not their ratio."""

    target_name: str
    what: str
    measured: float
    unit: str
    ceiling: float | None = None
    most: float | None = None
    is_difference: bool = False

    @property
    def ratio(self) -> float | None:
        """What the target bounds: a ratio or a difference; None without a ceiling, or one quicker than a tick."""
        if not self.ceiling:
            return None
        return self.measured - self.ceiling if self.is_difference else self.measured / self.ceiling

    @property
    def is_met(self) -> bool | None:
        """None where nothing was promised."""
        if self.most is None:
            return None
        bounded = self.measured if self.ratio is None else self.ratio
        return bounded <= self.most

    def cells(self) -> tuple[str, ...]:
        verdict = {True: "met", False: "MISSED", None: ""}[self.is_met]
        return (self.target_name, self.what, *self._numbers(), verdict)

    def _numbers(self) -> tuple[str, ...]:
        ceiling = "" if self.ceiling is None else _number(self.ceiling)
        ratio, sign = self.ratio, ""
        if ratio is not None:
            sign = "+" if self.is_difference else "× "
        bound = "" if self.most is None else f"≤ {sign}{self.most:g}" + (f" {self.unit}" if sign != "× " else "")
        return (f"{_number(self.measured)} {self.unit}", ceiling, "" if ratio is None else sign + _number(ratio), bound)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def print_table(rows: Sequence[Row]) -> None:
    """A table of fixed columns, also valid as Markdown."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    for number, line in enumerate(lines):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    missed = sum(row.is_met is False for row in rows)
    print(f"\n{sum(row.is_met is True for row in rows)} targets met, {missed} missed.")
