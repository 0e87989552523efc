"""What the worker takes with them: their whole review as one file, to keep or to hand to whoever stands beside them."""
