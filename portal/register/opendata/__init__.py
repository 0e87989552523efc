"""The register as open data: what the public may read of every entry, in both languages, for machines."""
