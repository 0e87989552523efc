"""The anonymous side: who could open it, writing, the receipt, coming back. It knows no account and no cookie."""
