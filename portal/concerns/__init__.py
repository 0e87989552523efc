"""Concerns: ``reporting`` is the anonymous side of the sealed channel, ``desk`` the recipients' side."""
