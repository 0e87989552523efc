"""The blind store: sealed bytes under opaque ids and recipients' key ids, by the day. It may not know people."""
