"""What was typed on the forms of questions about tools."""

from collections.abc import Callable

from portal.core import ids
from portal.core.text import Bilingual, Locale, Words, pmsg
from portal.register.queries import PublishedSystem
from portal.register.unlisted.rules import (
    LONGEST_ANSWER,
    LONGEST_HOW,
    LONGEST_NAME,
    LONGEST_QUESTION,
    LONGEST_SINCE,
    Account,
    Finding,
    Silence,
)
from portal.register.unlisted.service import NewFinding, NewQuestion
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, email, form_id, text

FindSystem = Callable[[str], PublishedSystem | None]

NO_NAME = pmsg("error", "Write what the tool is called, or what it does")
NO_WELSH_QUESTION = pmsg("error", "Write the question in Welsh")
NO_ENGLISH_QUESTION = pmsg("error", "Write the question in English")
NO_REASON = pmsg("error", "Select why it cannot be said")
NO_SYSTEM = pmsg("error", "Select the entry")


def read_account(fields: FieldBag, problems: Problems, locale: Locale) -> NewQuestion | None:
    """What is known of a tool, and the address for the answer if one was left."""
    called = text(fields, "called", problems, most=LONGEST_NAME, required=NO_NAME)
    where = text(fields, "where", problems, most=LONGEST_NAME)
    since = text(fields, "since", problems, most=LONGEST_SINCE)
    how = text(fields, "how", problems, most=LONGEST_HOW)
    contact = email(fields, "contact", problems)
    if problems:
        return None
    account = Account(called, where, since, how)
    return NewQuestion(form_id(fields) or ids.new_id(), account, locale, Words(contact) if contact else None)


def read_wording(fields: FieldBag, problems: Problems) -> Bilingual | None:
    """The question for everybody, in both languages."""
    cy = text(fields, "asked_cy", problems, most=LONGEST_QUESTION, required=NO_WELSH_QUESTION)
    en = text(fields, "asked_en", problems, most=LONGEST_QUESTION, required=NO_ENGLISH_QUESTION)
    return None if problems else Bilingual(cy, en)


def read_finding(fields: FieldBag, problems: Problems, find: FindSystem) -> NewFinding | None:
    """An answer in both languages, with its reason or its entry."""
    told = choice(fields, "finding", problems, allowed=set(Finding), required=pmsg("error", "Select what you found"))
    is_silent, is_entered = told == Finding.CANNOT_SAY, told == Finding.ENTERED
    system = find(fields.one("system")) if is_entered else None
    if is_entered and system is None:
        problems["system"] = NO_SYSTEM
    reason = choice(fields, "reason", problems, allowed=set(Silence), required=NO_REASON if is_silent else None)
    cy = text(fields, "answer_cy", problems, most=LONGEST_ANSWER, required=pmsg("error", "Write the answer in Welsh"))
    en = text(fields, "answer_en", problems, most=LONGEST_ANSWER, required=pmsg("error", "Write the answer in English"))
    if problems:
        return None
    return NewFinding(Finding(told), Bilingual(cy, en), Silence(reason) if is_silent else None, system)
