"""The letter, what is put right and whether it really was, the second stage, and the ways onward."""
