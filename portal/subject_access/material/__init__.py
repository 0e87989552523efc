"""What was found: the files, what is decided on each, what was taken out of it, and the scan of the outgoing copy."""
