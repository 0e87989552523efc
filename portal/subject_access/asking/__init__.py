"""Asking for one's own data: in any words, with or without an account, for oneself or another, of one body or more."""
