"""Reading the forms of answering."""

from datetime import date

from portal.core.text import Locale, Words, pmsg
from portal.subject_access.answering.proposing import Proposal
from portal.subject_access.answering.releasing import HANDED, HandOver
from portal.subject_access.answering.rules import ABOUT_LIMIT, GLOSSARY_LIMIT, LETTER_LIMIT, Outcome
from portal.subject_access.rules import ExtensionGround, Given, RefusalGround
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, day, text

LONGEST_NAME = 200
WRITE_LETTER = pmsg("error", "Write what the requester should read")
WRITE_ABOUT = pmsg("error", "Write what the law wants told about the data")
WRITE_COMMENT = pmsg("error", "Write what has to be different")
CHOOSE_GROUND = pmsg("error", "Choose a ground")
CHOOSE_LANGUAGE = pmsg("error", "Choose the language of the letter")
CHOOSE_HOW = pmsg("error", "Choose how the answer was handed over")
TO_WHOM = pmsg("error", "Enter who took it")
ENTER_DAY = pmsg("error", "Enter the day")


def read_proposal(fields: FieldBag, problems: Problems, outcome: Outcome) -> Proposal:
    """A proposal as typed; its grounds are there where its outcome needs them, or a problem is noted."""
    refusal = extension = None
    if outcome is Outcome.REFUSAL:
        refusal = choice(fields, "ground", problems, allowed=list(RefusalGround), required=CHOOSE_GROUND)
    if outcome is Outcome.EXTENSION:
        extension = choice(fields, "ground", problems, allowed=list(ExtensionGround), required=CHOOSE_GROUND)
    lang = choice(fields, "lang", problems, allowed=list(Locale), required=CHOOSE_LANGUAGE)
    words = text(fields, "words", problems, most=LETTER_LIMIT, required=WRITE_LETTER)
    about = glossary = None
    if outcome is Outcome.RELEASE:
        about = Words(text(fields, "supplementary", problems, most=ABOUT_LIMIT, required=WRITE_ABOUT))
        glossary = Words(text(fields, "glossary", problems, most=GLOSSARY_LIMIT))
    return Proposal(
        outcome=outcome,
        words=Words(words),
        lang=Locale(lang or "cy"),
        supplementary=about,
        glossary=glossary,
        refusal_ground=RefusalGround(refusal) if refusal else None,
        extension_ground=ExtensionGround(extension) if extension else None,
    )


def read_comment(fields: FieldBag, problems: Problems) -> Words:
    """What has to be different."""
    return Words(text(fields, "comment", problems, most=LETTER_LIMIT, required=WRITE_COMMENT))


def read_hand_over(fields: FieldBag, problems: Problems, *, released_on: date, today: date) -> HandOver:
    """How, when and to whom an answer was handed over."""
    how = choice(fields, "handed", problems, allowed=list(HANDED), required=CHOOSE_HOW)
    on = day(fields, "on", problems, required=ENTER_DAY, not_after=today, not_before=released_on)
    to = text(fields, "to", problems, most=LONGEST_NAME, required=TO_WHOM)
    return HandOver(Given(how or "other"), on or today, Words(to))
