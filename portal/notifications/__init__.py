"""Letters: rows written in the caller's transaction, sent afterwards by the sweep, each exactly once."""
