"""The ``porth`` command, for operators: serve, migrate, demo, import, sweep, check."""
