"""After the outcome: how it went on, closing, taking up again, and forgetting what was told."""
