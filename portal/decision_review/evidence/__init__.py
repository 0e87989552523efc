"""What the decision was made of, frozen as it was and shared with the worker, who corrects it and says their side."""
