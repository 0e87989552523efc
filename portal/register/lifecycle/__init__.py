"""The life of a system from its proposal to its end: who may move it, what must be there first, and who is told."""
