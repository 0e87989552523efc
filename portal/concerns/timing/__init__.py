"""Promises about concerns: their days, the daily word that something is new, and who hears when nobody answers."""
