"""Data-protection complaints (Data Protection Act 2018, section 164A): from any words to an outcome with reasons."""
