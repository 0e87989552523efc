"""For administrators: a body's people, roles and settings; a branch's representatives. Neither sees the other's."""
