"""The rule book of who may receive what, who does, and who comes next: pure rules over plain values (routing.md)."""
