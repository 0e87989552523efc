"""Requests for a copy of one's own data (UK GDPR Articles 12, 12A and 15): asking, working, answering, collecting."""
