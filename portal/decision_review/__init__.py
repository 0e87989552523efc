"""A person looks again at a decision that a computer made or influenced (UK GDPR Articles 22A to 22D, and more)."""
