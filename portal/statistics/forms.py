"""What somebody typed for a report: which quarter, and the text beside its figures."""

from portal.cases.periods import Quarter, read_quarter
from portal.core.text import pmsg
from portal.statistics.service import TEXT_LIMIT, NewText
from portal.web.fields import FieldBag
from portal.web.forms import Problems, form_id, text

NO_SUCH_QUARTER = pmsg("error", "There is no report of this quarter. Choose one of the list")
BOTH_LANGUAGES = pmsg("error", "Write this in both languages")
FIELDS = ("you-said-cy", "you-said-en", "we-did-cy", "we-did-en")


def read_asked(asked: str | None, told: list[Quarter], problems: Problems) -> Quarter | None:
    """The quarter of the address if it was told; the newest one where none is named."""
    if asked is None:
        return told[0] if told else None
    quarter = read_quarter(asked)
    if quarter in told:
        return quarter
    problems["quarter"] = NO_SUCH_QUARTER
    return None


def read_text(fields: FieldBag, problems: Problems) -> NewText:
    """All four texts, each required."""
    said_cy, said_en, did_cy, did_en = (
        text(fields, name, problems, most=TEXT_LIMIT, required=BOTH_LANGUAGES) for name in FIELDS
    )
    return NewText(form_id(fields), said_cy, said_en, did_cy, did_en)
