"""Who may: one enum of permissions, two-line predicates, one table."""
