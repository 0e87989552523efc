"""Reading the forms of an access request."""
