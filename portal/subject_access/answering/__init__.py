"""The answer: the letter, the pack, the second person, collection, and copies anew."""
