"""An entry as a record of the United Kingdom's Algorithmic Transparency Recording Standard, version 4, in English."""
