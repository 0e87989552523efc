"""Whether the effect of a decision waits while a person looks again: a question with a short time and a default."""
