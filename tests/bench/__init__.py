"""``make bench``: what Porth costs, as ratios to ceilings measured in the same run. No test asserts a time."""
