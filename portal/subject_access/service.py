"""The verbs of an access request."""
