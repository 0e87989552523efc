"""Takes out of a file what tells about its author: CLEANING.md says what goes, what stays and what is refused."""
