"""Steps from one schema to the next; a test compares their end with the models."""
