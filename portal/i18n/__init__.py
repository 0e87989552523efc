"""Two languages: which one a request speaks, its catalogue of sentences, and dates, counts and lists in both."""
