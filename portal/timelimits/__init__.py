"""How long the law gives: working days in Wales, months, and a time limit from clock events, with its reasons."""
