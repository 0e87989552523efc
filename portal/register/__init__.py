"""The register: which systems a body uses on the people who work for it, and which of them affect whom, and why."""
