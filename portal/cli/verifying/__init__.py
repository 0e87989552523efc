"""Looking at a running portal from outside, as a visitor does, and comparing it with this version."""
