"""Finding systems: an index of words kept with each publication, filters, and one alphabetical list."""
