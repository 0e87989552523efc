"""What the operator decides, read once at start; production refuses what only fits a demonstration."""
