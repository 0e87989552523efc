"""Two voices: what the unions say of a system, what the employer answers, and the talk between them."""
