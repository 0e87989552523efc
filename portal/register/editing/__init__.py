"""Writing the register: drafts, section by section, in two languages, by several people."""
