"""Asking a person to look again: three questions, papers, the kind of review, more time, refusal, withdrawal."""
