"""What every request has in common: a case, its clock, timeline and letters, who works on it and who must not."""
