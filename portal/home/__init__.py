"""The first page, the pages of the footer, and a requester’s own cases: where features are joined for a person."""
