"""What the desk shows, and for how long: plain values. When it warns, ``cases.warning`` says. Law: law.md 2.3, 2.4."""

from datetime import timedelta

RED_DAYS = 7
"""From so many days before its day on, a request is marked."""
VISIT_SHOWN = timedelta(minutes=10)
"""A colleague who opened a request in the last minutes is named to whoever opens it."""
VISIT_KEPT = timedelta(hours=1)
MOST_ADDRESSES = 20
