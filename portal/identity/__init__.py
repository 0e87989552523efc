"""Who is there: accounts, passwords, sign-in sessions, invitations and resets, and the frozen Actor made of them."""
