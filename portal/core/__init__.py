"""What every room stands on: clock, dice, database, errors, text, columns, vault, blobs, paging."""
