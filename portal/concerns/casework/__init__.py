"""What readers choose to tell the server about a sealed thread, and the desk that works with it."""
