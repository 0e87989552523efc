"""The words of a mandate, which a member writes to their union in its sealed thread: in both languages, for devices.

A mandate is text of the thread like any other, signed by the receipt. The server never sees one; a representative may
tell it the last day.
"""

import json

from markupsafe import Markup

from portal.core.text import Locale, msg, pmsg
from portal.i18n.catalogue import Catalogue

POWERS = {
    "speak": msg("speak to the employer about this for me"),
    "data": msg("ask the employer for data about me"),
    "review": msg("ask for a decision about me to be looked at again"),
    "complain": msg("complain for me"),
    "meet": msg("come with me to meetings"),
}
WORDS = {
    "title": pmsg("mandate", "Mandate"),
    "back": pmsg("mandate", "I take my mandate back"),
    "who": pmsg("mandate", "Who may act for me"),
    "what": pmsg("mandate", "For what"),
    "until": pmsg("mandate", "Until"),
}


def mandate_words() -> Markup:
    """All of them, by language: a thread's may be another than the page's."""
    said = {
        locale.value: {
            name: Catalogue.for_locale(locale).say(one)
            for name, one in [*WORDS.items(), *((f"power-{power}", one) for power, one in POWERS.items())]
        }
        for locale in Locale
    }
    return Markup(json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - our own sentences
