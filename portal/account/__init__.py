"""Signing in and out, links that set a password, and what people decide about their own account."""
