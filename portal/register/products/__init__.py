"""The national view: one product across every body that uses it, from what they have published."""
