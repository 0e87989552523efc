"""A union's own work room: how long it may act for whom, who is near to a representative, what was handed over. The
union is its own controller; no room of an employer imports this one."""
