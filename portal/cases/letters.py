"""A letter in one language: what a person wrote, and the sentences around it that the law wants said."""

from portal.core.text import Locale, Message, Words
from portal.i18n.catalogue import say


def letter(lang: Locale, *parts: Message | Words) -> Words:
    """One paragraph for each part; empty words are left out."""
    said = (part.reveal() if isinstance(part, Words) else say(part, lang) for part in parts)
    return Words("\n\n".join(text for text in said if text))
