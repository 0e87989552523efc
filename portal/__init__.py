"""Porth: the web application. Its rooms, and which may import which, are drawn in README and checked by import-linter."""
