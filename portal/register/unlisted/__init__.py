"""Tools that are used at work and are not in the register: what was asked about them, and what the body answers."""
