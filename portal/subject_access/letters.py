"""Letters of an access request: what an officer wrote, and around it what the law wants said, in one language."""

from collections.abc import Iterable
from datetime import date

from portal.core.text import Bilingual, Locale, Message, Words, msg
from portal.i18n.catalogue import say
from portal.subject_access.rules import EXTENSIONS, REFUSALS, ExtensionGround, RefusalGround

ROUTES: tuple[Message, ...] = (
    msg(
        "You can complain to us, your employer. We must acknowledge your complaint within 30 days "
        "(section 164A of the Data Protection Act 2018)."
    ),
    msg(
        "You can complain to the Information Commission (ICO): ico.org.uk, telephone 0303 123 1113 "
        "(section 165 of the Data Protection Act 2018)."
    ),
    msg(
        "You can ask a court to order us to comply with data protection law "
        "(section 167 of the Data Protection Act 2018)."
    ),
)
"""The three routes of complaint (law.md 2.4). A letter that says no is made with them; nobody can leave them out."""

SUPPLEMENTARY: tuple[Message, ...] = (
    msg("Why we use the data, and which kinds of data we hold about you"),
    msg("Who has received the data, by name, or why we cannot name them"),
    msg("How long we keep the data, or how that is decided"),
    msg("Where the data came from, if not from you"),
    msg("Whether a system decides about you by itself, how it does so, and what that means for you"),
    msg("What protects the data if it goes to another country"),
)
"""What Article 15(1) wants told besides the data: the officer's page lists it, and the officer writes it."""

RIGHTS = msg(
    "You can ask us to correct data that is wrong, to delete data, or to limit how we use it. "
    "You can object to how we use it."
)


def question(words: Words, default: Words, lang: Locale) -> Words:
    """What information is wanted, and what will be searched if no answer comes."""
    return _letter(
        lang,
        words,
        msg("If you do not answer, we will search for this:"),
        default,
        msg("The time limit stops from today until you answer. Any answer counts, also “I want everything”."),
    )


def doubt(words: Words, lang: Locale) -> Words:
    """Why there is doubt about who asks, and that the month begins when the doubt has gone."""
    return _letter(
        lang,
        words,
        msg("The time limit starts when we have received what we ask for here. Do not send original documents."),
        msg("We keep no copy of what you show us. We only write down how and when we checked."),
    )


def extension(ground: ExtensionGround, words: Words, lang: Locale) -> Words:
    """Notice of two more months, with its ground and reasons (Article 12A(3) and (4))."""
    return _letter(lang, msg("We need two more months. Reason: {reason}", reason=EXTENSIONS[ground]), words, *_routes())


def refusal(ground: RefusalGround, words: Words, body: Bilingual, lang: Locale) -> Words:
    """Notice of refusal with its ground, reasons and the three routes."""
    return _letter(
        lang,
        msg("We refuse your request. Reason: {reason}", reason=REFUSALS[ground]),
        words,
        msg("If you do not agree:"),
        *_routes(),
        msg("From: {body}", body=body),
    )


def nothing_held(words: Words, lang: Locale) -> Words:
    """Notice that nothing was found: what was searched and how, and the three routes."""
    return _letter(
        lang,
        msg("We searched and found no personal data about you. This is what we searched, and how:"),
        words,
        msg("If you do not agree:"),
        *_routes(),
    )


def disclosure(words: Words, supplementary: Words, remove_on: date | None, lang: Locale) -> Words:
    """The covering letter: confirmation, what Article 15(1) wants told, rights, routes, and until when to collect."""
    until = () if remove_on is None else (msg("You can collect the file until this day: {date}", date=remove_on),)
    return _letter(
        lang,
        msg("We hold personal data about you and give you a copy of it."),
        words,
        *until,
        msg("About the data:"),
        supplementary,
        RIGHTS,
        msg("You can ask for the data in another format. If you think that something is missing, tell us."),
        *_routes(),
    )


def _routes() -> Iterable[Message]:
    return ROUTES


def _letter(lang: Locale, *parts: Message | Words) -> Words:
    """One paragraph for each part; empty words are left out."""
    said = (part.reveal() if isinstance(part, Words) else say(part, lang) for part in parts)
    return Words("\n\n".join(text for text in said if text))
