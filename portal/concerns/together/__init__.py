"""Concerns with a common cause, put together by one side; each stays what it is."""
