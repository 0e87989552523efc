"""The recipients' side: keys made and unlocked in the browser, the list of threads, answers."""
