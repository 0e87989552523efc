"""The reviewer's work: independence, a view of their own before the system's, issues, a second look by rule."""
