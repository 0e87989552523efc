"""One HTML file that is the anonymous pages of a portal, for a stick or for another host."""
