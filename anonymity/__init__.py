"""The sealed channel: words that only the people listed can read (FORMAT.md is the rule, this is its commentary)."""
