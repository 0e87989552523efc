"""Porth: the web application. README draws its rooms; import-linter checks which may import which."""
