"""Letters of a complaint: what its handler wrote, and around it what the law wants said, in one language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.complaints.rules import OUTCOMES, Outcome
from portal.core.text import Bilingual, Locale, Message, Words, msg
from portal.i18n.catalogue import say
from portal.i18n.formats import date_long

ROUTES: tuple[Message, ...] = (
    msg(
        "You can complain to the Information Commission (ICO): ico.org.uk, telephone 0303 123 1113 "
        "(section 165 of the Data Protection Act 2018). It usually wants to see what we answered."
    ),
    msg(
        "You can ask a court to order us to comply with data protection law "
        "(section 167 of the Data Protection Act 2018)."
    ),
)
"""The routes onward. An outcome is made with them; nobody can leave them out."""


@dataclass(frozen=True, slots=True)
class PutRight:
    """One remedy as the letter says it."""

    what: Words
    due_on: date


def introduction(name: str, post: Bilingual | None, words: Words, lang: Locale) -> Words:
    """Who handles the complaint, by name: a person, not an office."""
    who = msg("My name is {name}. I handle your complaint, and I had no hand in the matter.", name=name)
    what = () if post is None else (msg("My post: {post}", post=post),)
    return _letter(lang, who, *what, words)


def progress(words: Words, target_on: date, lang: Locale) -> Words:
    """News of the progress, and when the outcome is aimed at. It is no promise of the law."""
    aim = msg("We aim to send you the outcome by {date}. That is our own target.", date=target_on)
    return _letter(lang, words, aim)


def outcome(
    found: Outcome, reasons: Words, remedies: Sequence[PutRight], body: Bilingual, until: date, lang: Locale
) -> Words:
    """The outcome with its reasons, what is put right until when, and the routes onward."""
    put_right: Iterable[Message | Words] = ()
    if remedies:
        lines = "\n".join(f"– {one.what.reveal()} ({date_long(one.due_on, lang)})" for one in remedies)
        put_right = (msg("What we put right, and by when:"), Words(lines))
    return _letter(
        lang,
        msg("The outcome of your complaint: {outcome}", outcome=OUTCOMES[found]),
        reasons,
        *put_right,
        msg("If you do not agree, tell us by {date} and somebody else looks again.", date=until),
        *ROUTES,
        msg("From: {body}", body=body),
    )


def _letter(lang: Locale, *parts: Message | Words) -> Words:
    """One paragraph for each part; empty words are left out."""
    said = (part.reveal() if isinstance(part, Words) else say(part, lang) for part in parts)
    return Words("\n\n".join(text for text in said if text))
