"""Letters of a review: what an officer wrote, and around it what the law wants said, in one language."""

from portal.cases.letters import letter
from portal.core.text import Bilingual, Locale, Message, Words, msg
from portal.decision_review.rules import EXTENSIONS, REFUSALS, ExtensionGround, RefusalGround

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
"""The three routes of complaint. A letter that says no is made with them; nobody can leave them out."""


def doubt(words: Words, lang: Locale) -> Words:
    """Why there is doubt about who asks, and that the month begins when the doubt has gone (Article 12(6))."""
    return letter(
        lang,
        words,
        msg("The time limit starts when we have received what we ask for here. Do not send original documents."),
        msg("We keep no copy of what you show us. We only write down how and when we checked."),
    )


def extension(ground: ExtensionGround, words: Words, lang: Locale) -> Words:
    """Notice of two more months, with its ground and reasons (Article 12A(3) and (4))."""
    return letter(lang, msg("We need two more months. Reason: {reason}", reason=EXTENSIONS[ground]), words, *ROUTES)


def refusal(ground: RefusalGround, words: Words, body: Bilingual, lang: Locale) -> Words:
    """Notice of refusal with its ground, reasons and the three routes (Article 12(4))."""
    return letter(
        lang,
        msg("We refuse your request. Reason: {reason}", reason=REFUSALS[ground]),
        words,
        msg("If you do not agree:"),
        *ROUTES,
        msg("From: {body}", body=body),
    )


def explanation(words: Words, lang: Locale) -> Words:
    """The answer of class D: what happened, and how to go on from there."""
    return letter(
        lang,
        msg("We looked, and found no decision that a system made or influenced. This is what happened:"),
        words,
        msg("If you want to see the data behind it, you can ask for a copy of your data. It is free."),
        msg("If you do not agree:"),
        *ROUTES,
    )
