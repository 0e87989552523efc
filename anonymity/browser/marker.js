/** By this a copy of a thread that left the portal is known again: it stands in names, notes, messages and the archive (marks.py). */
export const MARKER = "porth-sealed-export";
