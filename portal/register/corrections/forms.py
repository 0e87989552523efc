"""What was typed on the forms of corrections."""

from collections.abc import Mapping

from portal.core import ids
from portal.core.text import Bilingual, Locale, Words, pmsg
from portal.register.corrections.rules import LONGEST_ANSWER, LONGEST_TEXT, CorrectionKind, Outcome
from portal.register.corrections.service import NewAnswer, NewCorrection
from portal.web.fields import FieldBag
from portal.web.forms import Problems, choice, form_id, text


def read_kind(query: Mapping[str, str]) -> str:
    """The kind that a link chose in advance; empty for none."""
    told = query.get("kind", "")
    return told if told in set(CorrectionKind) else ""


def read_correction(fields: FieldBag, problems: Problems, locale: Locale) -> NewCorrection | None:
    """A correction, or what keeps it from being one."""
    kind = choice(
        fields,
        "kind",
        problems,
        allowed=set(CorrectionKind),
        required=pmsg("error", "Select what is wrong"),
    )
    words = text(
        fields,
        "text",
        problems,
        most=LONGEST_TEXT,
        required=pmsg("error", "Write what is wrong, and what would be right"),
    )
    if problems:
        return None
    return NewCorrection(form_id(fields) or ids.new_id(), CorrectionKind(kind), Words(words), locale)


def read_answer(fields: FieldBag, problems: Problems) -> NewAnswer | None:
    """An answer in both languages."""
    outcome = choice(
        fields,
        "outcome",
        problems,
        allowed=set(Outcome),
        required=pmsg("error", "Select what you found"),
    )
    cy = text(
        fields,
        "answer_cy",
        problems,
        most=LONGEST_ANSWER,
        required=pmsg("error", "Write the answer in Welsh"),
    )
    en = text(
        fields,
        "answer_en",
        problems,
        most=LONGEST_ANSWER,
        required=pmsg("error", "Write the answer in English"),
    )
    return None if problems else NewAnswer(Outcome(outcome), Bilingual(cy, en))
