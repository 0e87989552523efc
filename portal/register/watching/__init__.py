"""Following what changes on the register: feeds and a calendar for anybody, letters for who signs in."""
