"""What is inside a file: reading it, finding what is hidden in it, and taking words out of it for good."""
