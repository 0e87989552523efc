"""What was done, by whom, when: append-only and chained, so that a changed or missing row shows."""
