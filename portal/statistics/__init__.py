"""The quarterly report: what each room counts, frozen once a quarter, with small numbers withheld."""
